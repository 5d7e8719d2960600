"""The fields that a query can name before a colon."""

from __future__ import annotations

from index_config.field_kinds import FieldKind, ValueType
from index_config.schema import Field, Schema
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import strip_article
from search_service.core.dates import InvalidDate, date_range
from search_service.core.filters import RangeFilter, ValueFilter

RANGE = ".."
"""Between the lowest and the highest value of a range."""

MAX_NUMBER = 2**63
"""Whole numbers are indexed with 64 bits."""


def find_field(schema: Schema, name: str, analysis: Analysis) -> Field | None:
    """Return the field of this name or alias, compared after folding, without the article; None if there is none.

    >>> from index_config.schema import load_schema
    >>> from index_config.table import load_table
    >>> analysis, news = Analysis(load_table().mapping), load_schema("news")
    >>> [found.name for name in ("title", "العُنوان", "عنوان") if (found := find_field(news, name, analysis))]
    ['title', 'title', 'title']
    """
    folded = strip_article(analysis.fold(name))
    for field in schema.fields:
        if folded == field.name or any(folded == strip_article(analysis.fold(alias)) for alias in field.aliases):
            return field
    return None


def searches_words(field: Field) -> bool:
    """Whether a query can look for words in a field; other fields are filtered by whole values."""
    return field.is_searched and field.kind is FieldKind.TEXT


def value_filter(field: Field, value: str) -> ValueFilter | RangeFilter | None:
    """Return the filter for a value, or for LOW..HIGH; None if the field has no such value.

    >>> from index_config.schema import load_schema
    >>> source, date = (load_schema("news").field(name) for name in ("source", "date"))
    >>> value_filter(source, "صحيفة"), value_filter(date, "أمس")
    (ValueFilter(field='source', values=('صحيفة',)), None)
    >>> value_filter(date, "0001-01-01..0001-01-02")
    RangeFilter(field='date', low=0, high=172799)
    """
    if field.kind.value_type is ValueType.STRING:
        return ValueFilter(field.name, (value,)) if field.kind.filter else None
    if field.kind.value_type is ValueType.BOOLEAN:
        return ValueFilter(field.name, (value,)) if value in ("true", "false") else None
    low, dots, high = (end.strip() for end in value.partition(RANGE))
    if not field.kind.range or not (low or high):
        return None
    first, last = _bounds(field, low), _bounds(field, high if dots else low)
    return RangeFilter(field.name, first[0], last[1]) if first and last else None


def _bounds(field: Field, text: str) -> tuple[float | None, float | None] | None:
    """Return the first and last number of a value, no number for an empty text, and None for what is no value."""
    if not text:
        return None, None
    try:
        if field.kind.value_type is ValueType.DATE:
            return date_range(text)
        number = int(text) if field.kind.value_type is ValueType.INTEGER else float(text)
    except (InvalidDate, ValueError):
        return None
    return (number, number) if abs(number) < MAX_NUMBER else None
