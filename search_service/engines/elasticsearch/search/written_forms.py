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
    answers = session.search([session.queries.first(Phrase((word,)), filters, SAMPLE, names) for word in words])
    forms = {}
    for word, answer in zip(words, answers, strict=True):
        sources = (document(hit).source for hit in answer["hits"]["hits"])
        if form := commonest_form(word, sources, names, analysis):
            forms[word] = form
    return forms
