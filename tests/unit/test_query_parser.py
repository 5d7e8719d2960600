"""Parsing a query: words, phrases, stop words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.query.parser import without_quotes
from search_service.query.query import Query
from tests.queries import understand

Parse = Callable[[str], Query]


@pytest.fixture(scope="module")
def parse(analysis: Analysis) -> Parse:
    return lambda text: understand(text, analysis)


def unquoted(query: Query) -> list[str]:
    return [word.exact for word in query.unquoted]


PHRASE = (("خطر", "الجهاديين"),)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"خطر الجهاديين"', id="straight"),
        pytest.param("“خطر الجهاديين”", id="curly"),
        pytest.param("”خطر الجهاديين“", id="curly, swapped"),
        pytest.param("„خطر الجهاديين“", id="low and high"),
        pytest.param("„خطر الجهاديين”", id="low and closing"),
        pytest.param("«خطر الجهاديين»", id="guillemets"),
        pytest.param("»خطر الجهاديين«", id="guillemets, swapped"),
        pytest.param('"خَطَر الجِهاديين!"', id="with marks and punctuation"),
        pytest.param('" خطر   الجهاديين "', id="with spaces"),
    ],
)
def test_a_quoted_part_is_a_phrase(text: str, parse: Parse) -> None:
    query = parse(text)
    assert (query.phrases, unquoted(query)) == (PHRASE, [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"خطر الجهاديين', id="straight, opening"),
        pytest.param('خطر الجهاديين"', id="straight, closing"),
        pytest.param("«خطر الجهاديين", id="guillemet"),
        pytest.param("“خطر الجهاديين", id="curly"),
        pytest.param('«خطر الجهاديين"', id="two of different kinds"),
        pytest.param('"" خطر الجهاديين', id="nothing between them"),
        pytest.param('"؟" خطر "" الجهاديين «»', id="only punctuation between them"),
    ],
)
def test_a_quotation_mark_without_a_pair_or_words_is_ignored(text: str, parse: Parse) -> None:
    query = parse(text)
    assert (query.phrases, unquoted(query)) == ((), ["خطر", "الجهاديين"])


def test_words_outside_quotation_marks_are_unquoted(parse: Parse) -> None:
    query = parse('قبل «خطر الجهاديين» بعد "في أوروبا"')
    assert query.phrases == (*PHRASE, ("في", "اوروبا"))
    assert unquoted(query) == ["قبل", "بعد"]
    assert [word.exact for word in query.words] == ["قبل", "خطر", "الجهاديين", "بعد", "في", "اوروبا"]


def test_a_phrase_given_twice_is_one_phrase(parse: Parse) -> None:
    assert parse('"خطر الجهاديين" «خطر الجهاديين»').phrases == PHRASE


def test_a_single_quoted_word_alone_is_a_phrase(parse: Parse) -> None:
    query = parse('"داعش"')
    assert (query.phrases, unquoted(query)) == ((("داعش",),), [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('تنظيم "داعش"', ["تنظيم", "داعش"], id="beside a word"),
        pytest.param('تنظيم"داعش"', ["تنظيم", "داعش"], id="joined to a word"),
        pytest.param('"تنظيم" "داعش"', ["تنظيم", "داعش"], id="beside another"),
        pytest.param('"داعش" تنظيم "داعش"', ["داعش", "تنظيم", "داعش"], id="in the order of the text"),
    ],
)
def test_a_single_quoted_word_among_others_is_a_word(text: str, words: list[str], parse: Parse) -> None:
    query = parse(text)
    assert (query.phrases, unquoted(query)) == ((), words)


def test_a_single_quoted_word_beside_a_phrase_is_a_word(parse: Parse) -> None:
    query = parse('"خطر الجهاديين" "داعش"')
    assert (query.phrases, unquoted(query)) == (PHRASE, ["داعش"])


def test_an_unquoted_word_stays_unquoted_if_a_phrase_has_it_too(parse: Parse) -> None:
    query = parse('"خطر الجهاديين" خطر "داعش"')
    assert (query.phrases, unquoted(query)) == (PHRASE, ["خطر", "داعش"])


@pytest.mark.parametrize("text", ["", " \n", "؟!", '""', "«»", "_", "\u0640"])
def test_a_text_without_words_matches_everything(text: str, parse: Parse) -> None:
    query = parse(text)
    assert query.is_unranked
    assert (query.text, query.phrases, query.required_words, query.scored_words, query.bigrams) == (
        text,
        (),
        (),
        (),
        (),
    )


def test_stop_words_are_not_required(parse: Parse) -> None:
    query = parse("رئيس الوزراء في فرنسا")
    assert [word.exact for word in query.required_words] == ["رييس", "الوزراء", "فرنسا"]
    assert unquoted(query) == ["رييس", "الوزراء", "في", "فرنسا"]


def test_stop_words_alone_are_required(parse: Parse) -> None:
    assert [word.exact for word in parse("من هو").required_words] == ["من", "هو"]


def test_stop_words_beside_a_phrase_are_not_required(parse: Parse) -> None:
    assert parse('"خطر الجهاديين" في').required_words == ()


def test_a_quoted_stop_word_alone_is_a_phrase(parse: Parse) -> None:
    assert parse('"في"').phrases == (("في",),)


def test_words_of_one_lemma_are_required_once(parse: Parse) -> None:
    assert len(parse("المدرسة مدرسة ومدرسة").required_words) == 1


def test_a_word_has_the_terms_that_documents_are_indexed_by(parse: Parse) -> None:
    [word] = parse("المَدرَسة").words
    assert (word.surface, word.exact, word.lemmas) == ("المَدرَسة", "المدرسه", ("مدرسه",))
    assert word.grams == ("_الم", "المد", "لمدر", "مدرس", "درسه", "رسه_")


def test_bigrams_cross_quotation_marks(parse: Parse) -> None:
    assert parse("رئيس «وزراء فرنسا»").bigrams == (("رييس", "وزراء"), ("وزراء", "فرنسا"))


def test_without_quotes_all_words_are_unquoted(parse: Parse) -> None:
    query = without_quotes(parse('قبل "خطر الجهاديين"'))
    assert (query.phrases, unquoted(query)) == ((), ["قبل", "خطر", "الجهاديين"])
