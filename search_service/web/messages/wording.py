"""How the page writes numbers, dates, values and notices for a reader: a language, digits, names of months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from hijridate import Gregorian
from markupsafe import Markup, escape

from index_config.field_kinds import ValueType
from index_config.schema import Field
from search_service.core.dates import date_range, day_name, day_of
from search_service.messages.labels import Label, field_label, index_label, value_label
from search_service.query.understanding.context import Correction, uncorrected_words
from search_service.web.direction import bdi
from search_service.web.messages.texts import Noun, Texts

ARABIC_INDIC = str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫")
"""Digits with the separators that go with them (CLDR: numbering system `arab`)."""

HIJRI_DAYS = date(1924, 8, 1), date(2077, 11, 16)
"""The days for which the Umm al-Qura calendar is known, those of 1343 to 1500."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a page.

    Attributes:
        texts: the sentences of the language.
        digits: `latn` for 123, `arab` for ١٢٣.
        months: the set of names of months, a key of `texts.months`.
        hijri: whether days are also written by the Umm al-Qura calendar.
        site_name: the name of the site; empty if it has none.
        field_name: returns the names of a field; by default those of common fields.
        index_name: returns the names of an index, likewise.
        value_name: returns the names of a value of a field, or None if it is shown as it is.
    """

    texts: Texts
    digits: str = "latn"
    months: str = "any"
    hijri: bool = False
    site_name: str = ""
    field_name: Callable[[str], Label] = field_label
    index_name: Callable[[str], Label] = index_label
    value_name: Callable[[str, str], Label | None] = value_label

    def label(self, name: str) -> str:
        """Return the name of a field."""
        return self._in_language(self.field_name(name))

    def index(self, name: str) -> str:
        """Return the name of an index."""
        return self._in_language(self.index_name(name))

    def _in_language(self, label: Label) -> str:
        return str(getattr(label, self.texts.language.value))

    def number(self, number: int) -> str:
        """Return a whole number with separators of thousands.

        >>> from search_service.web.messages.arabic import ARABIC
        >>> Wording(ARABIC, digits="arab").number(1283)
        '١٬٢٨٣'
        """
        return self.in_digits(f"{number:,}")

    def in_digits(self, text: str) -> str:
        """Return a number or date in the digits of the reader."""
        return text.translate(ARABIC_INDIC) if self.digits == "arab" else text

    def counted(self, number: int, noun: Noun) -> str:
        """Return a number with its noun.

        >>> from search_service.web.messages.arabic import ARABIC
        >>> [Wording(ARABIC).counted(n, ARABIC.results) for n in (0, 2, 3, 11, 1103)]
        ['لا نتائج', 'نتيجتان', '3 نتائج', '11 نتيجة', '1,103 نتائج']
        """
        form = getattr(noun, self.texts.plural(number)) or noun.other
        return str(form.format(n=self.number(number)))

    def date(self, text: str) -> str:
        """Return a date, its day in UTC; a month or a year keeps its precision.

        >>> from search_service.web.messages.arabic import ARABIC
        >>> [Wording(ARABIC, months="algeria").date(day) for day in ("2024-01-11T07:40:00Z", "2024-02", "0950")]
        ['11 جانفي 2024', 'فيفري 2024', '950']
        """
        year, *rest = (int(part) for part in _day(text).split("-"))
        month = [self.texts.months[self.months][rest[0] - 1]] if rest else []
        day = [str(rest[1])] if len(rest) > 1 else []
        return self.in_digits(" ".join([*day, *month, str(year)]))

    def hijri_date(self, text: str) -> str:
        """Return a day by the Umm al-Qura calendar; empty unless readers want it and the calendar covers the day.

        >>> from search_service.web.messages.english import ENGLISH
        >>> Wording(ENGLISH, hijri=True).hijri_date("2024-03-11")
        '1 Ramadan 1445 AH'
        """
        day = _day(text)
        if not self.hijri or len(day) < len("2024-03-11"):
            return ""
        gregorian = date.fromisoformat(day)
        if not HIJRI_DAYS[0] <= gregorian <= HIJRI_DAYS[1]:
            return ""
        hijri = Gregorian.fromdate(gregorian).to_hijri()
        month = self.texts.hijri_months[hijri.month - 1]
        return self.in_digits(self.texts.hijri_date.format(day=hijri.day, month=month, year=hijri.year))

    def range(self, low: str, high: str) -> str:
        """Return a range of dates; either end can be empty. Whole years and months are named as such.

        >>> from search_service.web.messages.english import ENGLISH
        >>> Wording(ENGLISH).range("2024-03-01", ""), Wording(ENGLISH).range("2024-01-01", "2024-02-29")
        ('since 1 March 2024', 'January 2024 – February 2024')
        """
        if low and high:
            low, high = _whole(low, high)
            return self.date(low) if low == high else f"{self.date(low)} – {self.date(high)}"
        return self.texts.since.format(date=self.date(low)) if low else self.texts.until.format(date=self.date(high))

    def value(self, field: Field, value: object) -> str:
        """Return the text of a keyword, number, boolean or date."""
        if named := self.value_name(field.name, str(value)):
            return self._in_language(named)
        kind = field.kind.value_type
        if kind is ValueType.BOOLEAN:
            return self.texts.yes if str(value).lower() in ("true", "1") else self.texts.no
        if kind is ValueType.DATE:
            return self.date(str(value))
        return self.in_digits(str(value)) if kind in (ValueType.INTEGER, ValueType.FLOAT) else str(value)

    def values(self, field: Field, values: Sequence[object]) -> str:
        """Return several values as a list."""
        return self.texts.comma.join(self.value(field, value) for value in values)

    def order(self, name: str, date: str) -> str:
        """Return the name of an order of results; `date` is the schema's date field."""
        if name == "relevance":
            return self.texts.relevance
        field = name.removeprefix("-")
        if field == date:
            return self.texts.oldest if name == field else self.texts.newest
        order = self.texts.ascending if name == field else self.texts.descending
        return order.format(field=self.label(field))

    def rule(self, rule: str, relaxed: bool) -> str:
        """Return the explanation of a match rule; empty if it matches as users expect."""
        if rule == "any" and relaxed:
            return self.texts.rule_any
        if rule == "most":
            return self.texts.rule_most
        return self.texts.rule_relaxed if relaxed else ""

    def word_notices(
        self, absent_words: Sequence[str], unmatched_words: Sequence[str], corrections: Sequence[Correction]
    ) -> list[Markup]:
        """Return the notices about corrected words and about other words that no document contains.

        >>> from search_service.web.messages.english import ENGLISH
        >>> corrections = [Correction("الاقتصاض", ("الاقتصاد", "الاقتصار"))]
        >>> Wording(ENGLISH).word_notices(["يعقوبه"], [], corrections)[0].striptags()
        'No document has “الاقتصاض”; these results are for “الاقتصاد” or “الاقتصار”.'
        """
        notices = [
            _sentence(
                self.texts.corrected,
                word=self._quoted([one.word], ""),
                replacements=self._quoted(one.corrected_to, self.texts.quoted_or),
            )
            for one in corrections
        ]
        uncorrected = [word for word in uncorrected_words(absent_words, corrections) if word not in unmatched_words]
        for sentence, named in ((self.texts.absent, uncorrected), (self.texts.unmatched, unmatched_words)):
            if named:
                notices.append(_sentence(sentence, words=self._quoted(named, self.texts.quoted_nor)))
        return notices

    def as_typed(self, word: str) -> Markup:
        """Return the text of the link that searches for a corrected word as it was typed."""
        return _sentence(self.texts.as_typed, word=self.quote(word))

    def without_filter(self, name: str, value: str, number: int) -> Markup:
        """Return the text of the link that leaves out a filter, with the number of results that this gives."""
        named = Markup("{}: {}").format(bdi(name), bdi(value, self.texts.direction))
        results = self.counted(number, self.texts.results)
        return _sentence(self.texts.without_one, filter=named, results=results)

    def quote(self, word: str) -> Markup:
        """Return a word in quotation marks."""
        return self._quoted([word], "")

    def _quoted(self, words: Sequence[str], separator: str) -> Markup:
        return escape(separator).join(_sentence(self.texts.quoted, word=bdi(word)) for word in words)

    def script(self) -> dict[str, object]:
        """Return the words of the completion, which a script shows."""
        return {
            "suggestions": self.texts.suggestions,
            "searches": self.texts.suggested_searches,
            "titles": self.texts.suggested_titles,
            "past": self.texts.past_searches,
            "remember": self.texts.remember_searches,
            "forget": self.texts.forget_searches,
            "count": asdict(self.texts.suggestion_count),
            "digits": self.digits,
        }

    def nothing_about(self, q: str) -> Markup:
        """Return the sentence that nothing was found for a query, which keeps its own direction in it."""
        return escape(self.texts.nothing_about).format(q=bdi(q))


def _sentence(template: str, **values: str) -> Markup:
    """Return a sentence with values, which may be HTML."""
    return escape(template).format(**values)


def _day(text: str) -> str:
    """Return a date without its time, in UTC."""
    return day_name(day_of(date_range(text)[0])) if len(text) > len("2024-03") else text


def _whole(low: str, high: str) -> tuple[str, str]:
    """Return both ends of a range as years or months if it covers whole ones."""
    ends = date_range(low)[0], date_range(high)[1]
    for length in (len("2024"), len("2024-03")):
        first, last = low[:length], high[:length]
        if (date_range(first)[0], date_range(last)[1]) == ends:
            return first, last
    return low, high
