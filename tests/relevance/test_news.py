"""What searches of real articles find: each with a reason, over a third of the news articles; all with `--full`."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.response import SearchResponse
from search_service.search.service import SearchService
from tests.relevance.conftest import INDEX, EngineOf
from tests.relevance.judged import HEADLINES, THIRD, Collection
from tests.rotation import Rotation


@pytest.fixture(scope="module")
def collection(rotation: Rotation) -> Collection:
    return HEADLINES if rotation.is_full else THIRD


@pytest.fixture(scope="module")
def service(embedded: EngineOf, collection: Collection) -> SearchService:
    return SearchService(embedded(collection))


def found(service: SearchService, query: str) -> SearchResponse:
    return service.search(IndexName(INDEX), SearchRequest(q=query, highlight=()))


@dataclass(frozen=True)
class Precise:
    """A query, and the words that so many of the first ten texts must have side by side.

    `of_all` says that it needs all articles: a third of them has too few with these words.
    """

    query: str
    words: str
    why: str
    of_ten: int = 10
    of_all: bool = False


PRECISE = (
    Precise("كأس العالم", "كأس العالم", "two frequent words that mean something together"),
    Precise("مجلس الأمن الدولي", "مجلس الأمن", "a name of three words"),
    Precise("جامعة الملك سعود", "جامعة الملك سعود", "not any university, nor any king", of_all=True),
    Precise("أسعار النفط", "أسعار النفط", "a theme of two words"),
    Precise("محمد بن سلمان", "محمد بن سلمان", "a name of frequent words"),
    Precise("البرلمان الاروبي", "البرلمان الأوروبي", "a letter is missing"),
    Precise("ريال مدرييد", "مدريد", "a letter too many"),
    Precise("المنختب السعودي", "المنتخب", "two letters swapped"),
    Precise("مجلسالأمن", "مجلس الأمن", "a space is missing"),
    Precise("جامع الأزهر", "الأزهر", "a mosque has the stem of a university", of_all=True),
    Precise("مدرسة", "مدرسة", "the word itself before a teacher"),
    Precise("كتاب", "كتاب", "the word itself before its plural and writers"),
    Precise("مستشفى", "مستشفى", "the word itself before its plural"),
    Precise("الإسلام", "الإسلام", "not peace", 9),
    Precise("زلزال", "زلزال", "a rare word"),
)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{case.query}: {case.why}", marks=[pytest.mark.full(keep=0)] * case.of_all)
        for case in PRECISE
    ],
)
def test_the_first_ten_are_what_was_asked_for(case: Precise, service: SearchService, analysis: Analysis) -> None:
    texts = [" ".join(analysis.exact_words(str(hit.source["text"]))) for hit in found(service, case.query).hits]
    assert sum(" ".join(analysis.exact_words(case.words)) in text for text in texts) >= case.of_ten, case.why


@dataclass(frozen=True)
class Alike:
    """Two spellings of a query, and how many of the first ten must be the same; the totals are the same within 5 %."""

    one: str
    other: str
    why: str
    shared: int = 10


ALIKE = (
    Alike("الذكاء الاصطناعي", "الذكاء الإصطناعى", "a hamza too many and ى for ي"),
    Alike("المحكمة الدستورية", "المحكمه الدستوريه", "ه for ة"),
    Alike("حقوق الإنسان", "حقوق الانسان", "a hamza left out"),
    Alike("كأس العالم", "كَأس العَالَم", "tashkeel"),
    Alike("البرلمان الأوروبي", "البرلمان الاروبي", "a letter left out"),
    Alike("محمد صلاح", "محمد صلاحح", "a letter twice"),
    Alike("الولايات المتحدة", "الولايات المتحدةة", "another, which no document has: its forms count less", 7),
    Alike("درجات الحرارة", "درجات الحرارة؟", "punctuation"),
    Alike("مسؤول أمريكي", "مسئول امريكي", "a hamza on another seat: the order differs, what is found does not", 4),
    Alike("الانتخابات الرئاسية", "الانتخبات الرئاسية", "a mistyped word that has the stem of another one", 5),
    Alike("عبدالفتاح السيسي", "عبد الفتاح السيسي", "one word or two: those written as it was typed come first", 0),
    Alike("أبوظبي", "أبو ظبي", "the same with a town", 1),
)


@pytest.mark.parametrize("case", ALIKE, ids=[f"{case.one}, {case.other}: {case.why}" for case in ALIKE])
def test_two_spellings_find_the_same(case: Alike, service: SearchService) -> None:
    one, other = found(service, case.one), found(service, case.other)
    assert other.total == pytest.approx(one.total, rel=0.05), case.why
    assert len({hit.id for hit in one.hits} & {hit.id for hit in other.hits}) >= case.shared, case.why


def test_neighbouring_words_of_an_article_find_an_article_that_has_them(
    service: SearchService, collection: Collection, analysis: Analysis
) -> None:
    """Asked without quotation marks: be they in the middle of a long text, what has them word for word comes first."""
    dice = random.Random(20261122)
    articles = [words for document in collection.documents() if len(words := str(document.source["text"]).split()) > 40]
    first = asked = 0
    for words in dice.sample(articles, 150):
        begin, length = dice.randrange(10, len(words) - 10), dice.choice((2, 3, 5, 7))
        wanted = [token.text for token in analysis.tokens("exact", " ".join(words[begin : begin + length]))]
        text = str(found(service, " ".join(words[begin : begin + length])).hits[0].source["text"])
        tokens = [token.text for token in analysis.tokens("exact", text)]
        first += any(tokens[at : at + len(wanted)] == wanted for at in range(len(tokens)))
        asked += 1
    assert first >= 0.97 * asked
