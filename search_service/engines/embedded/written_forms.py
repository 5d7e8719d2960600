"""The commonest written form of folded words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tantivy

from search_service.analysis.analyzer import Analysis
from search_service.core.deadline import check_deadline
from search_service.core.filters import Filters
from search_service.engines.embedded import fields
from search_service.engines.embedded.reader import Snapshot
from search_service.engines.written_forms import SAMPLE, commonest_form
from search_service.query.clauses import Phrase


def written_forms(snapshot: Snapshot, analysis: Analysis, words: Sequence[str], filters: Filters) -> Mapping[str, str]:
    """Return the form in which documents most often write each folded word."""
    names = [field.name for field in snapshot.schema.searched]
    forms = {}
    for word in words:
        check_deadline()
        query = snapshot.queries.filtered(Phrase((word,)), filters)
        found = (
            snapshot.searcher.search(query, SAMPLE, count=False, order_by_field=fields.ID, order=order).hits
            for order in (tantivy.Order.Asc, tantivy.Order.Desc)
        )
        addresses = {(address.segment_ord, address.doc): address for hits in found for _, address in hits}
        sources = map(snapshot.load, addresses.values())
        if form := commonest_form(word, sources, names, analysis):
            forms[word] = form
    return forms
