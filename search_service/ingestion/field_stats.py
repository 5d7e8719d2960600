"""What the values of a field look like in a sample of documents."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search_service.core.dates import InvalidDate, date_range
from search_service.ingestion.validation import BOOLEANS, INTEGER_RANGE, VALUE_SEPARATOR

MAX_DISTINCT = 1_000
"""Different values of a field that are counted; a field with more is never a facet by its number of values."""

URL_STARTS = ("http://", "https://")


@dataclass(slots=True)
class FieldStats:
    """Counts of the values of one field.

    Attributes:
        key: the field's name in the documents.
        documents: how many have a value.
        values: how many values there are.
        lists: how many documents have a list.
        types: values by the name of their JSON type: boolean, integer, number, string, object.
        readable: texts by what else they can be read as: boolean, integer, number, date, url.
        from_rows: values of rows of CSV, which are texts and can be meant as anything.
        separated: texts with `VALUE_SEPARATOR`, which a row of CSV has between several values.
        words: of all texts.
        longest: bytes of the longest text.
        distinct: the different values and their counts, up to `MAX_DISTINCT`.
        has_more: whether there are more different values.
    """

    key: str
    documents: int = 0
    values: int = 0
    lists: int = 0
    from_rows: int = 0
    separated: int = 0
    words: int = 0
    longest: int = 0
    has_more: bool = False
    types: Counter[str] = field(default_factory=Counter)
    readable: Counter[str] = field(default_factory=Counter)
    distinct: Counter[str] = field(default_factory=Counter)

    def add(self, value: Any, textual: bool) -> None:
        """Count the value of one document; in a textual one, such as a row of CSV, all values are texts."""
        if textual:
            self.separated += isinstance(value, str) and VALUE_SEPARATOR in value
        self.lists += isinstance(value, list)
        values = value if isinstance(value, list) else [value]
        known = [one for one in values if one is not None and one != ""]
        self.documents += bool(known)
        self.from_rows += len(known) if textual else 0
        for one in known:
            self._count(one)

    def _count(self, value: Any) -> None:
        self.values += 1
        name = type_name(value)
        self.types[name] += 1
        if name == "object":
            return
        text = str(value)
        if text in self.distinct or len(self.distinct) < MAX_DISTINCT:
            self.distinct[text] += 1
        else:
            self.has_more = True
        if name == "string":
            self.words += len(text.split())
            self.longest = max(self.longest, len(text.encode(errors="replace")))
            self.readable.update(kind for kind, fits in _READABLE.items() if fits(text))

    @property
    def mean_words(self) -> float:
        """The mean number of words of a text."""
        return self.words / max(1, self.types["string"])

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice, as far as they are counted."""
        return not self.lists and self.distinct.total() == len(self.distinct)

    def all_readable(self, kind: str) -> bool:
        """Return whether every value is a text that can be read as a kind."""
        return 0 < self.values == self.readable[kind]

    @property
    def is_from_rows(self) -> bool:
        """Whether all values come from rows of CSV."""
        return 0 < self.values == self.from_rows


def collect_stats(documents: Sequence[tuple[Mapping[str, Any], bool]]) -> dict[str, FieldStats]:
    """Return the statistics of each key of the documents, in the order in which the keys occur.

    Args:
        documents: the documents, each with whether all of its values are texts.
    """
    stats: dict[str, FieldStats] = {}
    for content, textual in documents:
        for key, value in content.items():
            stats.setdefault(key, FieldStats(key)).add(value, textual)
    return stats


def type_name(value: Any) -> str:
    """Return the name of a JSON value's type.

    >>> [type_name(value) for value in (True, 1, 1.5, "a", {}, [])]
    ['boolean', 'integer', 'number', 'string', 'object', 'object']
    """
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if value in INTEGER_RANGE else "object"
    if isinstance(value, float):
        return "number" if math.isfinite(value) else "object"
    return "string" if isinstance(value, str) else "object"


def _is_integer(text: str) -> bool:
    # A number with a zero in front is a code, and would lose the zero.
    digits = text.removeprefix("-")
    return digits.isdecimal() and (digits == "0" or int(digits[0]) > 0) and int(text) in INTEGER_RANGE


def _is_number(text: str) -> bool:
    try:
        return _is_integer(text) or ("." in text and math.isfinite(float(text)))
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    if text.isdecimal():  # a year, perhaps, but any number of four digits would be one
        return False
    try:
        date_range(text)
    except InvalidDate:
        return False
    return True


_READABLE: Mapping[str, Callable[[str], bool]] = {
    "boolean": lambda text: text.lower() in BOOLEANS and not text.isdecimal(),
    "integer": _is_integer,
    "number": _is_number,
    "date": _is_date,
    "url": lambda text: text.startswith(URL_STARTS) and not any(map(str.isspace, text)),
}
