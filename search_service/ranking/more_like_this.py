"""What tells a document from others: the stems by which similar ones are sought, the same for every engine."""

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
"""Stems of a document that stand for it when similar ones are sought; Lucene's more-like-this takes as many."""

MINIMUM_SHARED = 0.2
"""The part of them a similar document must have; Lucene takes 0.3, which leaves short items without neighbours."""

MAX_TEXT_LENGTH_READ = 20_000
"""Code points of a text that are read for them: its beginning says what it is about, a whole book takes seconds."""

MAX_TERM_FREQUENCY = 10
"""A stem that stands more often in a document tells no more of it."""


def stem_counts(
    schema: Schema, analysis: Analysis, source: SourceFields, stopwords: AbstractSet[str] = frozenset()
) -> Counter[str]:
    """Count the stems of a document's searched fields, stop words left out."""
    counts: Counter[str] = Counter()
    for field in schema.searched:
        for text in values_of(source, field.name):
            words = (lower(token.text) for token in analysis.words(text[:MAX_TEXT_LENGTH_READ]))
            counts.update(analysis.stemmer.stem(word) for word in words if word not in stopwords)
    return counts


def significant_terms(counts: Counter[str], frequency: Callable[[str], int], documents: int) -> dict[str, float]:
    """Return the stems that tell a document from others, each with its idf.

    Args:
        counts: how often each stem stands in the document.
        frequency: tells how many documents have a stem.
        documents: how many there are.
    """
    weights: dict[str, float] = {}
    for stem in counts:
        having = frequency(stem)
        if 1 < having <= max(2, documents // 2):
            weights[stem] = math.log(1 + documents / having)
    best = sorted(weights, key=lambda stem: (-weights[stem] * min(counts[stem], MAX_TERM_FREQUENCY), stem))[
        :MAX_QUERY_TERMS
    ]
    return {stem: weights[stem] for stem in best}


def required_of(stems: int) -> int:
    """Return how many of some telling stems a similar document must have."""
    return max(1, round(stems * MINIMUM_SHARED))


def similar_plan(
    schema: Schema, stems: Mapping[str, float], document_id: str, filters: Filters, size: int
) -> SearchPlan:
    """Return the plan for other documents that share enough of some weighted stems."""
    enough = IndexTerms(Form.STEM, "", tuple(stems), required_of(len(stems)))
    scores = [
        Bm25("stem", weight * field.weight, IndexTerms(Form.STEM, field.name, (stem,)), (stem,), True)
        for field in schema.searched
        for stem, weight in stems.items()
    ]
    match = Boolean(must=(enough, Not(Ids((document_id,)))))
    return SearchPlan(replace(EVERY_DOCUMENT, match=match, scoring=lambda: scores), filters=filters, size=size)
