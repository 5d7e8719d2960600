"""How documents write the values that facets count by their keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from search_service.analysis.values import ValueKeys, written_value
from search_service.core.filters import Filters, ValueFilter
from search_service.core.results import FacetCounts
from search_service.engines.elasticsearch import fields
from search_service.engines.elasticsearch.search.query_dsl import bool_query
from search_service.engines.elasticsearch.search.session import Body, SearchSession
from search_service.engines.facet_values import MAX_CACHED_VALUES, has_spellings, shown

CACHE_SECONDS = 60.0
"""Time for which a spelling is cached: what is written meanwhile rarely changes which one is most frequent."""

SPELLINGS = 30
"""Values counted for a key. Where documents have several values, those beside it are among them: all documents of the
key have one of its spellings, so at least one of these is among the most frequent ones."""

ALL_SPELLINGS = 10_000
"""Values counted for a key none of whose spellings is among the first ones."""

KEYS_PER_REQUEST = 200
"""Keys that are looked up in one search, each with an aggregation of its own."""

CacheKey = tuple[str, tuple[ValueFilter, ...], str, str]
"""A generation, what the caller may see of it, a field and a key."""


class WrittenValues:
    """Returns the value that most documents of a generation write for a key, and caches it.

    Args:
        keys: the keys of keyword values.
    """

    def __init__(self, keys: ValueKeys) -> None:
        self._keys = keys
        self._cache: dict[CacheKey, tuple[float, str]] = {}
        self._mutex = threading.Lock()

    def shown(
        self, session: SearchSession, counts: Mapping[str, FacetCounts], restriction: Filters
    ) -> dict[str, FacetCounts]:
        """Return counted keys by field as values, written as in documents that the caller may see."""
        keys = [
            (name, bucket.value)
            for name, counted in counts.items()
            if has_spellings(session.schema.field(name))
            for bucket in counted.buckets
        ]
        written = self._written(session, keys, restriction)
        return {
            name: FacetCounts(
                shown(
                    session.schema.field(name),
                    counted.buckets,
                    {key: value for (field, key), value in written.items() if field == name},
                ),
                counted.error_bound,
            )
            for name, counted in counts.items()
        }

    def _written(
        self, session: SearchSession, keys: Sequence[tuple[str, str]], restriction: Filters
    ) -> dict[tuple[str, str], str]:
        """Return the written value of each field and key; one that no document writes is left out."""
        now = time.monotonic()
        scope = session.name, restriction.restriction
        written: dict[tuple[str, str], str] = {}
        for one in keys:
            until, value = self._cache.get((*scope, *one), (0.0, ""))
            if now < until:
                written[one] = value
        missing = [one for one in keys if one not in written]
        found: dict[tuple[str, str], str] = {}
        for first in range(0, len(missing), KEYS_PER_REQUEST):
            found |= self._look_up(session, missing[first : first + KEYS_PER_REQUEST], SPELLINGS, restriction)
        for one in missing:
            if one not in found:
                found |= self._look_up(session, [one], ALL_SPELLINGS, restriction)
        if not session.degraded:
            with self._mutex:
                if len(self._cache) > MAX_CACHED_VALUES:
                    self._cache.clear()
                self._cache |= {(*scope, *one): (now + CACHE_SECONDS, value) for one, value in found.items()}
        return written | found

    def _look_up(
        self, session: SearchSession, keys: Sequence[tuple[str, str]], size: int, restriction: Filters
    ) -> dict[tuple[str, str], str]:
        [answer] = session.search([_request(session, keys, size, restriction)], log=False)
        counted = answer.get("aggregations", {})  # none if no shard answered
        found: dict[tuple[str, str], str] = {}
        for number, (name, key) in enumerate(keys):
            spellings: dict[str, int] = {}
            for value, count in _values(counted, number):
                if self._keys[value] == key:
                    text = written_value(value)
                    spellings[text] = spellings.get(text, 0) + count
            if spellings:
                found[name, key] = min(spellings, key=lambda text: (-spellings[text], text))
        return found


def _request(session: SearchSession, keys: Sequence[tuple[str, str]], size: int, restriction: Filters) -> Body:
    """Return the search that counts the values of the documents of each key."""
    aggregations: Body = {}
    for number, (name, key) in enumerate(keys):
        counted = {"terms": {"field": name, "size": size, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
        in_field = {"term": {fields.key(session.schema, name): key}}
        aggregations[str(number)] = {"filter": in_field, "aggs": {"values": counted}}
    request: Body = {"size": 0, "track_total_hits": False, "aggs": aggregations}
    if restriction:
        request["query"] = bool_query(filter=session.queries.filtered(restriction))
    return request


def _values(counted: Mapping[str, Any], number: int) -> Iterator[tuple[str, int]]:
    for bucket in counted.get(str(number), {}).get("values", {}).get("buckets", ()):
        yield str(bucket["key"]), int(bucket["doc_count"])
