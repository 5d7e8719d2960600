"""Reads the documents of an index, all or those since a checkpoint: shards number their operations (`_seq_no`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search_service.engines.elasticsearch.retry import ShardsMissing

Hit = Mapping[str, Any]

PAGE = 200
"""Documents of a page: both sides hold them in memory, and one may be as large as 10 MB."""

KEEP_ALIVE = "5m"
"""Lifetime of a point in time after the last request: the next page is requested when this one is written."""


def checkpoints(client: Elasticsearch, index: str) -> dict[int, int]:
    """Return the global checkpoint of each shard: up to this number all operations are done on every copy.

    The highest number issued does not serve: an operation that is still running may have a lower one.

    Raises:
        ShardsMissing: a shard does not answer.
    """
    answer = client.indices.stats(
        index=index, metric="docs", level="shards", filter_path="indices.*.shards.*.seq_no,indices.*.shards.*.routing"
    ).body
    [content] = answer.get("indices", {index: {"shards": {}}}).values()
    by_shard = {
        int(number): min(copy["seq_no"]["global_checkpoint"] for copy in copies if _is_active_primary(copy))
        for number, copies in content["shards"].items()
        if any(_is_active_primary(copy) for copy in copies)
    }
    [settings] = client.indices.get_settings(index=index, name="index.number_of_shards").body.values()
    expected = int(settings["settings"]["index"]["number_of_shards"])
    if len(by_shard) != expected:
        raise ShardsMissing("shards-missing", index=index, count=len(by_shard), total=expected)
    return by_shard


def _is_active_primary(copy: Mapping[str, Any]) -> bool:
    """Whether a copy is an active primary; while a shard is relocated there are two primaries."""
    return bool(copy["routing"]["primary"]) and "seq_no" in copy


def changed_since(
    client: Elasticsearch, index: str, since: Mapping[int, int], filters: Sequence[Mapping[str, Any]] = ()
) -> Iterator[Hit]:
    """Yield the documents that were written after the checkpoints and are visible, in their present state."""
    for shard, checkpoint in since.items():
        conditions: list[Mapping[str, Any]] = [{"range": {"_seq_no": {"gt": checkpoint}}}, *filters]
        yield from all_hits(client, index, {"bool": {"filter": conditions}}, f"_shards:{shard}")


def all_documents(client: Elasticsearch, index: str) -> Iterator[Hit]:
    """Yield all visible documents of an index."""
    return all_hits(client, index, {"match_all": {}})


def all_hits(
    client: Elasticsearch,
    index: str,
    query: Mapping[str, Any],
    preference: str | None = None,
    sort: Sequence[Any] = ("_shard_doc",),
) -> Iterator[Hit]:
    """Yield all hits of a query from one point in time, page by page.

    The query must not have a rescore: with one, Elasticsearch returns the first page again and again.
    """
    point = client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE, preference=preference)["id"]
    try:
        after: Any = None
        while True:
            answer = client.search(
                pit={"id": point, "keep_alive": KEEP_ALIVE}, query=query, size=PAGE, sort=list(sort),
                search_after=after, track_total_hits=False, allow_partial_search_results=False,
            )  # fmt: skip
            point, hits = answer["pit_id"], answer["hits"]["hits"]
            yield from hits
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]
    finally:
        client.close_point_in_time(id=point)
