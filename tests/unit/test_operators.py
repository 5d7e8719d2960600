"""Parsing the operators of a query."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.core.filters import RangeFilter, ValueFilter
from search_service.query.clauses import Joined, Operand, Phrase, Term, WordPrefix
from search_service.query.parser import parse_query, without_quotes
from search_service.query.query import Query

Parse = Callable[..., Query]
STOPWORDS = frozenset({"في", "و", "او", "ليس"})


@pytest.fixture(scope="module")
def parse(analysis: Analysis) -> Parse:
    schema = load_schema("news")
    return lambda text, advanced=False: parse_query(text, analysis, STOPWORDS, schema, advanced)


def shown_operand(operand: Operand) -> str:
    match operand.node:
        case Term(exact=word):
            shown = word
        case Phrase(exact=words, slop=slop):
            shown = f'"{" ".join(words)}"' + (f"~{slop}" if slop else "")
        case WordPrefix(beginnings=beginnings):
            shown = f"{beginnings[0]}*"
        case ValueFilter(field=field, values=values):
            return f"{field}={'|'.join(values)}"
        case RangeFilter(field=field):
            return f"{field} in a range"
    return f"{operand.field}:{shown}" if operand.field else shown


def shown(query: Query) -> list[str]:
    """The clauses of a query as text."""
    clauses = []
    for clause in query.clauses:
        match clause:
            case Term(exact=word):
                clauses.append(word)
            case Phrase(exact=words):
                clauses.append(f'"{" ".join(words)}"')
            case Joined(terms=words):
                clauses += [word.exact for word in words]
            case _:
                operands = " OR ".join(map(shown_operand, clause.operands))
                clauses.append(f"not {operands}" if clause.excluded else f"({operands})")
    return clauses


@pytest.mark.parametrize("dash", list("-\u2010\u2011\u2212\u2013\ufe63\uff0d"))
def test_a_dash_before_a_word_excludes_it(dash: str, parse: Parse) -> None:
    assert shown(parse(f"النار {dash}جهنم")) == ["النار", "not جهنم"]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("-جهنم", ["not جهنم"], id="alone"),
        pytest.param("النار\n-جهنم", ["النار", "not جهنم"], id="on a new line"),
        pytest.param("النار \u200f-\u200fجهنم", ["النار", "not جهنم"], id="between direction marks"),
        pytest.param('-"نار جهنم"', ['not "نار جهنم"'], id="phrase"),
        pytest.param("-«جهنم»", ['not "جهنم"'], id="quoted word, not its other forms"),
        pytest.param("-COVID-19", ['not "covid 19"'], id="two words in one"),
        pytest.param("-عنوان:نار", ["not title:نار"], id="in a field"),
        pytest.param("-قسم:رياضة", ["not category=رياضة"], id="value"),
        pytest.param("-مدر*", ["not مدر*"], id="beginning"),
        pytest.param('ليس "جهنم"', ['not "جهنم"'], id="laysa before a quoted word"),
        pytest.param("لَيـْسَ «نار جهنم»", ['not "نار جهنم"'], id="laysa with tashkeel"),
    ],
)
def test_an_exclusion_is_read(text: str, clauses: list[str], parse: Parse) -> None:
    assert shown(parse(text)) == clauses


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("النار - جهنم", ["النار", "جهنم"], id="dash alone"),
        pytest.param("النار-جهنم", ["النار", "جهنم"], id="dash in a word"),
        pytest.param("2018-2019", ["2018", "2019"], id="years"),
        pytest.param("النار --جهنم", ["النار", "جهنم"], id="two dashes"),
        pytest.param("النار —جهنم", ["النار", "جهنم"], id="em dash"),
        pytest.param("(-جهنم)", ["جهنم"], id="behind a bracket"),
        pytest.param("النار ليس جهنم", ["النار", "ليس", "جهنم"], id="laysa before a word"),
        pytest.param("وليس “جهنم”", ["وليس", "جهنم"], id="laysa with a conjunction"),
        pytest.param('ليس "جهنم', ["ليس", "جهنم"], id="laysa before one quotation mark"),
        pytest.param("الساعة 10:30", ["الساعه", "10", "30"], id="time"),
        pytest.param("http://example.com", ["http", "example.com"], id="address"),
        pytest.param("وقال:نعم", ["وقال", "نعم"], id="name that is no field"),
        pytest.param("عنوان: نعم", ["عنوان", "نعم"], id="space behind a colon"),
        pytest.param("عنوان:", ["عنوان"], id="nothing behind a colon"),
        pytest.param("نعم or لا", ["نعم", "or", "لا"], id="or in small letters"),
        pytest.param("نعم أو لا", ["نعم", "او", "لا"], id="Arabic or"),
        pytest.param("ORACLE", ["oracle"], id="word that begins with OR"),
        pytest.param("A~2", ["a", "2"], id="number behind a word"),
    ],
)
def test_ordinary_text_has_no_operators(text: str, words: list[str], parse: Parse) -> None:
    query = parse(text)
    assert shown(query) == words
    assert [warning.code for warning in query.warnings if warning.code != "quote-unpaired"] == []


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("النار أو الماء", ["(النار OR الماء)"], id="or"),
        pytest.param("النار أَو الماء", ["(النار OR الماء)"], id="or with tashkeel"),
        pytest.param("النار ليس جهنم", ["النار", "not جهنم"], id="not"),
        pytest.param("ليس عنوان:جهنم", ["not title:جهنم"], id="not, in a field"),
        pytest.param("ليس", ["ليس"], id="not at the end"),
    ],
)
def test_the_advanced_syntax_has_arabic_operators(text: str, clauses: list[str], parse: Parse) -> None:
    assert shown(parse(text, advanced=True)) == clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("نار OR ماء", ["(نار OR ماء)"], id="two words"),
        pytest.param("نار OR ماء OR هواء", ["(نار OR ماء OR هواء)"], id="three words"),
        pytest.param("كل نار OR ماء كان", ["كل", "(نار OR ماء)", "كان"], id="among words"),
        pytest.param('"كل نار" OR ماء', ['("كل نار" OR ماء)'], id="phrase and word"),
        pytest.param('تنظيم"نار" OR ماء', ["تنظيم", '("نار" OR ماء)'], id="behind a joined quotation"),
        pytest.param("عنوان:نار OR قسم:ماء", ["(title:نار OR category=ماء)"], id="fields"),
        pytest.param("COVID-19 OR ماء", ['("covid 19" OR ماء)'], id="two words in one"),
        pytest.param("OR نار", ["نار"], id="nothing before it"),
        pytest.param("نار OR", ["نار"], id="nothing behind it"),
        pytest.param("نار OR -ماء", ["نار", "not ماء"], id="before an exclusion"),
        pytest.param("-نار OR ماء", ["not نار", "ماء"], id="behind an exclusion"),
        pytest.param("نار OR OR ماء", ["(نار OR ماء)"], id="twice"),
        pytest.param("نار OR ؟", ["نار"], id="before a sign"),
    ],
)
def test_or_joins_its_neighbours(text: str, clauses: list[str], parse: Parse) -> None:
    assert shown(parse(text)) == clauses


@pytest.mark.parametrize(
    ("text", "beginnings"),
    [
        pytest.param("سعود*", {"سعود", "وسعود", "السعود", "والسعود", "بالسعود", "للسعود"}, id="word"),
        pytest.param("السعود*", {"السعود", "والسعود", "بالسعود", "للسعود"}, id="with the article"),
        pytest.param("ألم*", {"الم", "الالم"}, id="a hamza is no article"),
        pytest.param("لغ*", {"لغ", "اللغ", "للغ", "وللغ"}, id="article before lam"),
        pytest.param("Bre*", {"bre"}, id="Latin"),
        pytest.param("(كُتب*)،", {"كتب", "الكتب"}, id="with tashkeel and signs around it"),
    ],
)
def test_a_star_makes_a_beginning(text: str, beginnings: set[str], parse: Parse) -> None:
    [(prefix, field)] = parse(text).word_prefixes
    assert (set(prefix.beginnings) >= beginnings, field) == (True, "")


def test_a_beginning_with_the_article_matches_no_word_without_it(parse: Parse) -> None:
    [(prefix, _)] = parse("السعود*").word_prefixes
    assert "سعود" not in prefix.beginnings


def test_a_short_beginning_matches_behind_no_lone_letter(parse: Parse) -> None:
    [(prefix, _)] = parse("زار*").word_prefixes
    assert "وزار" not in prefix.beginnings


@pytest.mark.parametrize(
    ("text", "clauses", "code"),
    [
        pytest.param("*نار", ["نار"], "star-ignored", id="star before a word"),
        pytest.param("ن*ر", ["ن", "ر"], "star-ignored", id="star in a word"),
        pytest.param("نار**", ["نار"], "star-ignored", id="two stars"),
        pytest.param("COVID-19*", ["covid", "19"], "star-ignored", id="star behind two words"),
        pytest.param("نار *", ["نار"], "operator-ignored", id="star alone"),
        pytest.param("ن*", ["ن"], "prefix-too-short", id="one letter"),
        pytest.param("ال*", ["ال"], "prefix-too-short", id="article"),
        pytest.param('"نار"~5', ['"نار"'], "slop-ignored", id="nearness of one word"),
        pytest.param('"نار نار"~5', ['"نار نار"'], "slop-ignored", id="nearness of one word twice"),
        pytest.param('"نار ماء"~0', ['"نار ماء"'], "slop-ignored", id="nearness of 0"),
        pytest.param('"ا ب ت ث ج ح خ د ذ"~5', ['"ا ب ت ث ج ح خ د ذ"'], "slop-ignored", id="too many words"),
        pytest.param('"نار ماء"~51', ['("نار ماء"~50)'], "slop-too-large", id="large number"),
        pytest.param("نار -؟", ["نار"], "operator-ignored", id="excluded sign"),
        pytest.param('-""', [], "operator-ignored", id="empty excluded quotation"),
        pytest.param("OR", [], "or-ignored", id="or alone"),
        pytest.param("مصدر:صحي*", ["(source=صحي)"], "star-ignored", id="beginning of a value"),
        pytest.param("تاريخ:أمس", ["تاريخ", "امس"], "field-value-ignored", id="no date"),
        pytest.param("date:2018-02-30", ["date", "2018", "02", "30"], "field-value-ignored", id="no such day"),
        pytest.param("نار «ماء", ["نار", "ماء"], "quote-unpaired", id="one quotation mark"),
        pytest.param('نار ليس "ماء"', ["نار", 'not "ماء"'], "excluded-by-word", id="laysa"),
    ],
)
def test_what_is_ignored_is_reported(text: str, clauses: list[str], code: str, parse: Parse) -> None:
    query = parse(text)
    assert (shown(query), [warning.code for warning in query.warnings]) == (clauses, [code])


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("title:نار", ["(title:نار)"], id="name"),
        pytest.param("العُنوان：نار", ["(title:نار)"], id="alias with article and tashkeel, wide colon"),
        pytest.param("كاتب:محم*", ["(author:محم*)"], id="beginning in a searched keyword field"),
        pytest.param('مصدر:"صحيفة الساحل"', ["(source=صحيفة الساحل)"], id="value with a space"),
        pytest.param("تاريخ:٢٠١٨", ["(date in a range)"], id="year"),
        pytest.param("تاريخ:2018، نار", ["(date in a range)", "نار"], id="year before a comma"),
        pytest.param("تاريخ:2018..، نار", ["(date in a range)", "نار"], id="open range before a comma"),
        pytest.param("(قسم:رياضة)", ["قسم", "رياضه"], id="behind a bracket"),
        pytest.param("تاريخ:2018..2019-03", ["(date in a range)"], id="range"),
        pytest.param('عنوان:"نار ماء"~2', ['(title:"نار ماء"~2)'], id="nearness"),
    ],
)
def test_a_field_name_before_a_colon_restricts_the_operand(text: str, clauses: list[str], parse: Parse) -> None:
    query = parse(text)
    assert (shown(query), query.warnings) == (clauses, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("الأرض و السماء", ["الارض", "والسماء"], id="between words"),
        pytest.param("و السماء", ["والسماء"], id="at the beginning"),
        pytest.param("الأرض و", ["الارض", "و"], id="at the end"),
        pytest.param("الأرض و 2015", ["الارض", "و", "2015"], id="before a number"),
        pytest.param("الأرض و Mars", ["الارض", "و", "mars"], id="before a Latin word"),
        pytest.param("الأرض و، السماء", ["الارض", "و", "السماء"], id="before a comma"),
    ],
)
def test_a_conjunction_apart_is_part_of_the_next_word(text: str, words: list[str], parse: Parse) -> None:
    assert [word.exact for word in parse(text).words] == words


def test_a_phrase_has_both_spellings_of_a_conjunction(parse: Parse) -> None:
    for text in ('"الأرض و السماء"', '"الأرض والسماء"'):
        assert set(parse(text).phrase_alternatives) == {("الارض", "والسماء"), ("الارض", "و", "السماء")}
    assert parse('"وزير الدفاع"').phrase_alternatives == (("وزير", "الدفاع"),)


def test_a_long_phrase_has_few_spellings(parse: Parse) -> None:
    assert len(parse(f'"{" ".join(["والسماء"] * 60)}"').phrase_alternatives) == 2


def test_excluded_words_are_no_words_of_the_query(parse: Parse) -> None:
    query = parse("نار -ماء -«كل هواء» -تراب*")
    assert [word.exact for word in query.words] == ["نار"]
    assert (query.word_prefixes, query.phrase_alternatives, query.marked_words) == ((), (), query.words)
    assert query.size == 5


def test_conditions_stay_when_quotes_are_ignored(parse: Parse) -> None:
    query = parse('"كل نار" -ماء عنوان:هواء')
    assert without_quotes(query).conditions == query.conditions


def test_pairs_of_words_do_not_cross_a_condition(parse: Parse) -> None:
    assert parse("كل نار عنوان:ماء هواء").bigrams == (("كل", "نار"),)
