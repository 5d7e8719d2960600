"""Schemas: valid files, and the errors of invalid ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index_config.errors import ConfigError
from index_config.field_kinds import FieldKind
from index_config.schema import Field, load_schema, schema_from_dict, shipped_schemas
from tests.shared_data import REPOSITORY

BOOKS = """
name = "books"
description = "A library."
default_sort = "-year"
date = "acquired"
freshness = 2
lead = 0.5
understanding = ["spelling"]

[fields.title]
kind = "text"
weight = 4
suggest = true
required = true
description = "The title."

[fields.subjects]
kind = "keyword"
multi = true
facet = true
weight = 0.5

[fields.year]
kind = "integer"
facet = true
sort = true

[fields.price]
kind = "float"
sort = true

[fields.acquired]
kind = "date"

[fields.lent]
kind = "boolean"
facet = true

[fields.catalogue]
kind = "url"

[fields.cover]
kind = "stored"
"""


def file_of(folder: Path, text: str, name: str = "books.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_custom_schema_is_loaded(tmp_path: Path) -> None:
    schema = load_schema(file_of(tmp_path, BOOKS))
    assert (schema.name, schema.description) == ("books", "A library.")
    assert (schema.default_sort, schema.date, schema.freshness) == ("-year", "acquired", 2.0)
    assert (schema.lead, schema.understanding) == (0.5, ("spelling",))
    assert [field.kind.name for field in schema.fields] == [
        "text",
        "keyword",
        "integer",
        "float",
        "date",
        "boolean",
        "url",
        "stored",
    ]
    assert schema.field("title") == Field(
        "title", FieldKind.TEXT, "The title.", weight=4.0, required=True, suggest=True
    )
    assert schema.field("subjects") == Field("subjects", FieldKind.KEYWORD, weight=0.5, multi=True, facet=True)


def test_searched_fields_are_ordered_by_weight(tmp_path: Path) -> None:
    assert [field.name for field in load_schema(file_of(tmp_path, BOOKS)).searched] == ["title", "subjects"]


def test_a_text_field_is_searched_by_default() -> None:
    fields = {"a": {"kind": "text"}, "b": {"kind": "keyword"}, "c": {"kind": "text", "weight": 0}}
    schema = schema_from_dict({"name": "s", "fields": fields}, "s.toml")
    assert [(field.name, field.weight) for field in schema.fields] == [("a", 1.0), ("b", 0.0), ("c", 0.0)]


def test_an_unknown_field_is_none(tmp_path: Path) -> None:
    assert load_schema(file_of(tmp_path, BOOKS)).field("colour") is None


@pytest.mark.parametrize("name", shipped_schemas())
def test_a_shipped_schema_describes_its_fields(name: str) -> None:
    schema = load_schema(name)
    assert schema.name == name
    assert schema.description
    assert [field.name for field in schema.fields if not field.description] == []


def test_the_schema_news_has_the_fields_of_the_examples() -> None:
    documents = map(json.loads, (REPOSITORY / "examples" / "news.jsonl").read_text(encoding="utf-8").splitlines())
    examples = {name for document in documents for name in document}
    assert {field.name for field in load_schema("news").fields} == examples - {"id"}


@pytest.mark.parametrize("name", shipped_schemas())
def test_a_shipped_schema_survives_serialization(name: str) -> None:
    schema = load_schema(name)
    assert schema_from_dict(schema.to_dict(), "index") == schema


def test_most_defaults_are_not_serialized() -> None:
    kept = schema_from_dict({"name": "s", "fields": {"a": {"kind": "text"}}}, "s.toml").to_dict()
    assert kept.keys() == {"name", "description", "default_sort", "date", "fields"}


def test_a_custom_schema_survives_serialization(tmp_path: Path) -> None:
    schema = load_schema(file_of(tmp_path, BOOKS))
    assert schema_from_dict(schema.to_dict(), "index") == schema


def test_aliases_are_kept_and_do_not_make_another_schema() -> None:
    fields = {"title": {"kind": "text", "aliases": ["عنوان", "headline"]}}
    schema = schema_from_dict({"name": "s", "fields": fields}, "s.toml")
    assert schema.fields[0].aliases == ("عنوان", "headline")
    assert schema_from_dict(schema.to_dict(), "index").fields[0].aliases == schema.fields[0].aliases
    assert schema == schema_from_dict({"name": "s", "fields": {"title": {"kind": "text"}}}, "s.toml")


HEAD = 'name = "s"\n[fields.t]\nkind = "text"\n'
"""The smallest schema; what follows belongs to the field t."""

WRONG = {
    "not TOML": ("name = ", "", "is not TOML"),
    "nested too deep": ("name = " + "[" * 100_000, "", "is not TOML"),
    "empty": ("", "name", "is missing"),
    "no name": ('[fields.t]\nkind = "text"', "name", "is missing"),
    "name of the wrong type": ("name = 3\n", "name", "3 is not a string"),
    "name with capitals": ('name = "News"\n', "name", "'News' is not a valid name"),
    "Arabic name": ('name = "أخبار"\n', "name", "is not a valid name"),
    "name with a slash": ('name = "../s"\n', "name", "is not a valid name"),
    "name with a line end": ('name = "s\\n"\n', "name", "is not a valid name"),
    "long name": (f'name = "{"s" * 64}"\n', "name", "is not a valid name"),
    "unknown key": (f"colour = 1\n{HEAD}", "colour", "is not a known key"),
    "description of the wrong type": (f"description = 1\n{HEAD}", "description", "1 is not a string"),
    "no fields": ('name = "s"\n', "fields", "is missing or empty"),
    "empty fields": ('name = "s"\n[fields]\n', "fields", "is missing or empty"),
    "fields of the wrong type": ('name = "s"\nfields = 3\n', "fields", "is missing or empty"),
    "too many fields": (
        'name = "s"\n' + "".join(f'[fields.f{n}]\nkind = "text"\n' for n in range(501)),
        "fields",
        "has 501 fields",
    ),
    "field that is no table": ('name = "s"\nfields.t = 3\n', "fields.t", "is not a table"),
    "field called id": (f'{HEAD}[fields.id]\nkind = "text"', "fields.id", "is not a valid field name"),
    "field with capitals": (f'{HEAD}[fields.Title]\nkind = "text"', "fields.Title", "is not a valid field name"),
    "field with a dash": (f'{HEAD}[fields.a-b]\nkind = "text"', "fields.a-b", "is not a valid field name"),
    "field that begins with a digit": (f'{HEAD}[fields.1a]\nkind = "text"', "fields.1a", "is not a valid field"),
    "no kind": (f"{HEAD}[fields.u]\nweight = 1", "fields.u.kind", "is missing"),
    "kind of the wrong type": (f"{HEAD}[fields.u]\nkind = 1", "fields.u.kind", "1 is not a string"),
    "unknown kind": (f'{HEAD}[fields.u]\nkind = "word"', "fields.u.kind", "'word' is not a kind"),
    "unknown key of a field": (f"{HEAD}wieght = 2", "fields.t.wieght", "is not a known key"),
    "description of a field": (f"{HEAD}description = 1", "fields.t.description", "1 is not a string"),
    "weight of the wrong type": (f'{HEAD}weight = "3"', "fields.t.weight", "'3' is not a weight"),
    "weight that is a boolean": (f"{HEAD}weight = true", "fields.t.weight", "True is not a weight"),
    "negative weight": (f"{HEAD}weight = -1", "fields.t.weight", "-1 is not a weight"),
    "huge weight": (f"{HEAD}weight = 1000", "fields.t.weight", "1000 is not a weight"),
    "weight that is no number": (f"{HEAD}weight = nan", "fields.t.weight", "nan is not a weight"),
    "infinite weight": (f"{HEAD}weight = inf", "fields.t.weight", "inf is not a weight"),
    "flag of the wrong type": (f'{HEAD}suggest = "yes"', "fields.t.suggest", "'yes' is not true or false"),
    "flag that is a number": (f"{HEAD}multi = 1", "fields.t.multi", "1 is not true or false"),
    "facet of a text": (f"{HEAD}facet = true", "fields.t.facet", "a field of kind text cannot have it"),
    "sort by a text": (f"{HEAD}sort = true", "fields.t.sort", "a field of kind text cannot have it"),
    "suggestions from a number": (
        f'{HEAD}[fields.u]\nkind = "integer"\nsuggest = true',
        "fields.u.suggest",
        "a field of kind integer cannot have it",
    ),
    "facet of a float": (f'{HEAD}[fields.u]\nkind = "float"\nfacet = true', "fields.u.facet", "cannot have it"),
    "sort by a boolean": (f'{HEAD}[fields.u]\nkind = "boolean"\nsort = true', "fields.u.sort", "cannot have it"),
    "facet of a stored field": (
        f'{HEAD}[fields.u]\nkind = "stored"\nfacet = true',
        "fields.u.facet",
        "cannot have it",
    ),
    "aliases that are a text": (f'{HEAD}aliases = "عنوان"', "fields.t.aliases", "is not a list of single words"),
    "alias of two words": (f'{HEAD}aliases = ["عنوان الخبر"]', "fields.t.aliases", "is not a list of single words"),
    "alias with a colon": (f'{HEAD}aliases = ["عنوان:"]', "fields.t.aliases", "is not a list of single words"),
    "alias that is a field": (
        f'{HEAD}aliases = ["t"]',
        "fields.t.aliases",
        "'t' is the name or alias of another field",
    ),
    "sort by several values": (
        f'{HEAD}[fields.u]\nkind = "integer"\nsort = true\nmulti = true',
        "fields.u.sort",
        "several values have no order",
    ),
    "weight of a date": (f'{HEAD}[fields.u]\nkind = "date"\nweight = 1', "fields.u.weight", "is not searched"),
    "nothing searched": ('name = "s"\n[fields.t]\nkind = "text"\nweight = 0', "fields", "no field is searched"),
    "order by an unknown field": (f'default_sort = "-day"\n{HEAD}', "default_sort", "'-day' is not a sortable field"),
    "order by a field that is not sorted": (f'default_sort = "t"\n{HEAD}', "default_sort", "'t' is not a sortable"),
    "order of the wrong type": (f"default_sort = true\n{HEAD}", "default_sort", "True is not a string"),
    "unknown date": (f'date = "day"\n{HEAD}', "date", "'day' is not a date field"),
    "date of another kind": (f'date = "t"\n{HEAD}', "date", "'t' is not a date field"),
    "freshness without a date": (f"freshness = 5\n{HEAD}", "freshness", "needs a date, and the schema names none"),
    "unknown step": (f'understanding = ["typos"]\n{HEAD}', "understanding", "['typos'] is not a list of known names"),
    "steps of the wrong type": (f"understanding = false\n{HEAD}", "understanding", "False is not a list"),
    "negative lead": (f"lead = -1\n{HEAD}", "lead", "-1 is not a weight"),
    "negative freshness": (f"freshness = -1\n{HEAD}", "freshness", "-1 is not a weight"),
}


@pytest.mark.parametrize(("text", "key", "problem"), WRONG.values(), ids=WRONG.keys())
def test_an_invalid_schema_is_refused(text: str, key: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_schema(file_of(tmp_path, text, "mine.toml"))
    assert (caught.value.path, caught.value.key) == ("mine.toml", key)
    assert problem in caught.value.problem
    assert caught.value.expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f'{HEAD}[fields.u]\nkind = "word"', "text, keyword, date", id="kinds"),
        pytest.param(f"{HEAD}wieght = 2", "weight", id="keys"),
        pytest.param(f'default_sort = "x"\n{HEAD}[fields.y]\nkind = "date"\nsort = true', "(y)", id="sortable fields"),
        pytest.param(f'date = "x"\n{HEAD}[fields.y]\nkind = "date"', "one of: y", id="date fields"),
        pytest.param(f"{HEAD}weight = -1", "a number from 0 to 100", id="weights"),
        pytest.param(f"{HEAD}facet = true", "boolean or date or integer or keyword", id="kinds with a facet"),
    ],
)
def test_the_error_names_what_is_allowed(text: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_schema(file_of(tmp_path, text))
    assert expected in caught.value.expected


def test_the_error_reads_as_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_schema(file_of(tmp_path, f"{HEAD}multi = 1", "mine.toml"))
    assert str(caught.value) == "mine.toml: fields.t.multi: 1 is not true or false; true or false"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        load_schema(tmp_path / "none.toml")
    assert "news" in caught.value.expected


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="nwes"):
        load_schema("nwes")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_schema(tmp_path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"# \xc7\n")
    with pytest.raises(ConfigError, match=r"mine\.toml: is not UTF-8 \(byte 2\)"):
        load_schema(path)


def test_a_file_with_crlf_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "books.toml"
    path.write_bytes(BOOKS.replace("\n", "\r\n").encode())
    assert load_schema(path).name == "books"
