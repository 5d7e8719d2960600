"""Passages: the fragments of a document that a list of results shows, whatever fields they are from.

An engine highlights each field by itself, and the answer over HTTP keeps them apart: a client that shows one field must
not miss a fragment because another field has it, too. Whoever shows several fields together chooses with
`choose_passages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from search_service.core.document import SourceFields, values_of
from search_service.highlight.fragmenter import Fragment, is_sentence_boundary
from search_service.highlight.wording import SHARED_WORDS, Fold, Words, repeats, words_of


class Passage(NamedTuple):
    """A fragment of a field."""

    field: str
    fragment: Fragment


def choose_passages(passages: Iterable[Passage], fold: Fold, limit: int, shown: Sequence[str] = ()) -> list[Passage]:
    """Return the passages with the most different marked words, in the order given, each wording once.

    Args:
        passages: of a document, the more important fields first.
        fold: folds a text.
        limit: the passages returned.
        shown: texts that are shown beside them, such as a title. A passage that says no more is left out.
    """
    candidates = list(passages)
    wordings = [words_of(passage.fragment.text, fold) for passage in candidates]
    titles = [words_of(text, fold) for text in shown]
    order = sorted(range(len(candidates)), key=lambda at: -_marked_words(candidates[at], fold))
    chosen: list[int] = []
    for at in order:
        words = wordings[at]
        known = any(repeats(words, wordings[other]) for other in chosen)
        if not known and not any(_says_no_more(words, title) for title in titles):
            chosen.append(at)
            if len(chosen) == limit:
                break
    return [candidates[at] for at in sorted(chosen)]


def _marked_words(passage: Passage, fold: Fold) -> int:
    return len({fold(word) for word in passage.fragment.marked})


def _says_no_more(words: Words, title: Words) -> bool:
    """Return whether a text has hardly a word more than a title that it repeats."""
    return len(words) < len(title) + SHARED_WORDS and repeats(words, title)


def is_cut(source: SourceFields, passage: Passage) -> tuple[bool, bool]:
    """Return whether a passage begins inside a sentence of its text, and whether it ends inside one."""
    fragment = passage.fragment
    text = values_of(source, passage.field)[fragment.value]
    end = fragment.start + len(fragment.text)
    return not is_sentence_boundary(text, fragment.start), not is_sentence_boundary(text, end)


def are_adjacent(source: SourceFields, first: Passage, second: Passage) -> bool:
    """Return whether only white space is between two passages of one text."""
    if (first.field, first.fragment.value) != (second.field, second.fragment.value):
        return False
    text = values_of(source, first.field)[first.fragment.value]
    return not text[first.fragment.start + len(first.fragment.text) : second.fragment.start].strip()
