"""Resolves the name of an index to its current generation.

`news` is an alias of `news-20240311074000000000`, a generation. The `_meta` of its mapping holds its schema and
fingerprint. Searches name the generation itself, so that one search never reads two of them; the alias is resolved
again after `CACHE_SECONDS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from index_config.compile_elasticsearch import META, compile_index, without_unused_analyzers
from index_config.errors import ConfigError
from index_config.schema import NAME_PATTERN, Schema, schema_from_dict
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import ForeignIndex, StaleIndex, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.client import translate_errors

CACHE_SECONDS = 1.0
"""Time for which a resolved alias is cached: without the cache every search costs one more request. After a switch,
other processes search the previous generation for that long, complete and consistent."""


MAX_CACHED = 1_000
"""Resolved aliases in the cache, each with its schema: some 10 MB."""

ALIAS_RESTRICTIONS = {"filter", "search_routing"}
"""Properties of an alias that hide documents. A generation is read by its own name, which would bypass them."""


@dataclass(frozen=True, slots=True)
class Generation:
    """An index of Elasticsearch that holds the documents of one index of the service.

    Attributes:
        index: the name in the service.
        name: the name in Elasticsearch.
        fingerprint: of the configuration that it was made with.
        is_up_to_date: whether it was made with the present configuration of the service.
    """

    index: IndexName
    name: str
    schema: Schema
    fingerprint: str
    is_up_to_date: bool


class Catalog:
    """Finds indexes.

    Args:
        prefix: of the names of all indexes of this service.
        analysis: the one that indexes must be made with.
    """

    def __init__(self, client: Elasticsearch, prefix: str, analysis: Analysis) -> None:
        self._client = client
        self._prefix = prefix
        self._analysis = analysis
        self._cache: dict[IndexName, tuple[float, Generation]] = {}
        self.compiled: Callable[[Schema], dict[str, Any]] = lru_cache(maxsize=64)(self._compile)

    def alias(self, index: IndexName) -> str:
        """Return the alias of an index in Elasticsearch."""
        return f"{self._prefix}{index}"

    def names(self) -> tuple[IndexName, ...]:
        """Return the names of the indexes in order, stale ones too."""
        with translate_errors():
            found = self._client.indices.get_alias(index=f"{self._prefix}*", expand_wildcards=["open", "closed"]).body
            metas = self._client.indices.get_mapping(
                index=f"{self._prefix}*",
                expand_wildcards=["open", "closed"],
                filter_path=f"*.mappings._meta.{META}.fingerprint",
            ).body
        names = {alias for name in found if name in metas for alias in found[name]["aliases"]}
        names |= {name for name in found if name in metas and not _is_generation(name)}
        ours = (name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix))
        return tuple(
            sorted(IndexName(name) for name in ours if NAME_PATTERN.fullmatch(name))
        )  # excludes the aliases of unfinished generations

    def open(self, index: IndexName) -> Generation:
        """Return the current generation of an index, at most `CACHE_SECONDS` old.

        Raises:
            UnknownIndex: there is no such index.
            ForeignIndex: something else has the name.
            StaleIndex: it was made with another configuration.
        """
        cached = self._cache.get(index)
        if cached and time.monotonic() - cached[0] < CACHE_SECONDS:
            return cached[1]
        found = self.look_up(index)
        if not found.is_up_to_date:
            raise StaleIndex(index, "other-configuration")
        if len(self._cache) >= MAX_CACHED:
            self._cache.clear()
        self._cache[index] = (time.monotonic(), found)
        return found

    def look_up(self, index: IndexName) -> Generation:
        """Return the current generation of an index uncached, a stale one too."""
        return self._generation(index, *self._describe(index, self.alias(index)))

    def locate(self, index: IndexName) -> str:
        """Return the name of the current generation of an index uncached, readable or not."""
        return self._describe(index, self.alias(index))[0]

    def generation(self, index: IndexName, name: str) -> Generation:
        """Return a generation of an index by its name in Elasticsearch."""
        return self._generation(index, *self._describe(index, name))

    def _describe(self, index: IndexName, name: str) -> tuple[str, Mapping[str, Any]]:
        parts = [f"*.mappings._meta.{META}", "*.aliases"]
        with translate_errors(index):
            try:
                answer = self._client.indices.get(index=name, features=["mappings", "aliases"], filter_path=parts).body
            except NotFoundError:
                raise UnknownIndex(index, self.names()) from None
        if len(answer) > 1:
            raise ForeignIndex(index, "alias-of-several", names=tuple(sorted(answer)))
        [(found, content)] = answer.items()
        if ALIAS_RESTRICTIONS & content["aliases"].get(name, {}).keys():
            raise ForeignIndex(index, "filtered-alias")
        meta = content.get("mappings", {}).get("_meta", {}).get(META)
        if not isinstance(meta, Mapping):
            raise ForeignIndex(index, "foreign-index")
        return found, meta

    def invalidate(self, index: IndexName) -> None:
        """Remove an index from the cache: its alias has changed."""
        self._cache.pop(index, None)

    def _generation(self, index: IndexName, name: str, meta: Mapping[str, Any]) -> Generation:
        try:
            fields = {field: meta["schema"]["fields"][field] for field in meta["order"]}
            schema = schema_from_dict({**meta["schema"], "fields": fields}, name)
        except (ConfigError, KeyError, TypeError) as error:
            raise StaleIndex(index, "unreadable-schema", reason=str(error)) from error
        is_up_to_date = fingerprint_of(self.compiled(schema)) == meta.get("fingerprint")
        return Generation(index, name, schema, str(meta.get("fingerprint", "")), is_up_to_date)

    def _compile(self, schema: Schema) -> dict[str, Any]:
        configuration = self._analysis.configuration()
        body = compile_index(schema, configuration["table"], configuration["protected"])  # type: ignore[arg-type]
        return without_unused_analyzers(body)


def fingerprint_of(compiled: Mapping[str, Any]) -> str:
    """Return the fingerprint of a compiled configuration."""
    return str(compiled["mappings"]["_meta"][META]["fingerprint"])


def new_generation(alias: str, others: Iterable[str]) -> str:
    """Return a name for a new generation that sorts after other ones: its number is the time, or the next one.

    >>> new_generation("news", ["news-99999999990000000000", "news"])
    'news-99999999990000000001'
    """
    numbers = (_number(name) + 1 for name in others)
    return f"{alias}-{max(time.time_ns() // 1_000, *numbers, 0):020}"


def _number(name: str) -> int:
    """Return the number in the name of a generation, 0 if it has none."""
    return int(name.rpartition("-")[2]) if _is_generation(name) else 0


def _is_generation(name: str) -> bool:
    _, _, number = name.rpartition("-")
    return len(number) == 20 and number.isdigit()
