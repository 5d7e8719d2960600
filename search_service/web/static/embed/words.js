// The texts, numbers and dates of the search, in Arabic and English.

const ARABIC = {
  lang: "ar",
  direction: "rtl",
  label: "ابحث في الوثائق",
  placeholder: "ابحث عن كلمة أو «عبارة كما هي»",
  button: "بحث",
  results: "نتائج البحث",
  found: { zero: "لا نتائج", one: "نتيجة واحدة", two: "نتيجتان", few: "{n} نتائج", many: "{n} نتيجة", other: "{n} نتيجة" },
  more: "مزيد من النتائج",
  others: { one: "ومصدر آخر", two: "ومصدران آخران", few: "و{n} مصادر أخرى", many: "و{n} مصدرًا آخر", other: "و{n} مصدر آخر" },
  wholeGroup: "عرضها كلها ({n})",
  filters: "شروط التصفية",
  refine: "تصفية النتائج",
  moreValues: "المزيد",
  removeFilter: "أزل الشرط:",
  suggestions: "اقتراحات",
  count: { zero: "لا اقتراحات", one: "اقتراح واحد", two: "اقتراحان", few: "{n} اقتراحات", many: "{n} اقتراحًا", other: "{n} اقتراح" },
  searches: "كلمات وعبارات",
  titles: "وثائق",
  nothing: "لم نجد شيئًا. جرّب كلمات أقل أو أعمّ، وتأكد من كتابتها.",
  partial: "النتائج ناقصة، فقد تعذّر البحث في جزء من الفهرس. أعد المحاولة بعد قليل لتراها كاملة.",
  corrected: (from, to) => `لا تحوي أي وثيقة «${from}»، فبحثنا عن «${to.join("» أو «")}».`,
  asTyped: (word) => `ابحث عن «${word}» كما كُتبت`,
  retry: "أعد المحاولة",
  seconds: { one: "ثانية واحدة", two: "ثانيتين", few: "{n} ثوانٍ", many: "{n} ثانية", other: "{n} ثانية" },
  again: "ستُعاد المحاولة تلقائيًا بعد {time}.",
  failures: {
    offline: "لا اتصال بالشبكة. ما كتبته محفوظ، وسيُستأنف البحث حين يعود الاتصال.",
    unreachable: "تعذّر الوصول إلى خدمة البحث، أو أنها لا تسمح لهذا الموقع باستعمالها.",
    key: "لا يُسمح لهذه الصفحة بالبحث: مفتاح البحث ناقص أو غير صالح.",
    index: "لا يوجد فهرس بهذا الاسم في خدمة البحث.",
    limited: "كثرت عمليات البحث في وقت قصير.",
    busy: "خدمة البحث مزدحمة أو متوقفة الآن.",
    slow: "طال البحث أكثر من الوقت المسموح به.",
    refused: "في هذا البحث شرط غير صحيح.",
    failed: "حدث خطأ غير متوقع في خدمة البحث.",
  },
};

const ENGLISH = {
  lang: "en",
  direction: "ltr",
  label: "Search the documents",
  placeholder: "A word or an “exact phrase”",
  button: "Search",
  results: "Search results",
  found: { zero: "No results", one: "1 result", other: "{n} results" },
  more: "More results",
  others: { one: "and 1 more", other: "and {n} more" },
  wholeGroup: "Show all {n}",
  filters: "Chosen filters",
  refine: "Refine the results",
  moreValues: "More",
  removeFilter: "Remove the filter:",
  suggestions: "Suggestions",
  count: { zero: "No suggestions", one: "1 suggestion", other: "{n} suggestions" },
  searches: "Words and phrases",
  titles: "Documents",
  nothing: "Nothing was found. Try fewer or more general words, and check the spelling.",
  partial: "Results are missing, because a part of the index could not be searched. Please try again in a moment.",
  corrected: (from, to) => `No document has “${from}”; these results are for “${to.join("” or “")}”.`,
  asTyped: (word) => `Search for “${word}” as typed`,
  retry: "Try again",
  seconds: { one: "1 second", other: "{n} seconds" },
  again: "Trying again by itself in {time}.",
  failures: {
    offline: "There is no connection. What you typed is kept, and the search goes on when the connection is back.",
    unreachable: "The search service cannot be reached, or it does not allow this site to use it.",
    key: "This page may not search: its search key is missing or not valid.",
    index: "The search service has no index of this name.",
    limited: "There were too many searches in a short time.",
    busy: "The search service is busy or not running at the moment.",
    slow: "The search took longer than it may.",
    refused: "A condition of this search is not valid.",
    failed: "An unexpected error occurred in the search service.",
  },
};

/** Returns the texts for a language tag: Arabic ones for Arabic, else English ones. `ar-u-nu-latn` asks for 123. */
export function wordsFor(tag) {
  const locale = localeOf(tag);
  const texts = locale.language === "ar" ? ARABIC : ENGLISH;
  const name = locale.language === texts.lang ? locale.baseName : texts.lang;
  const usual = locale.region ? new Intl.NumberFormat(name).resolvedOptions().numberingSystem : "latn"; // as on the search page
  const digits = locale.numberingSystem ?? usual;
  const full = `${name}-u-ca-gregory-nu-${digits}`;
  const dated = name === "en" ? "en-GB" : full; // 27 January 2024, as on the search page; en-US has its own order
  const numbers = new Intl.NumberFormat(full);
  const plurals = new Intl.PluralRules(name);
  const counted = (number, forms) => {
    const form = (number === 0 && forms.zero) || (forms[plurals.select(number)] ?? forms.other);
    return form.replace("{n}", numbers.format(number));
  };
  return {
    ...texts,
    locale: name,
    digits,
    number: (number) => numbers.format(number),
    resultCount: (number) => counted(number, texts.found),
    others: (number) => counted(number, texts.others),
    wholeGroup: (number) => texts.wholeGroup.replace("{n}", numbers.format(number)),
    retryIn: (seconds) => texts.again.replace("{time}", counted(seconds, texts.seconds)),
    date: (written) => dateIn(dated, written),
  };
}

function localeOf(tag) {
  try {
    return new Intl.Locale(tag);
  } catch {
    return new Intl.Locale("ar"); // not a language tag
  }
}

/** Returns a date as exact as it was written (a year, a month, or a day); as it is if it has another form. */
function dateIn(locale, written) {
  const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?![\d-])/.exec(written);
  const [, year, month, day] = found ?? [];
  const time = new Date(`${year}-${month ?? "01"}-${day ?? "01"}T00:00:00Z`);
  if (!found || Number.isNaN(time.getTime())) return written;
  const parts = { year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }) };
  const dated = (one, form) => new Intl.DateTimeFormat(one, { ...form, timeZone: "UTC" });
  const { language, region } = new Intl.Locale(locale);
  if (language !== "ar" || region || !month) return dated(locale, parts).format(time);
  // Without a region a month has two names, as on the search page: كانون الثاني/يناير.
  const names = ["ar-LB", "ar-EG"].map((one) => dated(one, { month: "long" }).format(time)).join("/");
  return dated(locale, parts).formatToParts(time).map(({ type, value }) => (type === "month" ? names : value)).join("");
}
