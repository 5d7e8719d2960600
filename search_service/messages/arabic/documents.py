"""Arabic sentences about documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping

DOCUMENTS: Mapping[str, str | Callable[..., str]] = {
    "not-an-object": "ليست الوثيقة كائن JSON، بل {type}.",
    "field-unknown": "ليس «{field}» من حقول المخطط. حقوله: {allowed}.",
    "field-required": "الحقل «{field}» غير موجود في الوثيقة، والمخطط يلزم به.",
    "no-values": "ليس في الوثيقة حقل له قيمة.",
    "field-repeated": "الحقل «{field}» مكرر في الوثيقة: باسمه، وباسم «{key}».",
    "id-missing": "ينقص المعرّف «id».",
    "id-too-long": "المعرّف «id» أطول من {limit:,} بايت.",
    "id-not-printable": "في المعرّف «id» محرف تحكم أو محرف لا يُرى.",
    "value-of-other-type": "قيمة «{field}» من نوع آخر: {type}. المطلوب: {expected}.",
    "value-of-other-kind": "قيمة «{field}» هي «{value}»، ولا تناسب نوع الحقل {kind}.",
    "list-not-allowed": "في «{field}» قائمة، والمخطط يسمح بقيمة واحدة (multi = false).",
    "too-many-values": "عدد القيم في «{field}» {count:,}، والحد الأقصى {limit:,}.",
    "nul-character": "في «{field}» محرف NUL عند الموضع {position:,}.",
    "surrogate-in-value": "في «{field}» نصف محرف بديل (surrogate) بلا نصفه الآخر عند الموضع {position:,}.",
    "keyword-too-long": "قيمة «{field}» أطول من {limit:,} بايت. النوع text هو المناسب للنصوص الطويلة.",
    "value-not-a-date": "قيمة «{field}» هي «{value}»، وليست تاريخًا صالحًا: {reason}.",
    "integer-too-large": "قيمة «{field}» هي {value}، وهي خارج ما بين \u2068-(2^53-1)\u2069 و\u20682^53-1\u2069.",
    "not-finite": "قيمة «{field}» ليست عددًا منتهيًا.",
    "repeated-name": "في الوثيقة كائن يتكرر فيه الاسم «{field}» (عدد المرات {count}).",
    "json-too-deep": "الوثيقة متداخلة أكثر مما ينبغي.",
    "document-too-large": "الوثيقة أكبر من {limit:,} بايت (MAX_DOCUMENT_BYTES).",
    "document-refused": "رفض محرك البحث الوثيقة: {reason}.",
    "line-unreadable": "السطر غير مقروء: {reason}.",
    "values-of-other-schema": (
        "في الوثيقة قيمة لا تناسب المخطط «{schema}»، وقد أُعيد بناء الفهرس به أثناء الطلب. أعد الطلب."
    ),
    "precondition-failed": (
        "ليست الوثيقة «{id}» في الفهرس «{index}» كما تقول الترويسة If-Match أو If-None-Match. "
        "اقرأها من جديد ثم أعد التغيير."
    ),
    "document-contended": "تتغير الوثيقة «{id}» في الفهرس «{index}» بلا انقطاع. أعد المحاولة بعد قليل.",
    "nested-too-deep": "قيمة «{field}» متداخلة أكثر مما ينبغي. الحد الأقصى لعدد الطبقات {limit}.",
}
"""Why a document is rejected, or not changed."""


def _not_json(*, reason: str, line: int | None, character: int) -> str:
    place = f"المحرف {character}" if line is None else f"السطر {line}، المحرف {character}"
    return f"ليس JSON: {reason} ({place})"


LINES: Mapping[str, str | Callable[..., str]] = {
    "json-not-utf8": lambda *, byte, value, charset: f"ليس بترميز UTF-8 (البايت {byte} قيمته {value})",  # noqa: ARG005
    "json-nul-character": "فيه المحرف NUL (المحرف {character})",
    "json-lone-surrogate": "فيه نصف محرف بديل (surrogate) بلا نصفه الآخر",
    "json-over-lines": "ليس JSON: السطر قوس واحد",
    "carriage-returns": "تنتهي أسطره بمحرف CR وحده",
    "not-json": _not_json,
}
"""Why a line with a document cannot be read."""
