"""Who may do what over HTTP: keys, scopes, loopback, the search page, CORS and security headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_service.access.addresses import networks_of
from search_service.access.caller import Caller
from search_service.access.guarded_indexes import guarded
from search_service.access.key_admin import KeyAdmin
from search_service.access.key_ring import KeyRing
from search_service.access.keys import Scope
from search_service.access.rate_limits import MemoryCounters, RateLimits, limits_of
from search_service.admin.service import AdminService
from search_service.api.access import AccessControl, authorize
from search_service.api.endpoints import endpoint
from search_service.api.routes import indexes
from search_service.core.errors import Forbidden
from search_service.core.filters import ValueFilter
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.search.service import SearchService
from search_service.web.app import create_app

SEARCH = "/v1/indexes/news/search"


@pytest.fixture
def keys(tmp_path: Path) -> KeyAdmin:
    return KeyAdmin(tmp_path / "keys.json")


Key = Callable[..., dict[str, str]]


@pytest.fixture
def key(keys: KeyAdmin) -> Key:
    def make(*scopes: Scope, index: str = "*", **options: Any) -> dict[str, str]:
        return bearer(keys.create(scopes, [index], **options).secret)

    return make


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


Serve = Callable[..., FlaskClient]


@pytest.fixture
def serve(engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Make a client of a service with the given rules; it also has operations that write and administer."""
    add_routes = indexes.add_routes

    def with_writing(api: Any, service: SearchService, admin: AdminService) -> None:
        add_routes(api, service, admin)

        @endpoint(api, "/v1/indexes/<index>/write", "POST", tag="documents", scope="write")
        def write(index: IndexName) -> dict[str, str]:
            """Write."""
            return {"written": index}

        @endpoint(api, "/v1/indexes/<index>/administer", "POST", tag="indexes", scope="admin")
        def administer(index: IndexName) -> dict[str, str]:
            """Administer."""
            return {"administered": index}

        api.add_url_rule("/v1/forgotten", "forgotten", lambda: "It says nothing about who may call it")

    monkeypatch.setattr(indexes, "add_routes", with_writing)

    def make(
        cors: Sequence[str] = (), rate: str = "", key_rate: str = "", trusted: str = "", **rules: Any
    ) -> FlaskClient:
        limits = RateLimits(MemoryCounters(lambda: 1000.0), limits_of(rate), limits_of(key_rate))
        control = AccessControl(
            keys=KeyRing(tmp_path / "keys.json"), limits=limits, trusted=networks_of(trusted), **rules
        )
        service = SearchService(guarded(engine))
        return create_app(service, IndexName("news"), control=control, cors_origins=cors).test_client()

    return make


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.get_json() or {}).get("code", "")


def detail(answer: TestResponse) -> str:
    return str((answer.get_json() or {}).get("detail", ""))


def names(answer: TestResponse) -> list[str]:
    return [one["name"] for one in (answer.get_json() or {})["indexes"]]


# Without a key


def test_searching_is_public_and_nothing_else(serve: Serve) -> None:
    client = serve()
    assert client.get(SEARCH).status_code == 200
    assert client.get("/").status_code == 200
    for url in ("/v1/indexes/news/write", "/v1/indexes/news/administer"):
        answer = client.post(url, json={})
        assert code(answer) == (401, "key-required")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="arabic-search"'
    assert code(client.get("/v1/forgotten")) == (401, "key-required")


def test_searching_needs_a_key_where_the_settings_say_so(serve: Serve, key: Key) -> None:
    client = serve(search_public=False)
    for url in (SEARCH, "/v1/indexes", "/v1/indexes/news/documents/ex-001", "/v1/indexes/missing/search"):
        assert code(client.get(url)) == (401, "key-required")
        assert client.get(url, headers=key("search")).status_code == (404 if "missing" in url else 200)
    for url in ("/healthz", "/readyz"):
        assert client.get(url).status_code == 200


def test_the_page_says_in_arabic_that_it_has_no_key(serve: Serve) -> None:
    client = serve(search_public=False)
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers
    assert 'dir="rtl"' in answer.text
    assert "مفتاح" in answer.text
    style = answer.text.split('rel="stylesheet" href="')[1].split('"')[0]
    with client.get(style) as file:
        assert file.status_code == 200


def test_an_unknown_path_is_unknown_to_everybody(serve: Serve) -> None:
    assert serve(search_public=False).get("/v1/nothing").status_code == 404
    assert serve(search_public=False).put(SEARCH).status_code == 405


# With a key


def test_scopes_are_independent_and_admin_has_all(serve: Serve, key: Key) -> None:
    client = serve(search_public=False)
    allowed = {"search": (200, 403, 403), "write": (403, 200, 403), "admin": (200, 200, 200)}
    for scope, statuses in allowed.items():
        headers = key(scope)
        answers = (
            client.get(SEARCH, headers=headers),
            client.post("/v1/indexes/news/write", json={}, headers=headers),
            client.post("/v1/indexes/news/administer", json={}, headers=headers),
        )
        assert tuple(answer.status_code for answer in answers) == statuses
    both = key("search", "write")
    assert client.get(SEARCH, headers=both).status_code == 200
    assert client.post("/v1/indexes/news/write", json={}, headers=both).status_code == 200


def test_a_missing_scope_is_named(serve: Serve, key: Key) -> None:
    answer = serve().post("/v1/indexes/news/write", json={}, headers=key("search"))
    assert code(answer) == (403, "scope-missing")
    assert "'write'" in detail(answer)
    assert answer.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="write"')


def test_a_key_is_for_its_indexes_only(serve: Serve, key: Key) -> None:
    client = serve()
    other = key("admin", index="books-*")
    for answer in (
        client.get(SEARCH, headers=other),
        client.get("/v1/indexes/news/documents/ex-001", headers=other),
        client.post("/v1/indexes/news/write", json={}, headers=other),
        client.post("/v1/indexes/news/analyze", json={"text": "x"}, headers=other),
    ):
        assert code(answer) == (403, "index-not-allowed")
    assert client.post("/v1/indexes/books-2/write", json={}, headers=other).status_code == 200
    assert names(client.get("/v1/indexes", headers=other)) == []
    assert client.get("/?index=news", headers=other).status_code == 403


def test_a_key_that_is_not_valid_is_refused_even_where_none_is_needed(serve: Serve, keys: KeyAdmin) -> None:
    client = serve()
    created = keys.create(["search"], ["*"])
    assert client.get(SEARCH, headers=bearer(created.secret)).status_code == 200
    keys.revoke(created.key.id)
    answer = client.get(SEARCH, headers=bearer(created.secret))
    assert code(answer) == (401, "key-unknown")
    assert answer.headers["WWW-Authenticate"].endswith('error="invalid_token"')
    assert code(client.get(SEARCH, headers=bearer(created.secret[:-1]))) == (401, "key-malformed")
    assert client.get("/", headers=bearer("x")).status_code == 401


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Digest x", "", "ars_x", "Negotiate"])
def test_credentials_of_a_proxy_are_no_key(serve: Serve, header: str) -> None:
    assert serve().get(SEARCH, headers={"Authorization": header}).status_code == 200
    assert serve(search_public=False).get(SEARCH, headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize(
    "secret",
    ["", " ", "x", "ars_", "ars_0a1b2c3d_", "é" * 9, "ars_" + "0" * 8_000, "ars_0a1b2c3d_" + "0" * 72, "\t\x7f"],
)
def test_a_malformed_key_is_a_401(serve: Serve, secret: str) -> None:
    answer = serve().get(SEARCH, headers={"Authorization": f"Bearer {secret}".encode().decode("latin-1")})
    assert code(answer) == (401, "key-malformed")
    assert len(secret) < 5 or secret not in answer.text


def test_a_key_in_the_address_is_no_key(serve: Serve, key: Key) -> None:
    """Addresses end in logs and histories."""
    secret = key("search")["Authorization"].removeprefix("Bearer ")
    for name in ("key", "api_key", "access_token"):
        assert serve(search_public=False).get(SEARCH, query_string={name: secret}).status_code == 401


def test_the_next_request_of_a_thread_does_not_inherit_the_caller(serve: Serve, key: Key) -> None:
    client = serve()
    assert names(client.get("/v1/indexes", headers=key("search", index="none"))) == []
    assert names(client.get("/v1/indexes")) == ["news"]
    assert client.get(SEARCH, headers=key("search", filters={"nothing": ["x"]})).status_code == 403
    assert client.get("/readyz").status_code == 200


# Loopback


def from_address(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v1/indexes/news/administer", json={}, headers=names, environ_base={"REMOTE_ADDR": address})


def test_programs_on_this_machine_may_do_everything_where_the_settings_say_so(serve: Serve) -> None:
    trusting = serve(loopback_admin=True)
    for address in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"):
        assert from_address(trusting, address).status_code == 200
        assert from_address(serve(), address).status_code == 401
    for address in ("10.0.0.1", "192.0.2.1", "::2", "", "localhost"):
        assert from_address(trusting, address).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Forwarded_For": ""},
        {"Forwarded": "for=127.0.0.1"},
        {"X_Real_IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X_Forwarded_Proto": "https"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:8000"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
def test_requests_through_a_proxy_or_from_a_page_are_not_of_this_machine(
    serve: Serve, headers: Mapping[str, str]
) -> None:
    assert from_address(serve(loopback_admin=True), "127.0.0.1", **headers).status_code == 401


def test_a_page_of_this_service_is_of_this_machine(serve: Serve) -> None:
    headers = {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000", "Sec_Fetch_Site": "same-origin"}
    assert from_address(serve(loopback_admin=True), "127.0.0.1", **headers).status_code == 200


def test_a_key_counts_more_than_the_machine(serve: Serve, key: Key) -> None:
    answer = from_address(serve(loopback_admin=True), "127.0.0.1", **key("search"))
    assert code(answer) == (403, "scope-missing")


# Rate limits


def test_an_address_beyond_its_limit_is_refused(serve: Serve, key: Key) -> None:
    client = serve(rate="3/minute")
    for remaining in (2, 1, 0):
        answer = client.get(SEARCH)
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == '"address";q=3;w=60'
        assert answer.headers["RateLimit"].startswith(f'"address";r={remaining};t=')
    answer = client.get(SEARCH)
    assert code(answer) == (429, "rate-limited")
    reset = answer.headers["RateLimit"].rpartition("=")[2]
    assert answer.headers["Retry-After"] == reset
    assert f"3/minute. Try again in {reset} s" in detail(answer)
    assert client.get("/").status_code == 429
    assert "طلبات" in client.get("/").text
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    assert client.get(SEARCH, headers=key("search")).status_code == 200
    assert client.get(SEARCH, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200


def test_a_key_has_a_limit_of_its_own(serve: Serve, key: Key) -> None:
    client = serve(key_rate="2/second, 3/hour")
    one, other = key("search"), key("search")
    answer = client.get(SEARCH, headers=one)
    assert answer.headers["RateLimit-Policy"] == '"key-1";q=2;w=1, "key-3600";q=3;w=3600'
    assert [client.get(SEARCH, headers=one).status_code for _ in range(2)] == [200, 429]
    assert client.get(SEARCH, headers=other).status_code == 200
    assert "RateLimit" not in client.get(SEARCH).headers


def test_keys_cannot_be_tried_out_faster_than_the_limit_of_an_address(serve: Serve) -> None:
    client = serve(rate="2/minute")
    wrong = bearer("ars_0a1b2c3d_" + "0" * 72)
    assert [client.get(SEARCH, headers=wrong).status_code for _ in range(3)] == [401, 401, 429]
    assert client.get("/nothing").status_code == 429


def test_the_client_is_the_one_that_a_trusted_proxy_names(serve: Serve) -> None:
    trusting, suspicious = serve(rate="1/hour", trusted="127.0.0.0/8"), serve(rate="1/hour")
    for number, client in ((200, trusting), (429, suspicious)):
        assert client.get(SEARCH, headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.1"}).status_code == 200
        assert client.get(SEARCH, headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.2"}).status_code == number
        assert client.get(SEARCH, headers={"X-Forwarded-For": "7.7.7.7, 192.0.2.1"}).status_code == 429


# CORS


def preflight(client: FlaskClient, origin: str, method: str = "POST") -> TestResponse:
    return client.options(SEARCH, headers={"Origin": origin, "Access-Control-Request-Method": method})


def test_no_other_site_may_use_the_interface_by_default(serve: Serve) -> None:
    for answer in (
        preflight(serve(), "https://a.example"),
        serve().get(SEARCH, headers={"Origin": "https://a.example"}),
    ):
        assert not any(name.startswith("Access-Control") for name in dict(answer.headers))


def test_the_sites_of_the_settings_may_use_it(serve: Serve, key: Key) -> None:
    client = serve(cors=("https://a.example",), search_public=False)
    answer = preflight(client, "https://a.example")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert {"GET", "POST"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Origin" in answer.headers["Vary"]
    for headers, status in (({}, 401), (key("search"), 200)):
        answer = client.get(SEARCH, headers={"Origin": "https://a.example", **headers})
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, "https://a.example")
        assert "Access-Control-Allow-Credentials" not in answer.headers
    for origin in ("https://a.example.evil", "http://a.example", "null", "https://a.example:444"):
        assert "Access-Control-Allow-Origin" not in preflight(client, origin).headers
        assert "Access-Control-Allow-Origin" not in client.get(SEARCH, headers={"Origin": origin}).headers
    assert "Access-Control-Allow-Origin" not in client.get("/", headers={"Origin": "https://a.example"}).headers


def test_all_sites_may_use_it_where_the_settings_say_so(serve: Serve) -> None:
    client = serve(cors=("*",))
    assert preflight(client, "https://b.example").headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(SEARCH, headers={"Origin": "null"}).headers["Access-Control-Allow-Origin"] == "*"


def test_the_script_for_other_sites_needs_no_key_and_counts_for_no_limit(serve: Serve) -> None:
    client = serve(search_public=False, rate="1/hour")
    entry = client.get("/embed.js")
    [module] = re.findall(r'"\.(/static/.*)"', entry.get_data(as_text=True))
    older = re.sub("[0-9a-f]{12}", "0" * 12, module)
    for url in ("/embed.js", module, older, "/names/ar.json"):
        with client.get(url, headers={"Origin": "https://a.example"}) as answer:
            assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert client.get(SEARCH).status_code == 401


# Security headers


@pytest.mark.parametrize(
    ("url", "status"),
    [(SEARCH, 200), ("/", 200), ("/v1/nothing", 404), ("/healthz", 200), ("/v1/forgotten", 401), ("/nothing", 404)],
)
def test_every_answer_has_security_headers(serve: Serve, url: str, status: int) -> None:
    answer = serve().get(url, headers={"Accept": "text/html" if url in ("/", "/nothing") else "*/*"})
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'" if answer.mimetype == "text/html" else "default-src 'none'")
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1
    assert "Server" not in answer.headers


def test_a_key_with_a_filter_changes_nothing_whatever_its_scopes() -> None:
    """Such a key cannot be created, but the file can be edited."""
    caller = Caller(("admin",), filters=(ValueFilter("category", ("أ",)),), key_id="k")
    app = Flask("access")
    with app.test_request_context():
        authorize(caller, "search")
        for scope in ("write", "admin"):
            with pytest.raises(Forbidden, match="key-has-filter"):
                authorize(caller, scope)
