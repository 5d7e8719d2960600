"""Which words of an original text a query marks."""

from __future__ import annotations

import time

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.results import Mark
from search_service.highlight import matcher
from search_service.highlight.matcher import ChunkCache, ChunkWord, Matcher
from tests.queries import understand
from tests.shared_data import seed_pages


def marked(query: str, text: str, analysis: Analysis) -> list[str]:
    marks = Matcher(understand(query, analysis), analysis).find_marks(text)
    return [text[mark.start : mark.end] for mark in marks]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        pytest.param(
            "مدرسة", "في وَالمَدْرَسَةِ، ومدرسته", ["وَالمَدْرَسَةِ", "ومدرسته"], id="the word with its marks, no punctuation"
        ),
        pytest.param("كتاب", "هذه الكتب", ["الكتب"], id="a broken plural"),
        pytest.param("مسؤول", "المسئول", ["المسئول"], id="a hamza on another seat"),
        pytest.param("مدرسة", "مدرسة مدرسة", ["مدرسة", "مدرسة"], id="every occurrence"),
        pytest.param("داعش", 'تنظيم"داعش".', ["داعش"], id="within a chunk"),
        pytest.param("Brexit", "عن BREXIT وbrexit.", ["BREXIT", "وbrexit"], id="Latin in any case"),
        pytest.param("2015", "عام ٢٠١٥ و2015م", ["٢٠١٥", "2015"], id="numbers"),
        pytest.param("اليوم الوطني", "#اليوم_الوطني", ["اليوم", "الوطني"], id="hashtag"),
        pytest.param("الله", "ﷲ أكبر", ["ﷲ"], id="ligature"),
        pytest.param("كتاب", "مكتبة كاتب", [], id="other words of the root are not matched"),
        pytest.param("في فرنسا", "في فرنسا", ["فرنسا"], id="no stop words"),
        pytest.param("من هو", "من هو؟", ["من", "هو"], id="stop words alone"),
        pytest.param("", "أي نص", [], id="empty query"),
        pytest.param("كتاب", "", [], id="empty text"),
        pytest.param("كتاب", "كِ\u2028كتابٌ\r\nكتاب\u2028", ["كتابٌ", "كتاب"], id="line ends of every kind"),
        pytest.param("قال", "<b>قال</b> &quot;قال&quot;", ["قال", "قال"], id="markup"),
    ],
)
def test_words_of_a_query_are_marked(query: str, text: str, expected: list[str], analysis: Analysis) -> None:
    assert marked(query, text, analysis) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        pytest.param('"مجلس الأمن"', "مجلس الامن والمجلس", ["مجلس", "الامن"], id="whole, in any spelling"),
        pytest.param('"مجلس الأمن"', "مجلس الشعب والأمن", [], id="not its words alone"),
        pytest.param('"مجلس الأمن"', "الأمن مجلس", [], id="not in another order"),
        pytest.param('"مجلس الأمن"', "مجلس أمن", [], id="not other forms"),
        pytest.param('"مجلس الأمن"', "مجلس، الأمن", ["مجلس", "الأمن"], id="across punctuation"),
        pytest.param('"مجلس الأمن"', "مجلس-الأمن", ["مجلس", "الأمن"], id="within a chunk"),
        pytest.param('"مجلس الأمن"', "في(مجلس الأمن)قال", ["مجلس", "الأمن"], id="begun within a chunk"),
        pytest.param('"مجلس الأمن"', "مجلس - - الأمن", ["مجلس", "الأمن"], id="across chunks without a word"),
        pytest.param('"قال قال"', "قال قال قال", ["قال", "قال", "قال"], id="overlapping"),
        pytest.param('"قال لا"', "قال قال لا", ["قال", "لا"], id="after a false start"),
        pytest.param('"في"', "في ما في", ["في", "في"], id="one word, even a stop word"),
        pytest.param('"مجلس الأمن" دولي', "الدولي: مجلس الأمن مجلس", ["الدولي", "مجلس", "الأمن"], id="beside a word"),
        pytest.param('"مجلس الأمن" "حق النقض"', "حق النقض، مجلس الأمن", ["حق", "النقض", "مجلس", "الأمن"], id="two"),
        pytest.param('"the Council"', "THE COUNCIL", ["THE", "COUNCIL"], id="Latin in any case"),
    ],
)
def test_phrases_are_marked_as_written(query: str, text: str, expected: list[str], analysis: Analysis) -> None:
    assert marked(query, text, analysis) == expected


def test_a_mark_has_the_number_of_its_value(analysis: Analysis) -> None:
    assert Matcher(understand("مصر", analysis), analysis).find_marks("في مصر", 3) == [Mark(3, 6, 3)]


def test_a_matcher_can_be_reused(analysis: Analysis) -> None:
    reused = Matcher(understand('مصر "مجلس الأمن"', analysis), analysis)
    assert [len(reused.find_marks(text)) for text in ("مصر", "مجلس الأمن", "لبنان", "مصر")] == [1, 2, 0, 1]


DISTINCT = " ".join(f"مصر،{number}" for number in range(40_000))


@pytest.mark.parametrize("query", ["مصر", '"مصر 7"'], ids=["word", "phrase"])
def test_many_different_chunks_take_linear_time(query: str, analysis: Analysis) -> None:
    begun = time.process_time()
    assert Matcher(understand(query, analysis), analysis).find_marks(DISTINCT)
    assert time.process_time() - begun < 10  # about 1 s; in quadratic time, half a minute and more


def test_a_very_long_value_is_marked_up_to_a_limit(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher, "MAX_MARKED_LENGTH", 10)
    assert marked("مصر", "مصر لبنان مصر", analysis) == ["مصر"]


def pages_marked(query: str, analysis: Analysis) -> set[str]:
    return {piece for text in seed_pages().values() for piece in marked(query, text, analysis)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("الائتلاف الدولي", {"الائتلاف", "الإئتلاف", "للإئتلاف"}, id="both spellings of a hamza"),
        pytest.param("مليون يورو", {"مَليون", "يورو"}, id="a word with its fatha"),
        pytest.param("قدرت", {"قدرّت"}, id="a word with its shadda"),
        pytest.param("اجتماعا", {"اجتماعًا", "اجتماعاً"}, id="both spellings of tanwin"),
        pytest.param("داعش", {"داعش"}, id="a word joined to a quotation"),
        pytest.param("اعلن", {"أعلن", "واعلن"}, id="a word after a full stop without a space"),
        pytest.param("الولايات المتحده", {"الولايات", "المتحدة"}, id="a final heh"),
    ],
)
def test_words_of_the_scraped_pages_are_marked(query: str, expected: set[str], analysis: Analysis) -> None:
    assert expected <= pages_marked(query, analysis)


class CountingCache(ChunkCache):
    """Counts the code points that are analysed."""

    analysed = 0

    def __missing__(self, chunk: str) -> tuple[ChunkWord, ...]:
        self.analysed += len(chunk)
        return super().__missing__(chunk)


@pytest.mark.parametrize("chunk", ["كتاب،", "كتاب ا ", "كتاب.ا."])
def test_a_text_is_analysed_once_however_many_phrases_there_are(chunk: str, analysis: Analysis) -> None:
    text = chunk * 1_000
    query = " ".join(f'"كتاب {letter}"' for letter in "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
    cache = CountingCache(analysis)
    Matcher(understand(query, analysis), analysis, cache).find_marks(text)
    assert cache.analysed <= 2 * len(text), "once for the words, and once for the phrases"


def test_a_phrase_that_overlaps_itself_marks_each_word_once(analysis: Analysis) -> None:
    text = "قال " * 300
    marks = Matcher(understand('"' + "قال " * 100 + '"', analysis), analysis).find_marks(text)
    assert [(mark.start, mark.end) for mark in marks] == [(start, start + 3) for start in range(0, 1_200, 4)]
