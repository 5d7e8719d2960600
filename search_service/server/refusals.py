"""The answers to requests that never reach the application, as problem documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http import errors  # type: ignore[import-untyped]

from search_service.core.message import Message, message
from search_service.server.configuration import limit_request_field_size, limit_request_fields, limit_request_line
from search_service.server.requests import HostMissing


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status and the reason for it."""

    status: HTTPStatus
    reason: Message

    @property
    def is_fault(self) -> bool:
        """Whether the service is at fault, not the client."""
        return self.status is HTTPStatus.INTERNAL_SERVER_ERROR

    def response(self) -> bytes:
        """Return the whole response; the connection is closed after it."""
        # Here: the process that starts workers needs no Flask.
        from search_service.api.problems import problem_of
        from search_service.api.security_headers import SECURITY_HEADERS

        answer = problem_of(self.status, self.reason)
        headers = [
            f"HTTP/1.1 {self.status.value} {self.status.phrase}",
            f"Date: {util.http_date()}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in {**SECURITY_HEADERS, **answer.headers}.items()),
        ]
        return "\r\n".join([*headers, "", ""]).encode("latin-1") + answer.get_data()


INVALID_LINE = Refusal(HTTPStatus.BAD_REQUEST, message("request-line-invalid"))
INVALID_HEADER = Refusal(HTTPStatus.BAD_REQUEST, message("header-invalid"))
INTERNAL_ERROR = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, message("internal-error"))
REQUEST_TIMEOUT = Refusal(HTTPStatus.REQUEST_TIMEOUT, message("request-timeout"))
HEAD_TOO_LARGE = Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    message("head-too-large", fields=limit_request_fields, size=limit_request_field_size),
)

REFUSALS: Mapping[type[Exception], Refusal] = {
    HostMissing: Refusal(HTTPStatus.BAD_REQUEST, message("host-missing")),
    # Faults of the application, in spite of their base classes.
    errors.InvalidResponseHeader: INTERNAL_ERROR,
    errors.InvalidResponseHeaderName: INTERNAL_ERROR,
    errors.ConfigurationProblem: INTERNAL_ERROR,
    errors.InvalidHeader: INVALID_HEADER,
    errors.InvalidHeaderName: INVALID_HEADER,
    errors.ObsoleteFolding: INVALID_HEADER,
    errors.InvalidSchemeHeaders: INVALID_HEADER,
    errors.LimitRequestHeaders: HEAD_TOO_LARGE,
    errors.LimitRequestLine: Refusal(
        HTTPStatus.REQUEST_URI_TOO_LONG, message("request-line-too-long", limit=limit_request_line)
    ),
    errors.InvalidHTTPVersion: Refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, message("http-version-unsupported")),
    errors.UnsupportedTransferCoding: Refusal(HTTPStatus.NOT_IMPLEMENTED, message("transfer-coding-unsupported")),
    errors.ExpectationFailed: Refusal(HTTPStatus.EXPECTATION_FAILED, message("expectation-unsupported")),
    errors.ParseException: INVALID_LINE,
}
"""The answer to each error of gunicorn; a class that is not listed has that of its base class."""


def refusal_of(error: BaseException) -> Refusal:
    """Return the answer to an error; one that is not known is a fault of the service.

    >>> refusal_of(errors.InvalidRequestMethod("get")).reason.code
    'request-line-invalid'
    """
    return next((REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS), INTERNAL_ERROR)
