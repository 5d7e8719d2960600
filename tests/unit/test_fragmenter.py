"""Fragments: which parts of a text are shown, where they begin and end, and how markup is escaped."""

from __future__ import annotations

import html
import re
import time

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.results import Mark
from search_service.highlight.fragmenter import (
    CONTEXT_LENGTH,
    DEFAULT_OPTIONS,
    FRAGMENT_LENGTH,
    MAX_FRAGMENTS,
    Fragment,
    FragmentOptions,
    cut_fragments,
    is_sentence_boundary,
)
from search_service.highlight.matcher import Matcher
from tests.queries import understand
from tests.shared_data import records

FILLER = "كانت المدينة هادئة في ذلك الصباح البعيد "


def filler(number: int) -> str:
    """Return a text of some 400 characters that shares no words with the text of another number."""
    return " ".join(f"كلمة{number}رقم{word}" for word in range(32)) + ". "


def marks_of(word: str, text: str, value: int = 0) -> list[Mark]:
    return [Mark(match.start(), match.end(), value) for match in re.finditer(re.escape(word), text)]


def cut(text: str, word: str) -> list[Fragment]:
    return cut_fragments([text], marks_of(word, text))


def only(text: str, word: str) -> str:
    [fragment] = cut(text, word)
    return fragment.text


def test_a_text_without_marks_has_no_fragments() -> None:
    assert cut_fragments(["نص"], []) == cut_fragments([], []) == []


def test_a_short_value_is_one_fragment() -> None:
    text = "خبر. " + "م" * (DEFAULT_OPTIONS.whole - 5)
    assert only(text, "خبر") == text


def test_mark_offsets_count_from_the_start_of_the_value() -> None:
    text = FILLER * 10 + "نهر " + FILLER * 10
    [fragment] = cut(text, "نهر")
    [(start, end)] = fragment.marks
    assert text[start:end] == "نهر"
    assert fragment.text == text[fragment.start : fragment.start + len(fragment.text)]


def test_a_fragment_names_the_value_of_its_marks() -> None:
    [fragment] = cut_fragments(["أحمد", "سلمى حداد", "علي"], [Mark(0, 4, 1)])
    assert (fragment.value, fragment.html) == (1, "<mark>سلمى</mark> حداد")


def test_fragments_are_in_the_order_of_their_values() -> None:
    found = cut_fragments(["علي", "علي وعلي", "علي"], [Mark(0, 3, 2), Mark(0, 3, 1), Mark(5, 8, 1), Mark(0, 3, 0)])
    assert [fragment.value for fragment in found] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("<script>alert(1)</script>", 8, 13, "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;"),
        ("a & b", 4, 5, "a &amp; <mark>b</mark>"),
        ("&lt;", 1, 3, "&amp;<mark>lt</mark>;"),
        ("\"a\" 'b'", 1, 2, "&quot;<mark>a</mark>&quot; &#x27;b&#x27;"),
        ("<mark>a</mark>", 6, 7, "&lt;mark&gt;<mark>a</mark>&lt;/mark&gt;"),
        ("a<b", 0, 3, "<mark>a&lt;b</mark>"),
    ],
    ids=["element", "ampersand", "reference", "quotation marks", "a mark of its own", "markup in a mark"],
)
def test_markup_of_a_text_is_escaped(text: str, start: int, end: int, expected: str) -> None:
    [fragment] = cut_fragments([text], [Mark(start, end)])
    assert fragment.html == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\u0085"])
def test_line_ends_are_kept(line_end: str) -> None:
    text = f"خبر{line_end}نهر{line_end}"
    [fragment] = cut(text, "نهر")
    assert fragment.text == text
    assert html.unescape(fragment.html.replace("<mark>", "").replace("</mark>", "")) == text


def test_a_fragment_begins_with_its_sentence() -> None:
    assert only(FILLER * 8 + "انتهى الحديث. ثم جرى نهر طويل " + FILLER * 8, "نهر").startswith("ثم جرى نهر")


@pytest.mark.parametrize("end", [".", "!", "؟", "؛", "…", "\n", '."', ".»"])
def test_a_fragment_begins_after_the_end_of_a_sentence(end: str) -> None:
    assert only(FILLER * 8 + f"حديث{end} ثم جرى نهر طويل " + FILLER * 8, "نهر").startswith("ثم جرى نهر")


@pytest.mark.parametrize("text", ["بنسبة 3.14 نهر", "لقاء أ.د. نهر", "عبر example.com نهر", "في U.S. نهر"])
def test_a_full_stop_within_a_token_ends_no_sentence(text: str) -> None:
    assert not only(FILLER * 8 + text + " " + FILLER * 8, "نهر").startswith("نهر")


def test_without_a_sentence_a_fragment_begins_at_a_word_before_the_mark() -> None:
    text = "كلمات " * 100 + "نهر " + "كلمات " * 100
    fragment = only(text, "نهر")
    assert fragment.startswith("كلمات ")
    assert CONTEXT_LENGTH - len("كلمات ") <= fragment.index("نهر") <= CONTEXT_LENGTH


def test_the_fragment_of_a_mark_near_the_start_begins_at_the_start() -> None:
    text = "كلمات " * 10 + "نهر " + "كلمات " * 100
    assert text.startswith(only(text, "نهر"))


def test_a_fragment_ends_with_a_sentence_that_ends_near_the_limit() -> None:
    sentence = "نهر " + "كلمات " * 26 + "كثيرة."
    assert only("تم. " * 100 + sentence + " " + FILLER * 8, "نهر") == sentence


def test_a_fragment_ends_at_a_word() -> None:
    fragment = only("نهر " + "كلمات " * 100, "نهر")
    assert fragment.endswith(" كلمات")
    assert FRAGMENT_LENGTH - len("كلمات ") <= len(fragment) <= FRAGMENT_LENGTH


def test_a_cut_without_a_space_keeps_a_letter_with_its_diacritics() -> None:
    fragment = only("نهر " + "بَّ" * 200, "نهر")
    assert FRAGMENT_LENGTH - 3 < len(fragment) <= FRAGMENT_LENGTH
    assert fragment.endswith("بَّ")


@pytest.mark.parametrize("emoji", ["👩🏽\u200d💻", "❤\ufe0f", "👍🏽"])
def test_an_emoji_is_not_cut(emoji: str) -> None:
    assert only("نهر " + emoji * 100, "نهر").removeprefix("نهر ").replace(emoji, "") == ""


def test_the_fragments_with_the_most_distinct_words_are_shown() -> None:
    texts = ["نهر " * 3, "نهر", "نهر بحر", "بحر جبل نهر", "بحر"]
    text = "".join(f"{filler(number)}{part} {filler(number)}" for number, part in enumerate(texts))
    marks = [mark for word in ("نهر", "بحر", "جبل") for mark in marks_of(word, text)]
    found = cut_fragments([text], marks)
    assert [len(fragment.marks) for fragment in found] == [3, 2, 3]


def test_the_number_of_fragments_is_limited() -> None:
    text = "".join(filler(number) + "نهر " for number in range(20))
    assert len(cut(text, "نهر")) == MAX_FRAGMENTS
    assert len(cut_fragments([text], marks_of("نهر", text), FragmentOptions(limit=1))) == 1


def test_of_equal_fragments_the_first_are_shown() -> None:
    text = "".join(filler(number) + "نهر " for number in range(20))
    first = marks_of("نهر", text)[:MAX_FRAGMENTS]
    assert [fragment.marks for fragment in cut(text, "نهر")] == [((mark.start, mark.end),) for mark in first]


def test_a_mark_longer_than_a_fragment_is_not_cut() -> None:
    text = FILLER * 8 + "م" * 500 + " " + FILLER * 8
    [fragment] = cut(text, "م" * 500)
    assert fragment.html.count("م" * 500) == 1


def test_a_mark_in_a_text_without_spaces_is_not_cut() -> None:
    text = "م" * 600
    found = cut_fragments([text], [Mark(0, 5), Mark(FRAGMENT_LENGTH - 5, FRAGMENT_LENGTH + 5)])
    assert [(fragment.start, fragment.marks) for fragment in found] == [
        (0, ((0, 5),)),
        (FRAGMENT_LENGTH - 5, ((FRAGMENT_LENGTH - 5, FRAGMENT_LENGTH + 5),)),
    ]


def test_a_fragment_starts_at_a_near_end_of_the_previous_one() -> None:
    text = "نهر " + "كلمات " * 30 + "نهر " + "أخرى " * 30
    first, second = cut(text, "نهر")
    assert text[first.start + len(first.text) : second.start] == " "


def test_adjacent_marks_are_not_merged() -> None:
    [fragment] = cut_fragments(["ab"], [Mark(0, 1), Mark(1, 2)])
    assert fragment.html == "<mark>a</mark><mark>b</mark>"


def test_overlapping_marks_are_merged() -> None:
    [fragment] = cut_fragments(["abcdef"], [Mark(2, 5), Mark(0, 3), Mark(3, 4)])
    assert (fragment.html, fragment.marks) == ("<mark>abcde</mark>f", ((0, 5),))


def test_many_marks_take_linear_time() -> None:
    text = "نهر " * 100_000
    marks = marks_of("نهر", text)
    begun = time.process_time()
    cut_fragments([text], marks)
    assert time.process_time() - begun < 5  # about 0.2 s; in quadratic time, minutes


def test_fragments_of_real_articles_begin_and_end_between_words(analysis: Analysis) -> None:
    query = Matcher(understand("الرئيس الأمريكي الحكومة مباراة شركة", analysis), analysis)
    checked = 0
    for article in records("data", "news", "docs.jsonl.gz", limit=300):
        text = article["text"]
        for fragment in cut_fragments([text], query.find_marks(text)):
            before = text[: fragment.start][-1:]
            after = text[fragment.start + len(fragment.text) :][:1]
            assert not (before.isalnum() and fragment.text[0].isalnum())
            assert not (after.isalnum() and fragment.text[-1].isalnum())
            assert len(fragment.text) <= DEFAULT_OPTIONS.whole
            checked += 1
    assert checked > 50


def test_marks_have_the_tags_that_are_asked_for() -> None:
    options = FragmentOptions(before='<em class="hit">', after="</em>")
    [fragment] = cut_fragments(["a < نهر"], marks_of("نهر", "a < نهر"), options)
    assert fragment.html == 'a &lt; <em class="hit">نهر</em>'


def test_fragments_are_as_long_as_asked_for() -> None:
    text = FILLER * 10 + "نهر " + FILLER * 200
    for length in (40, 100, 500):
        [fragment] = cut_fragments([text], marks_of("نهر", text), FragmentOptions(length=length))
        assert 0.7 * length <= len(fragment.text) <= length
        assert "<mark>نهر</mark>" in fragment.html


REPEATED = "وافق مجلس الوزراء على مشروع النهر الجديد في جلسة عقدها أمس برئاسة نائب الرئيس. "


@pytest.mark.parametrize("again", [REPEATED, REPEATED.replace("مجلس", "مَجْلِس").replace("أمس", "امس")])
def test_a_sentence_that_a_text_repeats_is_shown_once(analysis: Analysis, again: str) -> None:
    text = "".join(filler(number) + part for number, part in enumerate((REPEATED, again, "جف النهر. ", REPEATED)))
    found = cut_fragments([text], marks_of("النهر", text), fold=analysis.fold)
    assert [fragment.text.strip()[:3] for fragment in found] == ["واف", "جف "]


def test_a_repeated_sentence_with_another_marked_word_is_shown() -> None:
    parts = (REPEATED + "وغاب البحر. ", REPEATED + "وظهر الجبل. ", REPEATED)
    text = "".join(filler(number) + part for number, part in enumerate(parts)) + filler(3)
    found = cut_fragments([text], [mark for word in ("النهر", "البحر", "الجبل") for mark in marks_of(word, text)])
    assert [fragment.marked for fragment in found] == [("النهر", "البحر"), ("النهر", "الجبل")]


def test_values_shown_whole_repeat_each_other() -> None:
    values = [REPEATED, REPEATED, f"{REPEATED}ثم غاب."]
    marks = [mark for number, value in enumerate(values) for mark in marks_of("النهر", value, number)]
    assert [fragment.value for fragment in cut_fragments(values, marks)] == [0, 1, 2]


@pytest.mark.parametrize("end", ["\n", ".\n", ". \n\n"])
def test_a_fragment_ends_without_white_space(end: str) -> None:
    text = "نهر " + "كلمات " * 26 + "كثيرة" + end + FILLER * 8
    assert only(text, "نهر").endswith(("كثيرة", "كثيرة."))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("قال الوزير.", " وأضاف", True),
        ("قال الوزير. ", "وأضاف", True),
        ('قال: "لا."', " وأضاف", True),
        ("قال الوزير؟", "", True),
        ("", "قال", True),
        ("قال الوزير\n", "وأضاف", True),
        ("قال الوزير", " \nوأضاف", True),
        ("قال الوزير", " أمس", False),
        ("قال الوزير،", " أمس", False),
        ("قال أ.", "د. علي", False),
    ],
)
def test_where_a_sentence_ends(before: str, after: str, expected: bool) -> None:
    assert is_sentence_boundary(before + after, len(before)) is expected
