"""Keys and limits under a real server: no restart, many keys, malformed headers, and callers who mean no good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search_service.access.key_admin import KeyAdmin
from search_service.access.key_file import changing_keys
from search_service.access.keys import Key, StoredSecret, digest_of, new_secret
from tests.hostile.raw_http import Answer, Server, index_examples, server
from tests.waiting import wait_for

SEARCH = "/v1/indexes/news/search?size=1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_examples(tmp_path_factory.mktemp("keys") / "indexes")


@pytest.fixture(scope="module")
def private(folder: Path) -> Iterator[Server]:
    """A server with two workers that asks for keys."""
    environment = {"INDEX_DIR": str(folder), "SEARCH_PUBLIC": "false"}
    with server(folder.parent, "--workers", "2", environment=environment) as running:
        yield running


@pytest.fixture
def keys(folder: Path) -> KeyAdmin:
    return KeyAdmin(folder / "keys.json")


def ask(running: Server, secret: str, target: str = SEARCH) -> Answer:
    return running.get(target, f"Authorization: Bearer {secret}\r\n")


def test_changes_of_keys_need_no_restart(private: Server, keys: KeyAdmin) -> None:
    """Each request is a connection of its own, so both workers answer some of them."""
    wait_for(lambda: len(private.workers()) == 2, 20)
    workers = private.workers()
    for _ in range(3):
        created = keys.create(["search"], ["news"])
        assert {ask(private, created.secret).status for _ in range(8)} == {200}
        rotated = keys.rotate(created.key.id, "0m")
        assert {ask(private, created.secret).status for _ in range(8)} == {401}
        assert {ask(private, rotated.secret).status for _ in range(8)} == {200}
        keys.revoke(created.key.id)
        assert {ask(private, rotated.secret).status for _ in range(8)} == {401}
    assert private.workers() == workers


def test_a_file_written_by_halves_locks_nobody_out(keys: KeyAdmin, folder: Path) -> None:
    created = keys.create(["search"], ["news"])
    file = folder / "keys.json"
    whole = file.read_bytes()
    environment = {"INDEX_DIR": str(folder), "SEARCH_PUBLIC": "false"}
    # One worker: another one would know only the keys that it has read before.
    with server(folder.parent, "--workers", "1", environment=environment) as running:
        assert ask(running, created.secret).status == 200
        try:
            for content in (whole[: len(whole) // 2], b"", b"{}", b"[]", b"null", b'{"keys": [5]}', b"[" * 100_000):
                file.write_bytes(content)
                assert {ask(running, created.secret).status for _ in range(2)} == {200}, content[:20]
            assert "is damaged" in running.log.read_text() or "keys-malformed" in running.log.read_text()
            assert created.secret not in running.log.read_text()
        finally:
            file.write_bytes(whole)


def test_a_key_is_accepted_among_ten_thousand(private: Server, folder: Path) -> None:
    secrets = {f"{number:08x}": new_secret(f"{number:08x}") for number in range(10_000)}
    with changing_keys(folder / "keys.json") as changed:
        before = set(changed)
        for key_id, secret in secrets.items():
            stored = (StoredSecret(sha256=digest_of(secret)),)
            changed[key_id] = Key(
                id=key_id, scopes=("search",), indexes=("news",), created=datetime.now(UTC), secrets=stored
            )
    try:
        for key_id in ("00000000", "00001000", "0000270f"):
            assert ask(private, secrets[key_id]).status == 200
            assert ask(private, new_secret(key_id)).status == 401
        used = folder / "keys.json.used"
        wait_for(lambda: {"00000000", "0000270f"} <= {path.name for path in used.iterdir()}, 10)
    finally:
        with changing_keys(folder / "keys.json") as changed:
            for key_id in changed.keys() - before:
                del changed[key_id]


@pytest.mark.parametrize(
    "fields",
    [
        "",
        "Authorization: Bearer\r\n",
        "Authorization: Bearer \r\n",
        "Authorization:\r\n",
        "Authorization: bearer ars_\r\n",
        "Authorization: Bearer " + "a" * 8_000 + "\r\n",
        "Authorization: Bearer ars_0a1b2c3d_" + "0" * 72 + "\r\n",
        "Authorization: Bearer ars_0a1b2c3d_" + "0" * 72 + " extra\r\n",
        "Authorization: Basic YTpi\r\n",
        "Authorization: Bearer x\r\nAuthorization: Bearer y\r\n",
        "X-API-Key: ars_0a1b2c3d\r\n",
        "Cookie: key=ars_0a1b2c3d\r\n",
    ],
)
def test_what_is_no_key_is_a_401_with_a_challenge(private: Server, fields: str) -> None:
    answer = private.get(SEARCH, fields)
    assert answer.status == 401
    assert answer.problem()["code"] in ("key-required", "key-malformed")
    assert answer.fields["www-authenticate"].startswith('Bearer realm="arabic-search"')
    assert "content-security-policy" in answer.fields


def test_a_body_of_a_refused_request_is_not_waited_for(private: Server) -> None:
    """Its head is all that is read: whoever has no key cannot hold a place for bodies."""
    head = f"POST {SEARCH.partition('?')[0]} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n"
    with private.connect() as client:
        client.sendall(head.encode())
        assert client.recv(65_536).startswith(b"HTTP/1.1 401 ")


def test_without_a_key_health_checks_answer_and_the_page_is_401(private: Server) -> None:
    assert private.get("/healthz").status == private.get("/readyz").status == 200
    page = private.get("/", "Accept: text/html\r\n")
    assert (page.status, page.kind) == (401, "text/html")
    assert "مفتاح" in page.body.decode()


def test_limits_hold_over_connections_and_health_checks_are_exempt(folder: Path) -> None:
    environment = {"INDEX_DIR": str(folder), "RATE_LIMIT": "5/day", "TRUSTED_PROXIES": "127.0.0.1"}
    with server(folder.parent, "--workers", "1", environment=environment) as running:

        def ask_for(client: str) -> Answer:
            return running.get(SEARCH, f"X-Forwarded-For: {client}\r\n")

        answers = [ask_for("192.0.2.1") for _ in range(7)]
        assert [answer.status for answer in answers] == [200] * 5 + [429] * 2
        assert answers[0].fields["ratelimit-policy"] == '"address";q=5;w=86400'
        assert answers[0].fields["ratelimit"].startswith('"address";r=4;t=')
        assert answers[6].problem()["code"] == "rate-limited"
        assert int(answers[6].fields["retry-after"]) > 0
        assert ask_for("192.0.2.2").status == 200
        assert all(running.get("/healthz", "X-Forwarded-For: 192.0.2.1\r\n").status == 200 for _ in range(7))


DOCUMENT = "/v1/indexes/news/documents/by-key"


def put(running: Server, fields: str = "", target: str = DOCUMENT, host: str = "localhost") -> Answer:
    """Write a document and wait until searches find it."""
    body = b'{"title": "written over HTTP"}'
    lengths = f"Connection: close\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    head = f"PUT {target}?refresh=wait_for HTTP/1.1\r\nHost: {host}\r\n{lengths}"
    return running.send(f"{head}{fields}\r\n".encode() + body)


def test_documents_are_written_with_a_key_that_writes_and_with_no_other(private: Server, keys: KeyAdmin) -> None:
    writer, reader = keys.create(["write"], ["news"]).secret, keys.create(["search"], ["*"]).secret
    elsewhere = keys.create(["write", "search"], ["books"]).secret
    filtered = keys.create(["search"], ["news"], {"category": ["x"]}).secret
    assert put(private).problem()["code"] == "key-required"
    for secret, code in ((reader, "scope-missing"), (filtered, "scope-missing"), (elsewhere, "index-not-allowed")):
        assert put(private, f"Authorization: Bearer {secret}\r\n").problem()["code"] == code
    assert ask(private, reader, DOCUMENT).status == 404
    assert put(private, f"Authorization: Bearer {writer}\r\n").status == 201
    assert ask(private, reader, DOCUMENT).status == 200
    assert ask(private, filtered, DOCUMENT).status == 404
    assert ask(private, writer, DOCUMENT).problem()["code"] == "scope-missing"


def test_a_program_on_this_machine_needs_no_key_where_the_settings_say_so(folder: Path) -> None:
    environment = {"INDEX_DIR": str(folder), "SEARCH_PUBLIC": "false", "LOOPBACK_ADMIN": "true"}
    with server(folder.parent, "--workers", "1", environment=environment) as running:
        assert running.get(SEARCH).status == 200
        assert put(running).status in (200, 201)
        for fields in ("X-Forwarded-For: 127.0.0.1\r\n", "Origin: https://evil.example\r\n", "Via: 1.1 x\r\n"):
            assert running.get(SEARCH, fields).status == put(running, fields).status == 401
        assert put(running, host="evil.example").status == 401


def test_a_damaged_file_at_the_start_lets_nobody_in_and_keeps_searching_public(tmp_path: Path, folder: Path) -> None:
    keys_file = tmp_path / "keys.json"
    keys_file.write_text("{")
    environment = {"INDEX_DIR": str(folder), "KEYS_FILE": str(keys_file)}
    with server(tmp_path, "--workers", "1", environment=environment) as running:
        assert running.get(SEARCH).status == 200
        answer = ask(running, new_secret("0a1b2c3d"))
        assert (answer.status, answer.problem()["code"]) == (503, "keys-malformed")
        assert str(tmp_path) not in json.dumps(answer.problem())
        created = KeyAdmin(tmp_path / "other.json").create(["search"], ["*"])
        (tmp_path / "other.json").replace(keys_file)
        assert ask(running, created.secret).status == 200
