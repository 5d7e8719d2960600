"""Progress of a load: a bar on a terminal, a line every few seconds elsewhere, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Never, Protocol, TextIO

from tqdm import tqdm

LINE_SECONDS = 5.0
"""Seconds between two lines where there is no terminal: often enough for somebody who watches the log."""

_BAR = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}{postfix}]"
_COUNT = "{n_fmt}B [{elapsed}{postfix}]"


class Progress(Protocol):
    """Shows the progress of a load: `begin` once, `update` several times a second, `close` at the end."""

    def begin(self, total: int | None) -> None:
        """Start.

        Args:
            total: bytes to read, or documents where an index is read; None when it is not known.
        """

    def update(self, bytes_read: int, indexed: int, saved: int, rejected: int) -> None:
        """Show the totals since the load began.

        Args:
            bytes_read: of the total.
            indexed: documents written.
            saved: those of them that stay if the process is killed now.
            rejected: documents rejected.
        """

    def close(self) -> None:
        """End."""


class NoProgress:
    """Shows nothing."""

    def begin(self, total: int | None) -> None:
        """Do nothing."""

    def update(self, bytes_read: int, indexed: int, saved: int, rejected: int) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class BarProgress:
    """A bar by bytes read, because documents differ in length and their number is not known in advance.

    Without a total it shows the figures only.

    Args:
        stream: where to draw.
        clock: returns monotonic seconds.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began = clock()
        self._bar: tqdm[Never] | None = None

    def begin(self, total: int | None) -> None:
        """Draw the empty bar."""
        self._began = self._clock()
        layout = _COUNT if total is None else _BAR
        self._bar = tqdm(
            total=total, unit="B", unit_scale=True, file=self._stream, bar_format=layout, dynamic_ncols=True
        )

    def update(self, bytes_read: int, indexed: int, saved: int, rejected: int) -> None:
        """Redraw the bar."""
        if self._bar is None:
            return
        rate = _rate(indexed + rejected, self._clock() - self._began)
        self._bar.set_postfix_str(", ".join(_figures(indexed, saved, rejected, rate)), refresh=False)
        self._bar.n = bytes_read
        self._bar.refresh()

    def close(self) -> None:
        """Leave the bar as it is and end its line."""
        if self._bar is not None:
            self._bar.close()


class LineProgress:
    """A line every few seconds.

    Args:
        stream: where to write.
        clock: returns monotonic seconds.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._total: int | None = None
        self._stream = stream
        self._clock = clock
        self._began = self._last = clock()

    def begin(self, total: int | None) -> None:
        """Start the clock."""
        self._total = total
        self._began = self._last = self._clock()

    def update(self, bytes_read: int, indexed: int, saved: int, rejected: int) -> None:
        """Write a line if the last one is `LINE_SECONDS` old."""
        now = self._clock()
        if now - self._last < LINE_SECONDS:
            return
        self._last = now
        elapsed = now - self._began
        parts = _figures(indexed, saved, rejected, _rate(indexed + rejected, elapsed))
        if self._total and bytes_read:
            left = elapsed * max(0, self._total - bytes_read) / bytes_read
            parts += [f"{min(100, 100 * bytes_read // self._total)} %", f"about {duration(left)} left"]
        print(", ".join(parts), file=self._stream, flush=True)

    def close(self) -> None:
        """Do nothing: the command prints a summary."""


def make_progress(stream: TextIO, quiet: bool = False) -> Progress:
    """Return a bar for a terminal, lines for a file or a pipe, or nothing when `quiet`."""
    if quiet:
        return NoProgress()
    return BarProgress(stream) if stream.isatty() else LineProgress(stream)


def duration(seconds: float) -> str:
    """Return a duration as people write it.

    >>> duration(0.24), duration(18.2), duration(125), duration(7260)
    ('0.2 s', '18 s', '2 min 5 s', '2 h 1 min')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


def _rate(documents: int, seconds: float) -> float:
    return documents / seconds if seconds > 0 else 0.0


def _figures(indexed: int, saved: int, rejected: int, rate: float) -> list[str]:
    not_all = f" ({saved:,} saved)" if saved < indexed else ""
    parts = [f"{indexed:,} documents{not_all}", f"{rate:,.0f} a second"]
    return [*parts, f"{rejected:,} rejected"] if rejected else parts
