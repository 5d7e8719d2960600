"""The normalization table: which code point becomes which text, and why.

Each row folds one code point, without regard to its neighbours, because Elasticsearch's `mapping` char_filter is
compiled from the same rows. `parse_table` refuses a table that breaks one of its laws, so a `Table` always keeps them.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index_config.errors import Location

_PACKAGED = Path(__file__).with_name("normalization.toml")
_VERSION = 1
_CODE_POINT = re.compile(r"U\+([0-9A-F]{4,6})")
_ROW_FIELDS = ("from", "to", "class", "name", "reason")
_RULE_FIELDS = ("ranges", "method", "class", "reason")
_UNFOLDED_FIELDS = ("ranges", "reason")

# What a rule makes of one character; the same character means "no row". The rules use decompositions only. Unicode
# never changes those once a character is assigned, so every Python version generates the same rows.
_METHODS: dict[str, Callable[[str], str]] = {
    "NFKC": lambda character: unicodedata.normalize("NFKC", character),
    "latin-base": lambda character: unicodedata.normalize("NFD", character)[0],
    "delete": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class FoldingRow:
    """One folding: `source`, a single code point, becomes `target`."""

    source: str
    target: str
    fold_class: str
    reason: str
    generated: bool


@dataclass(frozen=True, slots=True)
class Unfolded:
    """Characters of the Arabic blocks that are not folded, and why."""

    characters: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """All foldings. `rows` are the written rows in the order of the file, then the generated rows.

    >>> table = load_table()
    >>> "مُؤْتَمَرٌ".translate(str.maketrans(dict(table.mapping)))
    'موتمر'
    """

    rows: tuple[FoldingRow, ...]
    mapping: Mapping[str, str]
    classes: Mapping[str, str]
    unfolded: tuple[Unfolded, ...]


def load_table(path: Path | None = None) -> Table:
    """Read a normalization file, by default the packaged one.

    Raises:
        ConfigError: the file is not UTF-8 or not TOML, or breaks a law of the table.
        OSError: the file cannot be read.
    """
    path = path or _PACKAGED
    return parse_table(read_utf8(path), path.name)


def read_utf8(path: Path) -> str:
    """Return the text of a configuration file; refuse other encodings, such as the Windows code page for Arabic."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Location(path.name).error(f"byte {error.start} is not UTF-8", "save the file as UTF-8") from error


def parse_table(text: str, name: str) -> Table:
    """Read the text of a normalization file; `name` is what errors call it.

    >>> toml = '''
    ... version = 1
    ... classes.heh.description = "shapes of heh"
    ... [[rows]]
    ... from = "U+0629"
    ... to = "U+0647"
    ... class = "heh"
    ... name = "ARABIC LETTER TEH MARBUTA"
    ... reason = "the two are written for each other"
    ... '''
    >>> dict(parse_table(toml, "example.toml").mapping)
    {'ة': 'ه'}
    """
    location = Location(name)
    document = _document(text, location)
    classes = {key: _text(entry, "description", location["classes"][key]) for key, entry in document["classes"].items()}
    mapping: dict[str, str] = {}
    rows: list[FoldingRow] = []
    for row, at in _written_rows(document["rows"], classes, location["rows"]):
        _add(row, rows, mapping, at)
    written = dict(mapping)
    for row, at in _generated_rows(document["generated"], classes, written, location["generated"]):
        _add(row, rows, mapping, at)
    unfolded = tuple(_unfolded_groups(document["unfolded"], mapping, location["unfolded"]))
    _check_laws(rows, mapping, location)
    return Table(tuple(rows), mapping, classes, unfolded)


def _document(text: str, location: Location) -> dict[str, Any]:
    """Return the TOML tables, each present and of the right type, not yet read."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise location.error(f"not TOML: {error}", "see https://toml.io") from error
    kinds: dict[str, type] = {"version": int, "classes": dict, "rows": list, "generated": list, "unfolded": list}
    _only(document, tuple(kinds), location)
    if document.get("version") != _VERSION:
        raise location["version"].error(f"{document.get('version')!r} is not known", f"write version = {_VERSION}")
    for key, kind in kinds.items():
        if not isinstance(document.setdefault(key, kind()), kind):
            raise location[key].error("is of the wrong kind", "write it as the packaged file does")
    return document


def _written_rows(
    entries: list[Any], classes: Collection[str], location: Location
) -> Iterator[tuple[FoldingRow, Location]]:
    for number, entry in enumerate(entries):
        at = location[number]
        _only(entry, _ROW_FIELDS, at)
        source = _code_point(_text(entry, "from", at), at["from"])
        target = "".join(_code_point(word, at["to"]) for word in _text(entry, "to", at, empty=True).split())
        _check_name(source, _text(entry, "name", at), at["name"])
        yield (
            FoldingRow(source, target, _class(entry, classes, at), _text(entry, "reason", at), generated=False),
            at["from"],
        )


def _generated_rows(
    entries: list[Any], classes: Collection[str], written: Mapping[str, str], location: Location
) -> Iterator[tuple[FoldingRow, Location]]:
    """Yield the rows made by rules. A written row wins over a rule; the written rows fold the result of a rule."""
    fold = str.maketrans(dict(written))
    for number, entry in enumerate(entries):
        at = location[number]
        _only(entry, _RULE_FIELDS, at)
        fold_class, reason = _class(entry, classes, at), _text(entry, "reason", at)
        method = _METHODS.get(_text(entry, "method", at))
        if method is None:
            raise at["method"].error(f'"{entry["method"]}" is not a method', f"write one of {', '.join(_METHODS)}")
        for source in _ranges(entry, at):
            made = method(source)
            if made != source and source not in written:
                # NFKC writes an isolated mark as space + mark. Once the mark is folded away, the space has no use.
                yield FoldingRow(source, made.translate(fold).strip(" "), fold_class, reason, generated=True), at


def _unfolded_groups(entries: list[Any], mapping: Mapping[str, str], location: Location) -> Iterator[Unfolded]:
    for number, entry in enumerate(entries):
        at = location[number]
        _only(entry, _UNFOLDED_FIELDS, at)
        characters = frozenset(_ranges(entry, at))
        for folded in sorted(characters & mapping.keys()):
            raise at["ranges"].error(f"{_written(folded)} has a row as well", "take it out of one of the two places")
        yield Unfolded(characters, _text(entry, "reason", at))


def _add(row: FoldingRow, rows: list[FoldingRow], mapping: dict[str, str], at: Location) -> None:
    if row.source in mapping:
        raise at.error(f"{_written(row.source)} already has a row", "keep one of the two")
    rows.append(row)
    mapping[row.source] = row.target


def _check_laws(rows: list[FoldingRow], mapping: Mapping[str, str], location: Location) -> None:
    fold = str.maketrans(dict(mapping))
    for number, row in enumerate(rows):
        at = location["generated"] if row.generated else location["rows"][number]
        for field, problem, expected in _breaches(row, mapping, fold):
            raise at[field].error(f"{_written(row.source)} {problem}", expected)


def _breaches(row: FoldingRow, mapping: Mapping[str, str], fold: dict[int, str]) -> Iterator[tuple[str, str, str]]:
    """Yield field, problem and remedy for every law that a row breaks."""
    if row.source == " " or (row.source.isascii() and row.source.isalnum()):
        yield "from", "is a space, an ASCII letter or an ASCII digit", "fold other characters to it instead"
    if any(map(str.isspace, row.target)) and row.target != " ".join(("", *row.target.split(), "")):
        # Without a space before and after, a word beside it would stick to it.
        expected = "write U+0020 alone or around every word, or no white space"
        yield "to", "becomes a text with white space", expected
    for character in row.target:
        if character in mapping:
            # Otherwise folding a folded text would change it again.
            yield "to", f"becomes a text with {_written(character)}, which has a row", "write what that row makes of it"
    if unicodedata.normalize("NFD", row.source).translate(fold) != row.target:
        yield "to", "and its decomposed spelling fold differently", "give the parts rows that agree with this one"


def _ranges(entry: Mapping[str, Any], at: Location) -> Iterator[str]:
    """Yield the characters of `ranges = "U+FE70-U+FE72 U+FE74"`."""
    for item in _text(entry, "ranges", at).split():
        first, _, last = item.partition("-")
        start = _code_point(first, at["ranges"])
        yield from map(chr, range(ord(start), ord(_code_point(last or first, at["ranges"])) + 1))


def _code_point(text: str, at: Location) -> str:
    match = _CODE_POINT.fullmatch(text)
    value = int(match[1], 16) if match else -1
    if not 0 <= value <= 0x10FFFF or 0xD800 <= value <= 0xDFFF:
        raise at.error(f'"{text}" is not one code point', "write it as U+0623")
    return chr(value)


def _check_name(source: str, name: str, at: Location) -> None:
    known = unicodedata.name(source, "")  # empty for a character that is newer than this Python's Unicode
    if known and known != name:
        raise at.error(f'{_written(source)} is not called "{name}"', f'its name is "{known}"')


def _class(entry: Mapping[str, Any], classes: Collection[str], at: Location) -> str:
    name = _text(entry, "class", at)
    if name not in classes:
        raise at["class"].error(f'"{name}" is not a class of this file', f"write one of {', '.join(classes)}")
    return name


def _text(entry: Any, field: str, at: Location, *, empty: bool = False) -> str:
    value = entry.get(field) if isinstance(entry, dict) else None
    if not isinstance(value, str) or not (empty or value.strip()):
        raise at[field].error("is missing or not a text", f'write {field} = "..."')
    return value


def _only(entry: Any, fields: Collection[str], at: Location) -> None:
    if not isinstance(entry, dict):
        raise at.error("is not a table", f"write {{ {', '.join(fields)} }}")
    for field in entry:
        if field not in fields:
            raise at[field].error("is not known here", f"known are {', '.join(fields)}")


def _written(character: str) -> str:
    return f"U+{ord(character):04X}"
