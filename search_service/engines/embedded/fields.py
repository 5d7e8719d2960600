"""The fields of tantivy: its schema for one of ours, and its document for one of ours.

A searched field `title` becomes `title.exact` (folded words with positions, for phrases) and `title.lemma`. All
searched fields together become `_all.lemma`, which matches a lemma in any field, `_all.lead`, the lemmas that they
begin with, and `_all.ngram`. `index_config.analyzers` says which analyzers fill which of them. tantivy gets tokens
joined by spaces: the service analyses. A keyword field holds the keys of its values (`analysis.values`), and
`author.written` the values themselves, each after its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import tantivy

from index_config.analyzers import ANALYZERS, Postings, combined_field
from index_config.field_kinds import ValueType
from index_config.schema import Field, Schema
from search_service.analysis.analyzer import Analysis
from search_service.analysis.index_terms import INDEXED, TermCache
from search_service.analysis.values import SEPARATOR, ValueKeys, written_value
from search_service.core.dates import date_range, day_of, month_of
from search_service.core.document import Document
from search_service.engines.facet_values import has_spellings

ID = "_id"
SOURCE = "_source"

VALUE_GAP = 100
"""Positions between two values of a field, as in Elasticsearch: words near each other are of one value."""

_POSTINGS = {Postings.DOCUMENTS: "basic", Postings.FREQUENCIES: "freq", Postings.POSITIONS: "position"}
"""tantivy's names."""


def exact(name: str) -> str:
    """Return the name of the field with the folded words of a searched field."""
    return f"{name}.exact"


def lemma(name: str) -> str:
    """Return the name of the field with the lemmas of a searched field."""
    return f"{name}.lemma"


def prefix(name: str) -> str:
    """Return the name of the field with the word prefixes of a suggest field."""
    return f"{name}.prefix"


def written(name: str) -> str:
    """Return the name of the field with the written values of a facet: each term is a key and one of its spellings."""
    return f"{name}.written"


def interval(name: str, width: str) -> str:
    """Return the name of the field with the day, month or year number of a date."""
    return f"{name}.{width}"


def tantivy_schema(schema: Schema) -> tantivy.Schema:
    """Build tantivy's schema."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(SOURCE, stored=True)
    for analyzer in ANALYZERS:
        _add_terms_field(builder, combined_field(analyzer.name), analyzer.combined)
    for field in schema.fields:
        for analyzer in ANALYZERS:
            per_field = analyzer.per_field if field.is_searched else None
            suggest = analyzer.per_suggest_field if field.suggest else None
            _add_terms_field(builder, f"{field.name}.{analyzer.name}", per_field or suggest)
        _add_value_field(builder, field)
    return builder.build()


def _add_terms_field(builder: tantivy.SchemaBuilder, name: str, postings: Postings | None) -> None:
    if postings:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=_POSTINGS[postings])


def _add_value_field(builder: tantivy.SchemaBuilder, field: Field) -> None:
    match field.kind.value_type:
        case ValueType.STRING | ValueType.BOOLEAN if field.kind.filter:
            fast = field.facet or field.sort
            builder.add_text_field(field.name, fast=fast, tokenizer_name="raw", index_option="basic")
            if field.facet and has_spellings(field):
                builder.add_text_field(written(field.name), tokenizer_name="raw", index_option="basic")
        case ValueType.INTEGER:
            builder.add_integer_field(field.name, indexed=True, fast=True)
        case ValueType.FLOAT:
            builder.add_float_field(field.name, indexed=True, fast=True)
        case ValueType.DATE:
            builder.add_integer_field(field.name, indexed=True, fast=True)
            if field.facet:
                for width in ("day", "month", "year"):
                    builder.add_integer_field(interval(field.name, width), fast=True)


def document_of(stored: Mapping[str, object]) -> Document:
    """Return a document as it was written."""
    return Document(str(stored["id"]), {name: value for name, value in stored.items() if name != "id"})


class DocumentMaker:
    """Converts documents to tantivy's documents."""

    def __init__(self, schema: Schema, analysis: Analysis) -> None:
        self._fields = schema.fields
        self._terms = TermCache(analysis)
        self._keys = analysis.value_keys

    def make(self, document: Document) -> tantivy.Document:
        """Analyse a document and return tantivy's."""
        made = tantivy.Document()
        made.add_text(ID, document.id)
        made.add_bytes(SOURCE, orjson.dumps({"id": document.id, **document.source}))
        for field in self._fields:
            value = document.source.get(field.name)
            if value is None:
                continue
            values = value if isinstance(value, list) else [value]
            if field.is_searched:
                self._add_text(made, field, values)
            if field.suggest:
                for text in values:
                    for analyzer, terms in self._terms.suggest(text).items():
                        made.add_text(f"{field.name}.{analyzer}", terms)
            if field.kind.compared_by_key:
                _add_keyword(made, field, values, self._keys)
            else:
                _add_values(made, field, values)
        return made

    def _add_text(self, made: tantivy.Document, field: Field, values: list[str]) -> None:
        for number, text in enumerate(values):
            terms = self._terms.of(text)
            for analyzer in INDEXED:
                if number and analyzer.per_field is Postings.POSITIONS:
                    _add_gap(made, f"{field.name}.{analyzer.name}")
                if analyzer.per_field:
                    made.add_text(f"{field.name}.{analyzer.name}", terms[analyzer.name])
                if analyzer.combined:
                    made.add_text(combined_field(analyzer.name), terms[analyzer.name])


def _add_gap(made: tantivy.Document, name: str) -> None:
    """Move the next value away from the one before: after each value, also an empty one, tantivy skips a position."""
    for _ in range(VALUE_GAP - 1):
        made.add_text(name, "")


def _add_keyword(made: tantivy.Document, field: Field, values: list[str], keys: ValueKeys) -> None:
    for value in values:
        if not (key := keys.of(field, value)):
            continue
        made.add_text(field.name, key)
        if field.facet and has_spellings(field):
            made.add_text(written(field.name), f"{key}{SEPARATOR}{written_value(value)}")


def _add_values(made: tantivy.Document, field: Field, values: list[Any]) -> None:
    match field.kind.value_type:
        case ValueType.BOOLEAN:
            for value in values:
                made.add_text(field.name, "true" if value else "false")
        case ValueType.INTEGER:
            for value in values:
                made.add_integer(field.name, value)
        case ValueType.FLOAT:
            for value in values:
                made.add_float(field.name, float(value))
        case ValueType.DATE:
            for value in values:
                seconds = date_range(value)[0]
                made.add_integer(field.name, seconds)
                if field.facet:
                    made.add_integer(interval(field.name, "day"), day_of(seconds))
                    made.add_integer(interval(field.name, "month"), month_of(seconds))
                    made.add_integer(interval(field.name, "year"), month_of(seconds) // 12)
