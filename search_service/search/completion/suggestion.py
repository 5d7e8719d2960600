"""What completion offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from search_service.core.results import Mark

SuggestionKind = Literal["word", "phrase", "title", "value"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that completes what is typed.

    Attributes:
        kind: a word or phrase to search for, the title of a document, or the value of a facet.
        text: it, as documents write it.
        field: the field that has it.
        id: a document that has it.
        count: the documents that a search for it finds, or that have the value; None for a title.
        marks: the parts of the text that were typed.
    """

    kind: SuggestionKind
    text: str
    field: str
    id: str
    count: int | None = None
    marks: tuple[Mark, ...] = ()


def shared(groups: Sequence[Sequence[Suggestion]], size: int) -> list[list[Suggestion]]:
    """Return the first suggestions of each group.

    The first group gets half of the places, the others divide the rest; what a group does not need goes to the others,
    the first ones first.

    >>> words, titles = [[Suggestion(kind, str(n), "", "") for n in range(9)] for kind in ("word", "title")]
    >>> list(map(len, shared([words, titles], 4))), list(map(len, shared([words[:1], titles], 4)))
    ([2, 2], [1, 3])
    """
    first = (size + 1) // 2
    wanted = [first, *(_part(size - first, len(groups) - 1, place) for place in range(len(groups) - 1))]
    taken = [min(part, len(group)) for part, group in zip(wanted, groups, strict=True)]
    left = size - sum(taken)
    for place, group in enumerate(groups):
        more = min(left, len(group) - taken[place])
        taken[place] += more
        left -= more
    return [list(group[:count]) for count, group in zip(taken, groups, strict=True)]


def _part(size: int, parts: int, place: int) -> int:
    """Return the size of a part of something that is divided evenly; the first parts are larger by one."""
    return size // parts + (place < size % parts)
