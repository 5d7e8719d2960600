"""Relevance by example: what a query must find, in which order, and what it must not find, each with a reason.

`KNOWN_FAILURES` lists the cases that fail. When one passes, the suite fails until it is moved to `CASES`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A query over documents that differ in few words, with its expected hits.

    Attributes:
        query: the text of the query.
        found: texts that must be hits, in this order.
        absent: texts that must not be hits.
        why: the expectation and its reason.
    """

    query: str
    found: tuple[str, ...]
    why: str
    absent: tuple[str, ...] = ()


FRAME = "تحدثت الصحيفة عن {} في عدد الأمس"
"""The documents of a case are equal except for one word."""


def pair(query: str, other: str, why: str) -> Case:
    """Return a case: the typed word ranks first, the other form of it second."""
    return Case(query, (FRAME.format(query), FRAME.format(other)), why)


def same(query: str, other: str, why: str) -> Case:
    """Return a case: the query matches another spelling of its word."""
    return Case(query, (FRAME.format(other),), why)


def distinct(query: str, other: str, why: str) -> Case:
    """Return a case: the query matches its own word and not the other one."""
    return Case(query, (FRAME.format(query),), why, (FRAME.format(other),))


MORPHOLOGY = (
    pair("كتاب", "كتب", "a broken plural matches its singular"),
    pair("كتب", "كتاب", "a singular matches its broken plural"),
    pair("مدينة", "مدن", "a broken plural with another ending"),
    pair("طفل", "أطفال", "a broken plural with an initial hamza"),
    pair("وزير", "وزراء", "the initial و is part of the word in both forms"),
    pair("الوزير", "الوزراء", "the initial و is part of the word with the article too"),
    pair("مدرسة", "مدارس", "a broken plural with an inner alef"),
    pair("مدرسة", "وبالمدارس", "three particles before a broken plural"),
    pair("ماء", "الماء", "a protected word with its article"),
    pair("الأمين", "أمين", "a protected word without its article"),
    pair("هيئة", "بالهيئات", "a sound plural whose light stem is a pronoun"),
    pair("ولاية", "الولايات", "a sound plural that begins with the letter و"),
    pair("الولايات", "بولاية", "the singular of a sound plural, with a preposition"),
    pair("البيئة", "لبيئة", "a preposition that only the list of protected words removes"),
    pair("وفاة", "والوفيات", "the plural of a word whose light stem has two letters"),
    pair("التزام", "للالتزام", "a word that begins with ال, after the article"),
    distinct("ليون", "بليون", "Lyon does not match billion"),
    pair("مستشفى", "مستشفيات", "the sound plural of a word that ends in alef maqsura"),
    pair("سيارة", "بسياراتهم", "a sound plural with a preposition and a pronoun"),
    pair("سيارة", "سيارتها", "a feminine word whose ة becomes ت before a pronoun"),
    pair("سيارة", "السيارتين", "the dual with the article"),
    pair("لعب", "يلعبون", "a verb in the present tense, plural"),
    pair("شركة", "شركاتهم", "a sound plural with a pronoun"),
    pair("شركة", "لشركتهم", "a word with a preposition and a pronoun, with a stem of four letters"),
    pair("معلم", "المعلمون", "the sound masculine plural"),
    pair("معلم", "للمعلمين", "the sound masculine plural after a preposition"),
    pair("كتاب", "كتابها", "a word with a pronoun"),
    pair("كتاب", "وكتابه", "a word with a conjunction and a pronoun"),
    pair("بيت", "بيوت", "a broken plural"),
    pair("شارع", "الشوارع", "a broken plural with the article"),
    pair("قانون", "قوانين", "a broken plural of four letters"),
    pair("مشروع", "مشاريع", "the first of two plurals"),
    pair("مشروع", "مشروعات", "the second of two plurals"),
    pair("سلاح", "أسلحة", "a plural of paucity"),
    pair("وثيقة", "الوثائق", "a word that begins with و and its plural with the article"),
    pair("خبير", "خبراء", "a broken plural with a final hamza"),
    pair("قضية", "القضايا", "a broken plural of a word whose light stem has two letters"),
    pair("بنك", "بنوك", "the typed singular ranks above the plural"),
    pair("بنوك", "بنك", "the typed plural ranks above the singular"),
    pair("مكتب", "مكتبة", "office and library: مكتبه is also `his office`; the other word ranks lower"),
    pair("مكتبة", "مكتب", "library and office: the other word ranks lower"),
    distinct("جامع", "جامعة", "mosque and university are different words"),
    distinct("جامعة", "جامع", "university and mosque are different words"),
    distinct("مدرس", "مدرسة", "teacher and school are different words"),
    distinct("مدرسة", "مدرس", "school and teacher are different words"),
    pair("لجنة", "لجان", "a broken plural that ends like a dual"),
    pair("هدايا", "هدية", "a broken plural of a short word"),
    pair("قال", "يقولون", "a hollow verb in the present tense"),
    pair("بحث", "سيبحثون", "a verb in the future, plural"),
    pair("عام", "لعام", "a preposition before an indefinite noun"),
    pair("دعم", "بدعم", "another preposition before an indefinite noun"),
    pair("كبير", "كبيرا", "the alef of tanween"),
    pair("طفل", "فأطفالهم", "a broken plural with a conjunction and a pronoun"),
    pair("امرأة", "المرأة", "a word that loses its first letter behind the article"),
    pair("مكة", "بمكة", "a name behind a preposition"),
    distinct("مكة", "مكان", "Mecca does not match place"),
    distinct("طالبان", "طالب", "the Taliban are not two students"),
    distinct("البحرين", "البحر", "Bahrain is not the two seas"),
    distinct("الطائف", "الطائفة", "a name with a hamza does not match sect"),
    distinct("العين", "عيون", "a name that is also a word, alone: the town does not match eyes"),
    distinct("امرأة", "أمير", "woman does not match prince"),
    distinct("علماء", "علما", "scholars do not match knowledge"),
    distinct("تونس", "تونسي", "a country does not match its adjective"),
    distinct("علم", "عالم", "science does not match world"),
    distinct("عالم", "علم", "world does not match science"),
    distinct("حكم", "حكومة", "judgment does not match government"),
    distinct("حكومة", "حكم", "government does not match judgment"),
    distinct("كتاب", "كتيبة", "book does not match battalion, a word of the same root"),
    distinct("سلام", "إسلام", "peace does not match Islam"),
    distinct("عراق", "عرق", "Iraq does not match sweat"),
)

SPELLING = (
    same("الإسلام", "الاسلام", "a document without the hamza below the alef"),
    same("الاسلام", "الإسلام", "a query without the hamza below the alef"),
    same("أحمد", "احمد", "a document without the hamza above the alef"),
    same("إيران", "ايران", "a document without the initial hamza below the alef"),
    same("القرآن", "القران", "a document without the madda"),
    same("مسؤول", "مسئول", "a hamza on ئ instead of ؤ"),
    same("شؤون", "شئون", "a hamza on ئ instead of ؤ in a short word"),
    same("مسئول", "مسؤول", "a hamza on ؤ instead of ئ"),
    same("مسوول", "مسؤول", "a query with و without its hamza"),
    same("الجزاير", "الجزائر", "a query with ي without its hamza"),
    same("شيء", "شئ", "a final hamza on ئ instead of alone"),
    same("مدرسة", "مدرسه", "a final ه for ة"),
    same("على", "علي", "a final ي for ى"),
    same("مستشفي", "مستشفى", "a final ى for ي"),
    same("محمد", "مُحَمَّد", "a document with tashkeel"),
    same("مُحَمَّدٌ", "محمد", "a query with tashkeel"),
    same("الرحمن", "الرَّحْمَٰنِ", "a document with a dagger alef"),
    same("خبر", "خبـــر", "a document with tatweel"),
    same("السلام", "ﺍﻟﺴﻼﻡ", "presentation forms, as in old documents and PDF files"),
    same("كتاب", "کتاب", "a Persian kaf"),
    same("فلسطين", "فلسطین", "a Persian yeh"),
    same("2018", "٢٠١٨", "Arabic-Indic digits in a document"),
    same("٢٠١٨", "2018", "Arabic-Indic digits in a query"),
    same("۲۰۱۸", "2018", "Persian digits in a query"),
    same("2018", "2018م", "a year with the letter م"),
    same("17.5", "ب17.5", "a number after a preposition"),
    same("brexit", "Brexit", "capital letters"),
    same("covid-19", "COVID-19", "a hyphen and capital letters"),
    same("cafe", "café", "accents of Latin letters"),
    same("فيسبوك", "#فيسبوك", "a hashtag"),
    same("اليوم", "اليوم.وقال", "a full stop without a space after it"),
    same("كأس", "«كأس»", "quotation marks around a word"),
    same("اللغة", "اللُّغة\u200f", "an invisible direction mark and tashkeel"),
    same("الصلاة", "الصلاه", "ة and ه after an alef"),
    same("كورونا", "كورونا19", "letters before a number, in the document"),
    same("19", "كورونا19", "a number behind letters, in the document"),
    same("قناة", "القناة2", "a word with a number behind its article and ة"),
    same("الثالثة", "الثالثة1999", "a word before a year, in the document"),
    same("موسم 2018", "موسم2018", "a missing space before a number, in the document"),
    same("موسم2018", "موسم 2018", "a missing space before a number, in the query"),
    same("كوفيد-19", "كوفيد19", "a number with a hyphen, in the query"),
    same("كوفيد19", "كوفيد-19", "a number with a hyphen, in the document"),
    same("كوفيد 19", "بكوفيد١٩", "a number in other digits behind a word with a particle"),
    same("F16", "F-16", "a Latin letter and a number"),
    same("iphone 15", "iPhone15", "a Latin word and a number"),
    same("20مليون", "20 مليون", "a missing space behind a number"),
    same("2015م", "2015", "the letter of the era, in the query"),
    same("1436", "1436هـ", "the letter of the other era"),
    same("الـ20", "20", "an article before a number, in the query"),
    same("1500", "1,500", "a comma of thousands"),
    same("1,500", "١٥٠٠", "a comma of thousands, in the query"),
    same("١٬٥٠٠", "1500", "an Arabic comma of thousands"),
    same("1250000", "1،250،000", "Arabic commas of millions"),
    same("1500.5", "١٬٥٠٠٫٥", "thousands and a decimal"),
    same("15", "12،15،19", "a list of numbers"),
    same("1962", "1958،1962،1966", "a list of years"),
    same("30.05.23", "263200002;30.05.23", "numbers with a semicolon"),
    same("10:30", "١٠:٣٠", "a time"),
    same("12/5/2018", "١٢/٥/٢٠١٨", "a date"),
    same("3.11.7", "٣.١١.٧", "a version"),
    same("050-1234567", "٠٥٠-١٢٣٤٥٦٧", "a telephone number"),
    same("رائع", "راااائع", "a stretched letter, in the document"),
    same("مبرووووك", "مبروك", "a stretched letter, in the query"),
    same("الله", "اللللله", "the stretched name of God"),
    same("اللقاء", "الللقاء", "a lam too many behind the article"),
    same("للاجئين", "لللاجئين", "a lam too many at the beginning"),
    same("جميل", "جمييييلللل", "two stretched letters"),
    same("الله", "اﷲ", "an alef before the ligature"),
    same("والله", "واﷲ", "a particle and an alef before the ligature"),
    same("Quran", "Qur’an", "an apostrophe between Latin letters"),
    same("Qurʾān", "Quran", "a hamza in Latin transliteration"),
    same("Kaaba", "Kaʿaba", "an ain in Latin transliteration"),
    same("Ali", "ʿAlī", "an ain before a Latin word"),
    same("اليوم", "#اليوم\u200cالوطني", "a non-joiner within a hashtag"),
    same("ڤيينا", "فيينا", "a letter for v, in the query"),
    same("باكستان", "پاکستان", "a letter for p, in the document"),
    same("چاد", "جاد", "a letter for ch, in the query"),
    same("إسرائيل", "إِسْرَٰٓءِيلَ", "Quranic: a dagger alef, and a hamza without a letter"),
    same("الصلاة", "ٱلصَّلَوٰةَ", "Quranic: a waw for an alef"),
    same("حياة", "ٱلْحَيَوٰةِ", "Quranic: a waw for an alef, behind an article"),
    same("الشيطان", "ٱلشَّيْطَـٰنِ", "Quranic: a dagger alef on a tatweel"),
    same("العالمين", "ٱلْعَـٰلَمِينَ", "Quranic: a dagger alef inside a word"),
    same("السماوات", "ٱلسَّمَـٰوَٰتِ", "Quranic: two dagger alefs"),
    same("هداهم", "هُدَىٰهُمْ", "Quranic: a yeh for an alef"),
    same("موسى", "مُوسَىٰ", "Quranic: a final yeh with a dagger alef"),
    same("آمنوا", "ءَامَنُوا۟", "Quranic: a hamza before an alef"),
    same("القرآن", "ٱلْقُرْءَانُ", "Quranic: a hamza before an alef inside a word"),
    same("بآياتنا", "بِـَٔايَـٰتِنَا", "Quranic: a hamza on a tatweel"),
    same("الملائكة", "ٱلْمَلَـٰٓئِكَةُ", "Quranic: not like أولئك"),
    same("يسألونك", "يَسْـَٔلُونَكَ", "Quranic: a hamza with a fatha"),
    same("داوود", "دَاوُۥدَ", "Quranic: a small waw"),
    same("إبراهيم", "إِبْرَٰهِـۧمَ", "Quranic: a small yeh"),
    same("قوم", "يَـٰقَوْمِ", "Quranic: a vocative"),
    same("الليل", "ٱلَّيْلِ", "Quranic: one lam for two"),
    same("هذا", "هَـٰذَا", "a dagger alef that is written nowhere else"),
    same("لكن", "لٰكن", "a dagger alef in a modern text"),
    same("إلهكم", "إِلَـٰهُكُمْ", "a dagger alef that modern spelling leaves out, with a pronoun"),
    distinct("إف16", "16", "letters and a number are not the number alone"),
    distinct("إف16", "إف 35", "letters and a number are not the letters alone"),
    distinct("كوفيد-19", "19", "a word and a number are not the number alone"),
    distinct("F-16", "16 F", "a Latin letter and a number in the other order"),
    distinct("3.14", "3 و14", "a decimal is not its digits"),
    distinct("10:30", "30:10", "a time is not another time"),
    distinct("1500", "1.500", "a full stop is no comma of thousands"),
    distinct("قراءات", "قرات", "an alef behind a hamza stays where a long vowel is before it"),
    distinct("2018", "2019", "a year does not match another year"),
    distinct("كرة", "كرم", "words with different last letters do not match"),
    distinct("ماء", "ما", "water does not match the pronoun ما"),
    distinct("قلب", "كلب", "heart does not match dog"),
)

VARIANTS = (
    pair("أمريكا", "أميركا", "a country that is spelt in two ways"),
    pair("أميركا", "وبأمريكا", "the other spelling behind particles"),
    pair("الأمريكية", "أميركيون", "another form of an adjective in its other spelling"),
    pair("لأمريكا", "أميركا", "a query with a particle"),
    pair("غوغل", "جوجل", "a company by the Egyptian g"),
    pair("جوجل", "قوقل", "a company by the g of the Gulf"),
    pair("قوقل", "لغوغل", "a company by the g of the Levant, behind a particle"),
    pair("كومبيوتر", "الكمبيوتر", "a loan word with and without a vowel"),
    pair("داود", "داوود", "a name with one waw or two"),
    pair("الرحمن", "الرحمان", "a name with its alef"),
    pair("إسحق", "إسحاق", "a name without its alef"),
    pair("السموات", "السماوات", "a plural with one alef or two"),
    pair("سماوات", "والسموات", "the same without the article"),
    pair("ترامب", "ترمب", "the name of a president"),
    pair("نتنياهو", "نتانياهو", "the name of a prime minister"),
    pair("إنجلترا", "إنكلترا", "a country by the k of the Levant"),
    pair("إنجليزي", "الإنكليزية", "the adjective of a country"),
    pair("اسكتلندا", "سكوتلندا", "a country with and without an initial alef"),
    pair("بنغلاديش", "بنجلادش", "a country that differs in two letters"),
    pair("غواتيمالا", "جواتيمالا", "a country by the Egyptian g"),
    pair("أوروبا", "أوربا", "a continent with one waw or two"),
    pair("الأوروبي", "الأوربية", "an adjective with one waw or two"),
    pair("إسطنبول", "إستانبول", "a city that is spelt in several ways"),
    pair("شيكاغو", "شيكاجو", "a city by the Egyptian g"),
    pair("زيوريخ", "زيورخ", "a city with and without a vowel"),
    pair("سامسونغ", "سامسونج", "a company with a final g"),
    pair("إنستغرام", "إنستجرام", "a service"),
    pair("تلغرام", "تيليجرام", "a service with other vowels, too"),
    pair("فيسبوك", "فايسبوك", "a service as in the Maghreb"),
    pair("هوليوود", "هوليود", "one waw or two"),
    pair("تلفزيون", "والتليفزيون", "a loan word with a long vowel"),
    pair("ديمقراطية", "الديموقراطيين", "an adjective of a loan word"),
    pair("فيروس", "فايروس", "a loan word with a diphthong"),
    pair("أكسجين", "أوكسجين", "a loan word with an initial waw"),
    pair("كونغرس", "الكونجرس", "an institution by the Egyptian g"),
    pair("غولف", "جولف", "a sport"),
    pair("يوليو", "يوليوز", "a month as in Morocco"),
    pair("فبراير", "فيفري", "a month as in Tunisia"),
    pair("سبتمبر", "شتنبر", "a month as in Morocco, with other consonants"),
    pair("غوارديولا", "جوارديولا", "a trainer by the Egyptian g"),
    pair("أردوغان", "أردوجان", "a president by the Egyptian g"),
    distinct("جرام", "غرامة", "no form of a word that is listed as it is"),
    distinct("أمريكا", "أمراكا", "what is not listed"),
)

TYPING = (
    same("الاقتصاض", "الاقتصاد", "a wrong letter"),
    same("الاقتصا", "الاقتصاد", "a missing letter"),
    same("الاقتتصاد", "الاقتصاد", "a letter twice"),
    same("الاقتصخاد", "الاقتصاد", "a letter too many"),
    same("الاتقصاد", "الاقتصاد", "two letters swapped"),
    same("ااقتصاد", "الاقتصاد", "an error in the article"),
    same("ضلم", "ظلم", "a letter that sounds like the right one"),
    same("تلميز", "تلميذ", "another letter that sounds like the right one"),
    same("وضيفة", "وظيفة", "ض for ظ in a longer word"),
    same("اللاجءين", "اللاجئين", "a hamza without its seat"),
    same("ذالك", "ذلك", "ذلك as it is pronounced"),
    same("لاكن", "لكن", "لكن as it is pronounced"),
    same("wikipdia", "Wikipedia", "a missing letter in a Latin word"),
    same("عبدالله", "عبد الله", "a name in one word matches the name in two"),
    same("عبد الله", "عبدالله", "a name in two words matches the name in one"),
    same("أبوظبي", "أبو ظبي", "a place name in one word matches the name in two"),
    same("أبو ظبي", "أبوظبي", "a place name in two words matches the name in one"),
    same("نور الدين", "نورالدين", "a compound that ends in الدين"),
    same("نصرالله", "نصر الله", "a compound that ends in الله"),
    same("مجلسالشورى", "مجلس الشورى", "a missing space"),
    same("المستش فيات", "المستشفيات", "a space inside a word"),
    distinct("قمر", "قمح", "a word that a document contains is not corrected"),
    distinct("عبدالقادر", "القادر عبد", "a compound matches its parts in their order only"),
)

ORDER = (
    Case(
        "مجلس الأمن الدولي",
        ("عقد مجلس الأمن الدولي جلسة طارئة", "عقد مجلس الإدارة جلسة حول الأمن والقانون الدولي"),
        "adjacent query words rank above distant ones",
    ),
    Case(
        "كأس العالم",
        ("فاز المنتخب في كأس العالم هذا الصيف", "في العالم كأس واحدة لكل منتخب هذا الصيف"),
        "words in the order of the query rank above another order",
    ),
    Case(
        "البرلمان الأوروبي بروكسل",
        ("اجتمع البرلمان الأوروبي في بروكسل", "اجتمع البرلمان الأوروبي في ستراسبورغ وسافر الوفد من بروكسل بعدها"),
        "of two texts with all words the shorter ranks higher",
    ),
    Case(
        "الانتخابات",
        ("الانتخابات الانتخابات: كل شيء عن الانتخابات في يوم", "قال المرشح إن الانتخابات تجري في يوم آخر قريب"),
        "a higher term frequency ranks higher",
    ),
    Case(
        "مكتبة الإسكندرية",
        (
            "وصف الخبراء ما جرى في الجزيرة وصفا طويلا. " * 12 + "زار الوفد مكتبة الإسكندرية. " + "ثم عاد الوفد. " * 12,
            "الإسكندرية اليوم: الإسكندرية في الشتاء، والإسكندرية في الصيف",
        ),
        "all words once in a long text rank above one word many times",
    ),
    Case(
        "البراكين",
        (
            "البراكين تثور. " + "وصف الخبراء ما جرى في الجزيرة وصفا طويلا. " * 12,
            "وصف الخبراء ما جرى في الجزيرة وصفا طويلا. " * 12 + "البراكين تثور.",
        ),
        "a match at the start of a text ranks above one at its end",
    ),
    Case(
        '"حقوق الإنسان"',
        ("تقرير عن حقوق الإنسان",),
        "a phrase matches its words in order and as written",
        ("حقوق كل إنسان", "الإنسان وحقوق أخرى"),
    ),
    Case(
        '"لا مانع لما أعطيت"',
        ("اللهم لا مانع لما أعطيت",),
        "stop words count within a phrase",
        ("أعطيت مانعا",),
    ),
    Case(
        "من هو رئيس البرازيل",
        ("رئيس البرازيل يزور المنطقة",),
        "stop words of a question are not required",
    ),
    Case(
        "أسعار النفط",
        ("ارتفاع أسعار النفط", "النفط سعره مرتفع"),
        "the words as typed rank above other forms of them",
    ),
    Case(
        "الأطفال في المدارس",
        ("عاد الأطفال إلى المدارس", "عاد طفل إلى مدرسة"),
        "two words in other forms are found, and rank lower",
    ),
)

NAMES = (
    Case(
        "طبيب العين",
        ("زار المريض طبيب عيون في المدينة",),
        "a name that is also a word, beside another word: eyes are meant as well",
    ),
)

CASES = (*NAMES, *MORPHOLOGY, *SPELLING, *VARIANTS, *TYPING, *ORDER)

KNOWN_FAILURES = (
    same("الاقتتصاض", "الاقتصاد", "two errors in one word"),
    same("عبدالرحمن", "لعبد الرحمن", "a particle before a name in two words"),
    distinct("كتب", "يكتبون", "the plural books does not match the verb they write"),
)
