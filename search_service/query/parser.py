"""Parses the text of a query into words, phrases and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.message import Message, message
from search_service.query.clauses import Clause, Condition, Operand, Phrase, Term, phrase_of
from search_service.query.joined import join
from search_service.query.operands import OperandReader
from search_service.query.query import Query
from search_service.query.syntax import Item, Or, Part, Text, split_query
from search_service.query.terms import read_terms


class _Words(NamedTuple):
    """Words without an operator."""

    terms: Sequence[Term]
    quoted: bool = False


def parse_query(
    text: str,
    analysis: Analysis,
    stopwords: AbstractSet[str] = frozenset(),
    schema: Schema | None = None,
    advanced: bool = False,
) -> Query:
    """Return the parsed query. Quoted parts (`"…"`, `“…”`, `«…»`) are phrases; an unpaired quotation mark is ignored.

    A single quoted word among other words is an ordinary word.

    Args:
        text: any text; `syntax` describes the operators.
        analysis: splits and folds it.
        stopwords: folded words that are not required.
        schema: operators can name its fields.
        advanced: whether أو and ليس are operators between words.

    >>> from index_config.table import load_table
    >>> query = parse_query('"الولايات المتحدة" وفرنسا -ألمانيا', Analysis(load_table().mapping))
    >>> query.phrases, [word.lemmas for word in query.unquoted], query.conditions[0].excluded
    ((('الولايات', 'المتحده'),), [('فرنسا',)], True)
    """
    reader = OperandReader(analysis, stopwords, schema)
    parts = split_query(text, reader.is_field, advanced)
    warnings = reader.warnings
    if any(isinstance(part, Text) and part.has_unpaired_quote for part in parts):
        warnings.append(message("quote-unpaired"))
    read: list[_Words | Condition] = []
    for group in _group(parts, warnings):
        if isinstance(group, Text):
            read.append(_Words(read_terms(group.text, analysis, stopwords)))
        else:
            read += _read_items(group, reader)
    return Query(text, tuple(_clauses(read)), tuple(warnings))


def without_quotes(query: Query) -> Query:
    """Return the query with phrases replaced by their words; conditions stay."""
    nested = (clause.terms if isinstance(clause, Phrase) else (clause,) for clause in query.clauses)
    return replace(query, clauses=tuple(clause for clauses in nested for clause in clauses))


def _group(parts: Sequence[Part], warnings: list[Message]) -> list[Text | list[Item]]:
    """Return each text, and each item with those that OR joins to it."""
    groups: list[Text | list[Item]] = []
    joins = False
    for position, part in enumerate(parts):
        if isinstance(part, Or):
            before = groups[-1][-1] if groups and isinstance(groups[-1], list) else None
            after = parts[position + 1] if position + 1 < len(parts) else None
            joins = all(isinstance(each, Item) and not each.excluded for each in (before, after))
            if not joins:
                warnings.append(message("or-ignored", text=part.source))
        elif isinstance(part, Text):
            groups.append(part)
        elif joins and isinstance(groups[-1], list):
            groups[-1].append(part)
            joins = False
        else:
            groups.append([part])
    return groups


def _read_items(items: Sequence[Item], reader: OperandReader) -> list[_Words | Condition]:
    """Return the condition of items; words or a phrase if there is one item, and none of its operators applies."""
    operands = [(operand, item) for item in items if (operand := reader.read(item))]
    if not operands:
        return []
    [(operand, item), *others] = operands
    if not (others or item.excluded or operand.field) and _is_ordinary(operand):
        return [_Words(operand.terms, item.quoted)]
    return [Condition(tuple(each for each, _ in operands), item.excluded)]


def _is_ordinary(operand: Operand) -> bool:
    """Whether an operand is words that the match rule can require."""
    node = operand.node
    return isinstance(node, Term) or (isinstance(node, Phrase) and not node.slop)


def _clauses(read: Sequence[_Words | Condition]) -> Iterator[Clause]:
    is_alone = sum(isinstance(each, _Words) and bool(each.terms) for each in read) == 1
    for each in read:
        if isinstance(each, Condition):
            yield each
        elif each.quoted and (len(each.terms) > 1 or is_alone):
            # Headlines put titles and names in quotes: a single quoted word among other words is no phrase.
            yield phrase_of(each.terms)
        else:
            yield from join(each.terms)
