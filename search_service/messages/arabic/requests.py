"""Arabic sentences about requests and HTTP itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search_service.messages.arabic.phrases import DATE_FORMS, INDEX_NAME_RULE, UNITS, allowed_range


def _out_of_range(*, parameter: str, value: object, low: object, high: object = None) -> str:
    return f"قيمة «{parameter}» هي {value}. المسموح به: {allowed_range(low, high)}."


def _too_long(*, parameter: str, count: int, limit: int, unit: str) -> str:
    return f"«{parameter}» أطول من المسموح به: عدد {UNITS[unit]} {count:,}، والحد الأقصى {limit:,}."


REQUESTS: Mapping[str, str | Callable[..., str]] = {
    "unknown-parameter": "ليس «{parameter}» من معاملات هذا الطلب. المسموح به: {allowed}.",
    "repeated-parameter": "ورد المعامل «{parameter}» أكثر من مرة (عدد المرات {count}). اكتبه مرة واحدة.",
    "missing-parameter": "المعامل «{parameter}» غير موجود في الطلب، وهو لازم. المطلوب: {expected}.",
    "mutually-exclusive": "لا يجوز الجمع بين المعاملين «{parameter}» و«{other_parameter}». استعمل أحدهما.",
    "wrong-type": "نوع قيمة «{parameter}» غير صحيح. المطلوب: {expected}.",
    "out-of-range": _out_of_range,
    "not-an-integer": "قيمة «{parameter}» هي «{value}»، وليست عددًا صحيحًا.",
    "not-a-boolean": "قيمة «{parameter}» هي «{value}». المسموح به: true أو false.",
    "not-a-number": "قيمة «{parameter}» هي «{value}»، وليست عددًا. نوع الحقل {kind}.",
    "not-a-date": "قيمة «{parameter}» هي «{value}»، وليست تاريخًا صالحًا: {reason}.",
    "cursor-invalid": "قيمة «{parameter}» ليست مؤشرًا لهذا البحث: غُيّرت، أو هي لاستعلام آخر أو ترشيح أو ترتيب أو فهرس "
    "آخر. ابدأ من جديد بالقيمة *.",
    "cursor-outdated": "تغيّرت الوثائق حتى صار الاستعلام يُفهم على وجه آخر. ابدأ من جديد بالقيمة * في «{parameter}».",
    "range-reversed": "يبدأ «{parameter}» من «{low}»، بعد نهايته «{high}». بدّل بينهما.",
    "not-a-range": "قيمة «{parameter}» ليست مدى. اكتبها هكذا: {range_form}.",
    "too-long": _too_long,
    "value-too-long": "في «{parameter}» قيمة حجمها {count:,} بايت، والحد الأقصى {limit:,}.",
    "lone-surrogate": "في «{parameter}» نصف محرف بديل (surrogate) بلا نصفه الآخر. أرسل نصًا صالحًا بترميز Unicode.",
    "empty-list": "قائمة «{parameter}» فارغة. المسموح به: {allowed}.",
    "unknown-field": "في «{parameter}»: ليس «{value}» من حقول الفهرس. المسموح به: {allowed}.",
    "not-searchable": "في «{parameter}»: لا يُبحث في الحقل «{value}». المسموح به: {allowed}.",
    "not-a-facet": "في «{parameter}»: لا تُعدّ قيم الحقل «{value}» (facet = true في المخطط). المسموح به: {allowed}.",
    "not-groupable": "في «{parameter}»: لا تُجمع النتائج حسب «{value}». المسموح به: {allowed}.",
    "not-a-tag": "في «{parameter}»: ليس «{value}» وسمًا آمنًا في صفحة. المسموح به: {allowed}.",
    "not-filterable": "في «{parameter}»: لا يُرشّح بالحقل «{field}». المسموح به: {allowed}.",
    "not-rangeable": "في «{parameter}»: لا يقبل الحقل «{field}» مدى. المسموح به: {allowed}.",
    "not-sortable": "في «{parameter}»: لا يمكن ترتيب النتائج حسب «{value}». المسموح به: {allowed}.",
    "unknown-interval": "في «{parameter}»: ليست «{value}» من الفترات المعروفة. المسموح به: {allowed}.",
    "no-date-facet": "ليس في الفهرس حقل تاريخ تُعدّ قيمه (facet = true). احذف «{parameter}».",
    "no-date-field": "ليس في الفهرس حقل تاريخ. احذف «{parameter}».",
    "unknown-step": "في «{parameter}»: ليست «{value}» من خطوات فهم الاستعلام. المسموح به: {allowed}.",
    "unknown-analyzer": "في «{parameter}»: ليس «{value}» اسم محلل. المسموح به: {allowed}.",
    "not-one-of": "في «{parameter}»: لا تصلح القيمة «{value}». المسموح به: {allowed}.",
    "unknown-schema": "في «{parameter}»: ليس مع الخدمة مخطط اسمه «{value}». المسموح به: {allowed}، أو مخطط بصيغة JSON.",
    "schema-invalid": "في «{parameter}» خطأ: {problem}. المطلوب: {allowed}.",
    "condition-required": "لا مرشّح في الطلب ولا مدى ولا تاريخ. لحذف كل الوثائق احذف الفهرس.",
    "value-required": "في «{parameter}» شرط بلا قيمة. اذكر قيمة واحدة على الأقل.",
    "id-differs": "في «{parameter}» القيمة «{value}»، والمعرّف في العنوان «{id}». احذفه أو اجعله كما في العنوان.",
    "content-type-unsupported": "متن الطلب من النوع «{value}»، وهذه العملية تقرأ: {allowed}.",
    "not-an-index-name": "في «{parameter}»: ليس «{value}» اسمًا صالحًا لفهرس. المسموح به: " + INDEX_NAME_RULE + ".",
    "too-many-distinct-values": (
        "في «{parameter}»: عدد القيم المختلفة للحقل {fields} أكبر من {limit:,}. ضيّق الاستعلام أو وسّع الفترة."
    ),
    "too-many-buckets": "القيم أكثر من أن يعدّها Elasticsearch ({reason}). وسّع الفترة في «{parameter}».",
    "page-too-large": (
        "تجاوزت الصفحة {limit:,} بايت، ولم يتسع فيها من الوثائق غير {count}. اطلب أقل منها بالمعامل «{parameter}»."
    ),
    "answer-too-large": "حجم الرد {count:,} بايت، والحد الأقصى {limit:,}. اطلب أقل من ذلك بالمعامل «{parameter}».",
    "body-not-json": "متن الطلب ليس JSON ({reason}). أرسل كائن JSON بترميز UTF-8.",
    "body-not-an-object": "متن الطلب JSON، لكنه ليس كائنًا. أرسل كائنًا.",
    "body-too-deep": "متن الطلب متداخل أكثر مما ينبغي. لا يحتاج أي طلب إلى أكثر من ثلاث طبقات.",
    "body-incomplete": "متن الطلب ناقص: إحدى قطعه غير صالحة، أو انقطع الاتصال.",
    "body-too-large": "حجم متن الطلب أكبر من {limit:,} بايت. أرسل نصًا أقصر.",
    "body-timeout": "لم يصل متن الطلب في الوقت المحدد. أرسله أسرع.",
    "deadline-exceeded": (
        "لم يكتمل الطلب في {seconds:g} من الثواني. قلّل الكلمات أو الحقول المعدودة أو الوثائق، أو امنحه وقتًا أطول."
    ),
    "client-disconnected": "أغلق العميل الاتصال قبل أن يكتمل الطلب.",
}
"""Errors of a request."""


HTTP: Mapping[str, str | Callable[..., str]] = {
    "overloaded": "الطلبات الآن أكثر مما تتسع له الخدمة. أعد المحاولة بعد قليل.",
    "unknown-route": "لا شيء في هذا العنوان. واجهة HTTP موصوفة في \u2068/docs\u2069 و\u2068/openapi.json\u2069.",
    "method-not-allowed": "لا تُستعمل هذه الطريقة مع هذا العنوان. المسموح به: {allowed}.",
    "request-invalid": "ليس الطلب طلب HTTP صالحًا.",
    "request-line-invalid": "سطر الطلب غير صالح. المطلوب: الطريقة ثم المسار ثم HTTP/1.1، وبينها مسافات.",
    "request-line-too-long": (
        "سطر الطلب أطول من {limit:,} بايت (يشغل الحرف العربي 6 منها). أرسل الاستعلامات الطويلة بطريقة POST."
    ),
    "request-timeout": "لم تصل حقول الترويسة في الوقت المحدد. أرسلها أسرع.",
    "header-invalid": "في الترويسة حقل غير صالح.",
    "head-too-large": "الترويسة كبيرة. المسموح به: {fields} حقل، كل منها {size:,} بايت، ومجموعها 40,960 بايت.",
    "host-missing": "ينقص حقل الترويسة Host، وهو لازم في HTTP/1.1.",
    "http-version-unsupported": "إصدار HTTP هذا غير مدعوم. استعمل HTTP/1.1.",
    "transfer-coding-unsupported": "ترميز النقل هذا غير مدعوم. استعمل chunked أو Content-Length.",
    "expectation-unsupported": "هذا التوقع غير مدعوم. أرسل \u2068Expect: 100-continue\u2069 أو لا ترسل شيئًا.",
    "internal-error": "حدث خطأ غير متوقع، وقد سُجّل.",
}
"""Refusals of a request before its parameters are read, and failures of the service itself."""


def _keys_file(place: str) -> str:
    return f"ملف المفاتيح {place}" if place else "ملف المفاتيح"


ACCESS: Mapping[str, str | Callable[..., str]] = {
    "key-required": "يلزم هذا الطلبَ مفتاح. أرسله في حقل الترويسة \u2068Authorization: Bearer KEY\u2069.",
    "key-malformed": "المفتاح ناقص أو محرّف. أرسله كله، من \u2068ars_\u2069 إلى آخر رقم فيه.",
    "key-unknown": "لا يوجد مفتاح كهذا، أو أُلغي. اطلب غيره من المسؤولين.",
    "key-expired": "انتهت صلاحية المفتاح. اطلب غيره من المسؤولين.",
    "scope-missing": "لا يسمح المفتاح بهذا، إذ تنقصه الصلاحية {scope}.",
    "index-not-allowed": "لا يسمح المفتاح بالفهرس «{index}». المسموح به: {allowed}.",
    "filter-not-applicable": "لا يناسب ترشيح المفتاح الفهرس «{index}»، فلا يمكن استعماله معه: {reason}",
    "key-has-filter": "المفتاح الذي له ترشيح للبحث فقط. استعمل مفتاحًا بلا ترشيح.",
    "rate-limited": "الطلبات أكثر من المسموح به، وهو {limit}. أعد المحاولة بعد {seconds} من الثواني.",
    "keys-unreadable": lambda *, place, reason: f"لا تمكن قراءة {_keys_file(place)} ({reason}).",
    "keys-malformed": lambda *, place, count: f"{_keys_file(place)} تالف (عدد الأخطاء {count}). استعد نسخة سليمة منه.",
    "cursor-secret-unavailable": lambda *, place, reason: (
        f"لا يمكن استعمال سر المؤشرات {place} ({reason}). اضبط \u2068CURSOR_SECRET\u2069."
    ),
}
"""Keys, and refusals of callers."""


DATES: Mapping[str, str | Callable[..., str]] = {
    "date-malformed": "ليس مكتوبًا هكذا: " + DATE_FORMS,
    "date-does-not-exist": "لا يوجد يوم أو وقت كهذا",
    "date-out-of-range": "خارج السنوات من 1 إلى 9999",
}


QUERIES: Mapping[str, str | Callable[..., str]] = {
    "star-ignored": "أُهملت النجمة في «{text}»: تُكتب بعد أول الكلمة وتنوب عن بقيتها.",
    "prefix-too-short": "أُهملت النجمة في «{text}»: اكتب قبلها {limit} أحرف على الأقل.",
    "slop-ignored": "أُهمل الرقم بعد {text}: يلزم بين علامتي التنصيص من كلمتين إلى {limit} كلمات مختلفة.",
    "slop-too-large": "الرقم بعد {text} كبير، فاستُعمل {limit} بدلًا منه.",
    "or-ignored": "أُهملت «{text}»: يلزم قبلها وبعدها كلمة أو عبارة غير مستثناة.",
    "operator-ignored": "أُهمل «{text}» لأنه بلا كلمة.",
    "excluded-by-word": "استُثنيت الوثائق التي فيها «{text}» لأن قبلها «ليس». احذف «ليس» إن أردت البحث عنها.",
    "field-value-ignored": "لا يُبحث في الحقل «{field}» عن «{value}»، فعُدّ ذلك كلامًا عاديًا.",
    "quote-unpaired": "أُهملت علامة تنصيص لا ثانية لها.",
}
"""What of a query is ignored, or read otherwise than most texts; the page says the same."""


TIERS: Mapping[str, str | Callable[..., str]] = {
    "tier-lemma": "صيغ الكلمة",
    "tier-expansion": "جموع التكسير، والأخطاء الإملائية، وكلمات أخرى قد تكون مقصودة",
    "tier-variant": "رسم آخر للكلمة",
    "tier-exact": "الكلمة كما كُتبت",
    "tier-shingle": "كلمتان متجاورتان",
    "tier-prefix": "أول الكلمة",
    "tier-exact-phrase": "الاستعلام كله كلمة بكلمة",
    "tier-coverage": "كثرة ما في الوثيقة من كلمات الاستعلام",
    "tier-recency": "تاريخ من الأيام الأخيرة",
    "tier-lead": "صيغ الكلمة قرب بداية النص",
    "tier-ngram": "كلمات شبيهة: مقاطع من أربعة أحرف",
}
"""What the ranking tiers score."""
