"""Random queries of operators, quotation marks and letters: each is answered, and none raises."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.search.queries import QueryBuilder
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.ingestion.validation import DocumentChecker
from search_service.messages.rendering import FrontEnd, render
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.rotation import Rotation

QUERIES = 500
ALL_QUERIES = 100_000
"""With `--full`."""

PIECES = (
    *'"“”„‟«»', *"-\u2010\u2011\u2212\u2013\u2014\ufe63\uff0d", *"*~:：.,/\\()[]{}^?!#@&|<>+=_%", *" \t\n\u00a0\u2028",
    *"\u200f\u200e\u202b\u2069\u061c\ufeff", *"0123456789٠٥٩", "~5", "~0", "~999999999", "~٣", "..", "10:30",
    "OR", " OR ", "or", " أو ", " أَو ", " ليس ", "ليس", " لَيْسَ ", " و ", "و", "ال", "لل",
    "عنوان:", "العنوان:", "title:", "قسم:", "مصدر:", "تاريخ:", "date:", "رابط:", "url:", "لا:", "تاريخ:2018", "tags:",
    "ا", "ب", "ك", "ل", "م", "ن", "ي", "ة", "ء", "َ", "ّ", "ـ", "ﷲ", "ﷺ", "a", "Z", "é", "1️⃣", "*️⃣", "😀", "漢", "\x00",
    "النار", "جهنم", "مدرسة", "مجلس", "الأمن", "عبدالله", "عبد الله", "المنختب", "كتب", "COVID-19",
)  # fmt: skip
LIKELY = (
    " -", " \u2212", ' "', '"', "«", "»", '"~5', "* ", " OR ", " أو ", " ليس ", " عنوان:", " قسم:", " تاريخ:", " و ",
    "النار", "جهنم", "مجلس", "الأمن", "2018", "مد", " ",
)  # fmt: skip
"""Pieces that make up half of the queries, so that many of them have operators with operands."""

DOCUMENTS = (
    {"id": "1", "title": "النار في جهنم", "category": "دين", "tags": ["ماء", "نار"], "date": "2018-03-01"},
    {"id": "2", "title": "مجلس الأمن و الدولي", "text": "كتب عبد الله عن المنتخب في مدرسة", "author": "محمود"},
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, analysis: Analysis) -> SearchService:
    folder: Path = tmp_path_factory.mktemp("queries")
    engine = make_embedded_engine(folder, analysis)
    schema = load_schema("news")
    engine.indexes.create(IndexName("things"), schema)
    with engine.indexes.writer(IndexName("things")) as writer:
        for document in DOCUMENTS:
            writer.upsert(DocumentChecker(schema).check(document))
    return SearchService(engine)


def test_every_text_is_a_query(service: SearchService, analysis: Analysis, rotation: Rotation) -> None:
    """The pieces hit the grammar: of many queries an operator applies, and of many one is left out."""
    dice: random.Random = rotation.dice("queries")
    elasticsearch = QueryBuilder(load_schema("news"), analysis.value_keys)
    with_conditions = with_warnings = 0
    count = rotation.amount(QUERIES, ALL_QUERIES)
    for _ in range(count):
        pieces = (dice.choice(dice.choice((PIECES, LIKELY))) for _ in range(dice.randint(1, 14)))
        text = "".join(pieces)
        request = SearchRequest(q=text, advanced=dice.random() < 0.3, facets=("category",))
        try:
            response = service.search(IndexName("things"), request)
            plan = service.plan(IndexName("things"), request)
            elasticsearch.page(plan, 0, 10)
            sentences = [render(warning, end) for warning in response.warnings for end in FrontEnd]
        except Exception as error:
            raise AssertionError(f"{text!r} raises") from error
        assert all(sentences), repr(text)
        assert response.total <= len(DOCUMENTS)
        with_conditions += bool(plan.query.conditions)
        with_warnings += bool(response.warnings)
    assert with_conditions > count / 4, with_conditions
    assert with_warnings > count / 4, with_warnings
