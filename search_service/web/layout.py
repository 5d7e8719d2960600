"""Which field of a schema has which role on the page, and the values of a document's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index_config.field_kinds import FieldKind
from index_config.schema import Field, Schema


@dataclass(frozen=True, slots=True)
class Layout:
    """The roles of a schema's fields on the page.

    Attributes:
        title: the text with the greatest weight, or a keyword with a greater one that is not a facet, such as the name
            of a book.
        texts: the other texts, greatest weight first.
        meta: facets with one value: source, section, author.
        tags: facets with several values.
        date: the schema's date, or None.
        link: the first field of kind url, or None.
        rest: all other fields; only the page of a document shows them.
    """

    title: Field
    texts: tuple[Field, ...]
    meta: tuple[Field, ...]
    tags: tuple[Field, ...]
    date: Field | None
    link: Field | None
    rest: tuple[Field, ...]

    @classmethod
    def of(cls, schema: Schema) -> Layout:
        """Return the layout of a schema."""
        texts = sorted((f for f in schema.fields if f.kind is FieldKind.TEXT), key=lambda f: -f.weight)
        names = [f for f in schema.searched if f.kind is FieldKind.KEYWORD and not (f.facet or f.multi)]
        title = max([*texts, *names], key=lambda f: f.weight, default=schema.searched[0])
        keywords = [f for f in schema.fields if f.kind is FieldKind.KEYWORD and f.facet and f is not title]
        date = schema.field(schema.date) if schema.date else None
        link = next((f for f in schema.fields if f.kind is FieldKind.URL), None)
        placed = [title, *texts, *keywords, date, link]
        return cls(
            title=title,
            texts=tuple(f for f in texts if f is not title),
            meta=tuple(f for f in keywords if not f.multi),
            tags=tuple(f for f in keywords if f.multi),
            date=date,
            link=link,
            rest=tuple(f for f in schema.fields if f not in placed),
        )


def values(source: Mapping[str, Any], field: Field | None) -> list[Any]:
    """Return the non-empty values of a field of a document."""
    return [value for _, value in numbered(source, field)]


def numbered(source: Mapping[str, Any], field: Field | None) -> list[tuple[int, Any]]:
    """Return the non-empty values of a field, each with its number in the document."""
    value = source.get(field.name) if field else None
    items = value if isinstance(value, list) else [value]
    return [(number, item) for number, item in enumerate(items) if item is not None and str(item).strip()]


def safe_link(source: Mapping[str, Any], field: Field | None) -> str:
    """Return the URL in a field if its scheme is http or https, else an empty string."""
    link = next(iter(values(source, field)), "").strip()
    return link if link.lower().startswith(("http://", "https://")) else ""
