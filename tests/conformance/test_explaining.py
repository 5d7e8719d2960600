"""Why a document has its score."""

from __future__ import annotations

import pytest

from index_config.schema import Schema
from search_service.core.errors import UnknownDocument
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from tests.conformance.conftest import Fill
from tests.conformance.searches import titles


def test_a_score_is_explained_by_what_adds_to_it(fill: Fill, news_schema: Schema) -> None:
    texts = titles("مجلس الأمن يبحث الأزمة", "مجلسان للأمن", "كلام آخر")
    service = fill(news_schema, texts)
    request = SearchRequest(q="مجلس الأمن")
    explained = service.explain(IndexName("things"), request, "1").explanation
    parts = {(part.tier, part.field, part.term) for part in explained.parts}
    assert {("lemma", "title", "مجلس"), ("exact", "title", "الامن")} <= parts
    assert {("shingle", "title", "مجلس الامن"), ("ngram", "", "مجلس")} <= parts
    assert not any(part.score <= 0 for part in explained.parts)
    assert explained.score == pytest.approx(service.search(IndexName("things"), request).hits[0].score, rel=1e-4)
    assert explained.matches
    assert not service.explain(IndexName("things"), request, "3").explanation.matches
    with pytest.raises(UnknownDocument):
        service.explain(IndexName("things"), request, "4")


def test_a_score_is_explained_in_words(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("كتب عبد الله عن مدن المغرب", "كلام آخر"))
    query = "عبدالله يكتب في مدينه بالمغرب"
    explained = service.explain(IndexName("things"), SearchRequest(q=query), "1")
    assert sum(reason.score for reason in explained.reasons) == pytest.approx(explained.explanation.score)
    words = {(reason.tier, contribution.words) for reason in explained.reasons for contribution in reason.contributions}
    assert {
        ("lemma", "بالمغرب"),
        ("lemma", "يكتب"),
        ("lemma", "مدينه"),
        ("shingle", "عبدالله"),
        ("lead", "بالمغرب"),
        ("ngram", "بالمغرب"),
    } <= words
    assert all(text in query for _, text in words)


def test_an_explanation_says_what_a_word_was_taken_for(fill: Fill, news_schema: Schema) -> None:
    service = fill(news_schema, titles("فاز المنتخب بالكأس", "كلام آخر"))
    explained = service.explain(IndexName("things"), SearchRequest(q="المنختب"), "1")
    [correction] = explained.corrections
    assert (correction.word, correction.corrected_to) == ("المنختب", ("المنتخب",))
    assert {contribution.words for reason in explained.reasons for contribution in reason.contributions} == {"المنختب"}
