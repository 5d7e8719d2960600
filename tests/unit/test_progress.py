"""Progress reports: on which stream, how often, and with which figures."""

from __future__ import annotations

import io
import os
import pty

import pytest

from search_service.ingestion.progress import BarProgress, LineProgress, NoProgress, make_progress


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_line_every_few_seconds_has_rate_and_remaining_time() -> None:
    clock, stream = Clock(), io.StringIO()
    progress = LineProgress(stream, clock)
    progress.begin(4_000)
    for second in range(1, 12):
        clock.now = 100.0 + second
        progress.update(bytes_read=200 * second, indexed=1_500 * second, saved=1_000 * second, rejected=second // 10)
    progress.close()
    assert stream.getvalue().splitlines() == [
        "7,500 documents (5,000 saved), 1,500 a second, 25 %, about 15 s left",
        "15,000 documents (10,000 saved), 1,500 a second, 1 rejected, 50 %, about 10 s left",
    ]


def test_a_line_of_a_source_of_unknown_size_has_the_rate_only() -> None:
    clock, stream = Clock(), io.StringIO()
    progress = LineProgress(stream, clock)
    progress.begin(None)
    clock.now += 60
    progress.update(bytes_read=0, indexed=600, saved=600, rejected=0)
    assert stream.getvalue() == "600 documents, 10 a second\n"


def test_a_short_load_prints_no_progress() -> None:
    stream = io.StringIO()
    progress = LineProgress(stream, Clock())
    progress.begin(10)
    progress.update(10, 1, 1, 0)
    progress.close()
    assert not stream.getvalue()


@pytest.mark.parametrize(
    ("total", "parts"),
    [(4_000, ["50%|", "2.00k/4.00k", "<"]), (None, ["2.00kB"])],
)
def test_a_bar_has_the_bytes_read_and_the_figures(total: int | None, parts: list[str]) -> None:
    clock, stream = Clock(), io.StringIO()
    progress = BarProgress(stream, clock)
    progress.begin(total)
    clock.now += 2
    progress.update(bytes_read=2_000, indexed=3_000, saved=0, rejected=7)
    progress.close()
    last = stream.getvalue().rstrip("\n").rpartition("\r")[2]
    for part in [*parts, "3,000 documents (0 saved), 1,504 a second, 7 rejected"]:
        assert part in last


def test_a_terminal_has_a_bar_and_other_streams_have_lines() -> None:
    controller, terminal = pty.openpty()
    try:
        with os.fdopen(terminal, "w") as stream:
            bar = make_progress(stream)
            assert isinstance(bar, BarProgress)
            bar.close()
            assert isinstance(make_progress(stream, quiet=True), NoProgress)
    finally:
        os.close(controller)
    assert isinstance(make_progress(io.StringIO()), LineProgress)
