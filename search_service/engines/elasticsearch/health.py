"""The size of an index, and its missing shards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from search_service.core.errors import EngineUnavailable
from search_service.core.index_state import Health, IndexState, IndexStats
from search_service.core.message import Message, message
from search_service.engines.elasticsearch.catalog import Generation
from search_service.engines.elasticsearch.search.session import SearchClient

MASTER_TIMEOUT = "2s"
"""Time for which a node waits for a master: an election takes less, and a readiness probe has a shorter timeout than a
search."""

CREATED, SHARDS = "index.creation_date", "index.number_of_shards"
SHARD_PATHS = [f"indices.*.shards.*.{path}" for path in ("routing.primary", "docs.count", "store.size_in_bytes")]


def stats_of(client: Elasticsearch, found: Generation) -> IndexStats:
    """Return the state of a generation; shards that are missing are not counted, and named as its problem."""
    answer = client.indices.stats(index=found.name, metric=["docs", "store"], level="shards", filter_path=SHARD_PATHS)
    shards: Mapping[str, Any] = answer.get("indices", {}).get(found.name, {}).get("shards", {})
    copies = [copy for found_copies in shards.values() for copy in found_copies]
    primaries = [copy for copy in copies if copy["routing"]["primary"]]
    settings = client.indices.get_settings(index=found.name, name=[CREATED, SHARDS], flat_settings=True)
    known: Mapping[str, str] = settings[found.name]["settings"]
    missing = int(known[SHARDS]) - len(primaries)
    return IndexStats(
        name=found.index,
        state=_index_state(found, missing, len(primaries)),
        schema=found.schema.name,
        documents=sum(copy["docs"]["count"] for copy in primaries),
        size_bytes=sum(copy["store"]["size_in_bytes"] for copy in copies),
        fingerprint=found.fingerprint,
        created=datetime.fromtimestamp(int(known[CREATED]) / 1000, UTC).isoformat(timespec="seconds"),
        problem=message("shards-not-counted", count=missing, total=int(known[SHARDS])) if missing else None,
        generation=found.name,
    )


def _index_state(found: Generation, missing: int, there: int) -> IndexState:
    """Return the state of a generation by its missing shards; a rebuild repairs a stale one whatever it has lost."""
    if not found.is_up_to_date:
        return IndexState.STALE
    if not missing:
        return IndexState.CURRENT
    return IndexState.PARTIAL if there else IndexState.UNAVAILABLE


def health_of(search_client: SearchClient, opened: Generation) -> Health:
    """Return what of an index is missing, and make sure that it can be searched without that.

    Raises:
        EngineUnavailable: no shard of it is there.
    """
    state, missing = _state(search_client.client, opened.name)
    shards: Mapping[str, Any] = state["indices"][opened.name]["shards"]
    missing += [lost for number in sorted(shards, key=int) if (lost := _missing_copies(number, shards[number]))]
    if not any(shard["primary_active"] for shard in shards.values()):
        raise EngineUnavailable("no-shard-answers", index=opened.index, degraded=tuple(missing))
    probe_problem = search_client.probe(opened)
    if probe_problem and all(shard["primary_active"] for shard in shards.values()):
        # Lost, but the cluster state does not show it yet, or without a master never will.
        missing += probe_problem
    return Health(tuple(missing))


def _state(client: Elasticsearch, name: str) -> tuple[Mapping[str, Any], list[Message]]:
    """Return the state of the shards, and the problem if there is no master, without which searches still work."""
    try:
        without_retry = client.options(retry_on_status=())  # so that another host is asked
        return without_retry.cluster.health(
            index=name, level="shards", timeout="0s", master_timeout=MASTER_TIMEOUT
        ).body, []
    except ApiError as error:
        if error.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
    # The last cluster state that the node got from a master.
    state = client.cluster.health(index=name, level="shards", timeout="0s", local=True).body
    return state, [message("no-master")]


def _missing_copies(number: str, shard: Mapping[str, Any]) -> Message | None:
    """Return what of a shard is missing, if anything."""
    if not shard["primary_active"]:
        return message("shard-lost", shard=int(number))
    copies = shard["unassigned_shards"] + shard["initializing_shards"]
    return message("copies-lost", count=copies, shard=int(number)) if copies else None
