"""Which field of a schema has which role on the page, and the values of a document's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index_config.field_kinds import FieldKind
from index_config.schema import Field, Schema
from search_service.web.site import IndexDisplay

SOURCE_FIELDS = ("author", "authors", "translator", "editor", "narrator", "source", "publisher", "journal")
"""Names of texts that stand under a title and not below it: a schema that is made of few documents has them as texts,
because hardly any value is repeated."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The roles of a schema's fields on the page.

    Attributes:
        title: the text with the greatest weight, or a keyword with a greater one that is not a facet, such as the name
            of a book.
        texts: the other texts, greatest weight first, without those of `meta`.
        meta: facets with one value and the fields of `SOURCE_FIELDS`, unless the site chooses others; without a date,
            also the year.
        tags: facets with several values, likewise.
        date: the schema's date, or None.
        link: the first field of kind url, or None.
        image: the address of an image, if the site chooses one.
        image_alt: what it shows, in words, likewise.
        rest: all other fields; only the page of a document shows them.
    """

    title: Field
    texts: tuple[Field, ...]
    meta: tuple[Field, ...]
    tags: tuple[Field, ...]
    date: Field | None
    link: Field | None
    image: Field | None
    image_alt: Field | None
    rest: tuple[Field, ...]

    @classmethod
    def of(cls, schema: Schema, display: IndexDisplay) -> Layout:
        """Return the layout of a schema, with the fields that a site chooses; names of no field are ignored."""
        texts = sorted((f for f in schema.fields if f.kind is FieldKind.TEXT), key=lambda f: -f.weight)
        names = [f for f in schema.searched if f.kind is FieldKind.KEYWORD and not (f.facet or f.multi)]
        by_weight = max([*texts, *names], key=lambda f: f.weight, default=schema.searched[0])
        title = schema.field(display.title or "") or by_weight
        keywords = [f for f in schema.fields if f.kind is FieldKind.KEYWORD and f.facet and f is not title]
        date = schema.field(schema.date) if schema.date else None
        image, image_alt = (schema.field(name or "") for name in (display.image, display.image_alt))
        link = next((f for f in schema.fields if f.kind is FieldKind.URL and f is not image), None)
        meta = _chosen(schema, display.source, _source_line(schema, title, keywords, date))
        tags = _chosen(schema, display.tags, [f for f in keywords if f.multi])
        texts = [f for f in texts if f not in (title, *meta, image_alt)]
        placed = [title, *texts, *meta, *tags, date, link, image, image_alt]
        return cls(
            title=title,
            texts=tuple(texts),
            meta=meta,
            tags=tags,
            date=date,
            link=link,
            image=image,
            image_alt=image_alt,
            rest=tuple(f for f in schema.fields if f not in placed),
        )


def _chosen(schema: Schema, names: Sequence[str] | None, by_default: Sequence[Field]) -> tuple[Field, ...]:
    """Return the fields with these names, or those by default."""
    if names is None:
        return tuple(by_default)
    return tuple(field for name in names if (field := schema.field(name)))


def _source_line(schema: Schema, title: Field, keywords: Sequence[Field], date: Field | None) -> list[Field]:
    named = [schema.field(name) for name in (*SOURCE_FIELDS, *(() if date else ("year",)))]
    line = [field for field in named if field and field is not title and not field.multi]
    return [*line, *(field for field in keywords if not field.multi and field not in line)]


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
