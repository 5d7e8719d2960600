"""Passages: of fragments that say the same, in whatever field and spelling, one is shown."""

from __future__ import annotations

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.results import Mark
from search_service.highlight.fragmenter import cut_fragments
from search_service.highlight.passages import Passage, are_adjacent, choose_passages, is_cut
from search_service.highlight.wording import begins_with, words_of

LEAD = "وافق مجلس الوزراء على مشروع النهر الجديد في جلسة عقدها أمس برئاسة نائب الرئيس"
REST = "ويمتد النهر ثلاثين كيلومترا بين الجبل والبحر، ويسقي عشرين قرية من قرى الوادي."


def passages(**texts: str) -> list[Passage]:
    """Return every fragment of some fields that has the word نهر."""
    return [
        Passage(name, fragment)
        for name, text in texts.items()
        for fragment in cut_fragments(
            [text], [Mark(at, at + 5) for at in range(len(text)) if text.startswith("النهر", at)]
        )
    ]


def shown(found: list[Passage], analysis: Analysis, *titles: str) -> list[str]:
    return [passage.fragment.text for passage in choose_passages(found, analysis.fold, 2, titles)]


@pytest.mark.parametrize(
    "text",
    [
        LEAD,
        LEAD + ".\n",
        "القاهرة: " + LEAD,
        LEAD.replace("مجلس", "مَجْلِسُ").replace("أمس", "امس"),
        LEAD.removeprefix("وافق مجلس الوزراء "),
        LEAD + "، كما قال",
    ],
    ids=["equal", "line end", "dateline", "spelling", "contained", "containing"],
)
def test_the_same_wording_is_shown_once(text: str, analysis: Analysis) -> None:
    assert shown(passages(abstract=LEAD, text=text), analysis) == [LEAD]


def test_texts_that_share_a_name_are_both_shown(analysis: Analysis) -> None:
    one, other = "قال نائب رئيس الوزراء إن النهر جف", "زار نائب رئيس الوزراء ضفاف النهر"
    assert shown(passages(abstract=one, text=other), analysis) == [one, other]


def test_of_overlapping_passages_the_one_with_more_marked_words_is_shown(analysis: Analysis) -> None:
    longer = cut_fragments([LEAD], [Mark(LEAD.index("النهر"), LEAD.index("النهر") + 5), Mark(0, 4)])
    found = [*passages(abstract=LEAD), Passage("text", longer[0]), *passages(note=REST)]
    assert [passage.field for passage in choose_passages(found, analysis.fold, 2)] == ["text", "note"]


def test_a_passage_that_says_no_more_than_the_title_is_left_out(analysis: Analysis) -> None:
    assert shown(passages(abstract=LEAD, text=REST), analysis, LEAD) == [REST]
    assert shown(passages(abstract=f"{LEAD}. {REST}"), analysis, LEAD) == [f"{LEAD}. {REST}"]


def test_which_ends_of_a_passage_are_cut() -> None:
    text = f"{'كلام كثير ' * 30}النهر. {'كلام آخر ' * 12}ثم. {'كلام آخر ' * 12}. {REST}"
    first, last = passages(text=text)
    assert (is_cut({"text": text}, first), is_cut({"text": text}, last)) == ((True, False), (False, False))
    assert not are_adjacent({"text": text}, first, last)


def test_adjacent_passages() -> None:
    text = f"{LEAD}. {'كلام كثير ' * 10}.\n{REST} {'كلام كثير ' * 10}"
    first, second = passages(text=text)
    assert are_adjacent({"text": text}, first, second)
    assert not are_adjacent({"text": text, "title": text}, first, second._replace(field="title"))


@pytest.mark.parametrize(
    ("text", "beginning", "expected"),
    [
        (f"{LEAD}. {REST}", LEAD, True),
        (f"{LEAD}. {REST}", LEAD[:-3], True),
        (f"القاهرة (وكالات) - {LEAD}. {REST}", LEAD, True),
        (f"{REST} {LEAD}", LEAD, False),
        (LEAD, f"{LEAD}. {REST}", False),
        (LEAD, "", False),
        ("", LEAD, False),
    ],
    ids=["lead", "cut short", "dateline", "later", "longer", "no lead", "no text"],
)
def test_whether_a_text_begins_with_its_lead(text: str, beginning: str, expected: bool, analysis: Analysis) -> None:
    assert begins_with(words_of(text, analysis.fold), words_of(beginning, analysis.fold)) is expected
