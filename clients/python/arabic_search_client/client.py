"""The client that waits for answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
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
from arabic_search_client.methods import Sender
from arabic_search_client.operations.documents import change_documents
from arabic_search_client.options import ClientOptions, Configured, Options
from arabic_search_client.parameters import SCAN_SIZE, RefreshParameters, ScanParameters
from arabic_search_client.waiting import POLL_SECONDS, Deadline, has_ended

T = TypeVar("T")


class Client(Configured, Operations, Sender):
    """A client of the service, for any number of threads.

    Args:
        base_url: the address of the service, with a path if it has one: `https://example.com/search`.
        http: a client of httpx of your own, with its proxies and certificates; `close` leaves it open.
        options: see `ClientOptions`.

    Every method raises `ConnectionFailed`, or the subclass of `ProblemError` that fits.
    """

    def __init__(self, base_url: str, *, http: httpx.Client | None = None, **options: Unpack[ClientOptions]) -> None:
        self.options = Options(base_url=base_url, **options)
        self._http = http or httpx.Client()
        self._is_owner = http is None

    def close(self) -> None:
        """Close the connections."""
        if self._is_owner:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, call: Call[T]) -> T:
        """Send a request, again where it is safe and promising, and return the content of the answer."""
        request = self._http.build_request(
            call.method, self.options.base_url + call.path, content=call.body, headers=head_of(self.options, call),
            timeout=self.options.timeout,
        )  # fmt: skip
        for attempt in count(1):
            outcome: httpx.Response | httpx.TransportError
            try:
                outcome = self._http.send(request)
            except httpx.TransportError as error:
                outcome = error
            delay = retry_delay(self.options, call, attempt, outcome)
            if delay is None:
                break
            time.sleep(delay)
        return result_of(call, outcome)

    def scan(self, index: str, q: str = "", **parameters: Unpack[ScanParameters]) -> Iterator[Hit]:
        """Yield all hits of a search. Changes made meanwhile neither repeat a hit nor skip a document that stays.

        They come by relevance, or as `sort` says, in requests of `size` hits, 100 by default.
        """
        parameters.setdefault("size", SCAN_SIZE)
        cursor: str | None = "*"
        while cursor:
            page = self.search(index, q, cursor=cursor, **parameters)
            yield from page["hits"]
            cursor = page.get("next_cursor")

    def change_documents(
        self, index: str, changes: Iterable[Change], **parameters: Unpack[RefreshParameters]
    ) -> Iterator[LineResult]:
        """Add, replace and remove documents, of any number; yield the result of each, in their order.

        A change is a document, `{"delete": ID}`, or a line of JSON. They are read as the results are, and sent in
        requests of at most 5,000 changes. A wrong one changes nothing and hurts no other: its result has a `problem`.
        What has a result without is durable. A request that is sent again because its answer was lost says
        `replaced` of documents that it created at first, and status 404 of those that it removed.
        """
        for batch in _batches(changes):
            yield from self.send(change_documents(index, batch.lines, batch.before, **parameters))

    def wait_for_job(
        self,
        index: str,
        job_id: str,
        *,
        timeout: float | None = None,
        poll_seconds: float = POLL_SECONDS,
        on_progress: Callable[[Job], object] | None = None,
    ) -> Job:
        """Return a job when it is done; call `on_progress` with its state each time that it is looked at.

        Raises:
            JobFailed: it failed or was cancelled.
            TimeoutError: it was not done after `timeout` seconds; it goes on.
        """
        deadline = Deadline(timeout)
        while True:
            job = self.get_job(index, job_id)
            if on_progress:
                on_progress(job)
            if has_ended(job):
                return job
            deadline.check(job)
            time.sleep(poll_seconds)


def _batches(changes: Iterable[Change]) -> Iterator[Batch]:
    batcher = Batcher()
    for change in changes:
        if batch := batcher.add(change):
            yield batch
    if batch := batcher.take():
        yield batch
