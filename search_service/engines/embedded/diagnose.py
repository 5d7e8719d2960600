"""Compares an index with its configuration and probes it."""

from __future__ import annotations

from collections.abc import Iterator

from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.index_state import CheckResult, IndexState, IndexStats
from search_service.engines.embedded.reader import Readers
from search_service.ranking.more_like_this import stem_counts


def checks(
    readers: Readers, analysis: Analysis, stats: IndexStats, documents: Iterator[Document]
) -> Iterator[CheckResult]:
    """Yield the result of each check of an index, whose first document is searched for by its words."""
    if stats.state is IndexState.STALE:
        remedy = f"rebuild: arabic-search reindex {stats.name} --from-stored"
        yield CheckResult("fingerprint", False, f"{stats.fingerprint}: of another configuration; {remedy}")
        return
    yield CheckResult("fingerprint", True, f"{stats.fingerprint}, of this configuration")
    document = next(documents, None)
    if document is None:
        yield CheckResult("probe", True, "it is empty")
        return
    opened, searcher = readers.open(stats.name)
    stems = stem_counts(opened.schema, analysis, document.source)
    queries = (opened.queries.one(opened.queries.has_stem(stem), document.id) for stem in stems)
    found = all(searcher.search(query, 1).hits for query in queries)
    yield CheckResult("probe", found, f"document {document.id!r} is {'' if found else 'not '}found by its words")
