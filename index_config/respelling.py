r"""Spellings that depend on their neighbours, which the table of single code points cannot fold.

A rule replaces what a pattern finds. Some rules run on the original text, before the table folds it, because they need
the vowel signs; the others run on the folded text. Together with the table they are what "folding" means: the Python
analysis and Elasticsearch's `pattern_replace` character filters run the same patterns in the same order.

Java and Python's `regex` must read each pattern alike: characters by number, look-behinds of bounded length, and at
least one character in every match, so that both compute the same offsets.

The Quran's spelling
    The text of the Quran keeps the letters of the first copies and adds what they lack as signs. Where modern spelling
    writes a letter for a sign, so do the rules: ٱلْعَـٰلَمِينَ is العالمين, دَاوُۥدَ is داوود, يَسْـَٔلُ is يسأل, ءَامَنَ is آمن.
    The table deletes the other signs (لَهُۥ is له), and a dagger alef on a word without vowel signs: modern texts put
    it on words that are written without an alef (هٰذا).
"""

from __future__ import annotations

from dataclasses import dataclass

_MARK = r"[\u0640\u064b-\u065f\u06d6-\u06dc\u06df-\u06e4\u06e8\u06ea-\u06ed]"
"""Vowel signs, Quranic signs and tatweel; small letters are not among them."""

_MARKS = rf"{_MARK}{{0,5}}"
_ANY = r"[\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]{0,6}"
"""Marks and small letters between two letters."""

_LETTER = r"[\u0621-\u063a\u0641-\u064a\u0671-\u06d3]"
_START = rf"(?<!{_LETTER}{_ANY})"
"""The beginning of a word."""

_ARABIC = r"[\u0621-\u064a]"
"""A letter of a folded Arabic word."""

_LATIN = r"[A-Za-z\u00c0-\u024f]"


@dataclass(frozen=True, slots=True)
class Respelling:
    """A rule.

    Attributes:
        name: the name of the character filter in Elasticsearch.
        pattern: what is replaced.
        replacement: what replaces it; `$1` is the first group of the pattern.
        needs: a text has a match only if it contains one of these strings, or a match of `hint`. Python searches for
            them first, which takes a tenth of the time.
        hint: a pattern for `re`; empty for none.
    """

    name: str
    pattern: str
    replacement: str
    needs: tuple[str, ...] = ()
    hint: str = ""


_NOT_WRITTEN = (
    ("\u0647", rf"(?:\u0643{_MARKS})?[\u0630\u0624]"),  # هذا, هؤلاء, هكذا
    ("\u0630", rf"\u0644{_MARKS}\u0643"),  # ذلك
    ("\u0644", rf"\u0643{_MARKS}\u0646"),  # لكن
    ("\u0644", "\u0647"),  # إله
    (rf"\u0648{_MARKS}\u0644", "\u0626"),  # أولئك
    (rf"\u062d{_MARKS}\u0645", "\u0646"),  # الرحمن
)
"""Letters between which modern spelling writes no alef."""

BEFORE_TABLE = (
    Respelling(
        "quranic_vocative",
        # يَـٰقَوْمِ is يا قوم, هَـٰٓأَنتُمْ is ها أنتم. The next character is replaced too, so that the alef belongs to its word.
        rf"(?:(?<={_START}(?:[\u0648\u0641]{_MARKS})?\u064a[\u0640\u064e]{_MARKS})\u0670"
        rf"|(?<={_START}(?:[\u0648\u0641]{_MARKS})?[\u064a\u0647]{_MARKS})\u0670(?={_MARKS}[\u0622\u0623\u0625]))"
        r"([\u0621-\u06ed])",
        "\u0627 $1",
        needs=("\u0670",),
    ),
    Respelling(
        "quranic_alef",
        # A dagger alef after a fatha or a tatweel, except in a few words and on a final ى. With و or ى it replaces the
        # letter: صلوٰة is صلاة, هُدَىٰهُم is هداهم. A hamza with a fatha, or a sukun after a fatha: يَسْـَٔلُ, ءَأَنذَرْتَهُمْ, أَءِذَا.
        rf"\u0670(?<=[\u0640\u064e]{_MARKS}\u0670)(?!(?<=[\u0649\u06cc]{_MARKS}\u0670)(?!{_ANY}{_LETTER}))"
        + "".join(rf"(?!(?<={before}{_MARKS}\u0670){_MARKS}{after})" for before, after in _NOT_WRITTEN)
        + rf"|\u0648\u0670(?:(?<=\u064e\u0648\u0670)|(?={_MARKS}\u0629))"
        rf"|[\u0649\u06cc]\u0670(?={_ANY}{_LETTER})"
        rf"|\u0640(?:\u064e\u0654|\u0654(?=\u064e))(?!{_MARKS}[\u0627\u0670])"
        rf"|(?<=\u064e{_MARKS})\u0640(?:\u0652\u0654|\u0654(?=\u0652))"
        rf"|{_START}\u0621(?=\u064e\u0623)|(?<={_START}\u0623\u064e)\u0621",
        "\u0627",
        needs=("\u0670", "\u0654", "\u0621\u064e\u0623", "\u0623\u064e\u0621"),
    ),
    Respelling(
        "quranic_waw",
        # دَاوُۥدَ
        rf"(?<=\u064f{_MARKS})\u06e5(?={_ANY}{_LETTER})",
        "\u0648",
        needs=("\u06e5",),
    ),
    Respelling(
        "quranic_yeh",
        # A hamza with a kasra, or after a kasra or yeh, is ئ (شَيْـًٔا, أَفْـِٔدَةً, إِسْرَٰٓءِيلَ). ٱلنَّبِيِّـۧنَ, إِۦلَـٰفِهِمْ
        rf"(?<=\u064a{_MARKS})\u0640[\u064b-\u0652]?\u0654"
        rf"|\u0640(?:\u0650\u0654|\u0654(?=\u0650))"
        rf"|(?<=\u0650{_MARKS})\u0640[\u064b-\u0652]?\u0654(?!{_MARKS}[\u0627\u0670])"
        rf"|(?<={_LETTER}{_ANY})\u0621(?=\u0650{_MARKS}[\u064a\u0649])"
        rf"|(?<=[\u0640\u0650]{_MARKS})\u06e7|(?<=\u0650{_MARKS})\u06e6(?={_ANY}{_LETTER})",
        "\u064a",
        needs=("\u0654", "\u0650", "\u06e6", "\u06e7"),
    ),
    Respelling(
        "quranic_letters",
        # يَبْدَؤُا۟ loses its waw, ٱلَّيْل gets its second lam.
        rf"(?<={_LETTER}{_ANY})\u0624(?={_MARKS}\u0627\u06df)|(?<=\u0671)(\u0644)(?=\u0651\u064e\u064a\u0652(\u0644))",
        "$1$2",
        needs=("\u0627\u06df", "\u0671\u0644\u0651\u064e\u064a"),
    ),
    Respelling(
        "hashtag",
        # In a hashtag, U+200C is between two words. The # that takes its place ends a word.
        r"\u200c(?<=(#)[0-9A-Z_a-z\u0620-\u06d3\u064b-\u0655\u200c]{1,60}\u200c)",
        "$1",
        needs=("\u200c",),
    ),
)
"""Rules for the original text, in order."""

AFTER_TABLE = (
    Respelling(
        "letters",
        # اﷲ is الله; a letter written three times or more is stretched (راااائع), a lam may be two (لللاجئين, الللقاء,
        # اللللله); an apostrophe between Latin letters goes.
        rf"(\u0627)\u0627(?=\u0644\u0644\u0647)"
        rf"|(?:(?<!{_ARABIC})|(?<=(?<!{_ARABIC})[\u0648\u0641\u0628\u0643]?\u0627))(\u0644\u0644)\u0644+(?={_ARABIC})"
        rf"|(\u0644\u0644)\u0644+(?=\u0647)|({_ARABIC})\4\4+"
        rf"|(?<={_LATIN})'(?={_LATIN})",
        "$1$2$3$4",
        needs=("'",),
        # A search for two equal characters is twice as fast as one for Arabic letters.
        hint=rf"(.)\1(?:(?<=\u0627)\u0644\u0644\u0647|\1(?<={_ARABIC}))",
    ),
    Respelling(
        "hamza",
        # ءامن is آمن, القرءان is القرآن; not after a long vowel (قراءات), nor at the end (جزءا).
        rf"\u0621(?:(?<![\u0621\u0627\u0648\u064a]\u0621)|(?<=(?<!{_ARABIC})[\u0648\u0641\u0644]\u0621))"
        rf"(\u0627(?={_ARABIC}))",
        "$1",
        hint=r"\u0621(?:(?<![\u0621\u0627\u0648\u064a]\u0621)|(?<=[\u0648\u0641\u0644]\u0621))\u0627",
    ),
    Respelling(
        "thousands",
        # 1,500 is 1500.
        r"(?<![0-9])(?<![0-9][.,])([0-9]{1,3}),([0-9]{3})(?:,([0-9]{3}))?(?:,([0-9]{3}))?(?![0-9]|,[0-9])",
        "$1$2$3$4",
        hint=r",(?<=[0-9],)[0-9]{3}",
    ),
)
"""Rules for the folded text, in order."""
