"""The pages of errors: what happened, and a link that works."""

from __future__ import annotations

import logging
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from search_service.api import problems
from search_service.core.errors import (
    InvalidParameter,
    SearchServiceError,
    UnknownDocument,
    UnknownIndex,
)
from search_service.core.index_name import IndexName
from search_service.messages.rendering import FrontEnd, member
from search_service.search.service import SearchService
from search_service.web.messages.errors import error_notice, is_reversed, no_index
from search_service.web.responses import message_page, page_wording
from search_service.web.url_state import INDEX, State

logger = logging.getLogger(__name__)

MAY_PASS = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Statuses of pages with a link to try again. There is no `Refresh` header for browsers without scripts: they would
load the page again and again, and a page that changes by itself is lost to whoever reads slowly (WCAG 2.2.1)."""


def add_error_pages(page: Blueprint, service: SearchService, default_index: IndexName) -> None:
    """Show errors as pages."""

    @page.errorhandler(SearchServiceError)
    def refused(error: SearchServiceError) -> ResponseReturnValue:
        problems.log_error(error)
        words = page_wording()
        message = error_notice(error, words.texts)
        if isinstance(error, UnknownIndex) and error.index == default_index:
            state = State.of(request.args)
            if request.endpoint == "page.search" and not state.get(INDEX) and (others := service.names()):
                return redirect(state.updated(index=others[0]).href())
            message = no_index(default_index, words.texts)
        status, headers = problems.status_of(error), problems.headers_of(error)
        way_out = _way_out(error)
        if status in MAY_PASS:
            message, way_out = replace(message, way_out=words.texts.retry), request.full_path
        page = message_page(message, words, status, way_out, headers.get("Retry-After", ""))
        page.headers.update(headers)
        return page

    @page.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        words = page_wording()
        if isinstance(error, HTTPException):
            return message_page(words.texts.nothing_here, words, HTTPStatus(error.code or 500))
        logger.exception("%s %s failed", request.method, request.path, exc_info=error)
        message = replace(words.texts.unexpected, way_out=words.texts.retry)
        return message_page(message, words, HTTPStatus.INTERNAL_SERVER_ERROR, request.full_path)


def _way_out(error: SearchServiceError) -> str:
    """Return the URL of the same search without what is wrong with it; empty if there is nothing else to show."""
    state = State.of(request.args)
    if is_reversed(error):
        return state.updated(date_from=state.get("date_to"), date_to=state.get("date_from")).href()
    if isinstance(error, InvalidParameter):
        return state.without(member(error.parameter, FrontEnd.PAGE)).href()
    if isinstance(error, UnknownDocument):
        return state.href()
    return state.without(INDEX).href() if isinstance(error, UnknownIndex) and state.get(INDEX) else ""
