"""Which indexes there are: an alias for each name, and the generation that it points to.

`news` is an alias of `news-20240311074000000000`, a generation. What a generation was made with stands in the `_meta`
of its mapping. Searches name the generation itself, so that one search never sees two of them; the alias is asked
again after `FRESH_SECONDS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from index_config.compile_elasticsearch import META, compile_index
from index_config.errors import ConfigError
from index_config.schema import NAME_PATTERN, Schema, schema_from_dict
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import ForeignIndex, StaleIndex, UnknownIndex
from search_service.engines.elasticsearch.client import translate_errors

CACHE_SECONDS = 1.0
"""For so long an alias is taken to point where it did: what a search costs without this is a whole request more. After
a switch, other processes search the generation before for that long, whole and consistent."""


ALIAS_RESTRICTIONS = {"filter", "search_routing"}
"""What an alias may have that hides documents; a generation is read by its own name, past such an alias."""


@dataclass(frozen=True, slots=True)
class Generation:
    """An index of Elasticsearch that keeps, or kept, the documents of one of ours.

    Attributes:
        index: our name of it.
        name: Elasticsearch's.
        schema: what it was made with.
        fingerprint: of the configuration it was made with.
        current: whether that is today's.
    """

    index: str
    name: str
    schema: Schema
    fingerprint: str
    current: bool


class Catalog:
    """Finds indexes.

    Args:
        client: the connection.
        prefix: what the names of all indexes of this service begin with.
        analysis: what indexes have to be made with.
    """

    def __init__(self, client: Elasticsearch, prefix: str, analysis: Analysis) -> None:
        self._client = client
        self._prefix = prefix
        self._analysis = analysis
        self._cache: dict[str, tuple[float, Generation]] = {}
        self.compiled: Callable[[Schema], dict[str, Any]] = lru_cache(maxsize=64)(self._compile)

    def alias(self, index: str) -> str:
        """Return the name by which Elasticsearch knows one of our indexes."""
        return f"{self._prefix}{index}"

    def names(self) -> tuple[str, ...]:
        """Return the names of the indexes in order, those of another configuration too."""
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
        return tuple(sorted(name for name in ours if NAME_PATTERN.fullmatch(name)))  # no alias of an unfinished one

    def open(self, index: str) -> Generation:
        """Return the generation of an index.

        Raises:
            UnknownIndex: there is none of that name.
            ForeignIndex: the name is that of something else.
            StaleIndex: it was made with another configuration.
        """
        cached = self._cache.get(index)
        if cached and time.monotonic() - cached[0] < CACHE_SECONDS:
            return cached[1]
        found = self.look_up(index)
        if not found.current:
            raise StaleIndex(index, "other-configuration")
        self._cache[index] = (time.monotonic(), found)
        return found

    def look_up(self, index: str) -> Generation:
        """Return the generation of an index as it is now, a stale one too."""
        return self._generation(index, *self._describe(index, self.alias(index)))

    def locate(self, index: str) -> str:
        """Return Elasticsearch's name of the generation of an index as it is now, readable or not."""
        return self._describe(index, self.alias(index))[0]

    def generation(self, index: str, name: str) -> Generation:
        """Return a generation of an index by Elasticsearch's name of it."""
        return self._generation(index, *self._describe(index, name))

    def _describe(self, index: str, name: str) -> tuple[str, Mapping[str, Any]]:
        if not NAME_PATTERN.fullmatch(index):  # such as `*`, which Elasticsearch knows all of
            raise UnknownIndex(index, self.names())
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

    def invalidate(self, index: str) -> None:
        """Ask anew at the next request: something has changed."""
        self._cache.pop(index, None)

    def _generation(self, index: str, name: str, meta: Mapping[str, Any]) -> Generation:
        try:
            fields = {field: meta["schema"]["fields"][field] for field in meta["order"]}
            schema = schema_from_dict({**meta["schema"], "fields": fields}, name)
        except (ConfigError, KeyError, TypeError) as error:
            raise StaleIndex(index, "unreadable-schema", reason=str(error)) from error
        current = fingerprint_of(self.compiled(schema)) == meta.get("fingerprint")
        return Generation(index, name, schema, str(meta.get("fingerprint", "")), current)

    def _compile(self, schema: Schema) -> dict[str, Any]:
        configuration = self._analysis.configuration()
        return compile_index(schema, configuration["table"], configuration["protected"])  # type: ignore[arg-type]


def fingerprint_of(compiled: Mapping[str, Any]) -> str:
    """Return the fingerprint that a compiled configuration carries."""
    return str(compiled["mappings"]["_meta"][META]["fingerprint"])


def new_generation(alias: str) -> str:
    """Return a name for a new generation; later ones are greater."""
    return f"{alias}-{time.time_ns() // 1_000:020}"


def _is_generation(name: str) -> bool:
    _, _, number = name.rpartition("-")
    return len(number) == 20 and number.isdigit()
