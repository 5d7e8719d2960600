"""What a page says of itself to search engines, browsers and services that show a link to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from flask import request

from search_service.messages.rendering import Language
from search_service.web.url_state import INDEX, LANGUAGE, State

DOCUMENT = "page.document"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself.

    Attributes:
        canonical: its absolute URL, without the search that led to it and without how it is shown but the language.
        alternates: the same page in each language, and in that of the reader, by what `hreflang` calls it; absolute
            URLs.
        is_indexed: whether search engines shall list it: the first page and the documents, but no results, which
            are without end and say nothing that the documents do not.
        is_document: whether it is the page of one document.
    """

    canonical: str
    alternates: Mapping[str, str]
    is_indexed: bool
    is_document: bool


def metadata() -> Metadata:
    """Return the metadata of the page that is requested."""
    state = State.of(request.args)
    is_document = request.endpoint == DOCUMENT
    kept = State(tuple(pair for pair in state.pairs if pair[0] in (INDEX, LANGUAGE)))

    def address(state: State) -> str:
        return absolute(state.href(DOCUMENT, **(request.view_args or {})) if is_document else state.href())

    in_language = {one.value: address(kept.showing(LANGUAGE, one.value)) for one in Language}
    of_reader = {"x-default": address(State(tuple(pair for pair in kept.pairs if pair[0] != LANGUAGE)))}
    return Metadata(address(kept), in_language | of_reader, is_document or not state.is_search, is_document)


def absolute(path: str) -> str:
    """Return the absolute URL of a path of this host; of another host's, what it is."""
    return urljoin(request.url_root, path)
