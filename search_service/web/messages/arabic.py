"""What the page says: Arabic wording of numbers, dates, fields, match rules and errors."""

from __future__ import annotations

from dataclasses import dataclass

from index_config.field_kinds import ValueType
from index_config.schema import Field
from search_service.core.dates import date_range, day_name, day_of
from search_service.core.errors import (
    CredentialsRefused,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    ForeignIndex,
    InvalidParameter,
    SearchServiceError,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
)
from search_service.engines.base import MAX_WINDOW
from search_service.search.planner import MAX_QUERY_LENGTH, MAX_QUERY_WORDS
from search_service.search.service import Correction

MONTHS = (
    "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيو",
    "تموز/يوليو", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
)  # fmt: skip

LABELS = {
    "abstract": "الملخص",
    "author": "الكاتب",
    "authors": "المؤلفون",
    "available": "متوفر",
    "body": "النص",
    "brand": "العلامة التجارية",
    "category": "القسم",
    "city": "المدينة",
    "content": "النص",
    "country": "البلد",
    "date": "التاريخ",
    "description": "الوصف",
    "isbn": "الردمك",
    "keywords": "الكلمات المفتاحية",
    "language": "اللغة",
    "link": "الرابط",
    "name": "الاسم",
    "pages": "عدد الصفحات",
    "place": "المكان",
    "price": "السعر",
    "publisher": "الناشر",
    "section": "القسم",
    "source": "المصدر",
    "subject": "الموضوع",
    "summary": "الملخص",
    "tags": "الوسوم",
    "text": "النص",
    "title": "العنوان",
    "topic": "الموضوع",
    "type": "النوع",
    "url": "الرابط",
    "year": "السنة",
}
"""Names of fields that schemas commonly have; another field is shown by the name its schema gives it."""

BOOLEANS = {"true": "نعم", "false": "لا", "1": "نعم", "0": "لا"}


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted noun in the forms that its number asks for."""

    none: str
    one: str
    two: str
    few: str
    many: str


RESULTS = Noun("لا نتائج", "نتيجة واحدة", "نتيجتان", "نتائج", "نتيجة")
DOCUMENTS = Noun("لا وثائق", "وثيقة واحدة", "وثيقتان", "وثائق", "وثيقة")


@dataclass(frozen=True, slots=True)
class Message:
    """A page that has something to say instead of results.

    Attributes:
        title: what happened.
        text: what that means, or what would be right.
        command: what to type at a terminal to set it right.
        detail: the service's own wording, for who reports the error.
        way_out: what the link to the address that would work says.
    """

    title: str
    text: str
    command: str = ""
    detail: str = ""
    way_out: str = ""


NOTHING_HERE = Message("لا صفحة بهذا الرابط", "لعله رابط قديم أو نُسخ ناقصًا.")
UNEXPECTED = Message("حدث خطأ غير متوقع", "سُجّل الخطأ لدى القائمين على الخدمة. أعد المحاولة بعد قليل.")
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
    """Return a date as a reader writes it, its day in UTC; a month or a year stays what it is.

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
    """Return a range of dates, either end of which may be empty; whole years and months are called so.

    >>> range_words("2024-03-01", ""), range_words("2024-01-01", "2024-02-29")
    ('منذ 1 آذار/مارس 2024', 'كانون الثاني/يناير 2024 – شباط/فبراير 2024')
    """
    if low and high:
        low, high = _whole(low, high)
        return date_words(low) if low == high else f"{date_words(low)} – {date_words(high)}"
    return f"منذ {date_words(low)}" if low else f"حتى {date_words(high)}"


def _whole(low: str, high: str) -> tuple[str, str]:
    """Shorten both ends of a range to years or months where it covers them whole."""
    ends = date_range(low)[0], date_range(high)[1]
    for length in (len("2024"), len("2024-03")):
        first, last = low[:length], high[:length]
        if (date_range(first)[0], date_range(last)[1]) == ends:
            return first, last
    return low, high


def label(name: str) -> str:
    """Return what a field is called.

    >>> label("category"), label("shelf_mark")
    ('القسم', 'shelf mark')
    """
    return LABELS.get(name, name.replace("_", " "))


def value_words(field: Field, value: object) -> str:
    """Return a value of a keyword, number, boolean or date as it is shown."""
    if field.kind.value_type is ValueType.BOOLEAN:
        return BOOLEANS.get(str(value).lower(), str(value))
    if field.kind.value_type is ValueType.DATE:
        return date_words(str(value))
    return str(value)


def order_words(name: str, date: str) -> str:
    """Return what an order of results is called; `date` is the schema's date.

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
    """Return what to tell about the match rule, nothing where it is what everybody expects."""
    if rule == "any" and relaxed:
        return "ما يجمع كلمات بحثك كلها قليل، لذلك نعرض أيضًا ما يحوي بعضها."
    if rule == "most":
        return "نعرض ما يحوي ثلث كلمات بحثك على الأقل."
    if relaxed:
        return "لم نجد العبارة كما كُتبت بين علامتي التنصيص، فبحثنا عن كلماتها."
    return ""


def correction_words(correction: Correction) -> str:
    """Return what to tell about a word that was taken for others.

    >>> correction_words(Correction("الاقتصاض", ("الاقتصاد", "الاقتصار")))
    'لا تحوي أي وثيقة «الاقتصاض»، فبحثنا عن «الاقتصاد» أو «الاقتصار».'
    """
    meant = " أو ".join(f"«{word}»" for word in correction.corrected_to)
    return f"لا تحوي أي وثيقة «{correction.word}»، فبحثنا عن {meant}."


def error_message(error: SearchServiceError) -> Message:
    """Return the page for one of the service's own errors."""
    detail = str(error)
    if isinstance(error, InvalidParameter):
        way_out = "ابحث من دون هذا الشرط"
        return Message("في رابط الصفحة شرط غير صالح", _parameter_words(error), detail=detail, way_out=way_out)
    if isinstance(error, UnknownDocument):
        text = "لعلها حُذفت من الفهرس أو تغيّر معرّفها."
        return Message("لم نجد هذه الوثيقة", text, detail=detail, way_out="العودة إلى النتائج")
    if isinstance(error, UnknownIndex):
        text = f"الفهرس المطلوب «{error.index}» غير موجود."
        return Message("لا يوجد فهرس بهذا الاسم", text, detail=detail, way_out="ابحث في الفهرس المعتاد")
    if isinstance(error, StaleIndex):
        text = "أُنشئ هذا الفهرس بإعدادات أو نسخة أخرى من البرنامج، ويجب بناؤه من جديد."
        return Message("الفهرس قديم", text, detail=detail)
    if isinstance(error, ForeignIndex):
        text = "ما يحمل هذا الاسم في محرك البحث لم تُنشئه هذه الخدمة، فلا يمكن البحث فيه."
        return Message("ليس من فهارس هذه الخدمة", text, detail=error.title)
    return _engine_message(error) if isinstance(error, EngineUnavailable) else UNEXPECTED


def _engine_message(error: EngineUnavailable) -> Message:
    """Return the page for an engine that does not do its work: where it is and why is in the log, not for everybody."""
    if isinstance(error, CredentialsRefused):
        text = "يلزم أن يصلح القائمون على الخدمة إعداداتها."
        return Message("محرك البحث يرفض طلبات الخدمة", text, detail=error.title)
    again = "أعد المحاولة بعد قليل."
    if isinstance(error, EngineTimeout):
        return Message("تأخر محرك البحث عن الرد", again, detail=error.title)
    if isinstance(error, EngineOverloaded):
        return Message("محرك البحث مشغول الآن", again, detail=error.title)
    return Message("محرك البحث لا يستجيب", again, detail=error.title)


def no_index(index: str) -> Message:
    """Return the page of a service that has nothing to search yet."""
    text = "الخدمة تعمل، لكنها لم تُزوَّد بوثائق بعد. لبناء الفهرس الأول نفّذ هذا الأمر ثم أعد تحميل الصفحة:"
    return Message("لا يوجد فهرس بعد", text, f"arabic-search reindex {index} examples/news.jsonl")


def _parameter_words(error: InvalidParameter) -> str:
    name = error.parameter
    field = label(name.partition(".")[2])
    texts = {
        "q": f"نص البحث طويل. الحد الأقصى لعدد الأحرف {MAX_QUERY_LENGTH:,} ولعدد الكلمات {MAX_QUERY_WORDS}.",
        "page": "رقم الصفحة عدد صحيح يبدأ من 1.",
        "offset": f"هذه الصفحة بعيدة جدًا. يمكن تصفح أول {MAX_WINDOW:,} نتيجة؛ ضيّق البحث لتصل إلى ما بعدها.",
        "sort": "لا يمكن ترتيب نتائج هذا الفهرس على هذا النحو.",
        "date_from": "تاريخ البداية غير صالح. اكتبه هكذا: 2024-03-11 أو 2024-03 أو 2024.",
        "date_to": "تاريخ النهاية غير صالح. اكتبه هكذا: 2024-03-11 أو 2024-03 أو 2024.",
    }
    if error.allowed == "once":
        return f"ورد الشرط «{name}» أكثر من مرة، ويجوز أن يرد مرة واحدة."
    if name in texts:
        return texts[name]
    if name.startswith("filter."):
        return f"لا يمكن التصفية بالحقل «{field}» أو بالقيمة المعطاة له."
    return f"الشرط «{name}» غير معروف في هذه الصفحة."
