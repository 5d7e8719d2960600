"""Arabic sentences about documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping

DOCUMENTS: Mapping[str, str | Callable[..., str]] = {
    "not-an-object": "ليست الوثيقة كائن JSON، بل {type}.",
    "field-unknown": "ليس «{field}» من حقول المخطط. حقوله: {allowed}.",
    "field-required": "الحقل «{field}» غير موجود في الوثيقة، والمخطط يلزم به.",
    "no-values": "ليس في الوثيقة حقل له قيمة.",
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
    "nested-too-deep": "قيمة «{field}» متداخلة أكثر مما ينبغي. الحد الأقصى لعدد الطبقات {limit}.",
}
"""Why a document is rejected."""
