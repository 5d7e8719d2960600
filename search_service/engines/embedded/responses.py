"""Hits in the service's own types, with the tiers that they match and their marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy

from search_service.analysis.analyzer import Analysis
from search_service.core.results import EngineHit
from search_service.engines.embedded.paging import StoredHit
from search_service.engines.embedded.queries import matched_tiers
from search_service.engines.embedded.reader import Snapshot
from search_service.highlight.matcher import ChunkCache, Matcher
from search_service.query.plan import SearchPlan


def marked_hits(
    snapshot: Snapshot, analysis: Analysis, chunks: ChunkCache, plan: SearchPlan, page: Sequence[StoredHit]
) -> list[EngineHit]:
    """Return the hits of a page with the tiers that they match and the marks of the fields to highlight."""
    if plan.query.is_unranked or not page:
        return [plain_hit(hit) for hit in page]
    tiers = _tiers(snapshot, plan, page) if plan.query.words else {}
    matcher = Matcher(plan.query, analysis, chunks)
    return [
        EngineHit(
            hit.stored["id"],
            hit.score,
            _source(hit),
            tiers.get(_key(hit.address), ()),
            matcher.marks_of_fields(hit.stored, plan.highlight),
        )
        for hit in page
    ]


def _tiers(
    snapshot: Snapshot, plan: SearchPlan, page: Sequence[StoredHit]
) -> Mapping[tuple[int, int], tuple[str, ...]]:
    """Return the tiers that each hit of a page matches."""
    query = snapshot.queries.matched_by(plan, [hit.stored["id"] for hit in page])
    matches = snapshot.searcher.search(query, len(page), count=False).hits
    return {_key(address): matched_tiers(score) for score, address in matches}


def plain_hit(hit: StoredHit) -> EngineHit:
    """Return a hit without tiers and marks."""
    return EngineHit(hit.stored["id"], hit.score, _source(hit))


def _source(hit: StoredHit) -> dict[str, Any]:
    return {name: value for name, value in hit.stored.items() if name != "id"}


def _key(address: tantivy.DocAddress) -> tuple[int, int]:
    """Return what identifies an address, which has no hash of its own."""
    return address.segment_ord, address.doc
