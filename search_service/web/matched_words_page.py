"""The page that says how a document matches the words of a search. Scripts show it under the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response

from search_service.core.index_name import IndexName
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from search_service.web.entries import written_title
from search_service.web.layout import Layout
from search_service.web.messages.wording import Wording
from search_service.web.responses import current_site, make_page, page_variables
from search_service.web.snippets import TITLE_LENGTH, shortened
from search_service.web.url_state import State

MAX_WORDS = 12
"""Written words of one kind: a text of many pages has more forms of a word than anyone reads."""


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word of the query and, by kind, the words of the document: a name of the kind, and words with their counts."""

    word: str
    kinds: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def matched_words_page(
    service: SearchService,
    index: IndexName,
    default_index: IndexName,
    document_id: str,
    search_request: SearchRequest,
    state: State,
    words: Wording,
) -> Response:
    """Return the page of the matched words of a document."""
    document = service.document(index, document_id)
    layout = Layout.of(service.schema(index), current_site().site.display(index))
    shown = [
        ShownWord(
            one.word,
            [
                (words.texts.match_kinds[kind], [(text, words.number(count)) for text, count in found[:MAX_WORDS]])
                for kind, found in one.found.items()
            ],
        )
        for one in service.matched_words(index, search_request, document)
    ]
    return make_page(
        "matched_words.html",
        words,
        **page_variables(service, index, default_index, state, words),
        title=shortened(written_title(document.source, layout), TITLE_LENGTH) or document.id,
        href=state.href("page.document", document_id=document.id),
        matched=shown,
    )
