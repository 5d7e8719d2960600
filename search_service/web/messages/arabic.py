"""Arabic texts of the page: numbers, dates, fields, match rules, corrections and errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index_config.field_kinds import ValueType
from index_config.schema import Field
from search_service.core.dates import date_range, day_name, day_of
from search_service.core.errors import (
    CredentialsRefused,
    DamagedIndex,
    DeadlineExceeded,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    Forbidden,
    ForeignIndex,
    InvalidParameter,
    KeysUnavailable,
    RateLimited,
    SearchServiceError,
    ServiceOverloaded,
    StaleIndex,
    Unauthenticated,
    UnknownDocument,
    UnknownIndex,
)
from search_service.messages.arabic.page import label
from search_service.messages.rendering import FrontEnd, render
from search_service.messages.rendering import title as english_title
from search_service.query.understanding.context import Correction, uncorrected_words

MONTHS = (
    "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيو",
    "تموز/يوليو", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
)  # fmt: skip

BOOLEANS = {"true": "نعم", "false": "لا", "1": "نعم", "0": "لا"}


@dataclass(frozen=True, slots=True)
class Noun:
    """The forms of a counted noun."""

    none: str
    one: str
    two: str
    few: str
    many: str


RESULTS = Noun("لا نتائج", "نتيجة واحدة", "نتيجتان", "نتائج", "نتيجة")
DOCUMENTS = Noun("لا وثائق", "وثيقة واحدة", "وثيقتان", "وثائق", "وثيقة")


@dataclass(frozen=True, slots=True)
class Notice:
    """A message instead of results.

    Attributes:
        title: what happened.
        text: the cause, or what to do.
        command: the command that solves the problem.
        detail: the English sentence, for error reports.
        way_out: the text of a link that works.
    """

    title: str
    text: str
    command: str = ""
    detail: str = ""
    way_out: str = ""


TITLES: Mapping[type[SearchServiceError], str] = {
    SearchServiceError: "",
    InvalidParameter: "في رابط الصفحة شرط غير صالح",
    Unauthenticated: "البحث هنا بمفتاح",
    Forbidden: "غير مسموح",
    RateLimited: "طلبات كثيرة",
    KeysUnavailable: "تعذّر التحقق من المفاتيح",
    UnknownDocument: "لم نجد هذه الوثيقة",
    UnknownIndex: "لا يوجد فهرس بهذا الاسم",
    ServiceOverloaded: "الخدمة مزدحمة الآن",
    StaleIndex: "الفهرس قديم",
    DamagedIndex: "الفهرس تالف",
    DeadlineExceeded: "طال البحث أكثر من الوقت المسموح به",
    ForeignIndex: "ليس من فهارس هذه الخدمة",
    CredentialsRefused: "محرك البحث يرفض طلبات الخدمة",
    EngineTimeout: "تأخر محرك البحث عن الرد",
    EngineOverloaded: "محرك البحث مشغول الآن",
    EngineUnavailable: "محرك البحث لا يستجيب",
}
"""The title of the page for each error class; a class that is not listed inherits the title of its base class."""

WAYS_OUT: Mapping[type[SearchServiceError], str] = {
    InvalidParameter: "ابحث من دون هذا الشرط",
    UnknownDocument: "العودة إلى النتائج",
    UnknownIndex: "ابحث في الفهرس المعتاد",
    ServiceOverloaded: "أعد المحاولة",
}
"""The text of the link that works, by error class."""

PUBLIC = (InvalidParameter, UnknownDocument, UnknownIndex, StaleIndex)
"""Errors whose English sentence the page shows. Of engine errors it shows the title only: the address of the engine and
the reason are in the log."""

NOTHING_HERE = Notice("لا صفحة بهذا الرابط", "لعله رابط قديم أو نُسخ ناقصًا.")
UNEXPECTED = Notice("حدث خطأ غير متوقع", "سُجّل الخطأ لدى القائمين على الخدمة. أعد المحاولة بعد قليل.")
PARTIAL = "النتائج ناقصة، فقد تعذّر البحث في جزء من الفهرس. أعد المحاولة بعد قليل لتراها كاملة."
NO_SUCH_PAGE = "نتائج هذا البحث أقل من أن تبلغ هذه الصفحة."


def counted(number: int, noun: Noun) -> str:
    """Return a number with its noun.

    >>> [counted(n, RESULTS) for n in (0, 1, 2, 3, 11, 100, 102, 1103)]
    ['لا نتائج', 'نتيجة واحدة', 'نتيجتان', '3 نتائج', '11 نتيجة', '100 نتيجة', '102 نتيجة', '1,103 نتائج']
    """
    if number <= 2:
        return (noun.none, noun.one, noun.two)[number]
    return f"{number:,} {noun.few if 3 <= number % 100 <= 10 else noun.many}"


def date_words(text: str) -> str:
    """Return a date in Arabic, its day in UTC; a month or a year keeps its precision.

    >>> date_words("2024-03-11T07:40:00Z"), date_words("2024-03"), date_words("0950")
    ('11 آذار/مارس 2024', 'آذار/مارس 2024', '950')
    """
    if len(text) > len("2024-03"):
        text = day_name(day_of(date_range(text)[0]))
    year, *rest = (int(part) for part in text.split("-"))
    month = [MONTHS[rest[0] - 1]] if rest else []
    day = [str(rest[1])] if len(rest) > 1 else []
    return " ".join([*day, *month, str(year)])


def range_words(low: str, high: str) -> str:
    """Return a range of dates in Arabic; either end can be empty. Whole years and months are named as such.

    >>> range_words("2024-03-01", ""), range_words("2024-01-01", "2024-02-29")
    ('منذ 1 آذار/مارس 2024', 'كانون الثاني/يناير 2024 – شباط/فبراير 2024')
    """
    if low and high:
        low, high = _whole(low, high)
        return date_words(low) if low == high else f"{date_words(low)} – {date_words(high)}"
    return f"منذ {date_words(low)}" if low else f"حتى {date_words(high)}"


def _whole(low: str, high: str) -> tuple[str, str]:
    """Return both ends of a range as years or months if it covers whole ones."""
    ends = date_range(low)[0], date_range(high)[1]
    for length in (len("2024"), len("2024-03")):
        first, last = low[:length], high[:length]
        if (date_range(first)[0], date_range(last)[1]) == ends:
            return first, last
    return low, high


def value_words(field: Field, value: object) -> str:
    """Return the text of a keyword, number, boolean or date."""
    if field.kind.value_type is ValueType.BOOLEAN:
        return BOOLEANS.get(str(value).lower(), str(value))
    if field.kind.value_type is ValueType.DATE:
        return date_words(str(value))
    return str(value)


def order_words(name: str, date: str) -> str:
    """Return the name of an order of results; `date` is the schema's date field.

    >>> order_words("-date", "date"), order_words("price", "date")
    ('الأحدث', 'السعر: تصاعديًا')
    """
    if name == "relevance":
        return "الأوثق صلة"
    field = name.removeprefix("-")
    if field == date:
        return "الأقدم" if name == field else "الأحدث"
    return f"{label(field)}: {'تصاعديًا' if name == field else 'تنازليًا'}"


def rule_words(rule: str, relaxed: bool) -> str:
    """Return the explanation of a match rule; empty if it matches as users expect."""
    if rule == "any" and relaxed:
        return "ما يجمع كلمات بحثك كلها قليل، لذلك نعرض أيضًا ما يحوي بعضها."
    if rule == "most":
        return "نعرض ما يحوي ثلث كلمات بحثك على الأقل."
    if relaxed:
        return "لم نجد العبارة كما كُتبت بين علامتي التنصيص، فبحثنا عن كلماتها."
    return ""


def correction_words(correction: Correction) -> str:
    """Return the notice about a corrected word.

    >>> correction_words(Correction("الاقتصاض", ("الاقتصاد", "الاقتصار")))
    'لا تحوي أي وثيقة «الاقتصاض»، فبحثنا عن «الاقتصاد» أو «الاقتصار».'
    """
    replacements = " أو ".join(f"«{word}»" for word in correction.corrected_to)
    return f"لا تحوي أي وثيقة «{correction.word}»، فبحثنا عن {replacements}."


def word_notices(absent_words: Sequence[str], corrections: Sequence[Correction]) -> list[str]:
    """Return the notices about corrected words and about other words that no document contains.

    >>> word_notices(["يعقوبه", "عقوبة"], [])
    ['لا تحوي أي وثيقة «يعقوبه» ولا «عقوبة» بهذه الصيغة.']
    """
    notices = list(map(correction_words, corrections))
    if uncorrected := uncorrected_words(absent_words, corrections):
        words = " ولا ".join(f"«{word}»" for word in uncorrected)
        notices.append(f"لا تحوي أي وثيقة {words} بهذه الصيغة.")
    return notices


def error_notice(error: SearchServiceError) -> Notice:
    """Return the notice for an error of the service."""
    title = next(TITLES[kind] for kind in type(error).__mro__ if kind in TITLES)
    if not title:
        return UNEXPECTED
    technical = error if isinstance(error, PUBLIC) else None
    return Notice(
        title,
        render(error, FrontEnd.PAGE),
        detail=render(technical, FrontEnd.QUERY_STRING) if technical else english_title(error),
        way_out=next((text for kind, text in WAYS_OUT.items() if isinstance(error, kind)), ""),
    )


def no_index(index: str) -> Notice:
    """Return the notice of a service without an index."""
    text = "الخدمة تعمل، لكنها لم تُزوَّد بوثائق بعد. لبناء الفهرس الأول نفّذ هذا الأمر ثم أعد تحميل الصفحة:"
    return Notice("لا يوجد فهرس بعد", text, f"arabic-search reindex {index} examples/news.jsonl")
