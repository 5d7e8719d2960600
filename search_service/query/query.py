"""The parsed query: its clauses in order, and what matching, ranking and highlighting read from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import is_

from search_service.core.message import Message
from search_service.query.clauses import Clause, Condition, Joined, Operand, Phrase, Term, Unit, WordPrefix


@dataclass(frozen=True)
class Query:
    """A parsed query.

    Attributes:
        text: the query as typed.
        clauses: its words, phrases and conditions in order.
        warnings: what of the text is ignored, or is read otherwise than most texts.
        is_question: whether it asks for an answer, rather than for all documents about something.
    """

    text: str = ""
    clauses: tuple[Clause, ...] = ()
    warnings: tuple[Message, ...] = ()
    is_question: bool = False

    def map_words(self, change: Callable[[tuple[Term, ...]], Iterable[Term]], include_excluded: bool = False) -> Query:
        """Return the query with `change` applied to each run of adjacent words; phrases match as typed."""
        clauses: list[Clause] = []
        for run in self._runs():
            if isinstance(run, Phrase | Joined):
                terms = tuple(change(run.terms))
                clauses.append(run if _is_same(terms, run.terms) else replace(run, terms=terms))
            elif isinstance(run, Condition):
                clauses.append(run.map_words(change) if include_excluded or not run.excluded else run)
            else:
                clauses += change(run)
        # An unchanged query keeps what was read from it. Most steps of understanding change nothing.
        return self if _is_same(clauses, self.clauses) else replace(self, clauses=tuple(clauses))

    def _runs(self) -> Iterator[Phrase | Joined | Condition | tuple[Term, ...]]:
        words: list[Term] = []
        for clause in self.clauses:
            if isinstance(clause, Term):
                words.append(clause)
                continue
            if words:
                yield tuple(words)
                words = []
            yield clause
        if words:
            yield tuple(words)

    @property
    def is_unranked(self) -> bool:
        """Whether nothing in it scores or is marked: it is empty, or all of it excludes or filters."""
        return not self.words and not self.word_prefixes

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of operators."""
        return tuple(clause for clause in self.clauses if isinstance(clause, Condition))

    @cached_property
    def required_operands(self) -> tuple[Operand, ...]:
        """The operands of conditions that do not exclude."""
        return tuple(operand for each in self.conditions if not each.excluded for operand in each.operands)

    def in_field(self, name: str) -> Query:
        """Return the query without what only other fields may have: what is marked in a field."""
        if not any(operand.field for operand in self.required_operands):
            return self
        kept = (
            replace(each, operands=tuple(operand for operand in each.operands if operand.field in ("", name)))
            if isinstance(each, Condition)
            else each
            for each in self.clauses
        )
        return replace(self, clauses=tuple(kept))

    @cached_property
    def word_prefixes(self) -> tuple[tuple[WordPrefix, str], ...]:
        """The beginnings of words that a document may have, each with the field that must have it, empty for any."""
        return tuple(
            (operand.node, operand.field) for operand in self.required_operands if isinstance(operand.node, WordPrefix)
        )

    @property
    def size(self) -> int:
        """The number of words, also of those that are excluded, and of other operands."""
        operands = (operand for condition in self.conditions for operand in condition.operands)
        return len(self._plain_words) + sum(len(operand.terms) or 1 for operand in operands)

    @cached_property
    def words(self) -> tuple[Term, ...]:
        """All words that score, in order, including those of phrases and of conditions."""
        nested = (clause.terms if not isinstance(clause, Term) else (clause,) for clause in self.clauses)
        return tuple(term for terms in nested for term in terms)

    @property
    def _plain_words(self) -> tuple[Term, ...]:
        return replace(self, clauses=tuple(each for each in self.clauses if not isinstance(each, Condition))).words

    @cached_property
    def adjacent_words(self) -> tuple[tuple[Term, ...], ...]:
        """The words between conditions: each run is typed as one piece of text."""
        runs: list[list[Term]] = [[]]
        for clause in self.clauses:
            if isinstance(clause, Condition):
                runs += [*map(list, (operand.terms for operand in clause.operands if not clause.excluded)), []]
            else:
                runs[-1] += (clause,) if isinstance(clause, Term) else clause.terms
        return tuple(tuple(run) for run in runs if run)

    @cached_property
    def unquoted(self) -> tuple[Term, ...]:
        """The words outside quotes and conditions, to which the match rule applies."""
        return tuple(term for unit in self._units for term in words_of_unit(unit))

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """The folded words of each phrase outside conditions, as typed; equal phrases once."""
        return tuple(dict.fromkeys(clause.exact for clause in self.clauses if isinstance(clause, Phrase)))

    @cached_property
    def required_phrases(self) -> tuple[Phrase, ...]:
        """The phrases outside conditions, without the words after query understanding; equal phrases once."""
        phrases = (replace(clause, terms=()) for clause in self.clauses if isinstance(clause, Phrase))
        return tuple(dict.fromkeys(phrases))

    @cached_property
    def bigrams(self) -> tuple[tuple[str, ...], ...]:
        """Pairs of adjacent folded words, and the parts of compounds; documents with such a pair score higher."""
        neighbours = (pair for run in self.adjacent_words for pair in pairwise(word.exact for word in run))
        return tuple(dict.fromkeys((*neighbours, *(word.compound_parts for word in self.words if word.compound_parts))))

    @property
    def _units(self) -> tuple[Unit, ...]:
        return tuple(clause for clause in self.clauses if isinstance(clause, Unit))

    @cached_property
    def required_units(self) -> tuple[Unit, ...]:
        """What a match rule may require: the unquoted content words, each lemma once.

        Words and numbers that are written together are one unit. Stop words if the query requires nothing else.
        """
        required = tuple(unit for unit in self._units if isinstance(unit, Joined) or unit.is_content)
        if not required and not self.phrases and not self.required_operands:
            required = self._units
        return _unique(required)

    @cached_property
    def required_words(self) -> tuple[Term, ...]:
        """The words of the required units that match on their own, not as part of a phrase; each lemma once."""
        units = (unit for unit in self.required_units if not (isinstance(unit, Joined) and unit.adjacent))
        words = (word for unit in units for word in (unit.required if isinstance(unit, Joined) else (unit,)))
        return tuple({word.lemmas: word for word in words}.values())

    @cached_property
    def marked_words(self) -> tuple[Term, ...]:
        """The words whose forms are marked: the required ones, and those of conditions."""
        return (*self.required_words, *(one.node for one in self.required_operands if isinstance(one.node, Term)))

    @cached_property
    def phrase_alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Folded words that match as a phrase: phrases, adjacent units, compound parts, variants."""
        compounds = (word.compound_parts for word in self.marked_words if word.compound_parts)
        nodes = (*self.clauses, *(operand.node for operand in self.required_operands))
        phrases = (words for node in nodes if isinstance(node, Phrase) and not node.slop for words in node.spellings)
        adjacent = (unit.exact for unit in self.required_units if isinstance(unit, Joined) and unit.adjacent)
        variants = ((variant,) for word in self.marked_words for variant in word.variants)
        return tuple(dict.fromkeys((*phrases, *adjacent, *compounds, *variants)))

    @cached_property
    def near_phrases(self) -> tuple[Phrase, ...]:
        """The phrases with a slop."""
        nodes = (operand.node for operand in self.required_operands)
        return tuple(dict.fromkeys(node for node in nodes if isinstance(node, Phrase) and node.slop))

    @cached_property
    def unquoted_unique(self) -> tuple[Unit, ...]:
        """All unquoted units including stop words, each lemma once."""
        return _unique(self._units)

    @cached_property
    def scored_words(self) -> tuple[Term, ...]:
        """The content words including those of phrases, each once; all words if there are no content words."""
        scored = [word for word in self.words if word.is_content] or self.words
        return tuple({word.exact: word for word in scored}.values())


def _is_same(changed: Sequence[object], former: Sequence[object]) -> bool:
    """Whether two sequences have the same objects."""
    return len(changed) == len(former) and all(map(is_, changed, former))


def words_of_unit(unit: Unit) -> tuple[Term, ...]:
    """Return the words of a unit."""
    return (unit,) if isinstance(unit, Term) else unit.terms


def _unique(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Return the units, of those with the same lemmas the last."""
    return tuple({tuple(term.lemmas for term in words_of_unit(unit)): unit for unit in units}.values())
