"""A document as a citation."""

from __future__ import annotations

from index_config.schema import Schema
from search_service.core.document import SourceFields
from search_service.web.layout import SOURCE_FIELDS, Layout, values
from search_service.web.messages.wording import Wording


def citation(schema: Schema, layout: Layout, source: SourceFields, title: str, url: str, words: Wording) -> str:
    """Return a citation: people, title, source, date and URL, as far as the document has them.

    The URL is that of the document's original, or else `url`.
    """
    fields = [field for name in SOURCE_FIELDS if (field := schema.field(name)) and field is not layout.title]
    named = {field.name: words.values(field, values(source, field)) for field in fields}
    people = [text for name, text in named.items() if text and name in PEOPLE]
    sources = [text for name, text in named.items() if text and name not in PEOPLE]
    dates = [words.date(str(date)) for date in values(source, layout.date)[:1]]
    parts = [*people, words.texts.cited.format(title=title), *sources, *dates]
    return f"{words.texts.comma.join(parts)}. {url}"


PEOPLE = ("author", "authors", "translator", "editor", "narrator")
"""Fields of persons, who come before the title."""
