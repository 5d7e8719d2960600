"""Sends searches to the current generation of an index."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from elasticsearch import Elasticsearch

from index_config.schema import Schema
from search_service.analysis.values import ValueKeys
from search_service.core.deadline import seconds_left
from search_service.core.errors import UnknownIndex
from search_service.core.index_name import IndexName
from search_service.core.message import Message
from search_service.core.timings import timed
from search_service.engines.elasticsearch.catalog import Catalog, Generation
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.errors import to_service_error
from search_service.engines.elasticsearch.search.queries import QueryBuilder
from search_service.engines.elasticsearch.search.responses import Answer, missing, reasons

Body = dict[str, Any]
T = TypeVar("T")

TIME_SHARE = 0.8
"""Share of the request timeout for the search: at its end Elasticsearch returns the hits found so far, whereas a
request that times out returns nothing. The rest is for fetching the hits, which has no timeout of its own."""

logger = logging.getLogger(__name__)


class SearchSession:
    """Reads from one generation to answer one request.

    Args:
        queries: builds requests for the schema of the generation.
        timeout: seconds that a request may take; less if the deadline of the current request is nearer.

    Attributes:
        degraded: the parts of the generation that did not answer; only the first such answer counts.
    """

    def __init__(self, client: Elasticsearch, generation: Generation, queries: QueryBuilder, timeout: float) -> None:
        self._client = client
        self.generation = generation
        self.queries = queries
        self.degraded: tuple[Message, ...] = ()
        self._timeout = timeout

    @property
    def client(self) -> Elasticsearch:
        """The client, with the time that is left. Raises DeadlineExceeded."""
        seconds = self._seconds()
        return self._client if seconds == self._timeout else self._client.options(request_timeout=seconds)

    def _seconds(self) -> float:
        """Return the seconds that a request may take: the timeout unless clearly less time is left.

        A client with other options takes .2 ms to make, and Elasticsearch caches counts only for equal requests.
        """
        left = seconds_left(self._timeout)
        return self._timeout if left > 0.9 * self._timeout else left

    @property
    def name(self) -> str:
        """The name of the generation in Elasticsearch."""
        return self.generation.name

    @property
    def schema(self) -> Schema:
        """The schema of the generation."""
        return self.generation.schema

    def search(self, bodies: Sequence[Body], *, log: bool = True, **options: Any) -> Sequence[Answer]:
        """Send searches, several in one request; log the parts that did not answer if asked to."""
        timeout = search_timeout(self._seconds())
        bodies = [{**body, "timeout": timeout} for body in bodies]
        if len(bodies) == 1:
            answers: Sequence[Answer] = [self.client.search(index=self.name, body=bodies[0], **options).body]
        else:
            lines = [line for body in bodies for line in ({"index": self.name}, body)]
            answers = self.client.msearch(searches=lines, **options)["responses"]
        for answer in answers:
            if "error" in answer:
                raise to_service_error(answer["status"], answer, self.generation.index)
            self._record(missing(answer), answer, log)
        return answers

    def _record(self, lost: tuple[Message, ...], answer: Answer, log: bool) -> None:
        if lost and not self.degraded:
            self.degraded = lost
            if not log:
                return
            why = reasons(answer)
            logger.warning("index %r: %s%s", self.generation.index, *lost, f" ({why})" if why else "")


class SearchClient:
    """Opens sessions on the generations of indexes.

    Args:
        catalog: finds the generation of an index.
        keys: the keys of keyword values.
        timeout: seconds that a request may take.
    """

    def __init__(self, client: Elasticsearch, catalog: Catalog, keys: ValueKeys, timeout: float) -> None:
        self.client = client
        self.catalog = catalog
        self._keys = keys
        self._timeout = timeout

    def run(self, index: IndexName, read: Callable[[SearchSession], T]) -> T:
        """Call a function with a session on an index; again if a rebuild has just removed the cached generation."""
        with timed("engine"):
            opened = self.catalog.open(index)
            try:
                return self._read(opened, read)
            except UnknownIndex:
                self.catalog.invalidate(index)
                return self._read(self.catalog.open(index), read)

    def probe(self, opened: Generation) -> tuple[Message, ...]:
        """Search a generation for anything, and return its parts that did not answer."""
        answer = self.client.search(
            index=opened.name, size=0, track_total_hits=False, timeout=search_timeout(self._timeout)
        )
        return missing(answer.body)

    def _read(self, opened: Generation, read: Callable[[SearchSession], T]) -> T:
        with translate_errors(opened.index):
            return read(SearchSession(self.client, opened, QueryBuilder(opened.schema, self._keys), self._timeout))


def search_timeout(seconds: float) -> str:
    """Return the timeout of a search in a request that may take some seconds.

    >>> search_timeout(10.0)
    '8000ms'
    """
    return f"{max(1, round(seconds * TIME_SHARE * 1000))}ms"
