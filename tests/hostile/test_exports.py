"""Files of found documents: clients that do not read them, and disks without space for them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_service.analysis.analyzer import Analysis
from search_service.api.admission import Admission
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.service import SearchService
from search_service.web import export
from search_service.web.app import create_app
from tests.hostile.small_disk import leave_free, small_disk

NEWS = IndexName("news")


@pytest.fixture
def service(written: Path, analysis: Analysis) -> SearchService:
    return SearchService(make_embedded_engine(written, analysis))


@pytest.fixture
def client(service: SearchService) -> FlaskClient:
    return create_app(service, NEWS).test_client()


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files without space; the file that fills it."""
    monkeypatch.setattr(export, "MEMORY_BYTES", 1_000)
    with small_disk(tmp_path / "temporary") as folder:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        yield leave_free(folder, 0)


@contextmanager
def unread(client: FlaskClient) -> Iterator[int]:
    """Ask for a file and read none of it; yield the status."""
    answer = client.get("/export/csv", buffered=False)
    try:
        yield answer.status_code
    finally:
        answer.close()


def test_without_space_there_is_a_message_and_no_half_file(client: FlaskClient, full: Path) -> None:
    for path in ("/export/csv", "/export/json"):
        refused = client.get(path)
        assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert str(full.parent) not in refused.text
    assert [one for one in full.parent.iterdir() if one != full] == []
    full.unlink()
    assert client.get("/export/csv").status_code == HTTPStatus.OK


def test_files_that_nobody_reads_are_bounded(service: SearchService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_FILES", 2)
    client = create_app(service, NEWS).test_client()
    with unread(client) as first, unread(client) as second, unread(client) as third:
        assert (first, second, third) == (200, 200, 503)
        assert client.get("/v1/indexes/news/search?q=مصر").status_code == 200
    for _ in range(4):  # read, failed and given up: each leaves its place
        assert client.get("/export/json").status_code == 200
        client.head("/export/csv").close()
        assert client.get("/export/csv?sort=nothing").status_code == 400


def test_a_file_that_is_too_large_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_FILE_BYTES", 2_000)
    for _ in range(export.MAX_FILES + 1):
        assert client.get("/export/csv").status_code == 400


def test_files_and_searches_take_no_place_of_each_other(service: SearchService) -> None:
    gate = Admission(1, 0)
    client = create_app(service, NEWS, gate=gate).test_client()
    gate.enter()
    assert client.get("/?q=مصر").status_code == 503
    assert client.get("/export/csv").status_code == 200
