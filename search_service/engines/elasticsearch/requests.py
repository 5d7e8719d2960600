"""Sends searches to the generation of an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from elasticsearch import Elasticsearch, NotFoundError

from search_service.engines.elasticsearch.answers import Answer
from search_service.engines.elasticsearch.catalog import Catalog, Generation
from search_service.engines.elasticsearch.client import meaning, translated

Body = dict[str, Any]
T = TypeVar("T")


class Requests:
    """Sends requests.

    Args:
        client: the connection.
        catalog: finds the generation of an index.
    """

    def __init__(self, client: Elasticsearch, catalog: Catalog) -> None:
        self.client = client
        self._catalog = catalog

    def reading(self, index: str, read: Callable[[Generation], T]) -> T:
        """Read from the generation of an index; when it has just been removed, from the one that took its place."""
        with translated(index):
            try:
                return read(self._catalog.open(index))
            except NotFoundError:
                self._catalog.forget(index)
                return read(self._catalog.open(index))

    def ask(self, opened: Generation, bodies: Sequence[Body]) -> Sequence[Answer]:
        """Send searches, several of them in one request."""
        if len(bodies) == 1:
            return [self.client.search(index=opened.name, body=bodies[0]).body]
        lines: list[Body] = []
        for body in bodies:
            lines += [{"index": opened.name}, body]
        answers: Sequence[Answer] = self.client.msearch(searches=lines)["responses"]
        for answer in answers:
            if "error" in answer:
                raise meaning(answer["status"], answer, opened.index)
        return answers
