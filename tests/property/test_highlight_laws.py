"""The laws of highlighting, on random documents, queries and marks."""

from __future__ import annotations

import html
import re

from hypothesis import assume, given
from hypothesis import strategies as st

from search_service.analysis.analyzer import Token
from search_service.core.results import Mark
from search_service.highlight.controls import without_controls
from search_service.highlight.fragmenter import MAX_FRAGMENTS, Fragment, FragmentOptions, cut_fragments
from search_service.highlight.matcher import ChunkCache, Matcher
from tests.property.texts import ANALYSIS, known_words, pieces, texts
from tests.queries import understand

CACHE = ChunkCache(ANALYSIS)

phrases = st.lists(known_words, min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"')
queries = st.lists(st.one_of(known_words, phrases, pieces), max_size=6).map(" ".join)
# Half of the documents are made of words that queries ask for.
documents = st.one_of(
    texts,
    st.lists(st.tuples(st.one_of(known_words, pieces), st.sampled_from([" ", " ", " ", "\n", ".", '"', "_", ""]))).map(
        lambda parts: "".join(part for pair in parts for part in pair)
    ),
)


def span_of(token: Token, text: str) -> tuple[int, int]:
    """Return what is marked of a token: direction controls at its ends are not."""
    mark = without_controls(text, Mark(token.start, token.end))
    return mark.start, mark.end


def spans_by_the_analyzers(query_text: str, text: str) -> set[tuple[int, int]]:
    """Return what must be marked: the words with a required lemma, and the words of every complete phrase."""
    query = understand(query_text, ANALYSIS)
    assume(not query.word_prefixes and not query.near_phrases)
    lemmas = {lemma for word in query.marked_words for lemma in word.matching_lemmas}
    spans = {span_of(token, text) for token in ANALYSIS.tokens("lemma", text) if token.text in lemmas}
    exact = ANALYSIS.tokens("exact", text)
    for phrase in query.phrase_alternatives:
        for first in range(len(exact)):
            found = exact[first : first + len(phrase)]
            if tuple(token.text for token in found) == phrase:
                spans |= {span_of(token, text) for token in found}
    return spans


@given(queries, documents)
def test_marks_agree_with_the_analyzers(query: str, text: str) -> None:
    for cache in (None, CACHE):
        marks = Matcher(understand(query, ANALYSIS), ANALYSIS, cache).find_marks(text)
        # The words of a sign such as ﷺ have no length: the sign is marked.
        spans = {(start, max(end, start + 1)) for start, end in spans_by_the_analyzers(query, text)}
        assert [(mark.start, mark.end) for mark in marks] == sorted(spans)


@given(documents.map(lambda text: re.sub('["“”„‟«»]', " ", text)))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    query = understand(text, ANALYSIS)
    assume(not query.conditions)
    marked = {(mark.start, mark.end) for mark in Matcher(query, ANALYSIS).find_marks(text)}
    lemmas = {lemma for word in query.required_words for lemma in word.matching_lemmas}
    spans = {token: span_of(token, text) for token in ANALYSIS.tokens("lemma", text)}
    by_lemma = {(start, max(end, start + 1)) for token, (start, end) in spans.items() if token.text in lemmas}
    # What is written together (10:30) is marked as a phrase.
    assert by_lemma == marked if not query.phrase_alternatives else by_lemma <= marked
    assert bool(marked) == bool(query.required_units)


snippets = st.sampled_from(["كلمة", "🇪🇬", "👩\u200d💻", "بَّ", " ", ". ", "<b>", "&amp;", "\u2028", "\r\n"])
long_texts = st.one_of(
    st.lists(pieces, max_size=150).map("".join),
    st.lists(snippets, max_size=400).map("".join),
    st.text("بَّ", max_size=900),
)


@st.composite
def marked_values(draw: st.DrawFn) -> tuple[list[str], list[Mark]]:
    """Values with marks anywhere: at the very ends, adjacent, overlapping, longer than a fragment."""
    values = draw(st.lists(long_texts.filter(bool), min_size=1, max_size=3))
    marks: list[Mark] = []
    for number, value in enumerate(values):
        ends = st.integers(0, len(value))
        lengths = st.one_of(st.integers(1, 12), st.integers(1, len(value)))
        for start, length in draw(st.lists(st.tuples(ends, lengths), max_size=12)):
            if start < len(value):
                marks.append(Mark(start, min(start + length, len(value)), number))
    return values, draw(st.permutations(marks))


def within(fragment: Fragment, start: int, end: int) -> bool:
    return fragment.start <= start < end <= fragment.start + len(fragment.text)


@given(marked_values())
def test_a_fragment_is_a_slice_of_its_value(marked: tuple[list[str], list[Mark]]) -> None:
    values, marks = marked
    for fragment in cut_fragments(values, marks):
        value = values[fragment.value]
        assert fragment.text == value[fragment.start : fragment.start + len(fragment.text)]


@given(marked_values())
def test_a_fragment_without_its_marks_is_its_text(marked: tuple[list[str], list[Mark]]) -> None:
    values, marks = marked
    for fragment in cut_fragments(values, marks):
        assert html.unescape(re.sub("</?mark>", "", fragment.html)) == fragment.text


@given(marked_values())
def test_markup_of_a_text_is_escaped(marked: tuple[list[str], list[Mark]]) -> None:
    values, marks = marked
    for fragment in cut_fragments(values, marks):
        opened = re.sub("<mark>(.*?)</mark>", r"\1", fragment.html, flags=re.DOTALL)
        assert not set(opened) & set("<>\"'")
        assert len(re.findall("<mark>", fragment.html)) == len(fragment.marks)


@given(marked_values())
def test_the_text_between_mark_tags_is_the_marked_text(marked: tuple[list[str], list[Mark]]) -> None:
    values, marks = marked
    for fragment in cut_fragments(values, marks):
        pieces = [html.unescape(piece) for piece in re.findall("<mark>(.*?)</mark>", fragment.html, flags=re.DOTALL)]
        assert pieces == [values[fragment.value][start:end] for start, end in fragment.marks]
        assert all(within(fragment, start, end) for start, end in fragment.marks)


@given(marked_values())
def test_every_mark_is_shown_without_a_limit_of_fragments(marked: tuple[list[str], list[Mark]]) -> None:
    values, marks = marked
    shown = cut_fragments(values, marks, FragmentOptions(limit=10_000))
    for mark in marks:
        assert any(
            fragment.value == mark.value and any(start <= mark.start < mark.end <= end for start, end in fragment.marks)
            for fragment in shown
        )


@given(marked_values())
def test_fragments_are_in_order_and_do_not_overlap(marked: tuple[list[str], list[Mark]]) -> None:
    values, marks = marked
    shown = cut_fragments(values, marks)
    assert len(shown) <= MAX_FRAGMENTS
    assert bool(shown) == bool(marks)
    previous_end = (0, 0)
    for fragment in shown:
        assert (fragment.value, fragment.start) >= previous_end
        previous_end = (fragment.value, fragment.start + len(fragment.text))


@given(marked_values(), st.builds(FragmentOptions, length=st.integers(40, 1_000), limit=st.integers(1, 20)))
def test_a_fragment_is_long_only_for_a_long_mark(
    marked: tuple[list[str], list[Mark]], options: FragmentOptions
) -> None:
    values, marks = marked
    shown = cut_fragments(values, marks, options)
    assert len(shown) <= options.limit
    for fragment in shown:
        longest = max(end - start for start, end in fragment.marks)
        assert len(fragment.text) <= options.whole + longest
