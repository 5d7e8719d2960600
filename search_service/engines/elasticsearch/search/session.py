"""Sends searches to the current generation of an index."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from elasticsearch import Elasticsearch

from search_service.core.errors import UnknownIndex
from search_service.core.message import Message
from search_service.engines.elasticsearch.catalog import Catalog, Generation
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.errors import to_service_error
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
        client: the connection.
        generation: what is read from.
        time: milliseconds that a search may take.

    Attributes:
        degraded: the parts of the generation that did not answer; only the first such answer counts.
    """

    def __init__(self, client: Elasticsearch, generation: Generation, time: int) -> None:
        self._client = client
        self.generation = generation
        self.degraded: tuple[Message, ...] = ()
        self._time = f"{time}ms"

    @property
    def name(self) -> str:
        """The generation's name in Elasticsearch."""
        return self.generation.name

    def ask(self, bodies: Sequence[Body], *, quietly: bool = False, **options: Any) -> Sequence[Answer]:
        """Send searches, several of them in one request; what is missing is logged, unless quietly."""
        bodies = [{**body, "timeout": self._time} for body in bodies]
        if len(bodies) == 1:
            answers: Sequence[Answer] = [self._client.search(index=self.name, body=bodies[0], **options).body]
        else:
            lines = [line for body in bodies for line in ({"index": self.name}, body)]
            answers = self._client.msearch(searches=lines, **options)["responses"]
        for answer in answers:
            if "error" in answer:
                raise to_service_error(answer["status"], answer, self.generation.index)
            self._note(missing(answer), answer, quietly)
        return answers

    def _note(self, lost: tuple[Message, ...], answer: Answer, quietly: bool) -> None:
        if lost and not self.degraded:
            self.degraded = lost
            if quietly:
                return
            why = reasons(answer)
            logger.warning("index %r: %s%s", self.generation.index, *lost, f" ({why})" if why else "")


class SearchClient:
    """Reads from indexes.

    Args:
        client: the connection.
        catalog: finds the generation of an index.
        timeout: seconds that a request may take.
    """

    def __init__(self, client: Elasticsearch, catalog: Catalog, timeout: float) -> None:
        self.client = client
        self.catalog = catalog
        self._time = max(1, round(timeout * TIME_SHARE * 1000))

    def run(self, index: str, read: Callable[[SearchSession], T]) -> T:
        """Read from the generation of an index; when it has just been removed, from the one that took its place."""
        opened = self.catalog.open(index)
        try:
            return self._read(opened, read)
        except UnknownIndex:
            self.catalog.invalidate(index)
            return self._read(self.catalog.open(index), read)

    def ask(self, opened: Generation, bodies: Sequence[Body]) -> Sequence[Answer]:
        """Send searches of one generation, several of them in one request."""
        return SearchSession(self.client, opened, self._time).ask(bodies)

    def probe(self, opened: Generation) -> tuple[Message, ...]:
        """Search a generation for anything, and return what of it did not answer."""
        answer = self.client.search(index=opened.name, size=0, track_total_hits=False, timeout=f"{self._time}ms")
        return missing(answer.body)

    def _read(self, opened: Generation, read: Callable[[SearchSession], T]) -> T:
        with translate_errors(opened.index):
            return read(SearchSession(self.client, opened, self._time))
