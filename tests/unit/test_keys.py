"""Keys: their secrets, their file, and what a running service knows of changes."""

from __future__ import annotations

import hmac
import logging
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from search_service.access import key_file
from search_service.access.caller import Caller
from search_service.access.key_admin import Created, KeyAdmin
from search_service.access.key_ring import KeyRing
from search_service.access.keys import PATTERN, digest_of, id_in, matches_any, new_secret
from search_service.access.last_use import RECORD_SECONDS, LastUse
from search_service.core.errors import (
    Forbidden,
    InvalidParameter,
    KeysUnavailable,
    SearchServiceError,
    UnknownKey,
)
from tests.sentences import sentence


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def keys(path: Path) -> KeyAdmin:
    return KeyAdmin(path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(path: Path, clock: Clock) -> KeyRing:
    return KeyRing(path, clock)


def create(keys: KeyAdmin, **options: Any) -> Created:
    return keys.create(["search"], ["*"], **options)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SearchServiceError) as caught:
        call()
    return caught.value.code


# Secrets


def test_a_secret_is_found_by_scanners_and_is_256_random_bits() -> None:
    secret = new_secret("0a1b2c3d")
    prefix, key_id, random = secret.split("_")
    assert (prefix, key_id, len(bytes.fromhex(random))) == ("ars", "0a1b2c3d", 32 + 4)
    assert new_secret("0a1b2c3d") != secret


def test_any_changed_digit_of_a_secret_is_noticed_without_the_file() -> None:
    secret = new_secret("0a1b2c3d")
    for place in range(len("ars_"), len(secret)):
        changed = secret[:place] + ("1" if secret[place] != "1" else "2") + secret[place + 1 :]
        assert refusal(lambda changed=changed: id_in(changed)) == "key-malformed"  # type: ignore[misc]


def test_a_secret_is_compared_in_constant_time(keys: KeyAdmin, ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of an unknown key is compared, too."""
    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    created = create(keys)
    monkeypatch.setattr(hmac, "compare_digest", compare)
    ring.authenticate(created.secret)
    assert refusal(lambda: ring.authenticate(new_secret("00000000"))) == "key-unknown"
    assert [len(one) for one, _ in compared] == [64, 64]


def test_the_file_has_no_secret_and_only_its_owner_reads_it(keys: KeyAdmin, path: Path) -> None:
    created = create(keys)
    content = path.read_text()
    assert created.secret not in content
    assert created.secret[13:45] not in content
    assert digest_of(created.secret) in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert created.secret not in repr(created.key)


def test_a_file_keeps_the_mode_that_it_has(keys: KeyAdmin, path: Path) -> None:
    create(keys)
    path.chmod(0o640)
    create(keys)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


# Validity


def test_a_key_is_valid_until_it_expires(keys: KeyAdmin, ring: KeyRing, clock: Clock) -> None:
    created = create(keys, expires="90d")
    clock.go(days=89)
    assert ring.authenticate(created.secret).id == created.key.id
    clock.go(days=1, seconds=1)
    assert refusal(lambda: ring.authenticate(created.secret)) == "key-expired"


def test_a_key_whose_secret_is_wrong_is_never_said_to_have_expired(keys: KeyAdmin, ring: KeyRing, clock: Clock) -> None:
    created = create(keys, expires="1d")
    clock.go(days=2)
    assert refusal(lambda: ring.authenticate(new_secret(created.key.id))) == "key-unknown"


def test_a_clock_that_goes_back_makes_an_expired_key_valid_and_nothing_else(
    keys: KeyAdmin, ring: KeyRing, clock: Clock
) -> None:
    expired, other = create(keys, expires="1d"), create(keys)
    clock.go(days=2)
    assert refusal(lambda: ring.authenticate(expired.secret)) == "key-expired"
    clock.go(days=-400)
    assert ring.authenticate(expired.secret).id == expired.key.id
    assert ring.authenticate(other.secret).id == other.key.id


def test_a_rotated_key_has_two_secrets_for_a_while(keys: KeyAdmin, ring: KeyRing, clock: Clock) -> None:
    first = create(keys, name="site")
    second = keys.rotate(first.key.id, "7d")
    assert {ring.authenticate(one.secret).name for one in (first, second)} == {"site"}
    clock.go(days=7, seconds=1)
    assert refusal(lambda: ring.authenticate(first.secret)) == "key-unknown"
    third = keys.rotate(first.key.id, "0m")
    assert refusal(lambda: ring.authenticate(second.secret)) == "key-unknown"
    assert ring.authenticate(third.secret).id == first.key.id


def test_a_revoked_key_ends_at_once(keys: KeyAdmin, ring: KeyRing) -> None:
    one, other = create(keys), create(keys)
    ring.authenticate(one.secret)
    keys.revoke(one.key.id)
    assert refusal(lambda: ring.authenticate(one.secret)) == "key-unknown"
    assert ring.authenticate(other.secret).id == other.key.id
    with pytest.raises(UnknownKey):
        keys.revoke(one.key.id)
    with pytest.raises(UnknownKey):
        keys.rotate("ffffffff")


@pytest.mark.parametrize(
    ("text", "end"),
    [("2030", "2031-01-01"), ("2030-02", "2030-03-01"), ("2030-02-28", "2030-03-01"), ("9998", "9999-01-01")],
)
def test_a_date_is_included(keys: KeyAdmin, text: str, end: str) -> None:
    expires = create(keys, expires=text).key.expires
    assert expires is not None
    assert expires.isoformat() == f"{end}T00:00:00+00:00"


@pytest.mark.parametrize("text", ["yesterday", "90", "-1d", "1w", "99999999d", "2030-13", "1e9d", "٩٠d", "9999"])
def test_an_end_that_is_none_is_refused(keys: KeyAdmin, text: str) -> None:
    with pytest.raises(InvalidParameter):
        create(keys, expires=text)
    assert keys.list() == []
    with pytest.raises(InvalidParameter) as caught:
        create(keys, expires="2001")
    assert sentence(caught.value).endswith("is in the past")


# Patterns, scopes, filters


def test_patterns_match_whole_names() -> None:
    assert [name for name in ("news", "news-1", "old-news") if matches_any(name, ("news",))] == ["news"]
    assert [name for name in ("news", "news-1", "old-news") if matches_any(name, ("news*",))] == ["news", "news-1"]
    assert [name for name in ("a-1", "b", "c-1") if matches_any(name, ("a-*", "b"))] == ["a-1", "b"]
    assert not matches_any("a", ())
    assert not any(PATTERN.fullmatch(text) for text in ("", "a[b]", "a?", "../a", "A", "a b", "a" * 65, "news\n"))


def test_a_key_with_a_filter_only_searches(keys: KeyAdmin) -> None:
    for scopes in (["write"], ["admin"], ["search", "write"]):
        with pytest.raises(InvalidParameter):
            keys.create(scopes, ["*"], {"tenant": ["a"]})  # type: ignore[arg-type]
    with pytest.raises(InvalidParameter):
        keys.create(["search"], ["a?"])
    with pytest.raises(InvalidParameter):
        create(keys, name="n" * 201)


def test_a_caller_sees_the_indexes_of_its_key(keys: KeyAdmin) -> None:
    caller = Caller.of(keys.create(["search"], ["news-*"]).key)
    caller.require_index("news-2024")
    with pytest.raises(Forbidden):
        caller.require_index("books")
    assert (caller.may("search"), caller.may("write"), caller.may("admin")) == (True, False, False)


# The file


def test_a_missing_file_has_no_keys(ring: KeyRing, keys: KeyAdmin, path: Path) -> None:
    assert refusal(lambda: ring.authenticate(new_secret("0a1b2c3d"))) == "key-unknown"
    created = create(keys)
    assert ring.authenticate(created.secret).id == created.key.id
    path.unlink()
    assert refusal(lambda: ring.authenticate(created.secret)) == "key-unknown"


@pytest.mark.parametrize("length", [0, 1, 40, 300])
def test_a_file_written_by_halves_changes_nothing(
    keys: KeyAdmin, ring: KeyRing, path: Path, length: int, caplog: pytest.LogCaptureFixture
) -> None:
    created = create(keys)
    ring.authenticate(created.secret)
    whole = path.read_bytes()
    path.write_bytes(whole[:length])
    for _ in range(3):
        assert ring.authenticate(created.secret).id == created.key.id
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert created.secret not in caplog.text
    assert digest_of(created.secret) not in caplog.text
    path.write_bytes(whole.replace(created.key.id.encode(), b"ffffffff"))
    assert refusal(lambda: ring.authenticate(created.secret)) == "key-unknown"


BAD_FILES = (
    b"",
    b"{",
    b"[]",
    b'{"version": 2}',
    b'{"keys": [{}]}',
    b'{"keys": [{"id": "../../x", "scopes": [], "indexes": [], "created": "2026-01-01T00:00:00Z", "secrets": []}]}',
    b'{"keys": [{"id": "0a1b2c3d", "scopes": ["x"], "indexes": [], "created": "2026-01-01T00:00:00Z", "secrets": []}]}',
    b'{"keys": [{"id": "0a1b2c3d", "scopes": [], "indexes": [], "created": "2026-01-01T00:00:00", "secrets": []}]}',
    b"\xff\xfe",
    b"[" * 100_000,
)


@pytest.mark.parametrize("content", BAD_FILES)
def test_a_file_that_was_never_right_lets_nobody_in(ring: KeyRing, keys: KeyAdmin, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert refusal(lambda: ring.authenticate(new_secret("0a1b2c3d"))) == "keys-malformed"
    with pytest.raises(KeysUnavailable):
        create(keys)
    assert path.read_bytes() == content


def test_keys_are_in_use_while_others_are_created(keys: KeyAdmin, path: Path) -> None:
    """Processes that change the file wait for each other."""
    made: list[Created] = []
    threads = [threading.Thread(target=lambda: made.append(create(KeyAdmin(path)))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.key.id for one in keys.list()} == {one.key.id for one in made}
    assert len(made) == 20


def test_a_failed_write_leaves_the_file_as_it_was(keys: KeyAdmin, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    created = create(keys)
    before = path.read_bytes()

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match=str(path)):
        keys.revoke(created.key.id)
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.new"))


def test_what_the_file_says_can_be_read_again(keys: KeyAdmin, path: Path) -> None:
    created = keys.create(["search"], ["a-*", "b"], {"مصدر": ["صحيفة الأفق", 'x"=y']}, "اسم", "2030")
    assert key_file.read_keys(path) == {created.key.id: created.key}


# The last use


def test_the_last_use_is_recorded_once_a_minute(keys: KeyAdmin, path: Path) -> None:
    created = create(keys)
    now = 1_000.0
    uses = LastUse(path, lambda: now)
    assert keys.list()[0].last_used is None
    uses.record(created.key.id)
    file = path.with_name("keys.json.used") / created.key.id
    os.utime(file, (0, 0))
    now += RECORD_SECONDS - 1
    uses.record(created.key.id)
    assert file.stat().st_mtime == 0
    now += 1
    uses.record(created.key.id)
    last_used = keys.list()[0].last_used
    assert last_used is not None
    assert datetime.now(UTC) - last_used < timedelta(minutes=1)
    keys.revoke(created.key.id)
    assert not file.exists()


def test_a_service_that_may_not_write_records_nothing_and_says_so_once(
    keys: KeyAdmin, ring: KeyRing, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.with_name("keys.json.used").write_text("a file in its place")
    one, other = create(keys), create(keys)
    for _ in range(3):
        ring.authenticate(one.secret)
        ring.authenticate(other.secret)
    assert len(caplog.records) == 1
    assert keys.list()[0].last_used is None
