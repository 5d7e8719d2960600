"""Finds the words and numbers of a query that are written together: إف16, كوفيد-19, 10:30, 12/5/2018."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index_config.morphology import PARTICLES
from search_service.query.clauses import Joined, Term, Unit

NUMBER_SIGNS = frozenset(":/-\u2010\u2011\u2012\u2013")
"""Signs between the numbers of a time, a date, a score or a telephone number."""

HYPHENS = frozenset("-\u2010\u2011\u2012\u2013")
"""Signs between a word and its number: كوفيد-19."""

ERAS = frozenset("مه")
"""Letters after a year: 2015م and 1436هـ mean the years 2015 and 1436."""

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_ARABIC = re.compile(r"[\u0620-\u064a]")


def is_joined(between: str, first: str, second: str) -> bool:
    """Whether two folded words are written together, by the text between them; one of them is a number.

    >>> is_joined("", "كورونا", "19"), is_joined("-", "كوفيد", "19"), is_joined("/", "12", "5")
    (True, True, True)
    """
    numbers = _is_number(first), _is_number(second)
    if not between:
        return numbers[0] != numbers[1]
    return between in (NUMBER_SIGNS if all(numbers) else HYPHENS) and numbers[1]


def join(terms: Iterable[Term]) -> Iterator[Unit]:
    """Yield the terms, those that are written together as one unit.

    A particle before a number (ب17.5) and the era after a year (2015م) are not required, like stop words.
    """
    group: list[Term] = []
    for term in terms:
        if not term.is_joined:
            yield from _units(group)
            group = []
        group.append(term)
    yield from _units(group)


def _units(group: Sequence[Term]) -> Sequence[Unit]:
    if len(group) < 2:
        return group
    terms = tuple(
        replace(term, is_content=False) if _is_affix(group, position) else term for position, term in enumerate(group)
    )
    content = [term for term in terms if term.is_content]
    if len(content) < 2:
        return terms
    adjacent = len(content) == len(terms) and not any(_ARABIC.match(term.exact) for term in terms)
    return (Joined(terms, adjacent),)


def _is_affix(group: Sequence[Term], position: int) -> bool:
    word = group[position].exact
    is_particle = position == 0 and word in PARTICLES and _is_number(group[1].exact)
    return is_particle or (position > 0 and word in ERAS and _is_number(group[position - 1].exact))


def _is_number(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None
