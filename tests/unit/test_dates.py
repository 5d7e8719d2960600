"""Dates of the years 1 to 9999 as numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from search_service.core.dates import InvalidDate, date_range, day_name, day_of, month_name, month_of, year_name

DAY = 86_400


def seconds(*parts: int) -> int:
    return int((datetime(*parts, tzinfo=UTC) - datetime(1, 1, 1, tzinfo=UTC)).total_seconds())  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("0001-01-01", 0, DAY - 1, id="the first day"),
        pytest.param("0001", 0, 365 * DAY - 1, id="the first year"),
        pytest.param("9999", seconds(9999, 1, 1), date.max.toordinal() * DAY - 1, id="the last year"),
        pytest.param("9999-12", seconds(9999, 12, 1), date.max.toordinal() * DAY - 1, id="the last month"),
        pytest.param("2024-02", seconds(2024, 2, 1), seconds(2024, 3, 1) - 1, id="a month of a leap year"),
        pytest.param("2023-02", seconds(2023, 2, 1), seconds(2023, 3, 1) - 1, id="a month"),
        pytest.param("2024-02-29", seconds(2024, 2, 29), seconds(2024, 3, 1) - 1, id="a leap day"),
    ],
)
def test_a_partial_date_is_the_range_of_its_seconds(text: str, first: int, last: int) -> None:
    assert date_range(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        pytest.param("2024-03-11T07:40:05Z", (2024, 3, 11, 7, 40, 5), id="UTC"),
        pytest.param("2024-03-11t07:40:05z", (2024, 3, 11, 7, 40, 5), id="small letters"),
        pytest.param("2024-03-11 07:40", (2024, 3, 11, 7, 40), id="no offset is UTC"),
        pytest.param("2024-03-11T01:40:00+03:00", (2024, 3, 10, 22, 40), id="offset to the day before"),
        pytest.param("2024-03-11T23:40:00-0330", (2024, 3, 12, 3, 10), id="offset to the day after"),
        pytest.param("2024-03-11T07:40:05.999Z", (2024, 3, 11, 7, 40, 5), id="fractions are dropped"),
        pytest.param("2024-03-11T07:40:05.123456789Z", (2024, 3, 11, 7, 40, 5), id="nanoseconds"),
        pytest.param("0001-01-01T00:00:00Z", (1, 1, 1), id="the first second"),
        pytest.param("9999-12-31T23:59:59Z", (9999, 12, 31, 23, 59, 59), id="the last second"),
    ],
)
def test_a_date_with_a_time_is_one_second(text: str, time: tuple[int, ...]) -> None:
    assert date_range(text) == (seconds(*time), seconds(*time))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "0000-01-01",
        "10000-01-01",
        "-0044-03-15",
        "2024-13",
        "2024-00",
        "2024-00-10",
        "2024-02-00",
        "2023-02-29",
        "2024-2-9",
        "24-02-09",
        "2024/02/09",
        "09.02.2024",
        "20240209",
        " 2024-02-09",
        "2024-02-09\n",
        "٢٠٢٤-٠٢-٠٩",
        "2024-W06",
        "2024-02-09T",
        "2024-02-09T24:01",
        "2024-02-09T07:60",
        "2024-02-09T07:40:61Z",
        "2024-02-09T07:40:00+25:00",
        "2024-02-09T07:40:00Z[UTC]",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    ],
)
def test_an_invalid_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidDate):
        date_range(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_time_outside_the_years_in_utc_is_out_of_range(text: str) -> None:
    with pytest.raises(InvalidDate, match="date-out-of-range"):
        date_range(text)


def test_a_date_in_words_is_malformed() -> None:
    with pytest.raises(InvalidDate, match="date-malformed"):
        date_range("11 March")


@pytest.mark.parametrize("text", ["0001-01-01", "1258-02-10", "1969-12-31", "2024-02-29", "9999-12-31"])
def test_days_and_months_have_names(text: str) -> None:
    first, last = date_range(text)
    assert day_name(day_of(first)) == day_name(day_of(last)) == text
    assert month_name(month_of(first)) == month_name(month_of(last)) == text[:7]


def test_days_and_months_are_consecutive_numbers() -> None:
    assert day_of(date_range("2024-03-01")[0]) == day_of(date_range("2024-02-29")[0]) + 1
    assert month_of(date_range("2024-01-01")[0]) == month_of(date_range("2023-12-31")[0]) + 1


@pytest.mark.parametrize("years", [-1, 0, 10_000, 300_000])
def test_a_number_outside_the_calendar_has_no_name(years: int) -> None:
    """A damaged index can count any number of months; what is no date must not reach a page."""
    for name, number in ((day_name, (years - 1) * 366 - 1), (month_name, years * 12), (year_name, years)):
        with pytest.raises((ValueError, OverflowError)):
            name(number)
