"""Token boundaries: Arabic as people write it, everything else as Lucene's standard tokenizer splits it.

The expected words of the other scripts were printed by Lucene 10's StandardTokenizer.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from index_config.segmentation import MAX_TOKEN_LENGTH
from search_service.analysis.tokenizer import is_arabic_word, spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


ARABIC = {
    "quotation marks": ('تنظيم"داعش"', ["تنظيم", "داعش"]),
    "full stop without a space": ("بروكسل.واعلن", ["بروكسل", "واعلن"]),
    "colon without a space": ("وقال:نعم", ["وقال", "نعم"]),
    "full stop after a one-letter word": ("و.نعم", ["و", "نعم"]),
    "full stop before Latin": ("شركه.OpenAI", ["شركه", "OpenAI"]),
    "full stop after Latin": ("OpenAI.شركه", ["OpenAI", "شركه"]),
    "abbreviation of two letters": ("ا.د. محمد", ["ا.د", "محمد"]),
    "abbreviation of one word": ("ص.ب 12", ["ص.ب", "12"]),
    "abbreviation of three letters": ("ق.ب.ل", ["ق.ب.ل"]),
    "time": ("الساعه 10:30", ["الساعه", "10", "30"]),
    "hashtag": ("#اليوم_الوطني", ["اليوم", "الوطني"]),
    "hashtag in Latin": ("#Saudi_Arabia", ["Saudi_Arabia"]),
    "several underscores": ("نص___نص", ["نص", "نص"]),
    "underscore between scripts": ("نص_abc", ["نص", "abc"]),
    "Latin joined to Arabic": ("شركهOpenAI", ["شركهOpenAI"]),
    "year with a letter": ("2015م", ["2015", "م"]),
    "letter with a number": ("ب17.5", ["ب", "17.5"]),
    "number after a word": ("كورونا19 القناه2", ["كورونا", "19", "القناه", "2"]),
    "number between letters": ("ال20م", ["ال", "20", "م"]),
    "list with commas": ("12,15,19 100,200", ["12", "15", "19", "100", "200"]),
    "list with a semicolon": ("263200002;30.05.23", ["263200002", "30.05.23"]),
    "slash": ("كانون الثاني/يناير", ["كانون", "الثاني", "يناير"]),
    "comma": ("نعم،لا", ["نعم", "لا"]),
    "semicolon": ("نعم؛لا", ["نعم", "لا"]),
    "question mark": ("نعم؟لا", ["نعم", "لا"]),
    "dots": ("نعم...لا", ["نعم", "لا"]),
    "dash": ("بين-بين", ["بين", "بين"]),
    "brackets": ("(في لندن)", ["في", "لندن"]),
    "narrow no-break space": ("نعم\u202fلا 10\u202f000", ["نعم", "لا", "10", "000"]),
    "no-break space": ("نعم\u00a0لا", ["نعم", "لا"]),
}
LATIN = {
    "hyphen": ("COVID-19", ["COVID", "19"]),
    "abbreviation": ("U.S. and e.g. this", ["U.S", "and", "e.g", "this"]),
    "decimal": ("3.14 3,5 6822,29", ["3.14", "3,5", "6822,29"]),
    "date, version and address": ("30.05.23 3.11.7 192.168.1.1", ["30.05.23", "3.11.7", "192.168.1.1"]),
    "thousands, which folding joins before": ("1,000,000.5", ["1", "000", "000.5"]),
    "two years": ("2015/2014", ["2015", "2014"]),
    "date": ("2024-03-11", ["2024", "03", "11"]),
    "percent": ("50%", ["50"]),
    "e-mail": ("ali@example.com", ["ali", "example.com"]),
    "address": ("https://example.com/a_b?c=1", ["https", "example.com", "a_b", "c", "1"]),
    "apostrophe": ("don't", ["don't"]),
    "typographic apostrophe": ("don’t", ["don’t"]),
    "quoted word": ("'word' ’word’", ["word", "word"]),
    "letters and digits": ("iPhone15 H1N1", ["iPhone", "15", "H", "1", "N", "1"]),
    "digits, full stop, letters": ("1.a a.1", ["1", "a", "a", "1"]),
    "underscores at the edges": ("_a_ __ _", ["_a_"]),
    "accent as a mark of its own": ("Co\u0302te", ["Co\u0302te"]),
    "nothing but marks": ("\u0301\u0302", []),
}
SCRIPTS = {
    "Hebrew abbreviation": ('צה"ל', ['צה"ל']),
    "Hebrew letter with a quote": ("ג'ירפה ז'", ["ג'ירפה", "ז'"]),
    "Hebrew in quotation marks": ('"שלום"', ["שלום"]),
    "Hebrew quote within a chain": ('אב_צה"ל', ['אב_צה"ל']),
    "Thai": ("ภาษาไทย", ["ภาษาไทย"]),
    "Thai and Latin": ("ภาษาabc", ["ภาษา", "abc"]),
    "Han": ("漢字", ["漢", "字"]),
    "Hiragana": ("ひら", ["ひ", "ら"]),
    "Katakana": ("カタカナ", ["カタカナ"]),
    "Katakana beside Latin": ("カタabc", ["カタ", "abc"]),
    "Katakana joined to Latin": ("カタ_abc", ["カタ_abc"]),
    "Hangul": ("한국어 한국1", ["한국어", "한국", "1"]),
    "Cyrillic": ("Москва", ["Москва"]),
    "Devanagari": ("हिन्दी", ["हिन्दी"]),
    "Thai vowel sign after an underscore": ("_\u0e31_", ["\u0e31"]),
    "Tai digit": ("1\u19da1", ["1", "\u19da", "1"]),
    "Armenian abbreviation mark": ("a\u055fa", ["a", "a"]),
    "Syriac abbreviation mark": ("\u070f a\u070fb", ["a\u070fb"]),
    "comma for columns": ("1\ufe101", ["1\ufe101"]),
    "letters newer than Unicode 12.1": ("a\u2c2fa \u08c7", ["a", "a"]),
    "letter newer than Unicode 12.1 beside a full stop": ("\u08c7ب.ad", ["ب", "ad"]),
    "mark newer than Unicode 12.1": ("a\u1ac0a", ["a", "a"]),
    "Han sign newer than Unicode 12.1": ("漢\U00030000字", ["漢", "字"]),
}
EMOJI = {
    "one": ("نعم😀لا", ["نعم", "😀", "لا"]),
    "two": ("😀😀", ["😀", "😀"]),
    "skin tone": ("👍🏽", ["👍🏽"]),
    "joined": ("👩\u200d💻", ["👩\u200d💻"]),
    "joined with skin tones": ("👩🏽\u200d🤝\u200d👨🏻", ["👩🏽\u200d🤝\u200d👨🏻"]),
    "presentation": ("❤\ufe0f", ["❤\ufe0f"]),
    "flag": ("🇪🇬", ["🇪🇬"]),
    "two flags": ("🇪🇬🇸🇦", ["🇪🇬", "🇸🇦"]),
    "half a flag": ("🇪", []),
    "flag of tags": ("🏴\U000e0067\U000e0062\U000e007f", ["🏴\U000e0067\U000e0062\U000e007f"]),
    "keycap of a digit": ("1\ufe0f\u20e3", ["1\ufe0f\u20e3"]),
    "keycap of a sign": ("#\ufe0f\u20e3", ["#\ufe0f\u20e3"]),
    "keycap with marks between": ("#\u0301\u20e3\u0301\u20e3", ["#\u0301\u20e3\u0301\u20e3"]),
    "pictograph newer than Unicode 12.1": ("\U0001fad0", ["\U0001fad0"]),
    "star": ("★", ["★"]),
    "registered": ("®", ["®"]),
    "joiner alone": ("\u200d \u200d\u200d", []),
}


@pytest.mark.parametrize(("text", "expected"), ARABIC.values(), ids=ARABIC.keys())
def test_tokens_of_arabic_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(("text", "expected"), LATIN.values(), ids=LATIN.keys())
def test_tokens_of_latin_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(("text", "expected"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_tokens_of_other_scripts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(("text", "expected"), EMOJI.values(), ids=EMOJI.keys())
def test_tokens_of_emoji(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("letter", ["ب", "a", "1"])
def test_a_word_of_the_maximum_length_is_one_token(letter: str) -> None:
    assert words(letter * MAX_TOKEN_LENGTH) == [letter * MAX_TOKEN_LENGTH]


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        pytest.param("ب" * 256, [255, 1], id="Arabic"),
        pytest.param("a" * 600 + " b", [255, 255, 90, 1], id="Latin, and a word after it"),
        pytest.param("1" * 300, [255, 45], id="digits"),
        pytest.param("a" * 255 + ".b", [255, 1], id="a joining full stop past the limit"),
        pytest.param("a" * 254 + ".b", [254, 1], id="a joining full stop at the limit"),
        pytest.param("a" + "\u0301" * 1000 + "b", [255, 1], id="marks past the limit are no word"),
        pytest.param("_" * 300 + "a", [255], id="joiners before a letter"),
        pytest.param("_" * 300, [], id="joiners without a letter"),
        pytest.param("𝒳" * 200, [127, 73], id="letters of two UTF-16 units"),
        pytest.param("a" + "𝒳" * 200, [128, 73], id="a letter of two units that just fits"),
        pytest.param("a" * 254 + "\u0e31ก", [255, 1], id="a word whose last sign is Thai"),
        pytest.param("a" * 255 + "\u0e31ก", [255, 2], id="a piece that begins with a Thai sign"),
    ],
)
def test_longer_words_are_split(text: str, lengths: list[int]) -> None:
    assert [end - start for start, end in spans(text)] == lengths


@pytest.mark.parametrize("text", ["كتاب", "ء", "ب" * 255])
def test_a_string_of_arabic_letters_is_an_arabic_word(text: str) -> None:
    assert is_arabic_word(text)


@pytest.mark.parametrize("text", ["", "كتاب ", "كتاب1", "book", "كتاب.", "ب" * 256, "كتاب\n"])
def test_any_other_string_is_no_arabic_word(text: str) -> None:
    assert not is_arabic_word(text)


HOSTILE: dict[str, Callable[[int], str]] = {
    "underscores": lambda n: "_" * n,
    "a letter and underscores": lambda n: "a" + "_" * n,
    "underscores with marks": lambda n: "_\u0301" * (n // 2),
    "underscores and spaces": lambda n: ("_" * 40 + " ") * (n // 41),
    "Arabic letters and underscores": lambda n: "ب_" * (n // 2),
    "letters and full stops": lambda n: "a." * (n // 2),
    "Arabic letters and full stops": lambda n: "ب." * (n // 2),
    "letters and apostrophes": lambda n: "a'" * (n // 2),
    "digits and commas": lambda n: "1," * (n // 2),
    "letters and digits": lambda n: "a1" * (n // 2),
    "marks": lambda n: "\u0301" * n,
    "a letter and marks": lambda n: "a" + "\u0301" * n,
    "Hebrew quotes": lambda n: 'א"' * (n // 2),
    "Hebrew letters with quotes": lambda n: "א'" * (n // 2),
    "Katakana and underscores": lambda n: "カ_" * (n // 2),
    "joiners": lambda n: "\u200d" * n,
    "an emoji and joiners": lambda n: "👩" + "\u200d" * n,
    "half flags": lambda n: "🇪" * n,
    "number signs and marks": lambda n: "#\u0301" * (n // 2),
    "everything": lambda n: "a1カ_א\"א'.,👩\u200d" * (n // 12),
}


@pytest.mark.full(keep=10)
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_tokenizing_takes_linear_time(make: Callable[[int], str]) -> None:
    def seconds(text: str) -> float:
        def once() -> float:
            begun = time.process_time()  # not the wall clock: other processes must not count
            for _ in spans(text):
                pass
            return time.process_time() - begun

        return min(once() for _ in range(5))

    short, long = make(2_000), make(32_000)
    # Sixteen times the length: sixteen times as long when it is linear, 256 times when it is not.
    assert seconds(long) < 64 * seconds(short) + 0.1
