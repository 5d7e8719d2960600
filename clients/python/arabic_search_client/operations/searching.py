"""Operations that search. They need a key of scope `search`, unless searching is public."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from arabic_search_client.answers.analysis import Analysis, Explanation
from arabic_search_client.answers.searching import (
    FacetValues,
    Highlights,
    MultiSearchResult,
    SearchResult,
    SimilarDocuments,
    Suggestions,
)
from arabic_search_client.calls import (
    Call,
    content_of,
    json_bytes,
    members_of,
    path_of,
    reading,
    tagged_content_of,
    unless_unchanged,
)
from arabic_search_client.parameters import (
    AnalyzeParameters,
    CommonParameters,
    FacetParameters,
    FragmentParameters,
    IndexedSearch,
    QueryParameters,
    SearchParameters,
    SimilarParameters,
    SuggestParameters,
)


def search(index: str, q: str = "", **parameters: Unpack[SearchParameters]) -> Call[SearchResult]:
    """Return the documents that match a query, with facets and highlights; without a query, all documents."""
    return reading(path_of("v1", "indexes", index, "search"), {"q": q, **parameters}, tagged_content_of)


def search_if_changed(
    index: str, etag: str, q: str = "", **parameters: Unpack[SearchParameters]
) -> Call[SearchResult | None]:
    """Search again; return None if the result is still that with this `etag`.

    A request that is too long for an address always returns the result.
    """
    asked = {"q": q, **parameters, "if_none_match": etag}
    return reading(path_of("v1", "indexes", index, "search"), asked, unless_unchanged(tagged_content_of))


def multi_search(searches: Sequence[IndexedSearch], **parameters: Unpack[CommonParameters]) -> Call[MultiSearchResult]:
    """Return the outcomes of up to 20 searches. One that has a problem does not prevent the others."""
    body = json_bytes({"searches": [members_of(one) for one in searches], **members_of(parameters)})
    return Call(method="POST", path="/v1/multi-search", body=body, read=content_of)


def facet_values(index: str, field: str, q: str = "", **parameters: Unpack[FacetParameters]) -> Call[FacetValues]:
    """Return the values of a facet among the documents that match a query; `contains` searches in them."""
    return reading(path_of("v1", "indexes", index, "facets", field), {"q": q, **parameters}, content_of)


def suggest(index: str, q: str, **parameters: Unpack[SuggestParameters]) -> Call[Suggestions]:
    """Return what completes an input: words, phrases, titles and values that documents have."""
    return reading(path_of("v1", "indexes", index, "suggest"), {"q": q, **parameters}, content_of)


def similar_documents(index: str, document_id: str, **parameters: Unpack[SimilarParameters]) -> Call[SimilarDocuments]:
    """Return the documents that are most similar to one."""
    return reading(path_of("v1", "indexes", index, "similar", document_id), parameters, content_of)


def explain(index: str, document_id: str, q: str = "", **parameters: Unpack[QueryParameters]) -> Call[Explanation]:
    """Return the score of a document for a query, by tier and word."""
    return reading(path_of("v1", "indexes", index, "explain", document_id), {"q": q, **parameters}, content_of)


def analyze(index: str, text: str, **parameters: Unpack[AnalyzeParameters]) -> Call[Analysis]:
    """Return the tokens of a text, by analyzer."""
    body = json_bytes({"text": text, **members_of(parameters)})
    return Call(method="POST", path=path_of("v1", "indexes", index, "analyze"), body=body, read=content_of)


def highlight(index: str, text: str, q: str, **parameters: Unpack[FragmentParameters]) -> Call[Highlights]:
    """Return the fragments of a text that a query matches."""
    body = json_bytes({"text": text, "q": q, **members_of(parameters)})
    return Call(method="POST", path=path_of("v1", "indexes", index, "highlight"), body=body, read=content_of)
