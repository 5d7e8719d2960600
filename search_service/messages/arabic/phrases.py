"""The phrases that Arabic sentences share: titles, types, allowed values, formats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from search_service.core.errors import (
    BodyTimeout,
    BodyTooLarge,
    ClientDisconnected,
    ContentTypeUnsupported,
    CredentialsRefused,
    DamagedIndex,
    DeadlineExceeded,
    EngineFault,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    Forbidden,
    ForeignIndex,
    IndexExists,
    IndexReadOnly,
    InvalidDocument,
    InvalidParameter,
    JobFailed,
    JobRunning,
    KeysUnavailable,
    NothingToIndex,
    PreconditionFailed,
    RateLimited,
    RebuildFailed,
    SearchServiceError,
    ServiceOverloaded,
    StaleIndex,
    StorageUnavailable,
    Unauthenticated,
    UnknownDocument,
    UnknownIndex,
    UnknownJob,
    WriterBusy,
)

TITLES: Mapping[type[SearchServiceError], str] = {
    SearchServiceError: "تعذّر تنفيذ الطلب",
    InvalidParameter: "معامل غير صالح",
    BodyTooLarge: "متن الطلب أكبر من المسموح به",
    ContentTypeUnsupported: "نوع متن الطلب غير مدعوم",
    BodyTimeout: "تأخر وصول متن الطلب",
    ServiceOverloaded: "الخدمة مزدحمة",
    Unauthenticated: "يلزم مفتاح صالح",
    Forbidden: "غير مسموح به",
    RateLimited: "طلبات أكثر من المسموح به",
    KeysUnavailable: "لا يمكن التحقق من المفاتيح",
    PreconditionFailed: "تغيّرت الوثيقة",
    UnknownIndex: "فهرس غير موجود",
    IndexExists: "الاسم لفهرس موجود",
    UnknownDocument: "وثيقة غير موجودة",
    InvalidDocument: "وثيقة غير صالحة",
    UnknownJob: "عمل غير موجود",
    JobRunning: "في الفهرس عمل جارٍ",
    JobFailed: "لم يكتمل العمل",
    RebuildFailed: "تعذّر بناء الفهرس من جديد",
    NothingToIndex: "تعذّر بناء الفهرس من جديد",
    WriterBusy: "الفهرس مشغول بكتابة أخرى",
    StaleIndex: "يجب بناء الفهرس من جديد",
    ForeignIndex: "ليس من فهارس هذه الخدمة",
    EngineUnavailable: "محرك البحث غير متاح",
    DamagedIndex: "الفهرس تالف",
    StorageUnavailable: "لا يمكن استعمال ملفات الفهارس",
    EngineTimeout: "تأخر محرك البحث عن الرد",
    DeadlineExceeded: "طال الطلب أكثر من المسموح به",
    ClientDisconnected: "انقطع اتصال العميل",
    EngineOverloaded: "محرك البحث مزدحم",
    CredentialsRefused: "محرك البحث يرفض الخدمة",
    EngineFault: "لم يستطع محرك البحث تنفيذ الطلب",
    IndexReadOnly: "لا يمكن الكتابة في الفهرس",
}
"""The title of each error class; a class that is not listed inherits the title of its base class."""

STATUSES: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "طلب غير صالح",
    HTTPStatus.NOT_FOUND: "لا شيء في هذا العنوان",
    HTTPStatus.METHOD_NOT_ALLOWED: "طريقة غير مسموح بها",
    HTTPStatus.REQUEST_TIMEOUT: "تأخر وصول الطلب",
    HTTPStatus.REQUEST_URI_TOO_LONG: "عنوان أطول من المسموح به",
    HTTPStatus.EXPECTATION_FAILED: "توقّع لا يمكن تلبيته",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "ترويسة أكبر من المسموح به",
    HTTPStatus.INTERNAL_SERVER_ERROR: "خطأ داخلي",
    HTTPStatus.NOT_IMPLEMENTED: "غير مدعوم",
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED: "إصدار HTTP غير مدعوم",
}
"""The titles of errors of HTTP itself; in English they are the phrases of the standard."""

NOT_READY = "الخدمة غير جاهزة"

NONE = "لا شيء"
"""Stands for an empty list."""

INDEX_NAME_RULE = "الأحرف a-z والأرقام 0-9 و_ و-، ويبدأ بحرف، وطوله 63 محرفًا على الأكثر"

_FIRST_STRONG, _END = "\u2068", "\u2069"

_PLAIN = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_.:/-]*[A-Za-z0-9_/])?|[0-9]+|[ء-ي\u064b-\u0652]+")
"""Texts that keep their order inside an Arabic sentence."""


def isolated(value: str, *, always: bool = False) -> str:
    """Return a value for the middle of an Arabic sentence: isolated (UAX #9) if its order could change there.

    >>> isolated("date"), isolated("filter.category"), len(isolated("-date")), len(isolated("2024-03-11"))
    ('date', 'filter.category', 7, 12)
    """
    return value if not always and _PLAIN.fullmatch(value) else f"{_FIRST_STRONG}{bare(value)}{_END}"


def bare(text: str) -> str:
    """Return a text without the marks of `isolated`.

    >>> bare(isolated("-date"))
    '-date'
    """
    return text.replace(_FIRST_STRONG, "").replace(_END, "")


DATE_FORMS = (
    " أو ".join(isolated(form) for form in ("2024-03-11", "2024-03-11T07:40:00Z", "2024-03", "2024"))
    + " (السنوات من 0001 إلى 9999)"
)

OPEN_RANGE = "(احذف أحد الطرفين لمدى مفتوح)"
RANGE_IN_QUERY = f"\u2068LOW..HIGH\u2069 {OPEN_RANGE}"
RANGE_IN_BODY = f'\u2068{{"from": LOW, "to": HIGH}}\u2069 {OPEN_RANGE}'

TYPES: Mapping[str, str] = {
    "array": "قائمة",
    "array of strings": "قائمة نصوص",
    "array of objects": "قائمة كائنات",
    "boolean": "true أو false",
    "boolean or array of strings": "true أو false أو قائمة حقول",
    "integer": "عدد صحيح",
    "null": "null",
    "number": "عدد",
    "object": "كائن JSON",
    "string": "نص",
    "string or object": "نص أو كائن JSON",
    "value or array of values": "نص أو عدد صحيح أو true أو false، أو قائمة منها",
}
"""Types of JSON values."""

UNITS: Mapping[str, str] = {
    "characters": "المحارف",
    "values": "القيم",
    "words": "الكلمات",
    "names": "الأسماء",
    "tokens": "الرموز",
    "searches": "عمليات البحث",
}

ALLOWED: Mapping[str, str] = {
    "mutually-exclusive": "أحدهما فقط",
    "not-a-boolean": "true أو false",
    "not-a-date": DATE_FORMS,
    "not-an-index-name": INDEX_NAME_RULE,
    "not-an-integer": "عدد صحيح",
    "repeated-parameter": "مرة واحدة",
}
"""The allowed values of errors whose parameters do not include them."""


def allowed_range(low: object, high: object) -> str:
    """Return the bounds of a number.

    >>> allowed_range(1, None), allowed_range(0, 100)
    ('1 فأكثر', 'من 0 إلى 100')
    """
    return f"{low} فأكثر" if high is None else f"من {low} إلى {high}"


def at_most(limit: object) -> str:
    """Return the largest number that is allowed.

    >>> at_most(8)
    '8 على الأكثر'
    """
    return f"{limit} على الأكثر"
