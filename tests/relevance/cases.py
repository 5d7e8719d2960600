"""Relevance by example: what a query must find, in which order, and what it must not find, each with a reason.

Known failures stand in `KNOWN_FAILURES`: whoever mends one is told to move it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """Some documents that differ in little, and what a query makes of them.

    Attributes:
        query: what is typed.
        found: texts that must be found, in this order.
        absent: texts that must not be found.
        why: what a reader expects, and why.
    """

    query: str
    found: tuple[str, ...]
    why: str
    absent: tuple[str, ...] = ()


FRAME = "تحدثت الصحيفة عن {} في عدد الأمس"
"""Documents of a pair are equal but for one word."""


def pair(query: str, other: str, why: str) -> Case:
    """The word itself comes first, the other form of it below."""
    return Case(query, (FRAME.format(query), FRAME.format(other)), why)


def same(query: str, other: str, why: str) -> Case:
    """The word is found although it is written otherwise."""
    return Case(query, (FRAME.format(other),), why)


def compound_parts(query: str, other: str, why: str) -> Case:
    """Only the word itself is found."""
    return Case(query, (FRAME.format(query),), why, (FRAME.format(other),))


MORPHOLOGY = (
    pair("كتاب", "كتب", "a broken plural is the same thing in the plural"),
    pair("كتب", "كتاب", "and the other way round"),
    pair("مدينة", "مدن", "a broken plural without a letter in common at the end"),
    pair("طفل", "أطفال", "a broken plural with a hamza before it"),
    pair("وزير", "وزراء", "the first letter is no conjunction, in neither"),
    pair("الوزير", "الوزراء", "and with the article"),
    pair("مدرسة", "مدارس", "a broken plural with an alef inside"),
    pair("مدرسة", "وبالمدارس", "three particles before a broken plural"),
    pair("ماء", "الماء", "a word that the stemmer would take to pieces, with its article"),
    pair("الأمين", "أمين", "and the other way round"),
    pair("هيئة", "بالهيئات", "a sound plural whose stem would be a pronoun"),
    pair("ولاية", "الولايات", "a sound plural that begins with the letter of a conjunction"),
    pair("الولايات", "بولاية", "and the other way round, with a preposition"),
    pair("البيئة", "لبيئة", "a preposition that rules would not take off, before a word that is known"),
    pair("وفاة", "والوفيات", "the plural of a word whose stem would be two letters"),
    pair("التزام", "للالتزام", "the ال of the word itself behind the article"),
    compound_parts("ليون", "بليون", "a billion is no city"),
    pair("مستشفى", "مستشفيات", "a sound plural of a word that ends in alef maqsura"),
    pair("سيارة", "بسياراتهم", "a preposition before and a pronoun behind a sound plural"),
    pair("سيارة", "سيارتها", "a pronoun makes the last letter of a feminine word a ت"),
    pair("سيارة", "السيارتين", "the dual"),
    pair("لعب", "يلعبون", "a verb in the present tense, plural"),
    pair("شركة", "شركاتهم", "a pronoun behind a sound plural"),
    pair("شركة", "لشركتهم", "a preposition before a word with a pronoun, of which four letters stay"),
    pair("معلم", "المعلمون", "the sound masculine plural"),
    pair("معلم", "للمعلمين", "the same after a preposition"),
    pair("كتاب", "كتابها", "a pronoun"),
    pair("كتاب", "وكتابه", "a conjunction and a pronoun"),
    pair("بيت", "بيوت", "a broken plural"),
    pair("شارع", "الشوارع", "a broken plural with the article"),
    pair("قانون", "قوانين", "a broken plural of four letters"),
    pair("مشروع", "مشاريع", "one of two plurals"),
    pair("مشروع", "مشروعات", "and the other"),
    pair("سلاح", "أسلحة", "a plural of few"),
    pair("وثيقة", "الوثائق", "a word that begins with و, and its plural with the article"),
    pair("خبير", "خبراء", "a broken plural with a hamza behind it"),
    pair("قضية", "القضايا", "a broken plural of a word whose own stem has two letters only"),
    pair("بنك", "بنوك", "the singular first"),
    pair("بنوك", "بنك", "or the plural, if that is what was typed"),
    pair("مكتب", "مكتبة", "an office is no library: below, though the light stem is one"),
    pair("مكتبة", "مكتب", "nor a library an office"),
    pair("جامع", "جامعة", "a mosque is no university"),
    pair("جامعة", "جامع", "nor a university a mosque"),
    pair("مدرس", "مدرسة", "a teacher is no school"),
    pair("مدرسة", "مدرس", "nor a school a teacher"),
    compound_parts("علم", "عالم", "science is no world"),
    compound_parts("عالم", "علم", "nor a world science"),
    compound_parts("حكم", "حكومة", "a judgment is no government"),
    compound_parts("حكومة", "حكم", "nor a government a judgment"),
    compound_parts("كتاب", "كتيبة", "a book is no battalion, whatever their root"),
    compound_parts("سلام", "إسلام", "peace is no Islam"),
    compound_parts("عراق", "عرق", "Iraq is no sweat"),
)

SPELLING = (
    same("الإسلام", "الاسلام", "the hamza is often left out"),
    same("الاسلام", "الإسلام", "by either side"),
    same("أحمد", "احمد", "above the alef too"),
    same("إيران", "ايران", "and below"),
    same("القرآن", "القران", "a madda is left out as often"),
    same("مسؤول", "مسئول", "the Egyptian seat of a hamza"),
    same("شؤون", "شئون", "the same in a shorter word"),
    same("مسئول", "مسؤول", "and the other way round"),
    same("مسوول", "مسؤول", "the seat of the hamza alone"),
    same("الجزاير", "الجزائر", "and the other seat"),
    same("شيء", "شئ", "a hamza alone or on its seat"),
    same("مدرسة", "مدرسه", "a final ه for ة"),
    same("على", "علي", "a final ي for ى"),
    same("مستشفي", "مستشفى", "or ى for ي"),
    same("محمد", "مُحَمَّد", "tashkeel is for reading aloud"),
    same("مُحَمَّدٌ", "محمد", "also in what is typed"),
    same("الرحمن", "الرَّحْمَٰنِ", "a dagger alef"),
    same("خبر", "خبـــر", "tatweel is decoration"),
    same("السلام", "ﺍﻟﺴﻼﻡ", "presentation forms of old documents and PDF files"),
    same("كتاب", "کتاب", "a Persian kaf looks the same"),
    same("فلسطين", "فلسطین", "and so does a Persian yeh"),
    same("2018", "٢٠١٨", "Arabic-Indic digits"),
    same("٢٠١٨", "2018", "in either direction"),
    same("۲۰۱۸", "2018", "and the Persian ones"),
    same("2018", "2018م", "a year with its sign"),
    same("17.5", "ب17.5", "a number behind a preposition"),
    same("brexit", "Brexit", "capitals"),
    same("covid-19", "COVID-19", "and a hyphen"),
    same("cafe", "café", "accents of Latin letters"),
    same("فيسبوك", "#فيسبوك", "a hashtag"),
    same("اليوم", "اليوم.وقال", "a full stop without a space behind it"),
    same("كأس", "«كأس»", "quotation marks are no part of a word"),
    same("اللغة", "اللُّغة\u200f", "direction marks cannot be seen"),
    same("الصلاة", "الصلاه", "ة and ه after an alef"),
    compound_parts("2018", "2019", "another year"),
    compound_parts("كرة", "كرم", "another last letter is another word"),
    compound_parts("ماء", "ما", "water is no pronoun"),
    compound_parts("قلب", "كلب", "a heart is no dog"),
)

TYPING = (
    same("الاقتصاض", "الاقتصاد", "a wrong letter"),
    same("الاقتصا", "الاقتصاد", "a missing letter"),
    same("الاقتتصاد", "الاقتصاد", "a letter twice"),
    same("الاقتصخاد", "الاقتصاد", "a letter too many"),
    same("الاتقصاد", "الاقتصاد", "two letters swapped"),
    same("ااقتصاد", "الاقتصاد", "an error in the article"),
    same("ضلم", "ظلم", "letters that sound alike"),
    same("تلميز", "تلميذ", "and these two"),
    same("وضيفة", "وظيفة", "a common confusion in a longer word"),
    same("اللاجءين", "اللاجئين", "a hamza without its seat"),
    same("ذالك", "ذلك", "as it is spoken"),
    same("لاكن", "لكن", "and this"),
    same("wikipdia", "Wikipedia", "Latin words are mistyped as well"),
    same("عبدالله", "عبد الله", "a name that is written as one word or as two"),
    same("عبد الله", "عبدالله", "in either direction"),
    same("أبوظبي", "أبو ظبي", "a town is such a name too"),
    same("أبو ظبي", "أبوظبي", "in either direction"),
    same("نور الدين", "نورالدين", "and what ends in religion"),
    same("نصرالله", "نصر الله", "or in God"),
    same("مجلسالشورى", "مجلس الشورى", "a space that was forgotten"),
    same("المستش فيات", "المستشفيات", "a space too many"),
    compound_parts("قمر", "قمح", "what some document has is not taken for another word"),
    compound_parts("عبدالقادر", "القادر عبد", "the parts of a name stand in their order"),
)

ORDER = (
    Case(
        "مجلس الأمن الدولي",
        ("عقد مجلس الأمن الدولي جلسة طارئة", "عقد مجلس الإدارة جلسة حول الأمن والقانون الدولي"),
        "words that stand side by side mean what they mean together",
    ),
    Case(
        "كأس العالم",
        ("فاز المنتخب في كأس العالم هذا الصيف", "في العالم كأس واحدة لكل منتخب هذا الصيف"),
        "in their order more than in another",
    ),
    Case(
        "البرلمان الأوروبي بروكسل",
        ("اجتمع البرلمان الأوروبي في بروكسل", "اجتمع البرلمان الأوروبي في ستراسبورغ وسافر الوفد من بروكسل بعدها"),
        "the shorter of two texts with all words",
    ),
    Case(
        "الانتخابات",
        ("الانتخابات الانتخابات: كل شيء عن الانتخابات في يوم", "قال المرشح إن الانتخابات تجري في يوم آخر قريب"),
        "what speaks of it more often",
    ),
    Case(
        "مكتبة الإسكندرية",
        (
            "وصف الخبراء ما جرى في الجزيرة وصفا طويلا. " * 12 + "زار الوفد مكتبة الإسكندرية. " + "ثم عاد الوفد. " * 12,
            "الإسكندرية اليوم: الإسكندرية في الشتاء، والإسكندرية في الصيف",
        ),
        "what was asked word for word, be it once in a long text, before one of the words again and again",
    ),
    Case(
        "البراكين",
        (
            "البراكين تثور. " + "وصف الخبراء ما جرى في الجزيرة وصفا طويلا. " * 12,
            "وصف الخبراء ما جرى في الجزيرة وصفا طويلا. " * 12 + "البراكين تثور.",
        ),
        "what a text begins with is what it is about",
    ),
    Case(
        '"حقوق الإنسان"',
        ("تقرير عن حقوق الإنسان",),
        "a quotation is held to as it is written",
        ("حقوق كل إنسان", "الإنسان وحقوق أخرى"),
    ),
    Case(
        '"لا مانع لما أعطيت"',
        ("اللهم لا مانع لما أعطيت",),
        "stop words are words in a quotation",
        ("أعطيت مانعا",),
    ),
    Case(
        "من هو رئيس البرازيل",
        ("رئيس البرازيل يزور المنطقة",),
        "the small words of a question need not be there",
    ),
    Case(
        "أسعار النفط",
        ("ارتفاع أسعار النفط", "النفط سعره مرتفع"),
        "another form of a word is worth less than the word",
    ),
    Case(
        "الأطفال في المدارس",
        ("عاد الأطفال إلى المدارس", "عاد طفل إلى مدرسة"),
        "both words in another form: found, and below",
    ),
)

CASES = (*MORPHOLOGY, *SPELLING, *TYPING, *ORDER)

KNOWN_FAILURES = (
    pair("لجنة", "لجان", "the stemmer takes the end of the plural for a dual, and two letters are left"),
    pair("هدايا", "هدية", "the stem of the singular has two letters: it would be found in too many words"),
    same("الاقتتصاض", "الاقتصاد", "two errors in one word"),
    same("عبدالرحمن", "لعبد الرحمن", "a particle before a name that is written apart"),
    compound_parts("كتب", "يكتبون", "a plural of books is no verb"),
)
