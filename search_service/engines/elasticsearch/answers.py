"""From Elasticsearch's answers to the service's own types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search_service.engines.elasticsearch import fields
from search_service.engines.elasticsearch.marks import MarkReader
from search_service.model import ANALYZERS, Document, EngineHit, EngineResult, FacetBucket, SearchPlan

Answer = Mapping[str, Any]


class Reader:
    """Reads the answers to searches of one index.

    Args:
        marks: reads what is marked in them.
    """

    def __init__(self, marks: MarkReader) -> None:
        self._marks = marks

    def result(self, plan: SearchPlan, answer: Answer, hits: list[EngineHit], missing: str) -> EngineResult:
        """Return what a search answers, with the hits of its page and what it does not tell of."""
        counts = answer.get("aggregations", {})
        return EngineResult(
            rule=plan.rule,
            total=total(answer),
            hits=hits,
            facets={one.field: buckets(counts[f"facet {one.field}"]["counts"]) for one in plan.facets},
            histogram=buckets(counts["histogram"]["counts"]) if plan.histogram else None,
            missing=missing,
        )

    def hit(self, plan: SearchPlan, hit: Answer) -> EngineHit:
        """Return a hit with its marks."""
        source = document(hit).source
        marks = self._marks.marks(plan.highlight, source, hit.get("highlight", {}))
        found = {name.split(" ")[0] for name in hit.get("matched_queries", ())}
        matched = tuple(analyzer for analyzer in ANALYZERS if analyzer in found)
        return EngineHit(str(hit["_id"]), hit.get("_score") or 0.0, source, matched, marks)


def document(hit: Answer) -> Document:
    """Return the document of a hit as it was indexed."""
    return Document(str(hit["_id"]), {name: value for name, value in hit["_source"].items() if name != fields.ID})


def total(answer: Answer) -> int:
    """Return how many documents matched."""
    return int(answer["hits"]["total"]["value"])


def buckets(counts: Answer) -> tuple[FacetBucket, ...]:
    """Return counted values; booleans, dates and numbers have their text beside their key."""
    return tuple(
        FacetBucket(str(bucket.get("key_as_string", bucket["key"])), int(bucket["doc_count"]))
        for bucket in counts["buckets"]
    )


def missing(answer: Answer) -> str:
    """Say what of an index an answer does not tell of, or nothing.

    >>> missing({"_shards": {"total": 3, "successful": 2, "skipped": 0, "failed": 1}, "timed_out": False})
    '1 of 3 shards did not answer'
    """
    shards = answer["_shards"]
    if failed := shards["total"] - shards["successful"]:
        return f"{failed} of {shards['total']} shards did not answer"
    return "the search took too long and was cut short" if answer.get("timed_out") else ""


def reasons(answer: Answer) -> str:
    """Say why shards did not answer.

    >>> reasons({"_shards": {"failures": [{"shard": 0, "reason": {"type": "lost", "reason": None}}]}})
    'lost'
    """
    causes = [failure["reason"] for failure in answer["_shards"].get("failures", ())]
    told = [": ".join(str(cause[key]) for key in ("type", "reason") if cause.get(key)) for cause in causes]
    return "; ".join(dict.fromkeys(told))[:300]
