"""What both clients do before and after a request: its head, whether to repeat it, and what its answer means."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from arabic_search_client.calls import JSON, Call
from arabic_search_client.errors import AnswerTimeout, ConnectionFailed, ProblemError, UnexpectedAnswer, error_of
from arabic_search_client.options import Options
from arabic_search_client.version import __version__

T = TypeVar("T")

REQUEST_ID = "X-Request-ID"

REFUSALS = frozenset({"overloaded", "changes-busy", "changes-waiting", "document-contended"})
"""Codes of status 503 that promise that nothing was done, so that any request can be repeated."""

BACK_OFF_SECONDS = 0.1
"""Before the first retry after a lost connection, and twice as long before each further one."""

JITTER = 0.25
"""The part of a delay that is added at random, so that clients that were refused together do not return together."""


def head_of(options: Options, call: Call[Any]) -> dict[str, str]:
    """Return the header fields of a request."""
    head = {"Accept": JSON, "Accept-Language": options.language, "User-Agent": f"arabic-search-client/{__version__}"}
    if options.key:
        head["Authorization"] = f"Bearer {options.key}"
    if options.request_id:
        head[REQUEST_ID] = options.request_id()
    if call.body is not None:
        head["Content-Type"] = call.content_type
    return {**head, **call.headers}


def retry_delay(
    options: Options, call: Call[Any], attempt: int, outcome: httpx.Response | httpx.TransportError
) -> float | None:
    """Return after how many seconds to send a request again; None if it must not be.

    Args:
        options: those of the client.
        call: the request.
        attempt: how often it has been sent, from 1.
        outcome: the answer, or why there is none.
    """
    if attempt > options.retries:
        return None
    if isinstance(outcome, httpx.TransportError):
        is_lost = isinstance(outcome, httpx.NetworkError | httpx.RemoteProtocolError)
        was_not_sent = isinstance(outcome, httpx.ConnectError)
        seconds = BACK_OFF_SECONDS * 2.0 ** (attempt - 1) if was_not_sent or (is_lost and call.is_repeatable) else None
    elif outcome.status_code == 429 or (outcome.status_code == 503 and (call.is_repeatable or _is_refused(outcome))):
        seconds = retry_after(outcome)
    else:
        seconds = None
    if seconds is None or seconds > options.max_retry_seconds:
        return None
    return seconds * (1 + random.uniform(0, JITTER))


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds of `Retry-After`, which can also be a date; None without it."""
    value = response.headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(moment.tzinfo and UTC)).total_seconds())


def result_of(call: Call[T], outcome: httpx.Response | httpx.TransportError) -> T:
    """Return the content of an answer.

    Raises:
        ConnectionFailed: there is none.
        ProblemError: the service refused the request, or failed.
        UnexpectedAnswer: it is not one of the service.
    """
    if isinstance(outcome, httpx.TransportError):
        kind = AnswerTimeout if isinstance(outcome, httpx.TimeoutException) else ConnectionFailed
        raise kind(f"{call.method} {outcome.request.url}: {outcome or type(outcome).__name__}") from outcome
    if outcome.is_error:
        raise _error(outcome)
    if outcome.is_success or outcome.status_code == httpx.codes.NOT_MODIFIED:
        try:
            return call.read(outcome)
        except (ValueError, TypeError) as error:
            raise UnexpectedAnswer(f"{call.method} {outcome.url}: the answer is not the JSON expected") from error
    raise UnexpectedAnswer(
        f"{call.method} {outcome.url}: status {outcome.status_code}; check the address of the service"
    )


def _error(response: httpx.Response) -> ProblemError:
    problem = _problem(response) or {"title": response.reason_phrase, "detail": "The answer is no problem document"}
    # The status of the answer, which a proxy can have made.
    described = {**problem, "status": response.status_code}
    return error_of(described, response.headers.get(REQUEST_ID, ""), retry_after(response))


def _problem(response: httpx.Response) -> dict[str, Any] | None:
    """Return the problem document of an answer; None if it has none."""
    try:
        problem = response.json()
    except ValueError:
        return None
    return problem if isinstance(problem, dict) and "code" in problem else None


def _is_refused(response: httpx.Response) -> bool:
    return (_problem(response) or {}).get("code") in REFUSALS
