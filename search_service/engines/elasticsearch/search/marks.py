"""Converts the highlighted texts of Elasticsearch to code-point offsets in the original values."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import SourceFields, values_of
from search_service.core.results import Mark
from search_service.engines.elasticsearch import fields
from search_service.highlight.controls import without_controls


def new_sentinel() -> str:
    """Return a random string that no document contains. A NUL would do, but Elasticsearch replaces it by a space."""
    return f"\ue000{secrets.token_hex(8)}"


class MarkReader:
    """Parses the marks of hits.

    Args:
        schema: what the index was made with.
        analysis: how texts are read.
        sentinel: encloses each marked piece.
    """

    def __init__(self, schema: Schema, analysis: Analysis, sentinel: str) -> None:
        self._schema = schema
        self._analysis = analysis
        self._sentinel = sentinel

    def marks(
        self, names: Sequence[str], source: SourceFields, highlight: Mapping[str, Sequence[str]]
    ) -> dict[str, tuple[Mark, ...]]:
        """Return the marks of each field of a hit that has some."""
        marks_of_fields: dict[str, tuple[Mark, ...]] = {}
        for name in names if highlight else ():
            texts = values_of(source, name)
            marks = tuple(_parse_marks(texts, highlight.get(fields.stem(name), ()), self._sentinel))
            if phrases := highlight.get(fields.exact(self._schema, name)):
                words = {
                    word
                    for mark in _parse_marks(texts, phrases, self._sentinel)
                    for word in _words(texts[mark.value], mark, self._analysis)
                }
                marks = tuple(sorted(words.union(marks), key=lambda mark: (mark.value, mark.start)))
            if marks:
                marks_of_fields[name] = tuple(without_controls(texts[mark.value], mark) for mark in marks)
        return marks_of_fields


def _parse_marks(texts: Sequence[str], marked: Sequence[str], sentinel: str) -> Iterator[Mark]:
    """Yield the marks of highlighted texts: whole values in their order, without those that have no mark."""
    number = 0
    for text in marked:
        pieces = text.split(sentinel)
        plain = "".join(pieces)
        while texts[number] != plain:
            number += 1
        offset = 0
        for index, piece in enumerate(pieces):
            if index % 2:
                yield Mark(offset, offset + len(piece), number)
            offset += len(piece)
        number += 1


def _words(text: str, mark: Mark, analysis: Analysis) -> Iterator[Mark]:
    """Yield the words of a marked phrase."""
    for token in analysis.words(text[mark.start : mark.end]):
        yield Mark(mark.start + token.start, mark.start + token.end, mark.value)
