"""Conversion of dates in the years 1 to 9999 to numbers that engines can sort and filter by."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta

from search_service.core.message import Message

EPOCH = datetime(1, 1, 1, tzinfo=UTC)

_DAY = 86_400
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.IGNORECASE
)


class InvalidDate(ValueError):
    """A text is not a valid date.

    Attributes:
        message: the reason.
    """

    def __init__(self, code: str, /) -> None:
        super().__init__(code)
        self.message = Message(code)


def date_range(text: str) -> tuple[int, int]:
    """Return the first and last second of a date, in seconds since 0001-01-01T00:00:00Z.

    A day, month or year covers all of its seconds; a time without an offset is UTC.

    Raises:
        InvalidDate: the text is not a valid date.

    >>> date_range("0001-01-02")
    (86400, 172799)
    >>> date_range("2024-03-11T07:40:00+02:00") == date_range("2024-03-11T05:40:00Z")
    True
    """
    try:
        if match := _PARTIAL.fullmatch(text):
            year, month, day = match.groups()
            first = date(int(year), int(month or 1), int(day or 1))
            last_month = int(month or 12)
            last = date(int(year), last_month, int(day or calendar.monthrange(int(year), last_month)[1]))
            return (first.toordinal() - 1) * _DAY, last.toordinal() * _DAY - 1
        if not _MOMENT.fullmatch(text):
            raise InvalidDate("date-malformed")
        moment = datetime.fromisoformat(text.upper())
    except InvalidDate:
        raise
    except ValueError as error:
        raise InvalidDate("date-does-not-exist") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        seconds = (moment - EPOCH) // timedelta(seconds=1)
    except OverflowError as error:
        raise InvalidDate("date-out-of-range") from error
    if not 0 <= seconds < date.max.toordinal() * _DAY:
        raise InvalidDate("date-out-of-range")
    return seconds, seconds


def today() -> int:
    """Return the first second of the current day in UTC."""
    return (datetime.now(UTC).toordinal() - 1) * _DAY


def days_before(seconds: int, days: int) -> int:
    """Return the second that is `days` days before `seconds`."""
    return seconds - days * _DAY


def day_of(seconds: int) -> int:
    """Return the number of the day that contains a second; 0001-01-01 is 0."""
    return seconds // _DAY


def month_of(seconds: int) -> int:
    """Return the number of the month that contains a second; January of year 1 is 12."""
    day = date.fromordinal(day_of(seconds) + 1)
    return day.year * 12 + day.month - 1


def day_name(day: int) -> str:
    """Return a day number as YYYY-MM-DD. Raises ValueError for one that no calendar has.

    >>> day_name(0)
    '0001-01-01'
    """
    return date.fromordinal(day + 1).isoformat()


def month_name(month: int) -> str:
    """Return a month number as YYYY-MM. Raises ValueError for one that no calendar has.

    >>> month_name(month_of(date_range("2024-03-11")[0]))
    '2024-03'
    """
    return date(month // 12, month % 12 + 1, 1).isoformat()[: len("YYYY-MM")]


def year_name(year: int) -> str:
    """Return a year as YYYY. Raises ValueError for one that no calendar has.

    >>> year_name(622)
    '0622'
    """
    return date(year, 1, 1).isoformat()[: len("YYYY")]
