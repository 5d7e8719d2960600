"""Texts for comparing the two analyses: written, systematic and random ones."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable

from index_config.table import Table
from tests.shared_data import records, seed_pages

ARABIC_BLOCKS = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))

WRITTEN = (
    "The quick brown fox didn't jump over the U.S. embassy's fence, e.g. at 3.14 or 1,000,000.5 km/h.",
    "ارتفع السعر ٣٫٥٪ إلى ١٬٢٠٠ دولار عام 2015م (2014/2015)، أي ب17.5 و۱۲۳ في الساعة 10:30.",
    "راسلونا: info@example.com أو ahmad.ali+list@mail.example.org، موقعنا https://example.com/a_b?c=1&d=%D9%85#x",
    "www.مثال.إختبار ومثال.com وftp://user:pass@host:21/path/ملف.pdf وC:\\temp\\file.txt",
    "👩🏽‍💻 ❤️ 🇪🇬🇸🇦 1️⃣ #️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👨‍👩‍👧‍👦 ☎️ ★ ® 😀😀 مبروك🎉شكرا 🤲🏻",
    "#اليوم_الوطني و#Saudi_Arabia @user_name نص___نص ١_٢ _كلمة_ د.محمد أ.د. ص.ب 12 بروكسل.وأعلن وقال:نعم",
    "COVID-19 iPhone15 mp3 C++ C# .NET AT&T O’Neill Côte d’Azur İstanbul ΟΔΟΣ Straße naïve ŁÓDŹ",
    'תל אביב צה"ל ภาษาไทย 漢字かなカナ 한국어 हिन्दी Москва Ελλάδα ქართული Հայերեն አማርኛ',
    "ﷲ أكبر؛ ﻗﺎل محمدﷺ: ﻻ ضرر ﷽ ۞ ﴿آية﴾ ١٠٠﷼ \u0601١٩٤٨ قلم\u06dd١",
    "كورونا19 القناة2 إف-16 الـ20 2015م ١٬٥٠٠ 1,500.5 12،15،19 263200002;30.05.23 3,5 v2.0 H1N1 10:30 1,2,3 1،250،000",
    "راااائع مبروووك اللللله لللاجئين اﷲ واﷲ Qur’an ʿAlī O'Neill 'a' #اليوم\u200cالوطني مي\u200cشود قراءات ءامنوا جزءا",
    "يَـٰٓأَيُّهَا ٱلَّذِينَ ءَامَنُوا۟ ٱلصَّلَوٰةَ هَـٰٓأَنتُمْ أُو۟لَـٰٓئِكَ دَاوُۥدَ لَهُۥ إِبْرَٰهِـۧمَ شَيْـًٔا يَسْـَٔلُونَكَ إِسْرَٰٓءِيلَ ٱلَّيْلِ يَبْدَؤُا۟ هُدَىٰهُمْ هٰذا",
    "",
    " \n\t",
    "؟!،؛…",
)
"""English, numbers, addresses, emoji, hashtags, other scripts, signs, and nothing."""

AROUND = ("{0}", "{0}{0}", "قا{0}ل", "{0}قال{0}", "قال {0} نعم", "قال{0}.نعم", "a{0}1_{0}_")


def in_context(characters: Iterable[str]) -> list[str]:
    """Return each character alone, doubled, inside words and between them."""
    return [around.format(character) for character in characters for around in AROUND]


def arabic_characters() -> list[str]:
    """Return every code point of the Arabic blocks, assigned or not, in context."""
    return in_context(chr(value) for first, last in ARABIC_BLOCKS for value in range(first, last + 1))


def table_rows(table: Table) -> list[str]:
    """Return the source and the target of every row of the table, in context."""
    return in_context(dict.fromkeys([*table.mapping.keys(), *table.mapping.values()]))


def words_with_affixes(words: Iterable[str], dice: random.Random) -> list[str]:
    """Return words with prefixes and suffixes, and random words of the letters of affixes and numbers."""
    before, behind = ("", "ال", "و", "وال", "لل", "ب15"), ("", "ء", "ءا", "ها", "ات", "ية", "م", "2015")
    known = [f"{prefix}{word}{suffix}" for word in sorted(words) for prefix in before for suffix in behind]
    letters = "اوبكفلنتهيءمسد1٢.,ـ\u064ea\U0001ee00"
    return known + ["".join(dice.choices(letters, k=dice.randint(1, 9))) for _ in range(10_000)]


def respelt_words(dice: random.Random, amount: int) -> list[str]:
    """Return so many random words of each kind that the rules for spellings that depend on neighbours look at."""
    alphabets = (
        "اويىءأؤئٱلهذكنمحة "
        "\u0670\u0670\u0640\u064e\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0654\u06df\u06e5\u06e6\u06e7",
        "االله'’ʿaZé#_\u200c\u064bءوﷲﷺ ",
        "0123٤٥,،;.:٫٬مaف-/ ",
    )
    return ["".join(dice.choices(alphabet, k=dice.randint(2, 14))) for alphabet in alphabets for _ in range(amount)]


def articles() -> list[str]:
    """Return news articles."""
    found = records("data", "news", "docs.jsonl.gz", limit=2_000)
    return [f"{article['title']}\n{article['text']}" for article in found]


def verses() -> list[str]:
    """Return vocalised verses of the Quran."""
    return [verse["text"] for verse in records("data", "quran", "corpus.jsonl", limit=2_000)]


def pages() -> list[str]:
    """Return the complete scraped pages."""
    return list(seed_pages().values())


LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإةىئؤ"
RANDOM_PARTS = (
    *(LETTERS,) * 6,
    "ٱپچڤگکیہھۃۀ",
    "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0670\u0640\u06d6\u06e5",
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069\ufeff\u00ad\u200b",
    "0123456789",
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "abcdefXYZéÑİßſ",
    ".:,;'’\"_-/@#*·‧،؛؟!…«»",
    "\u2024\u203f\u2040\ufe10\ufe13\ufe14\ufe52\ufe55\uff0e\uff1a\uff3f\u055f\u066b\u066c",
    " \n\t\u00a0\u202f\u2009\u3000\u0085\u2028",
    "\u200d\u200c\ufe0f\u20e3",
    "😀👍🏽👩💻🇪🇬🇸❤★©🏴\U000e0067\U000e007f#*",
    "𝒳𐀀𠀀𝟘𞸀🄰\U00010480",
    "ﷲﷺﻻﻷﻗﺎﱠﰲ﷼﷽",
    "אבגש'\"״׳",
    "ภาษาไทยកខ\u19da\u0e31\u102b\ua9e5",
    "漢字ひらカタ한국",
    "हिन्दी\u0301\u0308\u0345",
    "\u0600\u0601\u06dd\u070f\u08e2\U000110bd",
    "\u08c7\u0889\u2c2f\U00016fe2\U0001fad0\U0001f1e6",
)
"""Characters of random texts: letters most often, then every class that a tokenizer has a rule for."""


def random_text(dice: random.Random) -> str:
    """Return a text of a few words, marks, digits, joiners and signs."""
    parts = (
        dice.choices(dice.choice(RANDOM_PARTS), k=dice.choice((1, 1, 1, 2, 3, 5))) for _ in range(dice.randint(1, 14))
    )
    return "".join("".join(part) + " " * (dice.random() < 0.25) for part in parts)


def random_long_word(dice: random.Random) -> str:
    """Return a text with a word longer than a token may be: a short string, repeated."""
    short = "".join(dice.choice(dice.choice(RANDOM_PARTS)) for _ in range(dice.choice((1, 2, 3, 5))))
    return f"{random_text(dice)}{short * (dice.randint(100, 600) // len(short))}{random_text(dice)}"


def characters_of_words(part: int = 16) -> list[str]:
    """Return every assigned character in context; of large scripts with uniform letters, one of every `part`."""
    alike = ((0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0x12000, 0x14646), (0x17000, 0x18CFF), (0x20000, 0x33479))
    found = []
    for value in range(0x110000):
        one_of_many = value % part and any(first <= value <= last for first, last in alike)
        if not one_of_many and unicodedata.category(chr(value)) not in ("Cn", "Cs", "Co"):
            found.append("{0} a{0}a 1{0}1 _{0}_ ب{0}ب".format(chr(value)))
    return found
