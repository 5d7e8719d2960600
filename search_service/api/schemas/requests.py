"""The requests of the HTTP interface that are no searches, as typed models."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.engines.base import MAX_FACET_VALUES
from search_service.search.request import MAX_SIZE, QueryRequest
from search_service.search.request_types import Names, Request
from search_service.search.service import MAX_SUGGESTIONS


class FacetRequest(QueryRequest):
    """The values of one facet."""

    contains: Annotated[str, Field(description="Only values that have this in them, compared after folding.")] = ""
    size: Annotated[int, Field(ge=1, le=MAX_FACET_VALUES, description="Values at most.")] = 20


class SuggestRequest(Request):
    """Completions of what was typed."""

    q: Annotated[str, Field(description="What was typed so far.")] = ""
    size: Annotated[int, Field(ge=1, le=MAX_SUGGESTIONS, description="Completions at most.")] = 8


class SimilarRequest(Request):
    """The documents most like one."""

    size: Annotated[int, Field(ge=1, le=MAX_SIZE, description="Documents at most.")] = 10
    source: Annotated[Names | None, Field(description="Return these fields only.")] = None


class HighlightRequest(Request):
    """The fragments of a text that a query matches."""

    text: str = Field(description="The text to mark.")
    q: str = Field(description="The query.")


class AnalyzeRequest(Request):
    """The tokens of a text."""

    text: str = Field(description="The text to analyse.")
    analyzer: Annotated[str, Field(description="Only this analyzer; all of them if empty.")] = ""
