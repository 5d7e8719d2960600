"""Arabic sentences about indexes, engines and partial results."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search_service.messages.arabic.phrases import NONE, allowed_range, bare, isolated

RENAME_OR_REMOVE = "اختر اسمًا آخر، أو احذفه بالبرنامج الذي أنشأه."


def _unknown_index(*, index: str, known: str | None = None, place: str = "") -> str:
    existing = " لم يُنشأ أي فهرس بعد." if known == NONE else f" الفهارس الموجودة: {known}."
    existing = " مجلد الفهارس (INDEX_DIR) غير موجود." if place else existing
    return f"لا يوجد فهرس باسم «{index}».{'' if known is None and not place else existing}"


def _writer_busy(*, index: str, pid: int | None, host: str, work: str, since: str) -> str:
    holder = f"العملية رقم {pid}" if pid else "عملية لا يُعرف رقمها بعد"
    holder += f" على {host}" if host else ""
    holder += f"، {work} منذ {since}" if work else ""
    return f"تكتب {holder} في الفهرس «{index}» الآن. أعد المحاولة بعد أن تنتهي."


def _all_rejected(*, index: str, count: int, place: str, reasons: str, hint: str | None) -> str:  # noqa: ARG001
    return f"لم يبق ما يُبنى منه الفهرس «{index}»: رُفضت كل الوثائق ({count:,}). الفهرس كما كان. {reasons}."


def _command(before: str, index: str, after: str) -> str:
    """Return a command, which can be copied: nothing invisible is inside it."""
    return isolated(bare(f"arabic-search {before} {index} {after}"))


def _node(address: str) -> str:
    return f"Elasticsearch ({address})" if address else "Elasticsearch"


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _of_index(index: str) -> str:
    return f"ملفات الفهرس «{index}»" if index else "ملفات الفهارس"


def _not_elasticsearch(*, address: str, reason: str) -> str:
    page = f"صفحة عنوانها «{reason}»" if reason else "صفحة بلا عنوان"
    return f"لم يرد الخادم {address} كما يرد Elasticsearch، بل أرسل {page}. راجع ELASTICSEARCH_URL."


INDEXES: Mapping[str, str | Callable[..., str]] = {
    "unknown-index": _unknown_index,
    "unknown-document": "ليس في الفهرس «{index}» وثيقة معرّفها «{id}».",
    "index-has-other-schema": (
        "الفهرس «{index}» موجود بمخطط آخر اسمه «{schema}»، ولم يتغيّر. اختر اسمًا آخر، أو أعد بناءه بالمخطط المطلوب."
    ),
    "unknown-job": ("ليس في الفهرس «{index}» عمل معرّفه «{id}». يُنسى العمل بعد شهر من انتهائه، أو بعد 20 عملًا بعده."),
    "job-running": "يشغل العمل {id} الفهرس «{index}» الآن. انتظر حتى ينتهي، أو ألغه.",
    "job-killed": "قُتلت عملية هذا العمل، والفهرس كما كان قبله. ابدأ العمل من جديد.",
    "job-interrupted": "طُلب من عملية العمل أن تنتهي، كما يحدث عند إيقاف الجهاز. الفهرس كما كان. ابدأ العمل ثانية.",
    "all-rejected": _all_rejected,
    "lease-lost": "انتهت مدة حجز الفهرس «{index}» ولم تجددها العملية في وقتها. ابدأ البناء من جديد.",
    "merge-failed": "أخفق دمج المقاطع: {reason}.",
    "merge-lost": "توقفت عقدة Elasticsearch التي كانت تدمج المقاطع. ابدأ البناء من جديد.",
    "wrong-count": lambda *, count, low, high: f"في الجيل الجديد {count:,} وثيقة، والمنتظر {allowed_range(low, high)}.",
    "copy-differs": ("في الفهرس {expected:,} وثيقة وفي نسخته {count:,}: حذف برنامج آخر بعضها أثناء النسخ. أعد النسخ."),
    "document-not-found": "لا يجد الجيل الجديد الوثيقة «{id}» بمعرّفها أو بكلماتها ({words}).",
    "other-configuration": lambda *, index: (
        f"بُني الفهرس «{index}» بإعدادات أخرى. أعد بناءه: {_command('reindex', index, '--from-stored')}"
    ),
    "other-schema": lambda *, index, schema: (
        f"بُني الفهرس «{index}» بنسخة أخرى من المخطط «{schema}». "
        f"أعد بناءه: {_command('reindex', index, 'SOURCE')} (أو {isolated('--from-stored')})"
    ),
    "unreadable-schema": lambda *, index, reason: (
        f"بُني الفهرس «{index}» بمخطط لا تقرؤه هذه النسخة ({reason}). "
        f"أعد بناءه: {_command('reindex', index, '--from-stored --schema SCHEMA')}"
    ),
    "alias-of-several": "«{index}» اسم مستعار لعدة فهارس ({names}). " + RENAME_OR_REMOVE,
    "filtered-alias": "«{index}» اسم مستعار فيه ترشيح أو توجيه. " + RENAME_OR_REMOVE,
    "foreign-index": "«{index}» فهرس في Elasticsearch لم تنشئه هذه الخدمة. " + RENAME_OR_REMOVE,
    "writer-busy": _writer_busy,
    "index-damaged": lambda *, index, problem: (
        f"الفهرس «{index}» تالف: {problem}. استعد نسخة احتياطية ({_command('restore FILE', index, '--replace')}) "
        f"أو أعد بناءه ({_command('reindex', index, 'SOURCE')})."
    ),
    "index-file-missing": "ملفه {file} مفقود",
    "index-file-changed": "تغيّر ملفه {file} بعد كتابته",
    "index-file-cut-short": "نهاية ملفه {file} مفقودة",
    "change-queue-damaged": "ملفه {file} تالف، وفيه تغييرات اللحظات الأخيرة",
    "changes-busy": "تغيّر عمليات أخرى الفهرس «{index}» الآن. أعد المحاولة بعد قليل.",
    "changes-waiting": (
        "بلغت التغييرات المنتظرة في الفهرس «{index}» حدّها {limit:,}. "
        "أعد المحاولة بعد أن ينتهي التحميل أو البناء الذي يشغل الفهرس."
    ),
    "index-file-unreadable": "لا يستطيع القرص قراءة ملفه {file} ({reason})",
}
"""Errors of an index."""


ENGINES: Mapping[str, str | Callable[..., str]] = {
    "engine-unreachable": lambda *, address, reason, setting: (
        f"لا يمكن الوصول إلى {_node(address)}{_because(reason)}. راجع {setting}، وتأكد أنه يعمل."
    ),
    "engine-timeout": lambda *, address: (
        f"لم يرد {_node(address)} في الوقت المحدد. أعد المحاولة، أو ارفع الحد (ELASTICSEARCH_TIMEOUT)."
    ),
    "engine-answer-unreadable": "لا يمكن قراءة رد Elasticsearch: هو مقطوع أو تالف.",
    "engine-overloaded": lambda *, address, reason: f"{_node(address)} مزدحم{_because(reason)}. أعد المحاولة بعد قليل.",
    "engine-unavailable": lambda *, address, reason: (
        f"{_node(address)} غير متاح{_because(reason)}. أعد المحاولة بعد قليل."
    ),
    "not-elasticsearch": _not_elasticsearch,
    "credentials-refused": lambda *, address: (
        f"لا يقبل {_node(address)} بيانات دخول الخدمة. "
        "اضبط ELASTICSEARCH_API_KEY، أو ELASTICSEARCH_USER مع ELASTICSEARCH_PASSWORD."
    ),
    "access-denied": lambda *, address, reason: (
        f"يمنع {_node(address)} عن الخدمة صلاحية تحتاج إليها{_because(reason)}."
    ),
    "engine-fault": lambda *, address, status, reason: f"ردّ {_node(address)} بالحالة {status}{_because(reason)}.",
    "engine-panic": ("أخفق محرك البحث، مع أن ملفات الفهرس «{index}» سليمة. هذا خطأ في البرنامج، وتفصيله في السجل."),
    "index-closed": "الفهرس «{index}» مغلق في Elasticsearch. افتحه بالبرنامج الذي أغلقه.",
    "index-read-blocked": "قراءة الفهرس «{index}» ممنوعة في Elasticsearch ({reason}).",
    "index-read-only": "لا يقبل الفهرس «{index}» الكتابة، وأكثر ما يكون ذلك لامتلاء القرص ({reason}).",
    "shards-missing": "لا يرد من أجزاء الفهرس «{index}» غير {count}، وعددها {total}.",
    "shard-missing": "أحد أجزاء الفهرس «{index}» لا يرد ({reason}).",
    "no-shard-answers": "لا يمكن البحث في الفهرس «{index}»: {degraded}.",
    "not-explained": "لا يمكن شرح درجة الوثيقة «{id}»: {degraded}.",
    "writer-closed": "أُغلق هذا الكاتب. افتح غيره.",
    "commit-failed": "أخفقت الكتابة في الفهرس: {reason}.",
    "disk-full": lambda *, index, reason, place: (  # noqa: ARG005
        f"لم تبق مساحة لأجل {_of_index(index)} ({reason}). ما ثُبّت محفوظ. وفّر مساحة وأعد المحاولة."
    ),
    "disk-read-only": lambda *, index, place: (  # noqa: ARG005
        f"لا تمكن الكتابة في {_of_index(index)}: نظام الملفات للقراءة فقط."
    ),
    "disk-failed": lambda *, index, reason, place: (  # noqa: ARG005
        f"لا يمكن استعمال {_of_index(index)}{_because(reason)}."
    ),
    "permission-missing": lambda *, index, user, place: (  # noqa: ARG005
        f"ليست للمستخدم «{user}» صلاحية على {_of_index(index)}. يلزمه أن يقرأها، وأن يكتب فيها ليغيّر فهرسًا."
    ),
    "jobs-unwritable": lambda *, reason, place: f"لا تمكن قراءة ملفات الأعمال أو كتابتها{_because(reason)}.",  # noqa: ARG005
    "job-not-started": "لا يمكن بدء عملية لهذا العمل ({reason}). أعد المحاولة لاحقًا.",
    "process-limit-reached": ("لا تستطيع العملية أن تفتح ملفات أكثر أو تبدأ خيوطًا أكثر ({reason}). ارفع حدودها."),
    "no-temporary-folder": "لا مجلد للملفات المؤقتة ({reason}). صِل \u2068/dev/shm\u2069 أو اضبط TMPDIR.",
}
"""Errors of an engine."""


DEGRADED: Mapping[str, str | Callable[..., str]] = {
    "shards-unanswered": "لم يُجب {count} من أجزاء الفهرس، وعددها {total}",
    "search-cut-short": "بلغ البحث وقته المسموح به فقُطع قبل أن يكتمل",
    "shard-lost": "الجزء {shard} مفقود بكل نسخه",
    "copies-lost": "نسخ مفقودة من الجزء {shard}، وعددها {count}",
    "no-master": "ليست للعنقود عقدة رئيسة، فلا يمكن أن يُكتب فيه شيء",
}
"""What is missing from a response or an index."""
