"""The state of an index: what there is, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch

from search_service.engines.elasticsearch.catalog import Generation
from search_service.engines.elasticsearch.requests import Requests
from search_service.errors import EngineUnavailable
from search_service.model import Health, IndexStats


def stats_of(client: Elasticsearch, found: Generation) -> IndexStats:
    """Return the state of a generation."""
    counts = client.indices.stats(index=found.name, metric=["docs", "store"])["_all"]
    settings = client.indices.get_settings(index=found.name, name="index.creation_date")
    created = int(settings[found.name]["settings"]["index"]["creation_date"])
    return IndexStats(
        name=found.index,
        schema=found.schema.name,
        documents=counts["primaries"]["docs"]["count"],
        size_bytes=counts["total"]["store"]["size_in_bytes"],
        fingerprint=found.fingerprint,
        current=found.current,
        created=datetime.fromtimestamp(created / 1000, UTC).isoformat(timespec="seconds"),
    )


def health_of(requests: Requests, opened: Generation) -> Health:
    """Return which shards of an index are missing, and make sure that it can be searched without them.

    Raises:
        EngineUnavailable: no shard of it is there.
    """
    answer = requests.client.cluster.health(index=opened.name, level="shards", timeout="0s").body
    shards: Mapping[str, Any] = answer["indices"][opened.name]["shards"]
    missing = tuple(text for number in sorted(shards, key=int) if (text := _missing(number, shards[number])))
    if not any(shard["primary_active"] for shard in shards.values()):
        raise EngineUnavailable(f"index {opened.index!r} cannot be searched: {', '.join(missing)}")
    requests.ask(opened, [{"size": 0, "query": {"match_all": {}}}])
    return Health(missing)


def _missing(number: str, shard: Mapping[str, Any]) -> str:
    """Say what of a shard is missing, or nothing."""
    if not shard["primary_active"]:
        return f"shard {number} with all of its copies"
    copies = shard["unassigned_shards"] + shard["initializing_shards"]
    return f"{copies} of the copies of shard {number}" if copies else ""
