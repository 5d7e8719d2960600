"""Snippets: what a list of results shows of a document's texts under its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from search_service.core.document import SourceFields
from search_service.highlight.fragmenter import Fragment, is_sentence_boundary
from search_service.highlight.passages import Passage, are_adjacent, is_cut
from search_service.search.response import Hit
from search_service.search.service import SearchService
from search_service.web.layout import Layout, values

PASSAGES = 2
"""Passages under a title."""

BEGINNING_LENGTH = 240
"""Code points of a text that are shown if it has no marks."""

TITLE_LENGTH = 200
"""Code points of a title. A longer one is a text, in an index of texts without titles."""

SPACE = "\N{NO-BREAK SPACE}"
"""Keeps an ellipsis on the line of its word."""

ELLIPSIS = "…"


def snippet(service: SearchService, hit: Hit, layout: Layout, title: str) -> Markup:
    """Return the best passages of the texts that say more than the title, or the beginning of the first such text.

    Args:
        service: compares wording.
        hit: the document, with its highlights.
        layout: the fields.
        title: the title; the whole text if there is no title, of which the beginning is shown without marks.
    """
    found = (Passage(field.name, one) for field in layout.texts for one in hit.highlights.get(field.name, ()))
    is_title = len(title) <= TITLE_LENGTH
    if passages := service.passages(found, PASSAGES, [title] if is_title else []):
        return joined(passages, hit.source)
    heading = title if is_title else title[:TITLE_LENGTH].rsplit(None, 1)[0]
    texts = (str(text).strip() for field in layout.texts for text in values(hit.source, field))
    following = (text.removeprefix(heading).lstrip(" .\n") for text in texts)
    return escape(next((shortened(text, BEGINNING_LENGTH) for text in following if text), ""))


def joined(passages: Sequence[Passage], source: SourceFields) -> Markup:
    """Return passages with an ellipsis wherever a sentence is cut or something is left out between two of them."""
    first, last = passages[0], passages[-1]
    return Markup().join(
        (
            ELLIPSIS + SPACE if is_cut(source, first)[0] else "",
            markup_of(first.fragment),
            *_following(passages, source),
            SPACE + ELLIPSIS if is_cut(source, last)[1] else "",
        )
    )


def _following(passages: Sequence[Passage], source: SourceFields) -> Iterator[Markup | str]:
    """Yield the passages after the first, each after what separates it from the one before."""
    for one, other in pairwise(passages):
        if are_adjacent(source, one, other):
            yield Markup(" ")
        elif is_cut(source, one)[1]:
            yield SPACE + ELLIPSIS + " "
        else:
            yield " " + ELLIPSIS + SPACE
        yield markup_of(other.fragment)


def markup_of(fragment: Fragment) -> Markup:
    """Return a fragment as it is written into the page: the fragmenter has escaped it and added the marks."""
    return Markup(fragment.html)  # nosec B704


def shortened(text: str, length: int) -> str:
    r"""Return the first words of a text, with an ellipsis unless that is all of it or the end of a sentence.

    >>> shortened("one two three", 9), shortened("One two. Three", 9)
    ('one two\xa0…', 'One two.')
    """
    if len(text) <= length:
        return text
    shown = text[: length + 1].rsplit(None, 1)[0][:length]
    return shown if is_sentence_boundary(text, len(shown)) else f"{shown}{SPACE}{ELLIPSIS}"
