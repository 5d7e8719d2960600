"""The order of listings: pages that are read one after the other while documents change.

A score depends on all documents of an index, so it changes with each of them, and a page could not continue where the
one before ended. A listing is in groups, each in the order of a field or of ids. Which group a document belongs to, and
where in it, depends on the document alone:

- by a field: the documents with a value, in its order, then those without one;
- by relevance: those with the whole query as a phrase, then those with most of its words, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search_service.core.filters import BY_RELEVANCE, Sort
from search_service.query.plan import SearchPlan
from search_service.query.tree import Bonus, Boolean, HasValue, MatchAll, Node, Not, all_of, any_of

MAX_WORD_GROUPS = 8
"""Groups by the number of words. Each takes a search, and the words of longer queries differ little in importance."""


@dataclass(frozen=True, slots=True)
class Group:
    """Matches that are listed together.

    Attributes:
        node: the matches that belong to it.
        sort: their order; by relevance stands for the order of ids.
    """

    node: Node
    sort: Sort = BY_RELEVANCE


def groups_of(plan: SearchPlan) -> tuple[Group, ...]:
    """Return the groups of a plan with a selected match rule; each match is in exactly one of them."""
    if plan.sort.field:
        has_value = HasValue(plan.sort.field)
        return Group(has_value, plan.sort), Group(Not(has_value))
    if plan.query.is_unranked:
        return (Group(MatchAll()),)
    return tuple(map(Group, _by_words(plan)))


def _by_words(plan: SearchPlan) -> Iterator[Node]:
    """Yield groups by how much of the query a document has, most first."""
    excluded: list[Node] = []
    if phrases := _bonuses(plan, "exact_phrase"):
        yield any_of(phrases)
        excluded = [Not(any_of(phrases))]
    words = _bonuses(plan, "coverage")
    more: list[Node] = []
    for required in _thresholds(len(words)):
        enough = Boolean(should=words, minimum_should_match=required)
        yield all_of([*excluded, *([enough] if required else []), *more])
        more = [Not(enough)]


def _bonuses(plan: SearchPlan, tier: str) -> tuple[Node, ...]:
    """Return what a tier adds a constant weight for."""
    return tuple(score.node for score in plan.scores if isinstance(score, Bonus) and score.tier == tier)


def _thresholds(words: int) -> list[int]:
    """Return the numbers of words that divide the groups.

    >>> _thresholds(0), _thresholds(3), _thresholds(20)
    ([0], [3, 2, 1, 0], [20, 17, 15, 12, 10, 7, 5, 2, 0])
    """
    return sorted({words * step // MAX_WORD_GROUPS for step in range(MAX_WORD_GROUPS + 1)}, reverse=True)
