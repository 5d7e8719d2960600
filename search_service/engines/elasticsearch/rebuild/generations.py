"""The generations of an index: the current one, the kept ones and the unfinished ones.

An unfinished generation has an alias of its own, `news-….unfinished`. It is written to by that alias only, and the
switch removes the alias and adds `news` atomically. So the first to remove that alias decides: after the switch the
generation cannot be discarded, and after it is discarded, even a switch that was sent earlier and delayed fails.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from index_config.compile_elasticsearch import META
from index_config.schema import Schema
from search_service.config.settings import ElasticsearchSettings
from search_service.core.index_name import IndexName
from search_service.core.index_state import GenerationState, GenerationStats
from search_service.engines.elasticsearch.catalog import Catalog, new_generation
from search_service.engines.elasticsearch.client import ADMIN_SECONDS

UNFINISHED = ".unfinished"
"""Suffix of the alias that a generation has until the switch."""

COPY_SECONDS = 600.0
"""Time for which a rebuild waits for the replicas of its shards before the switch; the live generation has replicas."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """A generation as Elasticsearch describes it."""

    name: str
    state: GenerationState
    fingerprint: str
    created: int


class Generations:
    """Creates, switches and removes generations. The caller holds the lease of the index, except to read.

    Args:
        settings: shards and replicas of new generations.
    """

    def __init__(self, client: Elasticsearch, catalog: Catalog, settings: ElasticsearchSettings) -> None:
        self._client = client.options(request_timeout=ADMIN_SECONDS)
        self._catalog = catalog
        self._settings = settings

    def of(self, index: IndexName) -> list[GenerationInfo]:
        """Return the generations of an index, the newest first."""
        alias = self._catalog.alias(index)
        answer = self._client.indices.get(
            index=f"{alias},{alias}-*", ignore_unavailable=True, expand_wildcards="open",
            filter_path=[f"*.mappings._meta.{META}.fingerprint", "*.aliases", "*.settings.index.creation_date"],
        ).body  # fmt: skip
        named = re.compile(rf"{re.escape(alias)}-\d{{20}}")
        found = [
            _parse(name, alias, content)
            for name, content in answer.items()
            if "mappings" in content and (named.fullmatch(name) or alias in (name, *content.get("aliases", ())))
        ]
        return sorted(found, key=lambda one: one.name, reverse=True)

    def stats(self, index: IndexName, found: Sequence[GenerationInfo]) -> list[GenerationStats]:
        """Return the sizes of generations, without those that were removed meanwhile."""
        # By a pattern, because a name that was just removed is an error.
        answer = self._client.indices.stats(index=f"{self._catalog.alias(index)}*", metric=["docs", "store"])
        return [
            GenerationStats(
                one.name,
                one.state,
                int(answer["indices"][one.name]["primaries"]["docs"]["count"]),
                int(answer["indices"][one.name]["total"]["store"]["size_in_bytes"]),
                datetime.fromtimestamp(one.created / 1000, UTC).isoformat(timespec="seconds"),
            )
            for one in found
            if one.name in answer["indices"]
        ]

    def new_name(self, index: IndexName) -> str:
        """Return a name for a new generation, which sorts after those of all others, also if the clock was set back."""
        return new_generation(self._catalog.alias(index), [one.name for one in self.of(index)])

    def make(self, index: IndexName, schema: Schema) -> None:
        """Create an empty generation with the alias of the index."""
        self._create(self.new_name(index), schema, self._catalog.alias(index), self._replicas())

    def begin(self, name: str, schema: Schema) -> None:
        """Create an unfinished generation, without replicas and without automatic refresh."""
        self._create(name, schema, f"{name}{UNFINISHED}", {"number_of_replicas": 0, "refresh_interval": "-1"})

    def mark_unfinished(self, name: str) -> None:
        """Give a generation that is restored the alias of an unfinished one."""
        alias = {"add": {"index": name, "alias": f"{name}{UNFINISHED}", "is_hidden": True}}
        self._client.indices.update_aliases(actions=[alias])

    def _create(self, name: str, schema: Schema, alias: str, settings: Mapping[str, Any]) -> None:
        compiled = self._catalog.compiled(schema)
        index_settings = {**compiled["settings"]["index"], "number_of_shards": self._settings.shards, **settings}
        aliases = {alias: {"is_hidden": True} if alias.endswith(UNFINISHED) else {}}
        self._client.indices.create(
            index=name, settings={"index": index_settings}, mappings=compiled["mappings"], aliases=aliases
        )

    def _replicas(self) -> dict[str, Any]:
        if self._settings.replicas is None:
            return {"auto_expand_replicas": "0-1"}
        return {"number_of_replicas": self._settings.replicas}

    def finish(self, name: str) -> None:
        """Give a generation the settings of a live one, and wait for its shards and replicas."""
        settings = {"refresh_interval": None, **self._replicas()}
        self._client.indices.put_settings(index=name, settings={"index": settings})
        end = time.monotonic() + COPY_SECONDS
        while not self._has_all_shards(name):
            if time.monotonic() > end:
                logger.warning("the replicas of %s are not complete yet; Elasticsearch continues to copy them", name)
                return

    def _has_all_shards(self, name: str) -> bool:
        """Whether all shards are active, and replicas on every node that can have one; waits up to 10 s."""
        health = self._client.cluster.health(
            index=name, wait_for_status="yellow", wait_for_no_initializing_shards=True, timeout="10s"
        )
        return not health["timed_out"]

    def switch(self, index: IndexName, old: str | None, new: str) -> None:
        """Move the alias of the index from the old generation to the new one atomically."""
        alias = self._catalog.alias(index)
        actions: list[dict[str, Any]] = [_remove(new, f"{new}{UNFINISHED}")]
        if old == alias:
            actions.append({"remove_index": {"index": old}})
        elif old:
            actions.append(_remove(old, alias))
        actions.append({"add": {"index": new, "alias": alias}})
        self._client.indices.update_aliases(actions=actions)

    def switch_back(self, index: IndexName, current: str, before: str) -> None:
        """Move the alias of the index to a kept generation."""
        alias = self._catalog.alias(index)
        actions = [_remove(current, alias), {"add": {"index": before, "alias": alias}}]
        try:
            self._client.indices.update_aliases(actions=actions)
        except (ApiError, TransportError):
            if self._catalog.locate(index) != before:  # otherwise it succeeded, and only the response was lost
                raise

    def discard(self, index: IndexName, name: str) -> bool:
        """Remove an unfinished generation; return False if it has become the live one."""
        try:
            self._client.indices.update_aliases(actions=[_remove(name, f"{name}{UNFINISHED}")])
        except NotFoundError:
            return all(one.name != name or one.state is not GenerationState.CURRENT for one in self.of(index))
        self.remove([name])
        return True

    def remove(self, names: Sequence[str]) -> None:
        """Remove generations."""
        if names:
            self._client.indices.delete(index=list(names), ignore_unavailable=True)

    def block(self, name: str) -> None:
        """Block writes; those in progress are finished when this returns."""
        self._client.indices.add_block(index=name, block="write")

    def unblock(self, name: str) -> None:
        """Unblock writes; a removed generation is ignored."""
        try:
            self._client.indices.put_settings(index=name, settings={"index.blocks.write": None})
        except NotFoundError:
            return

    def is_blocked(self, name: str) -> bool:
        """Whether writes are blocked, by anybody."""
        answer = self._client.indices.get_settings(index=name, name="index.blocks.write").body
        return any(found["settings"] for found in answer.values())


def _parse(name: str, alias: str, content: Mapping[str, Any]) -> GenerationInfo:
    aliases = content.get("aliases", {})  # empty objects are omitted from the response
    if name == alias or alias in aliases:
        state = GenerationState.CURRENT
    elif f"{name}{UNFINISHED}" in aliases:
        state = GenerationState.UNFINISHED
    else:
        state = GenerationState.KEPT
    fingerprint = str(content["mappings"]["_meta"][META]["fingerprint"])
    return GenerationInfo(name, state, fingerprint, int(content["settings"]["index"]["creation_date"]))


def _remove(index: str, alias: str) -> dict[str, Any]:
    return {"remove": {"index": index, "alias": alias, "must_exist": True}}
