"""The compiled body of an Elasticsearch index against a golden file, and what its fingerprint depends on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from index_config.compile_elasticsearch import META, compile_index
from index_config.schema import Schema, load_schema, schema_from_dict
from index_config.table import load_table
from index_config.word_lists import default_protected_words

SMALL_TABLE = {"أ": "ا", "\u064e": "", "ﷺ": " "}

EVERY_KIND = schema_from_dict(
    {
        "name": "everything",
        "description": "A field of every kind.",
        "default_sort": "-published",
        "date": "published",
        "fields": {
            "title": {"kind": "text", "weight": 3.0, "suggest": True},
            "body": {"kind": "text"},
            "note": {"kind": "text", "weight": 0},
            "heading": {"kind": "text", "weight": 0, "suggest": True},
            "tags": {"kind": "keyword", "weight": 1.0, "multi": True, "facet": True, "suggest": True},
            "author": {"kind": "keyword", "weight": 1.0},
            "section": {"kind": "keyword", "suggest": True, "sort": True},
            "code": {"kind": "keyword"},
            "published": {"kind": "date", "facet": True, "sort": True},
            "pages": {"kind": "integer", "sort": True},
            "price": {"kind": "float"},
            "free": {"kind": "boolean", "facet": True},
            "address": {"kind": "url"},
            "extra": {"kind": "stored"},
        },
    },
    "everything.toml",
)


def compiled(schema: Schema = EVERY_KIND) -> dict[str, Any]:
    return compile_index(schema, SMALL_TABLE, {"وزير": "وزير", "هييات": "هييه"})


def test_a_schema_with_every_kind_of_field(golden: Callable[[str, str], None]) -> None:
    text = json.dumps(compiled(), indent=2, ensure_ascii=False) + "\n"
    golden("compile_elasticsearch/everything.json", text)


def fingerprint_of(schema: Schema = EVERY_KIND, table: dict[str, str] = SMALL_TABLE, *protected: str) -> str:
    body = compile_index(schema, table, dict.fromkeys(protected, "ماء"))
    return str(body["mappings"]["_meta"][META]["fingerprint"])


def test_the_fingerprint_depends_on_fields_table_and_protected_words() -> None:
    fewer_fields = replace(EVERY_KIND, fields=EVERY_KIND.fields[:-1])
    made = [fingerprint_of(), fingerprint_of(fewer_fields), fingerprint_of(EVERY_KIND, {"أ": "ا"})]
    made.append(fingerprint_of(EVERY_KIND, SMALL_TABLE, "وزير"))
    assert len(set(made)) == 4


def test_a_description_does_not_change_the_fingerprint() -> None:
    assert fingerprint_of(replace(EVERY_KIND, description="Described in other words.")) == fingerprint_of()


def test_the_order_of_table_and_words_does_not_matter() -> None:
    reordered = dict(reversed(SMALL_TABLE.items()))
    assert fingerprint_of(EVERY_KIND, reordered, "ماء", "وزير") == fingerprint_of(
        EVERY_KIND, SMALL_TABLE, "وزير", "ماء"
    )


def test_the_schema_can_be_read_back() -> None:
    stored = json.loads(json.dumps(compiled()))["mappings"]["_meta"][META]["schema"]
    assert schema_from_dict(stored, "index") == EVERY_KIND


def test_every_row_of_the_table_is_compiled() -> None:
    table = load_table()
    body = compile_index(load_schema("news"), table.mapping, default_protected_words(table))
    rows = body["settings"]["index"]["analysis"]["char_filter"]["normalization"]["mappings"]
    assert len(rows) == len(table.rows)
    phrase = r"\ufdfb => \u0020\u062c\u0644\u0020\u062c\u0644\u0627\u0644\u0647\u0020"
    assert {r"\u0629 => \u0647", r"\u064e => ", phrase} <= set(rows)


@pytest.mark.parametrize("setting", ["number_of_shards", "number_of_replicas"])
def test_shards_and_replicas_are_not_compiled(setting: str) -> None:
    assert setting not in compiled()["settings"]["index"]
