"""The page in Arabic."""

from __future__ import annotations

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
from search_service.messages.rendering import Language
from search_service.web.messages.texts import Notice, Noun, Texts

MONTHS = {
    "any": (
        "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيو",
        "تموز/يوليو", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
    ),
    "egypt": (
        "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    ),
    "levant": (
        "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول",
        "تشرين الثاني", "كانون الأول",
    ),
    "algeria": (
        "جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    ),
    "morocco": (
        "يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر",
    ),
}  # fmt: skip
"""Names of the months as the countries have them (CLDR: ar-EG, ar-LB, ar-DZ, ar-MA); `any` is understood everywhere."""


def plural(number: int) -> str:
    """Return the plural category of a number in Arabic.

    >>> [plural(n) for n in (0, 1, 2, 3, 11, 100, 102, 1103)]
    ['zero', 'one', 'two', 'few', 'many', 'other', 'other', 'few']
    """
    if number <= 2:
        return ("zero", "one", "two")[number]
    last = number % 100
    if last <= 2:
        return "other"
    return "few" if last <= 10 else "many"


ARABIC = Texts(
    language=Language.ARABIC,
    name="العربية",
    direction="rtl",
    plural=plural,
    results=Noun("لا نتائج", "نتيجة واحدة", "{n} نتيجة", "نتيجتان", "{n} نتائج"),
    documents=Noun("لا وثائق", "وثيقة واحدة", "{n} وثيقة", "وثيقتان", "{n} وثائق"),
    suggestion_count=Noun("لا اقتراحات", "اقتراح واحد", "{n} اقتراح", "اقتراحان", "{n} اقتراحات", "{n} اقتراحًا"),
    months=MONTHS,
    hijri_months=(
        "محرم",
        "صفر",
        "ربيع الأول",
        "ربيع الآخر",
        "جمادى الأولى",
        "جمادى الآخرة",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو القعدة",
        "ذو الحجة",
    ),
    hijri_date="{day} {month} {year} هـ",
    since="منذ {date}",
    until="حتى {date}",
    comma="، ",
    quoted="«{word}»",
    quoted_or=" أو ",
    quoted_nor=" ولا ",
    yes="نعم",
    no="لا",
    site="البحث العربي",
    skip_to_content="انتقل إلى المحتوى",
    skip_to_results="انتقل إلى النتائج",
    search_label="ابحث في الوثائق",
    search_placeholder="ابحث عن كلمة أو «عبارة كما هي»",
    search_button="بحث",
    clear="امسح المكتوب",
    screen_keyboard="لوحة مفاتيح عربية",
    space_key="مسافة",
    erase_key="احذف حرفًا",
    voice="ابحث بالصوت",
    suggestions="اقتراحات",
    suggested_searches="كلمات وعبارات",
    suggested_titles="وثائق",
    past_searches="عمليات بحثك السابقة",
    remember_searches="تذكُّر ما أبحث عنه في هذا المتصفح",
    forget_searches="مسح السجل",
    indexes="الفهارس",
    settings="عرض الصفحة",
    other_language="لغة أخرى",
    digits={"latn": "أرقام 123", "arab": "أرقام ١٢٣"},
    calendars={"hijri": "التاريخ الهجري", "gregorian": "بلا تاريخ هجري"},
    filters="تصفية النتائج",
    date_from="من",
    date_to="إلى",
    apply="طبّق",
    all_dates="كل التواريخ",
    date_path="التاريخ المختار",
    histogram="الوثائق بحسب التاريخ، من {first} إلى {last}. أعلى الأعمدة {highest}: {count}.",
    more="المزيد",
    more_values="من قيم {facet}",
    search_values="ابحث في القيم",
    show="عرض {results}",
    chosen_value="(مختار، انقر لإزالته)",
    active_filters="شروط التصفية",
    remove_filter="أزل الشرط:",
    remove_this_filter="أزل هذا الشرط",
    remove_filters="إزالة كل الشروط",
    page="الصفحة {n}",
    pages="صفحات النتائج",
    previous="السابقة",
    next="التالية",
    first_page="اعرض الصفحة الأولى",
    orders="ترتيب النتائج",
    relevance="الأوثق صلة",
    newest="الأحدث",
    oldest="الأقدم",
    ascending="{field}: تصاعديًا",
    descending="{field}: تنازليًا",
    partial="النتائج ناقصة، فقد تعذّر البحث في جزء من الفهرس. أعد المحاولة بعد قليل لتراها كاملة.",
    no_such_page="نتائج هذا البحث أقل من أن تبلغ هذه الصفحة.",
    rule_any="ما يجمع كلمات بحثك كلها قليل، لذلك نعرض أيضًا ما يحوي بعضها.",
    rule_most="نعرض ما يحوي ثلث كلمات بحثك على الأقل.",
    rule_relaxed="لم نجد العبارة كما كُتبت بين علامتي التنصيص، فبحثنا عن كلماتها.",
    corrected="لا تحوي أي وثيقة {word}، فبحثنا عن {replacements}.",
    absent="لا تحوي أي وثيقة {words} بهذه الصيغة.",
    nothing_about="لم نجد شيئًا عن «{q}»",
    nothing="لا وثائق هنا",
    you_can="يمكنك أن:",
    without_filters="تبحث من دون شروط التصفية",
    check_spelling="تتأكد من كتابة الكلمات. لا فرق عندنا بين صور الهمزة والألف (أ، إ، آ، ا)، ولا بين التاء المربوطة "
    "والهاء (ة، ه)، ولا أثر للتشكيل.",
    fewer_words="تكتب كلمات أقل أو أعمّ، أو مرادفًا لها.",
    without_quotes="تحذف علامتي التنصيص، فالعبارة بينهما تُطلب كما هي.",
    browse="تتصفح كل الوثائق",
    back_to_results="العودة إلى النتائج",
    all_documents="كل الوثائق",
    read_original="اقرأ الأصل في موقعه",
    similar="وثائق مشابهة",
    new_search="ابدأ بحثًا جديدًا",
    technical_details="تفاصيل تقنية",
    error_titles={
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
    },
    ways_out={
        InvalidParameter: "ابحث من دون هذا الشرط",
        UnknownDocument: "العودة إلى النتائج",
        UnknownIndex: "ابحث في الفهرس المعتاد",
        ServiceOverloaded: "أعد المحاولة",
    },
    offline=Notice(
        "لا اتصال بالشبكة",
        "تعذّر الوصول إلى الخدمة. ما كتبته محفوظ، وسيُستأنف البحث حين يعود الاتصال.",
        way_out="حاول مجددًا",
    ),
    nothing_here=Notice("لا صفحة بهذا الرابط", "لعله رابط قديم أو نُسخ ناقصًا."),
    unexpected=Notice("حدث خطأ غير متوقع", "سُجّل الخطأ لدى القائمين على الخدمة. أعد المحاولة بعد قليل."),
    no_index=Notice(
        "لا يوجد فهرس بعد",
        "الخدمة تعمل، لكنها لم تُزوَّد بوثائق بعد. لبناء الفهرس الأول نفّذ هذا الأمر ثم أعد تحميل الصفحة:",
        command="arabic-search reindex {index} examples/news.jsonl",
    ),
)
"""The page in Arabic."""
