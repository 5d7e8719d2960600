"""The schema of an index: the fields of its documents, and what can be done with each.

A schema is a TOML file. It names its fields, gives each a *kind* and says whether the field is searched (`weight`),
counted (`facet`), sorted by (`sort`) or completed (`suggest`). The packaged `schemas/news.toml` shows every key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Any

from index_config.errors import ConfigError
from index_config.field_kinds import FIELD_KINDS, FieldKind, ValueType

SCHEMA_FOLDER = Path(__file__).parent / "schemas"

NAME_PATTERN = re.compile(r"[a-z][a-z0-9_-]{0,62}")
"""Names of schemas and indexes: lower-case ASCII, valid as a folder and as an Elasticsearch index."""

FIELD_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,62}")
ALIAS_PATTERN = re.compile(r"[^\W\d_]\w{0,62}")
"""A word. Vowel signs are none of its characters: queries compare names after folding."""

RESERVED_FIELDS = frozenset({"id"})
"""The id identifies a document; it is not one of its fields."""

CONTENT = "content"
"""`id_from` of documents without anything unique: their id is a hash. Equal documents are one, and a changed document
is a new one."""

UNDERSTANDING_STEPS = ("names", "expansions", "compounds", "spelling")
"""The steps in which queries are understood, in the order they run."""

MAX_FIELDS = 500
"""Fields of a schema. A query searches each: three words took 0.4 s in 500 fields of an index with one document, and an
index of 20,000 fields, which documents with keys of their own make, blocked a process for minutes."""

TOO_MANY_FIELDS = f"at most {MAX_FIELDS}; put what is searched alike into one field"

MAX_WEIGHT = 100.0

EARLIEST_YEAR = 1700
"""The year before which a date is doubtful unless the schema says otherwise. A year of the Hijra (1445 is 2023/2024)
reads as one of the Middle Ages, and `0001-01-01` is what some databases export for no date. Little of what search
services hold was written before 1700; years of the Hijra reach it in 2271."""

_FLAGS_OF_KINDS = {"facet": "facet", "sort": "sort", "suggest": "searchable", "verbatim": "compared_by_key"}
"""The attribute of a kind that allows each flag of a field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a schema.

    Attributes:
        name: lower-case ASCII name, the key in a document.
        kind: what its values are.
        description: one line.
        weight: how much a match in this field counts; a field of weight 0 is not searched.
        multi: whether a document may hold several values.
        required: whether a document without a value is rejected.
        facet: whether its values can be counted and filtered by (a date: by range and histogram).
        sort: whether results can be sorted by it.
        suggest: whether its values complete what is typed into a search box.
        verbatim: whether values that differ in spelling only are different values.
        earliest: for dates, the first year that is not doubtful. Loads warn of earlier ones and index them. Two schemas
            that differ in nothing else are equal: an index of one can be loaded with the other.
        aliases: further names of the field in queries, such as عنوان for `title`. Schemas that differ in nothing else
            are equal, too.
        source: the key in a document, where that is another than the name; `imageUrl` for `image_url`. Schemas that
            differ in nothing else are equal, too.
    """

    name: str
    kind: FieldKind
    description: str = ""
    weight: float = 0.0
    multi: bool = False
    required: bool = False
    facet: bool = False
    sort: bool = False
    suggest: bool = False
    verbatim: bool = False
    earliest: int = dataclass_field(default=EARLIEST_YEAR, compare=False)
    aliases: tuple[str, ...] = dataclass_field(default=(), compare=False)
    source: str = dataclass_field(default="", compare=False)

    @property
    def is_searched(self) -> bool:
        """Whether queries search this field."""
        return self.weight > 0


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of an index, and how its documents are ordered by default.

    Attributes:
        name: the schema's name.
        description: one line.
        fields: the fields in the order of the file.
        default_sort: the order of results without a query: a sortable field, with `-` before it for descending; empty
            for ascending ids.
        date: the field that `date_from` and `date_to` filter, or empty.
        freshness: the score that a recent document gains by that date when results are ranked by relevance.
        lead: how much the first words of a text count, times the weight of the tier `lead`.
        understanding: the steps in which queries are understood; None for all `UNDERSTANDING_STEPS`.
        id_from: the key of the id of a document that has no `id`: of one of its fields, or `CONTENT` for a hash of the
            document. Schemas that differ in nothing else are equal.
        searched: the searched fields, greatest weight first.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    default_sort: str = ""
    date: str = ""
    freshness: float = 0.0
    lead: float = 1.0
    understanding: tuple[str, ...] | None = None
    id_from: str = dataclass_field(default="", compare=False)
    searched: tuple[Field, ...] = dataclass_field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        searched = sorted((field for field in self.fields if field.is_searched), key=lambda field: -field.weight)
        object.__setattr__(self, "searched", tuple(searched))

    def field(self, name: str) -> Field | None:
        """Return the field called `name`, or None."""
        return next((field for field in self.fields if field.name == name), None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that `schema_from_dict` reads back."""
        return {
            "name": self.name,
            "description": self.description,
            "default_sort": self.default_sort,
            "date": self.date,
            # Left out when they are the default, so that schemas stored before the keys existed stay equal.
            **({"freshness": self.freshness} if self.freshness else {}),
            **({"lead": self.lead} if self.lead != 1 else {}),
            **({"id_from": self.id_from} if self.id_from else {}),
            **({} if self.understanding is None else {"understanding": list(self.understanding)}),
            "fields": {f.name: {**_plain(f), "kind": f.kind.name} for f in self.fields},
        }


def _plain(field: Field) -> dict[str, Any]:
    plain = {name: getattr(field, name) for name in field.__slots__ if name != "name"}
    if field.earliest == EARLIEST_YEAR:  # as above
        del plain["earliest"]
    if aliases := plain.pop("aliases"):
        plain["aliases"] = list(aliases)
    if not field.verbatim:
        del plain["verbatim"]
    if not field.source:
        del plain["source"]
    return plain


def shipped_schemas() -> tuple[str, ...]:
    """Return the names of the packaged schemas.

    >>> "news" in shipped_schemas()
    True
    """
    return tuple(sorted(path.stem for path in SCHEMA_FOLDER.glob("*.toml")))


def load_schema(name_or_path: str | Path) -> Schema:
    """Load a packaged schema by its name, or a TOML file by its path.

    Raises:
        ConfigError: the file is missing or wrong. The message names file, key and what would be right.

    >>> load_schema("news").field("title").kind.name
    'text'
    """
    path = Path(name_or_path)
    if path.suffix != ".toml" and str(name_or_path) in shipped_schemas():
        path = SCHEMA_FOLDER / f"{name_or_path}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(path.name, "", f"is not UTF-8 (byte {error.start})", "a TOML file in UTF-8") from error
    except OSError as error:
        expected = f"the path of a .toml file, or one of: {', '.join(shipped_schemas())}"
        raise ConfigError(str(name_or_path), "", f"cannot be read ({error.strerror})", expected) from error
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(path.name, "", f"is not TOML: {error}", "see index_config/schemas/news.toml") from error
    return schema_from_dict(data, path.name)


SCHEMA_KEYS = {"name", "description", "default_sort", "date", "freshness", "lead", "understanding", "id_from", "fields"}


def schema_from_dict(data: Mapping[str, Any], origin: str) -> Schema:
    """Check plain data and return it as a schema; errors name `origin` as the file.

    Raises:
        ConfigError: a key is unknown, missing, of the wrong type, or contradicts another.
    """
    reader = _Reader(origin)
    reader.known_keys(data, "", SCHEMA_KEYS)
    name = reader.string(data, "name", "name", required=True)
    reader.check(bool(NAME_PATTERN.fullmatch(name)), "name", f"{name!r} is not a valid name", "a-z, 0-9, _ and -")
    tables = data.get("fields")
    if not isinstance(tables, Mapping) or not tables:
        raise reader.error("fields", "is missing or empty", "a table [fields.NAME] for each field")
    reader.check(len(tables) <= MAX_FIELDS, "fields", f"has {len(tables):,} fields", TOO_MANY_FIELDS)
    fields = tuple(_field(reader, field_name, table) for field_name, table in tables.items())
    reader.check(
        any(f.is_searched for f in fields), "fields", "no field is searched", 'at least one field of kind "text"'
    )
    schema = Schema(
        name=name,
        description=reader.string(data, "description", "description"),
        fields=fields,
        default_sort=reader.string(data, "default_sort", "default_sort"),
        date=reader.string(data, "date", "date"),
        freshness=reader.weight(data, "freshness", "freshness", 0.0),
        lead=reader.weight(data, "lead", "lead", 1.0),
        understanding=reader.names(data, "understanding", UNDERSTANDING_STEPS),
        id_from=reader.string(data, "id_from", "id_from"),
    )
    _check_references(reader, schema)
    return schema


def _check_references(reader: _Reader, schema: Schema) -> None:
    names = {field.name for field in schema.fields}
    for field in schema.fields:
        for alias in field.aliases:
            reader.check(
                alias not in names,
                f"fields.{field.name}.aliases",
                f"{alias!r} is the name or alias of another field",
                "names that no other field has",
            )
            names.add(alias)
    sources: set[str] = set()
    for field in schema.fields:
        key = field.source or field.name
        others = names - {field.name, *field.aliases}
        reader.check(
            key not in sources and key not in others,
            f"fields.{field.name}.source",
            f"{key!r} is the key of another field, too",
            "a key of documents that fills no other field",
        )
        sources.add(key)
    sortable = [f.name for f in schema.fields if f.sort]
    if schema.default_sort:
        known = schema.default_sort.removeprefix("-") in sortable
        expected = f"a field with sort = true ({', '.join(sortable) or 'there is none'}), with or without - before it"
        reader.check(known, "default_sort", f"{schema.default_sort!r} is not a sortable field", expected)
    if schema.date:
        dates = [f.name for f in schema.fields if f.kind.value_type is ValueType.DATE]
        expected = f"one of: {', '.join(dates) or 'there is no date field'}"
        reader.check(schema.date in dates, "date", f"{schema.date!r} is not a date field", expected)
    dated = bool(schema.date) or not schema.freshness
    reader.check(dated, "freshness", "needs a date, and the schema names none", 'date = "…", a field of kind date')


def _field(reader: _Reader, name: str, table: Any) -> Field:
    key = f"fields.{name}"
    valid = bool(FIELD_PATTERN.fullmatch(name)) and name not in RESERVED_FIELDS
    reader.check(valid, key, "is not a valid field name", "a-z, 0-9 and _, beginning with a letter, and not id")
    if not isinstance(table, Mapping):
        raise reader.error(key, "is not a table", f'[{key}] with kind = "text", …')
    flags = ("multi", "required", "facet", "sort", "suggest", "verbatim")
    reader.known_keys(table, key, {"kind", "source", "description", "weight", "earliest", "aliases", *flags})
    kind_name = reader.string(table, "kind", f"{key}.kind", required=True)
    kind = FIELD_KINDS.get(kind_name)
    if kind is None:
        raise reader.error(f"{key}.kind", f"{kind_name!r} is not a kind", f"one of: {', '.join(FIELD_KINDS)}")
    field = Field(
        name=name,
        kind=kind,
        source=reader.string(table, "source", f"{key}.source"),
        description=reader.string(table, "description", f"{key}.description"),
        weight=reader.weight(table, "weight", f"{key}.weight", kind.default_weight),
        earliest=reader.year(table, "earliest", f"{key}.earliest", EARLIEST_YEAR),
        aliases=reader.aliases(table, "aliases", f"{key}.aliases"),
        **{flag: reader.flag(table, flag, f"{key}.{flag}") for flag in flags},
    )
    for flag, allows in _FLAGS_OF_KINDS.items():
        expected = "kind " + " or ".join(sorted(name for name, known in FIELD_KINDS.items() if getattr(known, allows)))
        reader.check(
            not getattr(field, flag) or getattr(kind, allows),
            f"{key}.{flag}",
            f"a field of kind {kind} cannot have it",
            expected,
        )
    dated = kind.value_type is ValueType.DATE
    reader.check(
        dated or "earliest" not in table, f"{key}.earliest", f"a field of kind {kind} has no year", "kind date"
    )
    reader.check(not (field.sort and field.multi), f"{key}.sort", "several values have no order", "multi = false")
    reader.check(
        not field.is_searched or kind.searchable,
        f"{key}.weight",
        f"a field of kind {kind} is not searched",
        "kind keyword or text",
    )
    return field


class _Reader:
    """Reads typed values from plain data. Errors name file and key."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def error(self, key: str, problem: str, expected: str) -> ConfigError:
        return ConfigError(self.origin, key, problem, expected)

    def check(self, holds: bool, key: str, problem: str, expected: str) -> None:
        if not holds:
            raise self.error(key, problem, expected)

    def known_keys(self, table: Mapping[str, Any], where: str, known: set[str]) -> None:
        for key in table:
            full = f"{where}.{key}" if where else key
            self.check(key in known, full, "is not a known key", f"one of: {', '.join(sorted(known))}")

    def string(self, table: Mapping[str, Any], key: str, full: str, required: bool = False) -> str:
        value = table.get(key, "")
        self.check(isinstance(value, str), full, f"{value!r} is not a string", "a string in quotes")
        self.check(bool(value) or not required, full, "is missing", "a string in quotes")
        return str(value)

    def flag(self, table: Mapping[str, Any], key: str, full: str) -> bool:
        value = table.get(key, False)
        self.check(isinstance(value, bool), full, f"{value!r} is not true or false", "true or false")
        return bool(value)

    def names(self, table: Mapping[str, Any], key: str, known: Sequence[str]) -> tuple[str, ...] | None:
        value = table.get(key)
        if value is None:
            return None
        fits = isinstance(value, list) and all(name in known for name in value)
        self.check(fits, key, f"{value!r} is not a list of known names", f"a list of some of: {', '.join(known)}")
        return tuple(value)

    def aliases(self, table: Mapping[str, Any], key: str, full: str) -> tuple[str, ...]:
        value = table.get(key, [])
        fits = isinstance(value, list) and all(isinstance(a, str) and ALIAS_PATTERN.fullmatch(a) for a in value)
        self.check(fits, full, f"{value!r} is not a list of single words", 'a list such as ["عنوان"]')
        return tuple(value)

    def year(self, table: Mapping[str, Any], key: str, full: str, default: int) -> int:
        value = table.get(key, default)
        fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9_999
        self.check(fits, full, f"{value!r} is not a year", "a number from 1 to 9999")
        return int(value)

    def weight(self, table: Mapping[str, Any], key: str, full: str, default: float) -> float:
        value = table.get(key, default)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = number and 0 <= value <= MAX_WEIGHT
        self.check(fits, full, f"{value!r} is not a weight", f"a number from 0 to {MAX_WEIGHT:g}")
        return float(value)
