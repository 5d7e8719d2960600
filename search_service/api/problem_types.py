"""The kinds of problems: each code that an answer over HTTP can have, described in English and Arabic."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from search_service.api.problems import content_about_http, content_of, headers_of
from search_service.api.schemas import responses
from search_service.core.errors import SearchServiceError
from search_service.core.message import Message
from search_service.messages.examples import ERRORS, MESSAGES
from search_service.messages.rendering import FrontEnd, Language, meaning, remedy

HTTP_STATUSES: Mapping[str, HTTPStatus] = {
    "unknown-route": HTTPStatus.NOT_FOUND,
    "method-not-allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "request-timeout": HTTPStatus.REQUEST_TIMEOUT,
    "request-line-too-long": HTTPStatus.REQUEST_URI_TOO_LONG,
    "expectation-unsupported": HTTPStatus.EXPECTATION_FAILED,
    "head-too-large": HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "internal-error": HTTPStatus.INTERNAL_SERVER_ERROR,
    "transfer-coding-unsupported": HTTPStatus.NOT_IMPLEMENTED,
    "http-version-unsupported": HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
}
"""The statuses of the codes about HTTP itself, where they are not 400."""

EXAMPLES: Mapping[str, SearchServiceError | Message] = {
    **{error.code: error for error in ERRORS},
    **{message.code: message for message in MESSAGES},
}
"""An example of each code."""


def problem_type(code: str, language: Language) -> responses.ProblemType | None:
    """Return the description of a code; None if no answer has it."""
    example = EXAMPLES.get(code)
    if example is None:
        return None
    if isinstance(example, Message):
        content = content_about_http(HTTP_STATUSES.get(code, HTTPStatus.BAD_REQUEST), example, language)
        retry_after = None
    else:
        content = content_of(example, FrontEnd.QUERY_STRING, language)
        retry_after = headers_of(example).get("Retry-After")
    return {
        "type": content["type"],
        "code": code,
        "status": content["status"],
        "title": content["title"],
        "meaning": meaning(code, language),
        "remedy": remedy(example, language),
        "retry_after": None if retry_after is None else int(retry_after),
        "example": content,
    }
