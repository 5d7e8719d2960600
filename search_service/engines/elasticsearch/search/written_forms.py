"""The commonest written form of folded words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_service.analysis.analyzer import Analysis
from search_service.core.filters import Filters
from search_service.engines.elasticsearch.search.responses import document
from search_service.engines.elasticsearch.search.session import SearchSession
from search_service.engines.written_forms import SAMPLE, commonest_form
from search_service.query.clauses import Phrase


def written_forms(
    session: SearchSession, analysis: Analysis, words: Sequence[str], filters: Filters
) -> Mapping[str, str]:
    """Return the form in which documents most often write each folded word."""
    names = [field.name for field in session.schema.searched]
    searches = [
        session.queries.first(Phrase((word,)), filters, SAMPLE, names, order)
        for word in words
        for order in ("asc", "desc")
    ]
    answers = iter(session.search(searches))
    forms = {}
    for word, *found in zip(words, answers, answers, strict=True):
        sources = {hit["_id"]: document(hit).source for answer in found for hit in answer["hits"]["hits"]}.values()
        if form := commonest_form(word, sources, names, analysis):
            forms[word] = form
    return forms
