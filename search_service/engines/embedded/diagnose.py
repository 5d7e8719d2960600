"""Compares an index with its configuration and probes it."""

from __future__ import annotations

from collections.abc import Iterator

from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult, IndexState, IndexStats
from search_service.core.message import message
from search_service.engines.embedded.reader import Readers
from search_service.query.tree import Boolean, Form, Ids, IndexTerms
from search_service.ranking.more_like_this import stem_counts


def checks(
    readers: Readers, analysis: Analysis, stats: IndexStats, documents: Iterator[Document]
) -> Iterator[CheckResult]:
    """Yield the result of each check of an index, whose first document is searched for by its words."""
    if stats.state is IndexState.STALE:
        detail = message("fingerprint-differs", fingerprint=stats.fingerprint, index=stats.name)
        yield CheckResult("fingerprint", False, detail)
        return
    yield CheckResult("fingerprint", True, message("fingerprint-current", fingerprint=stats.fingerprint))
    document = next(documents, None)
    if document is None:
        yield CheckResult("probe", True, message("index-empty"))
        return
    snapshot = readers.open(IndexName(stats.name))
    stems = stem_counts(snapshot.schema, analysis, document.source)
    nodes = (Boolean(must=(Ids((document.id,)), IndexTerms(Form.STEM, "", (stem,)))) for stem in stems)
    found = all(snapshot.searcher.search(snapshot.queries.compile(node), 1).hits for node in nodes)
    detail = message("document-found", id=document.id) if found else message("document-missed", id=document.id)
    yield CheckResult("probe", found, detail)
