"""The client whose methods are awaited. It differs from `Client` in this only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from itertools import count
from types import TracebackType
from typing import Self, TypeVar, Unpack

import httpx

from arabic_search_client.answers.documents import LineResult
from arabic_search_client.answers.jobs import Job
from arabic_search_client.answers.searching import Hit
from arabic_search_client.batches import Batch, Batcher, Change
from arabic_search_client.calls import Call
from arabic_search_client.exchange import head_of, result_of, retry_delay
from arabic_search_client.interface import Operations
from arabic_search_client.methods import AsyncSender
from arabic_search_client.operations.documents import change_documents
from arabic_search_client.options import ClientOptions, Configured, Options
from arabic_search_client.parameters import SCAN_SIZE, RefreshParameters, ScanParameters
from arabic_search_client.waiting import POLL_SECONDS, Deadline, has_ended

T = TypeVar("T")


class AsyncClient(Configured, Operations, AsyncSender):
    """A client of the service for asyncio; see `Client`."""

    def __init__(
        self, base_url: str, *, http: httpx.AsyncClient | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        self.options = Options(base_url=base_url, **options)
        self._http = http or httpx.AsyncClient()
        self._is_owner = http is None

    async def aclose(self) -> None:
        """Close the connections."""
        if self._is_owner:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def send(self, call: Call[T]) -> T:
        """Send a request, again where it is safe and promising, and return the content of the answer."""
        request = self._http.build_request(
            call.method, self.options.base_url + call.path, content=call.body, headers=head_of(self.options, call),
            timeout=self.options.timeout,
        )  # fmt: skip
        for attempt in count(1):
            outcome: httpx.Response | httpx.TransportError
            try:
                outcome = await self._http.send(request)
            except httpx.TransportError as error:
                outcome = error
            delay = retry_delay(self.options, call, attempt, outcome)
            if delay is None:
                break
            await asyncio.sleep(delay)
        return result_of(call, outcome)

    async def scan(self, index: str, q: str = "", **parameters: Unpack[ScanParameters]) -> AsyncIterator[Hit]:
        """Yield all hits of a search; see `Client.scan`."""
        parameters.setdefault("size", SCAN_SIZE)
        cursor: str | None = "*"
        while cursor:
            page = await self.search(index, q, cursor=cursor, **parameters)
            for hit in page["hits"]:
                yield hit
            cursor = page.get("next_cursor")

    async def change_documents(
        self, index: str, changes: Iterable[Change] | AsyncIterable[Change], **parameters: Unpack[RefreshParameters]
    ) -> AsyncIterator[LineResult]:
        """Add, replace and remove documents, of any number; see `Client.change_documents`."""
        async for batch in _batches(changes):
            for result in await self.send(change_documents(index, batch.lines, batch.before, **parameters)):
                yield result

    async def wait_for_job(
        self,
        index: str,
        job_id: str,
        *,
        timeout: float | None = None,
        poll_seconds: float = POLL_SECONDS,
        on_progress: Callable[[Job], object] | None = None,
    ) -> Job:
        """Return a job when it is done; see `Client.wait_for_job`."""
        deadline = Deadline(timeout)
        while True:
            job = await self.get_job(index, job_id)
            if on_progress:
                on_progress(job)
            if has_ended(job):
                return job
            deadline.check(job)
            await asyncio.sleep(poll_seconds)


async def _batches(changes: Iterable[Change] | AsyncIterable[Change]) -> AsyncIterator[Batch]:
    batcher = Batcher()
    async for change in _each(changes):
        if batch := batcher.add(change):
            yield batch
    if batch := batcher.take():
        yield batch


async def _each(changes: Iterable[Change] | AsyncIterable[Change]) -> AsyncIterator[Change]:
    if isinstance(changes, AsyncIterable):
        async for change in changes:
            yield change
    else:
        for change in changes:
            yield change
