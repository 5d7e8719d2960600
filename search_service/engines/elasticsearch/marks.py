"""From Elasticsearch's marked texts to code-point offsets in the original values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.engines.elasticsearch import fields
from search_service.engines.elasticsearch.queries import SENTINEL
from search_service.model import Mark, Source, values_of


def marks_of(
    schema: Schema, analysis: Analysis, names: Sequence[str], source: Source, highlight: Mapping[str, Any]
) -> dict[str, tuple[Mark, ...]]:
    """Return the marks of each field of a hit that has any."""
    found: dict[str, tuple[Mark, ...]] = {}
    for name in names:
        texts = values_of(source, name)
        marks = set(_placed(texts, highlight.get(fields.stem(name), ())))
        exact = fields.exact(schema, name)
        for mark in _placed(texts, highlight.get(exact, ())):
            marks.update(_words(texts[mark.value], mark, analysis))
        if marks:
            found[name] = tuple(sorted(marks, key=lambda mark: (mark.value, mark.start)))
    return found


def _placed(texts: Sequence[str], marked: Sequence[str]) -> Iterator[Mark]:
    """Yield the marks of marked texts, each of which is a value or, where a value holds U+2029, a part of it.

    Values without a mark are left out; the others come in their order.
    """
    number = position = 0
    for text in marked:
        pieces = text.split(SENTINEL)
        plain = "".join(pieces)
        while (start := texts[number].find(plain, position)) < 0:
            number, position = number + 1, 0
        offset = start
        for index, piece in enumerate(pieces):
            if index % 2:
                yield Mark(offset, offset + len(piece), number)
            offset += len(piece)
        position = offset


def _words(text: str, mark: Mark, analysis: Analysis) -> Iterator[Mark]:
    """Yield the words of a marked phrase."""
    for token in analysis.words(text[mark.start : mark.end]):
        yield Mark(mark.start + token.start, mark.start + token.end, mark.value)
