"""What goes wrong is an error of its kind, with all that the service says about it."""

from __future__ import annotations

import socket
from http import HTTPStatus

import pytest

import arabic_search_client as package
from arabic_search_client import AnswerTimeout, ConnectionFailed, ProblemError, Unauthenticated, UnknownIndex, error_of
from search_service.api.problem_types import EXAMPLES
from search_service.api.problems import content_of, status_of
from search_service.core import errors
from search_service.core.errors import SearchServiceError
from search_service.messages.rendering import FrontEnd, Language
from tests.servers import free_port

from .conftest import Site

CATEGORIES: dict[type[SearchServiceError], type[ProblemError]] = {
    errors.InvalidParameter: package.InvalidRequest,
    errors.InvalidDocument: package.InvalidRequest,
    errors.BodyTooLarge: package.BodyTooLarge,
    errors.ContentTypeUnsupported: package.InvalidRequest,
    errors.BodyTimeout: package.InvalidRequest,
    errors.ClientDisconnected: package.InvalidRequest,
    errors.Unauthenticated: package.Unauthenticated,
    errors.Forbidden: package.Forbidden,
    errors.RateLimited: package.RateLimited,
    errors.PreconditionFailed: package.PreconditionFailed,
    errors.UnknownIndex: package.UnknownIndex,
    errors.UnknownDocument: package.UnknownDocument,
    errors.UnknownJob: package.UnknownJob,
    errors.IndexExists: package.IndexExists,
    errors.ForeignIndex: package.Conflict,
    errors.WriterBusy: package.IndexBusy,
    errors.JobRunning: package.JobRunning,
    errors.JobFailed: package.ServerError,
    errors.NothingToIndex: package.ServerError,
    errors.RebuildFailed: package.ServerError,
    errors.EngineFault: package.ServerError,
    errors.CredentialsRefused: package.ServerError,
    errors.StaleIndex: package.StaleIndex,
    errors.DamagedIndex: package.DamagedIndex,
    errors.ServiceOverloaded: package.Overloaded,
    errors.EngineOverloaded: package.Overloaded,
    errors.EngineUnavailable: package.Unavailable,
    errors.StorageUnavailable: package.Unavailable,
    errors.IndexReadOnly: package.Unavailable,
    errors.KeysUnavailable: package.Unavailable,
    errors.EngineTimeout: package.ServiceTimeout,
    errors.DeadlineExceeded: package.ServiceTimeout,
}
"""The error of the client for each of the service that an answer can have."""


@pytest.mark.parametrize("error", [one for one in EXAMPLES.values() if isinstance(one, SearchServiceError)], ids=str)
def test_every_code_is_an_error_of_its_category(error: SearchServiceError) -> None:
    raised = error_of({**content_of(error, FrontEnd.JSON_BODY, Language.ENGLISH)})
    assert type(raised) is CATEGORIES[type(error)]
    assert (raised.code, raised.status) == (error.code, status_of(error))


def test_a_code_of_a_later_version_is_an_error_of_its_status() -> None:
    kinds = {
        status: type(error_of({"status": status, "code": "later"})).__name__
        for status in (400, 401, 403, 404, 409, 412, 413, 418, 429, 500, 502, 503, 504)
    }
    assert kinds == {
        400: "InvalidRequest", 401: "Unauthenticated", 403: "Forbidden", 404: "NotFound", 409: "Conflict",
        412: "PreconditionFailed", 413: "BodyTooLarge", 418: "InvalidRequest", 429: "RateLimited", 500: "ServerError",
        502: "ServerError", 503: "Unavailable", 504: "ServiceTimeout",
    }  # fmt: skip


def test_an_error_has_what_the_service_says_in_the_language_of_the_client(embedded: Site) -> None:
    with embedded.client() as client:
        asked = client.with_options(language="ar", request_id=lambda: "checkout-17")
        with pytest.raises(package.InvalidRequest) as caught:
            asked.search("news", size=500)
        error = caught.value
        assert (error.status, error.code, error.parameter, error.request_id) == (
            HTTPStatus.BAD_REQUEST, "out-of-range", "size", "checkout-17",
        )  # fmt: skip
        assert (error.detail, error.allowed) == ("قيمة «size» هي 500. المسموح به: من 0 إلى 100.", "من 0 إلى 100")
        with pytest.raises(UnknownIndex, match="404 unknown-index: ") as unknown:
            client.search("none")
        assert unknown.value.request_id


def test_a_key_that_is_not_valid(embedded: Site) -> None:
    with embedded.client() as client, pytest.raises(Unauthenticated) as caught:
        client.with_options(key="ars_wrong").delete_index("news")
    assert "ars_wrong" not in f"{caught.value} {caught.value.problem} {client.options}"


def test_no_service_at_the_address() -> None:
    with package.Client(f"http://127.0.0.1:{free_port()}", retries=0) as client, pytest.raises(ConnectionFailed):
        client.healthz()
    with pytest.raises(ValueError, match="http://"):
        package.Client("localhost:8000")


def test_an_answer_that_takes_too_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with package.Client(url, timeout=0.2, retries=0) as client, pytest.raises(AnswerTimeout):
            client.search("news", "الحكومة")
