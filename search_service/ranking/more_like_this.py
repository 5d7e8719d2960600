"""More like this: the significant terms of a document, and the plan to find similar ones, for every engine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import lower
from search_service.core.document import SourceFields, values_of
from search_service.core.filters import Filters
from search_service.query.plan import EVERY_DOCUMENT, SearchPlan
from search_service.query.tree import Bm25, Boolean, Form, Ids, IndexTerms, Not

MAX_QUERY_TERMS = 25
"""Significant lemmas of a document in the query for similar ones, as in Lucene's more-like-this."""

MINIMUM_SHARED = 0.2
"""Share of these lemmas that a similar document must have. Lucene's 0.3 finds nothing for short documents."""

MAX_TEXT_LENGTH_READ = 20_000
"""Code points of a text that are analysed: its beginning says what it is about, and a whole book takes seconds."""

MAX_TERM_FREQUENCY = 10
"""Upper limit of the term frequency in the weight of a lemma: more occurrences do not make it more significant."""


def lemma_counts(
    schema: Schema, analysis: Analysis, source: SourceFields, stopwords: AbstractSet[str] = frozenset()
) -> Counter[str]:
    """Return the term frequency of each lemma in a document's searched fields, without stop words."""
    counts: Counter[str] = Counter()
    for field in schema.searched:
        for text in values_of(source, field.name):
            words = (lower(token.text) for token in analysis.words(text[:MAX_TEXT_LENGTH_READ]))
            counts.update(lemma for word in words if word not in stopwords for lemma in analysis.lemmatizer.terms(word))
    return counts


def significant_terms(counts: Counter[str], frequency: Callable[[str], int], documents: int) -> dict[str, float]:
    """Return the most significant lemmas of a document by tf-idf, each with its idf.

    Args:
        counts: the term frequency of each lemma in the document.
        frequency: returns the document frequency of a lemma.
        documents: the number of documents.
    """
    weights: dict[str, float] = {}
    for lemma in counts:
        document_frequency = frequency(lemma)
        if 1 < document_frequency <= max(2, documents // 2):
            weights[lemma] = math.log(1 + documents / document_frequency)
    best = sorted(weights, key=lambda lemma: (-weights[lemma] * min(counts[lemma], MAX_TERM_FREQUENCY), lemma))[
        :MAX_QUERY_TERMS
    ]
    return {lemma: weights[lemma] for lemma in best}


def required_of(lemmas: int) -> int:
    """Return the number of significant lemmas that a similar document must have."""
    return max(1, round(lemmas * MINIMUM_SHARED))


def similar_plan(
    schema: Schema, lemmas: Mapping[str, float], document_id: str, filters: Filters, size: int
) -> SearchPlan:
    """Return the plan that finds other documents with enough of the significant lemmas."""
    shared = IndexTerms(Form.LEMMA, "", tuple(lemmas), required_of(len(lemmas)))
    scores = [
        Bm25("lemma", weight * field.weight, IndexTerms(Form.LEMMA, field.name, (lemma,)), (lemma,), True)
        for field in schema.searched
        for lemma, weight in lemmas.items()
    ]
    match = Boolean(must=(shared, Not(Ids((document_id,)))))
    return SearchPlan(replace(EVERY_DOCUMENT, match=match, scoring=lambda: scores), filters=filters, size=size)
