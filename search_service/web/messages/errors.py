"""The page that is shown instead of results when the service has an error."""

from __future__ import annotations

from dataclasses import replace

from search_service.core.errors import (
    InvalidParameter,
    SearchServiceError,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
)
from search_service.messages.rendering import FrontEnd, Language, render, title
from search_service.web.messages.texts import Notice, Texts

PUBLIC = (InvalidParameter, UnknownDocument, UnknownIndex, StaleIndex)
"""Errors whose English sentence the page shows. Of engine errors it shows the title only: the address of the engine and
the reason are in the log."""


def error_notice(error: SearchServiceError, texts: Texts) -> Notice:
    """Return the notice for an error of the service."""
    error_title = next(texts.error_titles[kind] for kind in type(error).__mro__ if kind in texts.error_titles)
    if not error_title:
        return texts.unexpected
    technical = error if isinstance(error, PUBLIC) else None
    return Notice(
        error_title,
        render(error, FrontEnd.PAGE, texts.language),
        detail=render(technical, FrontEnd.QUERY_STRING, Language.ENGLISH) if technical else title(error),
        way_out=_way_out(error, texts),
    )


def _way_out(error: SearchServiceError, texts: Texts) -> str:
    if is_reversed(error):
        return texts.exchange_dates
    return next((text for kind, text in texts.ways_out.items() if isinstance(error, kind)), "")


def is_reversed(error: SearchServiceError) -> bool:
    """Return whether the dates of a search begin after their end."""
    return isinstance(error, InvalidParameter) and error.code == "range-reversed" and error.parameter == "date_from"


def no_index(index: str, texts: Texts) -> Notice:
    """Return the notice of a service without an index."""
    return replace(texts.no_index, command=texts.no_index.command.format(index=index))
