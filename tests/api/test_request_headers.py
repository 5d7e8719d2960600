"""The id of a request, and where its time went."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_service.analysis.analyzer import Analysis
from search_service.api.admission import Admission
from search_service.api.app import create_api
from search_service.core.index_name import IndexName
from search_service.core.logs import EscapeFilter
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.service import SearchService

SEARCH = "/v1/indexes/news/search"


def parts(header: str) -> dict[str, float]:
    return {name: float(duration) for name, duration in re.findall(r"(\w+);dur=([\d.]+)", header)}


def test_an_answer_has_the_id_of_its_request(client: FlaskClient) -> None:
    for given in ("abc-123", "Root=1-5759e988-bd862e3fe1be46a994272793", "00-4bf92f3577b34da6a3ce929d0e0e4736-01"):
        for path in (SEARCH, f"{SEARCH}?sort=title", "/nowhere", "/healthz"):
            assert client.get(path, headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", " ", "a b", "x" * 129, "\x1b[2J", "é", "<script>", "a;b", '"a"'])
def test_an_id_that_could_be_anything_is_replaced(client: FlaskClient, given: str) -> None:
    ids = {client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


def test_lines_of_the_log_have_the_id_of_their_request(
    tmp_path: Path, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_api(SearchService(make_embedded_engine(tmp_path, analysis)), IndexName("news")).test_client()
    (tmp_path / "news" / "1").mkdir(parents=True)
    (tmp_path / "news" / "current").symlink_to("1")
    caplog.handler.addFilter(EscapeFilter())
    answer = client.get(SEARCH, headers={"X-Request-ID": "find-me"})
    assert answer.status_code == 503
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.getMessage().endswith(" [request find-me]")
    caplog.clear()
    logging.getLogger("search_service").error("of no request")
    assert caplog.records[0].getMessage() == "of no request"


def test_an_answer_says_where_its_time_went(engine: SearchEngine, client: FlaskClient) -> None:
    timing = parts(client.get(SEARCH, query_string={"q": "المياه"}).headers["Server-Timing"])
    assert set(timing) == {"engine", "service"}
    assert all(milliseconds >= 0 for milliseconds in timing.values())
    assert timing["engine"] > 0
    gated = create_api(SearchService(engine), IndexName("news"), gate=Admission(1, 1)).test_client()
    assert set(parts(gated.get(SEARCH).headers["Server-Timing"])) == {"queue", "engine", "service"}
    assert set(parts(gated.get(f"{SEARCH}?size=x").headers["Server-Timing"])) == {"queue", "service"}
