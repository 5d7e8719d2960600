"""Requests of the HTTP interface other than searches."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.engines.base import MAX_FACET_VALUES
from search_service.search.request import MAX_SIZE, QueryRequest
from search_service.search.request_types import Names, Request
from search_service.search.service import MAX_SUGGESTIONS


class FacetRequest(QueryRequest):
    """A request for the values of one facet."""

    contains: Annotated[str, Field(description="Only values that contain this text after folding.")] = ""
    size: Annotated[int, Field(ge=1, le=MAX_FACET_VALUES, description="Maximum number of values.")] = 20


class SuggestRequest(Request):
    """A request for completions of an input."""

    q: Annotated[str, Field(description="The input to complete.")] = ""
    size: Annotated[int, Field(ge=1, le=MAX_SUGGESTIONS, description="Maximum number of completions.")] = 8


class SimilarRequest(Request):
    """A request for the documents most similar to one."""

    size: Annotated[int, Field(ge=1, le=MAX_SIZE, description="Maximum number of documents.")] = 10
    source: Annotated[Names | None, Field(description="Return these fields only.")] = None


class HighlightRequest(Request):
    """A request for the fragments of a text that a query matches."""

    text: str = Field(description="The text to mark.")
    q: str = Field(description="The query.")


class AnalyzeRequest(Request):
    """A request for the tokens of a text."""

    text: str = Field(description="The text to analyse.")
    analyzer: Annotated[str, Field(description="Only this analyzer; all of them if empty.")] = ""
