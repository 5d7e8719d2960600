"""The folding of the packaged normalization table, and the errors of invalid tables."""

from __future__ import annotations

import csv
import pickle
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from index_config.errors import ConfigError
from index_config.table import Table, load_table, parse_table
from tests.shared_data import REPOSITORY, shared

PACKAGED = REPOSITORY / "index_config" / "normalization.toml"
ARABIC_BLOCKS = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))


@pytest.fixture(scope="module")
def table() -> Table:
    return load_table()


def fold(text: str, table: Table) -> str:
    translation = str.maketrans(dict(table.mapping))
    return text.translate(translation)


FOLDED = {
    "alef": [("أحمد", "احمد"), ("إيمان", "ايمان"), ("آمال", "امال"), ("ٱلبيت", "البيت"), ("\u0870", "ا")],
    "waw": [("مؤمن", "مومن"), ("شۆڕش", "شورش")],
    "yeh": [("سئل", "سيل"), ("هدى", "هدي"), ("علی", "علي"), ("هێمن", "هيمن"), ("ۓ", "ي")],
    "heh": [("شجرة", "شجره"), ("شجرۃ", "شجره"), ("ہند", "هند"), ("ھند", "هند"), ("دهۀ", "دهه")],
    "kaf": [("کتاب", "كتاب"), ("ڪتاب", "كتاب"), ("گراج", "كراج"), ("أڭادير", "اكادير"), ("ݣ", "ك")],
    "consonant": [
        ("پاريس", "باريس"),
        ("چاي", "جاي"),
        ("ڤيينا", "فيينا"),
        ("ڨفصة", "قفصه"),
        ("ڢاس", "فاس"),
        ("ٮٯں", "بقن"),
    ],
    "tashkeel": [("قَلَمٌ", "قلم"), ("مُعَلِّمٌ", "معلم"), ("معلِّم", "معلم")],
    "mark": [
        ("هٰذا", "هذا"),
        ("ا\u0653", "ا"),
        ("قلم\u0615", "قلم"),
        ("قلم\u06da", "قلم"),
        ("له\u06e5", "له"),
        ("ق\u0897لم", "قلم"),
    ],
    "tatweel": [("قـــلم", "قلم"), ("ﺳﻠﻢ\ufe73", "سلم"), ("قلم\u088e", "قلم")],
    "invisible": [
        ("قل\u200cم", "قلم"),
        ("\u202bقلم\u202c", "قلم"),
        ("\ufeffقلم", "قلم"),
        ("ca\u00adfe", "cafe"),
        ("قلم\ufe0f", "قلم"),
    ],
    "digit": [("١٩٤٨", "1948"), ("۱۹۴۸", "1948"), ("٠۰", "00")],
    "punctuation": [("٣٫١٤", "3.14"), ("١٬٠٠٠", "1,000"), ("١،٥", "1,5"), ("l’an", "l'an"), ("Qurʾān", "Quran")],
    "sign": [("\u0601١٩٤٨", " 1948"), ("قلم\u06dd١", "قلم 1")],
    "phrase": [
        ("محمدﷺ", "محمد صلي الله عليه وسلم "),
        ("﷽", " بسم الله الرحمن الرحيم "),
        ("ﷲ١", "الله1"),
        ("١٠٠﷼", "100 ريال "),
        ("عمر\ufd41", "عمر رضي الله عنه "),
    ],
    "presentation": [
        ("ﻗﻠﻢ", "قلم"),
        ("ﻷ", "لا"),
        ("ﺃ", "ا"),
        ("ﺓ", "ه"),
        ("ﭼ", "ج"),
        ("ﷲ", "الله"),
        ("ﹰ", ""),
        ("ﹱ", ""),
        ("ﱠ", ""),
    ],
    "latin": [
        ("Côte", "Cote"),
        ("Co\u0302te", "Cote"),
        ("Ñandú", "Nandu"),
        ("Việt", "Viet"),
        ("İzmir", "Izmir"),
        ("ǽ", "æ"),
    ],
}


@pytest.mark.parametrize(("source", "target"), [case for cases in FOLDED.values() for case in cases])
def test_the_table_folds(table: Table, source: str, target: str) -> None:
    assert fold(source, table) == target


def test_every_class_has_test_cases_and_rows(table: Table) -> None:
    assert set(FOLDED) == set(table.classes) == {row.fold_class for row in table.rows}


@pytest.mark.parametrize("text", ["ماء", "شيء", "كتاب", "؟", "۞", "﮳", "﴾", "ٻ", "ŧøł", "привет", "don't", "3.14"])
def test_the_table_keeps(table: Table, text: str) -> None:
    assert fold(text, table) == text


def test_the_mapping_has_every_row(table: Table) -> None:
    assert dict(table.mapping) == {row.source: row.target for row in table.rows}
    assert all(row.reason and row.fold_class in table.classes for row in table.rows)


def test_written_rows_precede_generated_rows(table: Table) -> None:
    written = len(tomllib.loads(PACKAGED.read_text(encoding="utf-8"))["rows"])
    assert [row.generated for row in table.rows] == [False] * written + [True] * (len(table.rows) - written)


def test_every_character_of_the_arabic_blocks_is_folded_or_kept_for_a_reason(table: Table) -> None:
    unfolded = frozenset[str]().union(*(group.characters for group in table.unfolded))
    characters = {chr(value) for first, last in ARABIC_BLOCKS for value in range(first, last + 1)}
    undecided = {c for c in characters - table.mapping.keys() - unfolded if unicodedata.category(c) != "Cn"}
    assert sorted(f"U+{ord(c):04X}" for c in undecided) == []


def test_every_combining_mark_of_the_arabic_blocks_is_deleted(table: Table) -> None:
    characters = [chr(value) for first, last in ARABIC_BLOCKS for value in range(first, last + 1)]
    assert {fold(c, table) for c in characters if unicodedata.category(c) == "Mn"} == {""}


def test_every_decomposing_character_of_the_arabic_blocks_folds_like_its_parts(table: Table) -> None:
    characters = [chr(value) for first, last in ARABIC_BLOCKS for value in range(first, last + 1)]
    decomposing = [c for c in characters if unicodedata.normalize("NFD", c) != c]
    assert set("آأإؤئۀۂۓ") <= set(decomposing)
    assert [c for c in decomposing if fold(c, table) != fold(unicodedata.normalize("NFD", c), table)] == []


def spelling_pairs() -> Iterator[tuple[str, str, str]]:
    with shared("data", "normalization", "pairs.dev.tsv").open(encoding="utf-8", newline="\n") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["category"], row["variant"], row["canonical"]


def test_two_spellings_of_a_word_fold_alike(table: Table) -> None:
    differing = [pair for pair in spelling_pairs() if fold(pair[1], table) != fold(pair[2], table)]
    # The stemmer removes the final hamza, not the table: ماء must not become ما.
    assert [pair for pair in differing if pair[0] != "final hamza dropped"] == []


def test_a_word_with_a_final_hamza_stays_distinct(table: Table) -> None:
    assert fold("ماء", table) != fold("ما", table)


ALEF = '{from = "U+0623", to = "U+0627", class = "alef", name = "ARABIC LETTER ALEF WITH HAMZA ABOVE", reason = "r"}'
MARK = '{from = "U+0654", to = "", class = "alef", name = "ARABIC HAMZA ABOVE", reason = "r"}'
RULE = '{class = "alef", ranges = "U+FE83-U+FE84", method = "NFKC", reason = "r"}'


def toml(*rows: str, generated: str = "", unfolded: str = "", head: str = "version = 1") -> str:
    lines = [head, 'classes.alef.description = "alefs"', f"rows = [{', '.join(rows)}]"]
    return "\n".join([*lines, f"generated = [{generated}]", f"unfolded = [{unfolded}]"])


def test_a_table_has_its_written_and_generated_rows() -> None:
    table = parse_table(toml(ALEF, MARK, generated=RULE), "t.toml")
    assert dict(table.mapping) == {"أ": "ا", "\u0654": "", "ﺃ": "ا", "ﺄ": "ا"}
    assert [row.generated for row in table.rows] == [False, False, True, True]


def test_a_written_row_overrides_a_rule() -> None:
    written = ALEF.replace("U+0623", "U+FE84").replace("U+0627", "U+0020").replace("ABOVE", "ABOVE FINAL FORM")
    assert parse_table(toml(ALEF, MARK, written, generated=RULE), "t.toml").mapping["ﺄ"] == " "


def test_a_character_newer_than_this_unicode_needs_no_known_name() -> None:
    row = '{from = "U+0378", to = "", class = "alef", name = "A NAME OF THE FUTURE", reason = "r"}'
    assert parse_table(toml(row), "t.toml").mapping["\u0378"] == ""


WRONG = {
    "not TOML": ("version = ", "", "not TOML"),
    "no version": (toml(head=""), "version", "None is not known"),
    "another version": (toml(head="version = 2"), "version", "2 is not known"),
    "unknown table": (toml(head="version = 1\nrow = 1"), "row", "not known here"),
    "rows of the wrong kind": ("version = 1\nrows = 3", "rows", "wrong kind"),
    "row that is no table": (toml("3"), "rows[0]", "not a table"),
    "class without description": ('version = 1\nclasses.alef = "x"', "classes.alef.description", "missing"),
    "unknown field": (toml(ALEF.replace("{", '{form = "x", ')), "rows[0].form", "not known here"),
    "field missing": (toml(ALEF.replace(', reason = "r"', "")), "rows[0].reason", "missing"),
    "empty reason": (toml(ALEF.replace('"r"', '" "')), "rows[0].reason", "missing"),
    "no class": (toml(ALEF.replace('class = "alef", ', "")), "rows[0].class", "missing"),
    "unknown class": (toml(ALEF.replace('"alef"', '"olaf"')), "rows[0].class", '"olaf" is not a class'),
    "short code point": (toml(MARK, ALEF.replace("U+0623", "U+06")), "rows[1].from", '"U+06" is not one code point'),
    "several code points": (toml(ALEF.replace("U+0623", "U+0627 U+0654")), "rows[0].from", "not one code point"),
    "letter instead of its number": (toml(ALEF.replace("U+0623", "أ")), "rows[0].from", "not one code point"),
    "beyond Unicode": (toml(ALEF.replace("U+0623", "U+110000")), "rows[0].from", "not one code point"),
    "surrogate": (toml(ALEF.replace("U+0627", "U+D800")), "rows[0].to", "not one code point"),
    "wrong name": (toml(ALEF.replace("ABOVE", "BELOW")), "rows[0].name", "ARABIC LETTER ALEF WITH HAMZA ABOVE"),
    "duplicate": (toml(ALEF, MARK, ALEF), "rows[2].from", "U+0623 already has a row"),
    "duplicate of rules": (toml(ALEF, MARK, generated=f"{RULE}, {RULE}"), "generated[1]", "U+FE83 already has a row"),
    "space": (
        toml(ALEF.replace("U+0623", "U+0020").replace("ARABIC LETTER ALEF WITH HAMZA ABOVE", "SPACE")),
        "rows[0].from",
        "U+0020 is a space",
    ),
    "ASCII letter": (
        toml(ALEF.replace("U+0623", "U+0041").replace("ARABIC LETTER ALEF WITH HAMZA ABOVE", "LATIN CAPITAL LETTER A")),
        "rows[0].from",
        "U+0041 is a space, an ASCII letter",
    ),
    "tab in a target": (toml(ALEF.replace("U+0627", "U+0009")), "rows[0].to", "white space"),
    "space inside a target": (toml(ALEF.replace("U+0627", "U+0627 U+0020 U+0627")), "rows[0].to", "white space"),
    "target with a key": (
        toml(MARK, ALEF.replace("U+0627", "U+0627 U+0654")),
        "rows[1].to",
        "a text with U+0654, which has a row",
    ),
    "target that is its own key": (toml(ALEF.replace("U+0627", "U+0623")), "rows[0].to", "a text with U+0623, which"),
    "decomposed spelling": (toml(ALEF), "rows[0].to", "decomposed spelling"),
    "unknown method": (toml(generated=RULE.replace("NFKC", "NFC")), "generated[0].method", '"NFC" is not a method'),
    "rule of an unknown class": (toml(generated=RULE.replace("alef", "olaf")), "generated[0].class", "not a class"),
    "wrong range": (toml(generated=RULE.replace("U+FE84", "FE84")), "generated[0].ranges", '"FE84" is not one'),
    "rule that makes several words": (
        toml(generated=RULE.replace("U+FE83-U+FE84", "U+FDFB")),
        "generated.to",
        "U+FDFB becomes a text with white space",
    ),
    "unfolded and folded": (
        toml(ALEF, MARK, unfolded='{ranges = "U+0623", reason = "r"}'),
        "unfolded[0].ranges",
        "U+0623 has a row as well",
    ),
    "unfolded without reason": (toml(unfolded='{ranges = "U+0621"}'), "unfolded[0].reason", "missing"),
}


@pytest.mark.parametrize(("text", "key", "problem"), WRONG.values(), ids=WRONG.keys())
def test_an_invalid_table_is_refused(text: str, key: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_table(text, "t.toml")
    assert (caught.value.path, caught.value.key) == ("t.toml", key)
    assert problem in str(caught.value)
    assert caught.value.expected


def test_the_error_reads_as_a_sentence() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_table(toml(ALEF.replace("U+0623", "U+06")), "normalization.toml")
    assert str(caught.value) == 'normalization.toml: rows[0].from: "U+06" is not one code point; write it as U+0623'


def test_the_error_survives_pickling() -> None:
    error = ConfigError("a.toml", "", "is empty", "write something")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.expected) == ("a.toml: is empty; write something", "write something")


def test_a_custom_table_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(toml(ALEF, MARK), encoding="utf-8")
    assert set(load_table(path).mapping) == {"أ", "\u0654"}


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"version = 1 # \xc7")
    with pytest.raises(ConfigError, match=r"mine\.toml: byte 14 is not UTF-8"):
        load_table(path)
