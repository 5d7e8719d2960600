"""Arabic sentences for the message codes that the search page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search_service.engines.base import MAX_WINDOW
from search_service.messages.arabic.phrases import isolated
from search_service.messages.arabic.requests import QUERIES
from search_service.messages.labels import field_label

UNITS = {"characters": "الأحرف", "values": "القيم", "words": "الكلمات", "names": "الأسماء", "tokens": "الرموز"}

DATE_FORMS = " أو ".join(isolated(form) for form in ("2024-03-11", "2024-03", "2024"))

TRY_AGAIN = "أعد المحاولة بعد قليل."
STALE = "أُنشئ هذا الفهرس بإعدادات أو نسخة أخرى من البرنامج، ويجب بناؤه من جديد."
FOREIGN = "ما يحمل هذا الاسم في محرك البحث لم تُنشئه هذه الخدمة، فلا يمكن البحث فيه."
ADMINISTRATORS = "يلزم أن يصلح القائمون على الخدمة إعداداتها."
NO_KEY = "يلزم هنا مفتاح صالح من القائمين على الخدمة، ترسله البرامج في الحقل Authorization."
NOT_ALLOWED = "لا يسمح المفتاح بهذا الطلب، أو لا يسمح به في هذا الفهرس."
LOGGED = "سُجّل الخطأ لدى القائمين على الخدمة. أعد المحاولة بعد قليل."


def _out_of_range(*, parameter: str, value: object, high: int | None = None, **_others: object) -> str:
    if parameter == "page" and (value == 0 or str(value).startswith("-")):
        return "رقم الصفحة عدد صحيح يبدأ من 1."
    if parameter in ("page", "offset") and high is not None:
        return f"هذه الصفحة بعيدة جدًا. يمكن تصفح أول {MAX_WINDOW:,} نتيجة؛ ضيّق البحث لتصل إلى ما بعدها."
    return f"قيمة الشرط «{parameter}» خارج الحدود المسموح بها."


def _not_an_integer(*, parameter: str, **_others: object) -> str:
    return "رقم الصفحة عدد صحيح يبدأ من 1." if parameter == "page" else f"قيمة الشرط «{parameter}» ليست عددًا صحيحًا."


def _too_long(*, parameter: str, unit: str, limit: int, **_others: object) -> str:
    subject = "نص البحث طويل" if parameter == "q" else f"الشرط «{_condition(parameter)}» طويل"
    return f"{subject}. الحد الأقصى لعدد {UNITS[unit]} {limit:,}."


def _not_a_date(*, parameter: str, **_others: object) -> str:
    subject = {"date_from": "تاريخ البداية", "date_to": "تاريخ النهاية"}.get(parameter, "التاريخ")
    return f"{subject} غير صالح. اكتبه هكذا: {DATE_FORMS}."


def _wrong_filter(*, parameter: str, **_others: object) -> str:
    return f"لا يمكن التصفية بالحقل «{_condition(parameter)}» أو بالقيمة المعطاة له."


def _range_reversed(*, parameter: str, low: str, high: str, **_others: object) -> str:
    if parameter == "date_from":
        return f"تاريخ البداية {low} بعد تاريخ النهاية {high}."
    ends = f"من {low} إلى {high}"
    return f"«{_condition(parameter)}» {ends}: البداية بعد النهاية."


def _condition(parameter: str) -> str:
    """Return the name of a filter or range: the name of its field."""
    name, _, field = parameter.partition(".")
    return field_label(field or name).ar


SENTENCES: Mapping[str, str | Callable[..., str]] = {
    "unknown-parameter": "الشرط «{parameter}» غير معروف في هذه الصفحة.",
    "repeated-parameter": "ورد الشرط «{parameter}» أكثر من مرة، ويجوز أن يرد مرة واحدة.",
    "mutually-exclusive": "لا يجوز الجمع بين الشرطين «{parameter}» و«{other_parameter}».",
    "out-of-range": _out_of_range,
    "not-an-integer": _not_an_integer,
    "not-a-range": _wrong_filter,
    "range-reversed": _range_reversed,
    "not-searchable": "لا يمكن البحث في الحقل «{value}».",
    "empty-list": "قيمة الشرط «{parameter}» فارغة.",
    "not-a-facet": "لا يمكن عدّ قيم الحقل «{value}».",
    "unknown-interval": "لا يمكن توزيع النتائج على الفترة «{value}».",
    "no-date-facet": "ليس في هذا الفهرس حقل تاريخ يمكن توزيع النتائج عليه.",
    "no-date-field": "ليس في هذا الفهرس حقل للتاريخ. احذف شرط التاريخ.",
    **dict.fromkeys(("answer-too-large", "page-too-large"), "وثائق هذه الصفحة أكبر من أن تُعرض معًا."),
    "unknown-step": "«{value}» ليست من خطوات فهم الاستعلام.",
    "not-sortable": "لا يمكن ترتيب نتائج هذا الفهرس على هذا النحو.",
    "not-groupable": "لا يمكن جمع النتائج حسب «{value}».",
    "not-a-tag": "لا يصلح «{value}» لتعليم المطابقات.",
    "not-filterable": _wrong_filter,
    "not-rangeable": _wrong_filter,
    **dict.fromkeys(("cursor-invalid", "cursor-outdated"), "لا تصلح قيمة الشرط «{parameter}» في هذه الصفحة."),
    "too-long": _too_long,
    "value-too-long": _wrong_filter,
    "lone-surrogate": _wrong_filter,
    "not-a-boolean": _wrong_filter,
    "not-a-number": _wrong_filter,
    "not-a-date": _not_a_date,
    "not-an-index-name": "«{value}» ليس اسمًا صالحًا لفهرس.",
    "not-one-of": "لا تصلح القيمة «{value}».",
    "unknown-analyzer": "لا يوجد محلل باسم «{value}».",
    "unknown-field": "لا يوجد في الفهرس حقل باسم «{value}».",
    "too-many-buckets": "قيم أحد الحقول أكثر من أن تُعدّ. ضيّق البحث.",
    "too-many-distinct-values": "قيم أحد الحقول أكثر من أن تُعدّ. ضيّق البحث.",
    **QUERIES,
    "date-malformed": "ليس مكتوبًا هكذا: " + DATE_FORMS,
    "date-does-not-exist": "لا يوجد يوم أو وقت كهذا",
    "date-out-of-range": "خارج السنوات من 1 إلى 9999",
    "overloaded": "الطلبات الآن أكثر مما تتسع له الخدمة. أعد المحاولة بعد ثوانٍ.",
    **dict.fromkeys(("key-required", "key-malformed", "key-unknown", "key-expired"), NO_KEY),
    **dict.fromkeys(("scope-missing", "index-not-allowed", "filter-not-applicable", "key-has-filter"), NOT_ALLOWED),
    "rate-limited": "طلباتك أكثر مما تسمح به الخدمة ({limit}). أعد المحاولة بعد {seconds} من الثواني.",
    **dict.fromkeys(
        ("keys-unreadable", "keys-malformed", "cursor-secret-unavailable"), "سُجّل الخطأ لدى القائمين على الخدمة."
    ),
    "unknown-index": "الفهرس المطلوب «{index}» غير موجود.",
    "unknown-document": "لعلها حُذفت من الفهرس أو تغيّر معرّفها.",
    **dict.fromkeys(("other-configuration", "other-schema", "unreadable-schema"), STALE),
    **dict.fromkeys(("alias-of-several", "filtered-alias", "foreign-index"), FOREIGN),
    **dict.fromkeys(("credentials-refused", "access-denied", "permission-missing"), ADMINISTRATORS),
    "index-damaged": "تغيّر ملف من ملفات هذا الفهرس أو فُقد. يلزم أن يستعيده القائمون على الخدمة أو يبنوه من جديد.",
    # The address of the engine and the reason are in the log only.
    **dict.fromkeys(
        (
            "engine-unreachable",
            "engine-timeout",
            "engine-answer-unreadable",
            "engine-overloaded",
            "changes-busy",
            "changes-waiting",
            "engine-unavailable",
            "not-elasticsearch",
            "index-closed",
            "index-read-blocked",
            "index-read-only",
            "shards-missing",
            "shard-missing",
            "no-shard-answers",
            "not-explained",
            "writer-closed",
            "commit-failed",
            "disk-full",
            "disk-read-only",
            "disk-failed",
            "process-limit-reached",
            "no-temporary-folder",
        ),
        TRY_AGAIN,
    ),
    **dict.fromkeys(("engine-fault", "engine-panic"), LOGGED),
    # A reader does not need to know which file of an index is damaged.
    **dict.fromkeys(
        ("index-file-missing", "index-file-changed", "index-file-cut-short", "index-file-unreadable"), ADMINISTRATORS
    ),
    "shards-unanswered": "لم يُجب {count} من أجزاء الفهرس وعددها {total}.",
    "search-cut-short": "طال البحث فقُطع قبل أن يكتمل.",
    "shard-lost": "أحد أجزاء الفهرس مفقود.",
    "copies-lost": "بعض نسخ أجزاء الفهرس مفقودة.",
    "no-master": "لا يمكن الكتابة في الفهرس الآن.",
    "deadline-exceeded": "ضيّق البحث أو أعد المحاولة بعد قليل.",
    "client-disconnected": TRY_AGAIN,
}
"""Each code that the page can show, with its sentence."""
