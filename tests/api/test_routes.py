"""The HTTP API as its clients see it."""

from __future__ import annotations

import gzip
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_service.analysis.analyzer import Analysis
from search_service.api import endpoints
from search_service.api.app import create_api
from search_service.core.index_name import IndexName
from search_service.core.index_state import Health
from search_service.engines.base import SearchEngine
from search_service.engines.embedded import paging
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.service import SearchService

SEARCH = "/v1/indexes/news/search"


def json(response: TestResponse) -> Any:
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    cached = "private, no-cache" if response.headers.get("ETag", "").startswith("W/") else "no-store"
    assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"]) == ("nosniff", cached)
    return response.get_json()


def problem(response: TestResponse, status: int) -> Any:
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.text
    content = response.get_json()
    assert content["status"] == status
    assert content["type"] == f"/problems/{content['code']}"
    assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "Traceback" not in response.text
    return content


def test_a_search_response_has_the_documented_members(client: FlaskClient) -> None:
    answer = json(client.get(SEARCH, query_string={"q": "ذكاء اصطناعي", "facets": "category,source", "size": 3}))
    assert set(answer) == {
        "total", "match_rule", "minimum_should_match", "relaxed", "corrections", "absent_words", "unmatched_words",
        "hits", "facets", "facet_error_bounds", "took_ms", "partial", "warnings",
    }  # fmt: skip
    assert answer["total"] >= 3
    assert (answer["match_rule"], answer["minimum_should_match"], answer["relaxed"]) == ("all", None, False)
    assert (answer["partial"], answer["warnings"]) == (False, [])
    hit = answer["hits"][0]
    assert set(hit) == {"id", "score", "matched_by", "source", "highlights"}
    assert hit["source"]["title"]
    assert set(answer["facets"]) == {"category", "source"}
    assert set(answer["facets"]["category"][0]) == {"value", "count"}
    for field, pieces in hit["highlights"].items():
        for piece in pieces:
            value = hit["source"][field]
            value = value[piece["value"]] if isinstance(value, list) else value
            assert value[piece["start"] :].startswith(piece["text"])
            assert piece["html"].count("<mark>") == len(piece["marks"]) > 0


def test_get_and_post_give_the_same_response(client: FlaskClient) -> None:
    by_get = json(
        client.get(
            SEARCH
            + "?q=المياه&filter.category=بيئة&filter.category=اقتصاد&facets=category,tags&facet_size=5&sort=-date"
            + "&date_from=2023-12&date_to=2024-05-31&size=4&page=2&highlight=title,text&histogram=month"
            + "&source=title,date"
        )
    )
    by_post = json(
        client.post(
            SEARCH,
            json={
                "q": "المياه",
                "filters": {"category": ["بيئة", "اقتصاد"]},
                "facets": ["category", "tags"],
                "facet_size": 5,
                "sort": "-date",
                "date_from": "2023-12",
                "date_to": "2024-05-31",
                "size": 4,
                "offset": 4,
                "highlight": ["title", "text"],
                "histogram": "month",
                "source": ["title", "date"],
            },
        )
    )
    by_get.pop("took_ms"), by_post.pop("took_ms")
    assert by_get == by_post
    assert by_get["hits"]
    assert set(by_get["hits"][0]["source"]) <= {"title", "date"}
    assert [bucket["value"] for bucket in by_get["histogram"]] == sorted(b["value"] for b in by_get["histogram"])


def test_an_empty_search_lists_everything_newest_first(client: FlaskClient) -> None:
    answer = json(client.get(SEARCH))
    assert (answer["total"], answer["match_rule"], len(answer["hits"])) == (105, "everything", 10)
    dates = [hit["source"]["date"] for hit in answer["hits"]]
    assert dates == sorted(dates, reverse=True)


def test_a_long_query_reports_its_minimum_should_match(client: FlaskClient) -> None:
    answer = json(client.get(SEARCH, query_string={"q": "مفاوضات الائتلاف فى لاهاى تدخل العام الجديد", "size": 0}))
    assert (answer["match_rule"], answer["minimum_should_match"]) == ("most", "3<-67%")


def test_a_correction_has_the_typed_and_the_corrected_words(client: FlaskClient) -> None:
    answer = json(client.get(SEARCH, query_string={"q": "الائتلاق زنجبيل"}))
    assert answer["corrections"] == [{"kind": "spelling", "from": "الائتلاق", "to": ["الائتلاف"]}]
    assert answer["absent_words"] == ["الائتلاق", "زنجبيل"]


def test_highlighting_can_be_switched_off(client: FlaskClient) -> None:
    for given in ({"highlight": "false"}, {"highlight": ""}):
        assert json(client.get(SEARCH, query_string={"q": "المياه", **given}))["hits"][0]["highlights"] == {}
    assert json(client.post(SEARCH, json={"q": "المياه", "highlight": False}))["hits"][0]["highlights"] == {}
    assert json(client.post(SEARCH, json={"q": "المياه", "highlight": True}))["hits"][0]["highlights"]


def test_html_of_a_document_is_escaped(client: FlaskClient) -> None:
    hit = next(h for h in json(client.get(SEARCH, query_string={"q": "هجوم"}))["hits"] if h["id"].startswith("path"))
    [piece] = hit["highlights"]["title"]
    assert piece["html"] == ("&lt;script&gt;alert(&#x27;<mark>هجوم</mark>&#x27;)&lt;/script&gt; <mark>هجوم</mark>")


def test_the_values_of_a_facet_can_be_searched(client: FlaskClient) -> None:
    url = "/v1/indexes/news/facets/category"
    answer = json(client.get(url, query_string={"q": "المياه", "filter.category": "رياضة", "size": 2}))
    assert answer["field"] == "category"
    assert len(answer["values"]) == 2
    [found] = json(client.get(url, query_string={"contains": "رياضه"}))["values"]
    assert found["value"] == "رياضة"


@pytest.mark.parametrize("value", ["رياضه", " رِياضة", "رياضـــة", "رياضة"])
def test_a_filter_finds_every_spelling_of_a_value(value: str, client: FlaskClient) -> None:
    read = json(client.get(SEARCH, query_string={"filter.category": value, "facets": "category"}))
    posted = json(client.post(SEARCH, json={"filters": {"category": [value]}, "facets": ["category"]}))
    plain = json(client.get(SEARCH, query_string={"filter.category": "رياضة"}))
    assert read["total"] == posted["total"] == plain["total"] > 0
    assert {"value": "رياضة", "count": plain["total"]} in read["facets"]["category"]


def test_a_given_text_is_highlighted(client: FlaskClient) -> None:
    answer = json(client.post("/v1/indexes/news/highlight", json={"text": "في وَالمَدْرَسَةِ", "q": "مدرسة"}))
    [piece] = answer["fragments"]
    assert (piece["html"], piece["marks"]) == ("في <mark>وَالمَدْرَسَةِ</mark>", [[3, 17]])


def test_suggestions_complete_a_prefix(client: FlaskClient) -> None:
    url = "/v1/indexes/news/suggest"
    found = json(client.get(url, query_string={"q": "الميا", "size": 3}))["suggestions"]
    assert len(found) == 3
    word = found[0]
    assert (word["kind"], word["text"], word["marks"]) == ("word", "المياه", [[0, 5]])
    total = json(client.get("/v1/indexes/news/search", query_string={"q": "المياه"}))["total"]
    assert word["count"] == total > 1
    among = {"q": "الميا", "size": 3, "filter.category": "رياضة"}
    assert all((one["count"] or 0) < total for one in json(client.get(url, query_string=among))["suggestions"])
    assert client.get(url, query_string={"q": "الميا", "filter.shelf": "1"}).status_code == 400


def test_similar_documents_and_documents_by_any_id(client: FlaskClient) -> None:
    hits = json(client.get("/v1/indexes/news/similar/ex-035", query_string={"size": 5, "source": "title"}))["hits"]
    assert hits
    assert "ex-035" not in [hit["id"] for hit in hits]
    assert set(hits[0]["source"]) == {"title"}
    name = "path/with مسافة & <b>"
    answer = json(client.get(f"/v1/indexes/news/documents/{quote(name, safe='')}"))
    assert answer["id"] == name
    assert answer["source"] == {"title": "<script>alert('هجوم')</script> هجوم"}


def test_analysis_shows_every_analyzer_with_offsets(client: FlaskClient) -> None:
    url = "/v1/indexes/news/analyze"
    answer = json(client.post(url, json={"text": "وَالمَدْرَسَة"}))["analyzers"]
    assert set(answer) == {"exact", "lemma", "stem", "lead", "ngram", "shingle", "prefix"}
    assert answer["stem"]["tokens"] == [{"text": "مدرس", "start": 0, "end": 13, "position": 0}]
    assert answer["stem"]["filters"] == ["lowercase", "light_stem"]
    assert list(json(client.post(url, json={"text": "x", "analyzer": "exact"}))["analyzers"]) == ["exact"]


def test_the_indexes_and_the_health_checks(client: FlaskClient) -> None:
    [index] = json(client.get("/v1/indexes"))["indexes"]
    assert (index["name"], index["documents"], index["state"]) == ("news", 105, "current")
    assert json(client.get("/healthz")) == {"status": "ok"}
    assert json(client.get("/readyz")) == {"status": "ready", "index": "news"}


def test_a_score_is_the_sum_of_its_contributions(client: FlaskClient) -> None:
    explained = json(client.get("/v1/indexes/news/explain/ex-020?q=ائتلاف لاهاي"))
    assert explained["matches"]
    assert explained["match_rule"] == "all"
    lemmas = {(part["field"], part["term"]) for part in explained["parts"] if part["tier"] == "lemma"}
    assert ("title", "لاهاي/n") in lemmas
    assert explained["score"] == pytest.approx(sum(part["score"] for part in explained["parts"]), abs=0.01)
    reasons = {(reason["tier"], reason["field"]): reason for reason in explained["reasons"]}
    assert reasons["lemma", "title"]["meaning"] == "forms of the word (dictionary)"
    assert {one["words"] for one in reasons["lemma", "title"]["contributions"]} == {"ائتلاف", "لاهاي"}
    assert explained["score"] == pytest.approx(sum(reason["score"] for reason in explained["reasons"]), abs=0.01)


def test_not_ready_before_there_is_an_index(tmp_path: Path, engine: SearchEngine) -> None:
    analysis: Analysis = engine.searcher.analysis
    client = create_api(
        SearchService(make_embedded_engine(tmp_path / "none", analysis)), IndexName("news")
    ).test_client()
    assert problem(client.get("/readyz"), 503)["title"] == "Not ready"
    assert json(client.get("/healthz")) == {"status": "ok"}
    assert json(client.get("/v1/indexes")) == {"indexes": []}


def test_readiness_is_checked_once_at_a_time(engine: SearchEngine) -> None:
    """A slow engine must not hold all threads: those who ask meanwhile get the result before."""
    asked, may_answer = threading.Semaphore(0), threading.Event()

    class SlowService(SearchService):
        def health(self, index: IndexName) -> Health:
            asked.release()
            assert may_answer.wait(60)
            return super().health(index)

    app = create_api(SlowService(engine), IndexName("news"))
    may_answer.set()
    assert json(app.test_client().get("/readyz"))["status"] == "ready"
    may_answer.clear()
    with ThreadPoolExecutor(1) as pool:
        assert asked.acquire(timeout=60)
        slow = pool.submit(app.test_client().get, "/readyz")
        assert asked.acquire(timeout=60)
        assert json(app.test_client().get("/readyz"))["status"] == "ready"
        assert not asked.acquire(blocking=False)
        may_answer.set()
        assert json(slow.result())["status"] == "ready"


@pytest.mark.parametrize(
    ("url", "parameter", "allowed"),
    [
        ("/search?query=x", "query", "filter.FIELD, range.FIELD, fields, understanding, as_typed, highlight_before"),
        ("/search?q=a&q=b", "q", "once"),
        ("/search?size=ten", "size", "a whole number"),
        ("/search?size=-1", "size", "0 to 100"),
        ("/search?size=٣", "size", "a whole number"),
        ("/search?page=0", "page", "1 to 10000"),
        ("/search?page=99999999999999", "page", "1 to 10000"),
        (f"/search?page={'9' * 5_000}", "page", "1 to 10000"),
        (f"/search?size=-{'9' * 5_000}", "size", "0 to 100"),
        ("/search?page=2&offset=3", "page", "one of the two"),
        ("/search?page=1002", "offset", "0 to 9990"),
        ("/search?facets=title", "facets", "source, category, author, tags"),
        ("/search?filter.colour=x", "filter.colour", "source, category"),
        ("/search?date_from=2024-02-30", "date_from", "2024-03-11"),
        ("/search?sort=title", "sort", "relevance, date, -date"),
        ("/search?fields=date", "fields", "title"),
        ("/search?source=nothing", "source", "title"),
        ("/search?highlight=date", "highlight", "title"),
        ("/search?range.date=2024", "range.date", "LOW..HIGH"),
        ("/search?range.date=2024..x", "range.date", "2024-03-11"),
        ("/facets/title", "field", "source, category, author, tags"),
        ("/facets/category?facets=x", "facets", "q, date_from"),
        ("/facets/category?size=0", "size", "1 to 1000"),
        ("/suggest?size=21", "size", "1 to 20"),
        ("/similar/ex-001?size=0", "size", "1 to 100"),
        ("/documents/ex-001?pretty=1", "pretty", "timeout_ms"),
        ("/search?timeout_ms=10001", "timeout_ms", "1 to 10000"),
        ("/search?timeout_ms=0", "timeout_ms", "1 and above"),
    ],
)
def test_an_invalid_parameter_is_named_with_the_allowed_values(
    url: str, parameter: str, allowed: str, client: FlaskClient
) -> None:
    content = problem(client.get(f"/v1/indexes/news{url}"), 400)
    assert content["parameter"] == parameter
    assert allowed in content["allowed"]
    assert parameter in content["detail"]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff\xfe", "body"),
        (b'{"q": "\\ud800"}', "body"),
        (b'{"q": 1}', "q"),
        (b'{"query": "x"}', "query"),
        (b'{"size": "10"}', "size"),
        (b'{"size": true}', "size"),
        (b'{"size": 99999999999999999999}', "size"),
        (b'{"filters": []}', "filters"),
        (b'{"filters": {"category": [1.5]}}', "filters.category"),
        (b'{"filters": {"nothing": ["x"]}}', "filters.nothing"),
        (b'{"facets": "category"}', "facets"),
        (b'{"highlight": "title"}', "highlight"),
        (b'{"ranges": {"date": "2024.."}}', "ranges.date"),
        (b'{"ranges": {"date": {"from": null, "to": null}}}', "ranges.date"),
        (b'{"ranges": {"date": {"from": ""}}}', "ranges.date"),
        (b'{"q": "x", "q": "y"}', "q"),
        (b'{"filters": {"category": ["x"], "category": ["y"]}}', "category"),
        (b'{"ranges": {"date": {"from": "2024", "from": "2023"}}}', "from"),
        (b'{"page": 99999999999999}', "page"),
        (b'{"page": ' + b"9" * 5_000 + b"}", "body"),
        (b'{"q": ' + b"[" * 1_010 + b"]" * 1_010 + b"}", "body"),
        (b'{"q": ' + b"[" * 100_000, "body"),
        (b'{"page": 2, "offset": 1}', "page"),
    ],
    ids=lambda value: value[:60].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_an_invalid_body_is_refused(body: bytes, parameter: str, client: FlaskClient) -> None:
    assert problem(client.post(SEARCH, data=body), 400)["parameter"] == parameter


def test_numbers_beyond_64_bits_are_out_of_range(client: FlaskClient) -> None:
    assert problem(client.post(SEARCH, data=b'{"size": 99999999999999999999}'), 400)["allowed"] == "0 to 100"
    assert problem(client.post(SEARCH, data=b'{"page": 99999999999999}'), 400)["allowed"] == "1 to 10000"


def test_answers_are_compressed_for_clients_that_accept_it(client: FlaskClient) -> None:
    plain = client.get(SEARCH)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"
    for accepted in ("gzip", "br;q=1.0, gzip;q=0.5", "*"):
        packed = client.get(SEARCH, headers={"Accept-Encoding": accepted})
        assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert packed.content_length == len(packed.data) < len(plain.data) / 2
        assert set(orjson.loads(gzip.decompress(packed.data))) == set(plain.get_json())
    for refused in ("", "identity", "br", "gzip;q=0"):
        assert "Content-Encoding" not in client.get(SEARCH, headers={"Accept-Encoding": refused}).headers
    small = client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert small.data == b'{"status":"ok"}'


def test_unknown_indexes_documents_and_paths_are_not_found(client: FlaskClient) -> None:
    assert "news" in problem(client.get("/v1/indexes/other/search"), 404)["detail"]
    assert problem(client.get("/v1/indexes/news/documents/none"), 404)["title"] == "Unknown document"
    assert problem(client.get("/v1/indexes/news/similar/none"), 404)["title"] == "Unknown document"
    assert problem(client.post("/v1/indexes/other/highlight", json={"text": "x", "q": "x"}), 404)
    assert problem(client.get("/v1/nothing"), 404)["code"] == "unknown-route"
    assert problem(client.get("/v1/indexes/../etc/search"), 404)


@pytest.mark.parametrize(
    "name", ["/x", "//x/", "x/", "/", "a\nb", "\r\n", "a//b", "\u2028", "?", "#", "%2F", "..", "a/../b"]
)
def test_every_id_reaches_the_operation(name: str, client: FlaskClient) -> None:
    escaped = quote(name, safe="")
    for subject in ("documents", "similar", "explain"):
        assert problem(client.get(f"/v1/indexes/news/{subject}/{escaped}"), 404)["code"] == "unknown-document"


def test_another_method_is_answered_with_the_allowed_ones(client: FlaskClient) -> None:
    response = client.delete(SEARCH)
    assert problem(response, 405)["code"] == "method-not-allowed"
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("missing", ["text", "q"])
def test_a_missing_member_is_named(missing: str, client: FlaskClient) -> None:
    body = {"text": "x", "q": "x"}
    del body[missing]
    assert problem(client.post("/v1/indexes/news/highlight", json=body), 400)["parameter"] == missing


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    response = client.post("/v1/indexes/news/analyze", data=b'{"text": "' + b"a" * 1_000_001 + b'"}')
    assert problem(response, 413)["parameter"] == "body"
    assert problem(client.post("/v1/indexes/news/analyze", json={"text": "a" * 100_001}), 400)["parameter"] == "text"


def test_a_request_that_takes_longer_than_it_may_is_ended(client: FlaskClient) -> None:
    body = {"text": "كتاب.ا." * 14_000, "q": '"كتاب ا" "كتاب ب"', "timeout_ms": 1}
    response = client.post("/v1/indexes/news/highlight", json=body)
    content = problem(response, 504)
    assert response.headers["Retry-After"] == "5"
    assert (content["code"], "0.001 s" in content["detail"]) == ("deadline-exceeded", True)


def test_a_request_is_abandoned_when_its_client_has_gone(client: FlaskClient) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        environment = {"gunicorn.socket": ours}
        assert client.get(SEARCH, environ_overrides=environment).status_code == 200
        theirs.send(b"GET /next HTTP/1.1")
        assert client.get(SEARCH, environ_overrides=environment).status_code == 200, "it sends its next request"
        ours.recv(100)
        theirs.close()
        assert client.get(SEARCH, environ_overrides=environment).get_json()["code"] == "client-disconnected"


def test_an_answer_that_is_too_large_is_refused(client: FlaskClient) -> None:
    content = problem(client.post("/v1/indexes/news/analyze", json={"text": "字" * 100_000}), 400)
    assert content["detail"] == "`text` has 200000 tokens; at most 100000 are allowed"
    assert json(client.post("/v1/indexes/news/analyze", json={"text": "字" * 100_000, "analyzer": "exact"}))


def test_a_page_of_documents_that_is_too_large_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "MAX_ANSWER_BYTES", 4_000)
    content = problem(client.get(SEARCH), 400)
    assert (content["code"], content["parameter"]) == ("answer-too-large", "source")
    assert json(client.get(SEARCH, query_string={"source": "title", "size": 3}))
    monkeypatch.setattr(paging, "MAX_PAGE_BYTES", 2_000)
    assert problem(client.get(SEARCH, query_string={"source": "title"}), 400)["code"] == "page-too-large"


@pytest.mark.parametrize("member", ["sort", "histogram", "date_from", "no_such_member"])
def test_a_long_value_is_not_repeated_in_full(member: str, client: FlaskClient) -> None:
    response = client.post(SEARCH, json={member: "س" * 100_000})
    assert problem(response, 400)
    assert len(response.data) < 5_000
    assert len(client.get(SEARCH, query_string={"س" * 100_000: "x"}).data) < 5_000
