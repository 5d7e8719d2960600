"""The bars of the date histogram: months, years, decades or longer, at most `MAX_BARS`."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass

from search_service.core.dates import date_range, day_name, day_of, month_name, month_of
from search_service.core.results import FacetBucket
from search_service.web.messages.wording import Wording
from search_service.web.url_state import State

MAX_BARS = 24
STEPS = (1, 12, 120, 1200, 12_000)
"""Months that one bar may cover."""

FIRST_MONTH, LAST_MONTH = 12, 9999 * 12 + 11
"""January of year 1 and December of year 9999, the dates that the service accepts."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, count, height in percent of the highest bar, and the URL of its range."""

    label: str
    count: int
    height: int
    href: str
    chosen: bool


def bars(months: Sequence[FacetBucket], state: State, words: Wording) -> list[Bar]:
    """Return the bars for document counts by month.

    If a bar covers more than a month, only the selected range is shown, in finer steps.
    """
    counts = {month_of(date_range(bucket.value)[0]): bucket.count for bucket in months}
    low, high = _chosen(state)
    inside = {month: count for month, count in counts.items() if low <= month <= high}
    if inside and _step(counts) > 1:
        counts = inside
    if len(counts) < 2:
        return []
    step = _step(counts)
    heights: dict[int, int] = {}
    for month, count in counts.items():
        heights[month // step] = heights.get(month // step, 0) + count
    top = max(heights.values())
    return [
        _bar(number * step, step, heights.get(number, 0), top, state, words)
        for number in range(min(heights), max(heights) + 1)
    ]


def _step(counts: dict[int, int]) -> int:
    """Return the finest step that needs at most `MAX_BARS` bars."""
    first, last = min(counts), max(counts)
    return next((step for step in STEPS if last // step - first // step < MAX_BARS), STEPS[-1])


def _bar(month: int, step: int, count: int, top: int, state: State, words: Wording) -> Bar:
    first, last = max(month, FIRST_MONTH), min(month + step - 1, LAST_MONTH)
    low, high = _chosen(state)
    year, of_year = divmod(last, 12)
    end = f"{month_name(last)}-{calendar.monthrange(year, of_year + 1)[1]:02}"
    chosen = bool(state.get("date_from") or state.get("date_to")) and low <= last and first <= high
    height = max(2, round(100 * count / top)) if count else 0
    href = state.having(date_from=f"{month_name(first)}-01", date_to=end).href()
    return Bar(_name(first, last, step, words), count, height, href, chosen)


def _name(first: int, last: int, step: int, words: Wording) -> str:
    if step == 1:
        return words.date(month_name(first))
    if step == 12:
        return words.in_digits(str(first // 12))
    return words.in_digits(f"{first // 12}–{last // 12}")


def _chosen(state: State) -> tuple[int, int]:
    """Return the first and last month of the selected range."""
    low, high = state.get("date_from"), state.get("date_to")
    first = month_of(date_range(low)[0]) if low else FIRST_MONTH
    return first, month_of(date_range(high)[1]) if high else LAST_MONTH


def day(text: str, end: bool = False) -> str:
    """Return the first or last day of a date as the value of a date input.

    >>> day("2024-02"), day("2024-02", end=True), day("")
    ('2024-02-01', '2024-02-29', '')
    """
    return day_name(day_of(date_range(text)[1 if end else 0])) if text else ""
