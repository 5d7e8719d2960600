"""What a page says of itself to search engines, browsers and services that show a link to it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from flask import request

from search_service.web.url_state import INDEX, LANGUAGE, State

DOCUMENT = "page.document"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself.

    Attributes:
        canonical: its absolute URL, without the search that led to it and without how it is shown but the language.
        is_indexed: whether search engines shall list it: the first page and the documents, but no results, which
            are without end and say nothing that the documents do not.
        is_document: whether it is the page of one document.
    """

    canonical: str
    is_indexed: bool
    is_document: bool


def metadata() -> Metadata:
    """Return the metadata of the page that is requested."""
    state = State.of(request.args)
    is_document = request.endpoint == DOCUMENT
    kept = State(tuple(pair for pair in state.pairs if pair[0] in (INDEX, LANGUAGE)))
    path = kept.href(DOCUMENT, **(request.view_args or {})) if is_document else kept.href()
    return Metadata(urljoin(request.url_root, path), is_document or not state.is_search, is_document)
