"""The analyzers on newspaper sentences against golden files, and the other functions of the analysis."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from index_config.analyzers import ANALYZERS
from search_service.analysis.analyzer import Analysis, Token
from search_service.search.completion.typed import prefix_term
from tests.conftest import GOLDEN_FOLDER

SENTENCES = {
    "vocalised": "وَصَلَ الوَزِيرُ إلى المَدْرَسَةِ الكُبرى.",
    "glued": 'عُقد الاجتماع في بروكسل.وأعلن الناطق أنّ تنظيم"الهلال" انسحب.',
    "numbers": "ارتفع السعر ٣٫٥٪ إلى ١٬٢٠٠ دولار عام 2015م (2014/2015).",
    "latin": "أطلقت شركة OpenAI خدمة ChatGPT-4، راسلونا: info@example.com",
    "hashtags": "شارك في #اليوم_الوطني و#Saudi_Arabia مع د. سلمى ❤️ 👩🏽‍💻",
    "spellings": "إنشاء مستشفي جديد، شئ جميل، علی ضفاف النيـــل مساءً",
    "presentation": "ﷲ أكبر؛ ﻗﺎل محمدﷺ: ﻻ ضرر",
}


def written(tokens: list[Token]) -> list[str]:
    return [json.dumps([t.text, t.start, t.end, t.position], ensure_ascii=False) for t in tokens]


@pytest.mark.parametrize("name", SENTENCES)
@pytest.mark.parametrize("analyzer", [analyzer.name for analyzer in ANALYZERS])
def test_tokens_equal_the_golden_file(
    name: str, analyzer: str, analysis: Analysis, golden: Callable[[str, str], None]
) -> None:
    lines = [json.dumps(SENTENCES[name], ensure_ascii=False), *written(analysis.tokens(analyzer, SENTENCES[name]))]
    golden(f"analysis/{name}.{analyzer}.jsonl", "\n".join(lines) + "\n")


def test_every_golden_file_belongs_to_a_case() -> None:
    names = {f"{name}.{analyzer.name}.jsonl" for name in SENTENCES for analyzer in ANALYZERS}
    assert {path.name for path in (GOLDEN_FOLDER / "analysis").iterdir()} == names


def test_an_unknown_analyzer_is_refused(analysis: Analysis) -> None:
    with pytest.raises(KeyError):
        analysis.tokens("soundex", "كتاب")


@pytest.mark.parametrize("analyzer", [analyzer.name for analyzer in ANALYZERS])
@pytest.mark.parametrize("text", ["", " ", "؟!", "\u064b\u0640", "_ _"])
def test_a_text_without_words_has_no_tokens(analyzer: str, text: str, analysis: Analysis) -> None:
    assert analysis.tokens(analyzer, text) == []


def test_one_word_has_no_shingle(analysis: Analysis) -> None:
    assert analysis.tokens("shingle", "كتاب") == []


def test_ngrams_of_a_word_have_its_offsets_and_position(analysis: Analysis) -> None:
    tokens = analysis.tokens("ngram", "في المَدرَسة")
    assert {(token.start, token.end, token.position) for token in tokens} == {(0, 2, 0), (3, 12, 1)}


@pytest.mark.parametrize("around", ["", "نص طويل بما يكفي " * 4], ids=["alone", "in a long text"])
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        pytest.param("قلم", 0, 3, id="plain"),
        pytest.param("قَلَمٌ", 0, 6, id="marks inside and after"),
        pytest.param("\u202bقلم\u202c", 1, 5, id="invisible characters around"),
        pytest.param("\u064eقلم", 1, 4, id="a stray mark in front"),
        pytest.param("(قلم)", 1, 4, id="brackets"),
    ],
)
def test_offsets_of_a_word(text: str, start: int, end: int, around: str, analysis: Analysis) -> None:
    before = len(around)
    token = next(token for token in analysis.words(around + text) if token.text == "قلم")
    assert (token.start, token.end) == (before + start, before + end)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("المدرسة", ["المدرسه"], id="one word"),
        pytest.param('تنظيم"داعش"', ["تنظيم", "داعش"], id="two words"),
        pytest.param("Brexit", ["brexit"], id="Latin"),
        pytest.param("؟", [], id="none"),
    ],
)
def test_exact_words_of_a_text(text: str, words: list[str], analysis: Analysis) -> None:
    assert analysis.exact_words(text) == words


@pytest.mark.parametrize(("typed", "term"), [("المدر", "مدر"), ("مدر", "مدر"), ("ا", "ا"), ("م" * 50, "م" * 20)])
def test_the_prefix_term_of_typed_text(typed: str, term: str) -> None:
    assert prefix_term(typed) == term


def test_the_prefix_term_is_a_token_of_the_completed_word(analysis: Analysis) -> None:
    prefixes = {token.text for token in analysis.tokens("prefix", "المدرسة")}
    assert {prefix_term(typed) for typed in ("المدر", "مدر", "المدرسه")} <= prefixes


def test_a_keyword_value_is_folded_as_a_whole(analysis: Analysis) -> None:
    assert analysis.fold("أخبار اليوم – BBC") == "اخبار اليوم – bbc"


def test_protected_words_belong_to_the_configuration() -> None:
    plain = Analysis({"أ": "ا"})
    assert Analysis({"أ": "ا"}, protected={"ماء": "ماء"}).configuration() != plain.configuration()
    assert Analysis({}).configuration() != plain.configuration()
