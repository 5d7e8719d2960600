"""Document validation: a valid document passes unchanged, an invalid one is rejected with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from index_config.field_kinds import MAX_KEYWORD_BYTES
from index_config.schema import schema_from_dict
from search_service.core.errors import InvalidDocument
from search_service.ingestion.validation import MAX_ID_BYTES, MAX_VALUES, DocumentChecker
from tests.sentences import sentence

SCHEMA = schema_from_dict(
    {
        "name": "books",
        "fields": {
            "title": {"kind": "text", "required": True},
            "text": {"kind": "text", "multi": True},
            "subject": {"kind": "keyword"},
            "tags": {"kind": "keyword", "multi": True},
            "day": {"kind": "date"},
            "pages": {"kind": "integer"},
            "price": {"kind": "float"},
            "lent": {"kind": "boolean"},
            "url": {"kind": "url"},
            "cover": {"kind": "stored"},
        },
    },
    "books.toml",
)
CHECKER = DocumentChecker(SCHEMA)


def book(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "title": "كتاب", **fields}


def rejection(raw: Any, checker: DocumentChecker = CHECKER) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as caught:
        checker.check(raw)
    return caught.value


VALUES = {
    "text": "أَهلًا\u2028 <b>",
    "several texts": ("text", ["أول", "ثان"]),
    "keyword": ("subject", "أدب"),
    "no keywords": ("tags", []),
    "date": ("day", "1258-02-10"),
    "integer": ("pages", 2**53 - 1),
    "least integer": ("pages", -(2**53) + 1),
    "float": ("price", 9.5),
    "float without a fraction": ("price", 9),
    "boolean": ("lent", False),
    "url": ("url", "https://example.com/?q=أ"),
    "stored object": ("cover", {"colours": ["أحمر", 1, None]}),
    "stored list": ("cover", [1, [2]]),
    "longest keyword": ("subject", "a" * MAX_KEYWORD_BYTES),
    "as many values as possible": ("tags", ["a"] * MAX_VALUES),
}


@pytest.mark.parametrize(
    ("field", "value"),
    [value if isinstance(value, tuple) else ("text", value) for value in VALUES.values()],
    ids=VALUES.keys(),
)
def test_a_valid_value_is_kept_unchanged(field: str, value: Any) -> None:
    document = CHECKER.check(book(**{field: value}))
    assert document.id == "1"
    assert document.source == {"title": "كتاب", field: value}


def test_a_null_counts_as_absent() -> None:
    assert CHECKER.check(book(pages=None)).source == {"title": "كتاب"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a:1/ب", "a:1/ب"), (42, "42"), ("a" * MAX_ID_BYTES, "a" * MAX_ID_BYTES)],
    ids=["text", "number", "longest"],
)
def test_a_valid_id_becomes_a_string(value: Any, expected: str) -> None:
    assert CHECKER.check(book(id=value)).id == expected


WRONG_IDS: dict[str, tuple[Any, str]] = {
    "null": (None, "is missing"),
    "empty": ("", "is missing"),
    "boolean": (True, "is a boolean, not a string"),
    "float": (1.5, "is a number, not a string"),
    "list": (["1"], "is a list, not a string"),
    "object": ({}, "is an object, not a string"),
    "too long": ("a" * (MAX_ID_BYTES + 1), f"is longer than {MAX_ID_BYTES} bytes"),
    "too long in bytes": ("ب" * (MAX_ID_BYTES // 2 + 1), f"is longer than {MAX_ID_BYTES} bytes"),
    "NUL": ("a\0b", "contains a NUL character at position 1"),
    "line end": ("a\nb", "contains a control or invisible character"),
    "invisible": ("a\u200fb", "contains a control or invisible character"),
    "half a surrogate pair": ("a\ud83d", "contains an unpaired surrogate at position 1"),
}


@pytest.mark.parametrize(("value", "problem"), WRONG_IDS.values(), ids=WRONG_IDS.keys())
def test_an_invalid_id_is_rejected(value: Any, problem: str) -> None:
    error = rejection(book(id=value))
    assert (error.field, sentence(error)) == ("id", f"'id' {problem}")


def test_the_id_may_be_named_underscore_id() -> None:
    document = CHECKER.check({"_id": "7", "title": "كتاب"})
    assert (document.id, document.source) == ("7", {"title": "كتاب"})


def test_a_document_with_both_id_names_is_rejected() -> None:
    error = rejection(book(_id="7"))
    assert (error.field, error.code) == ("_id", "field-unknown")


def test_a_missing_id_is_rejected() -> None:
    assert sentence(rejection({"title": "كتاب"})) == "'id' is missing"


WRONG = {
    "text that is a number": ("title", 3, "is a number, not a string"),
    "text that is an object": ("title", {}, "is an object, not a string"),
    "NUL in a text": ("text", "ab\0", "contains a NUL character at position 2"),
    "half a surrogate pair in a text": ("text", "\ud83d", "contains an unpaired surrogate at position 0"),
    "null among several texts": ("text", ["أ", None], "is null, not a string"),
    "list within a list": ("text", [["أ"]], "is a list, not a string"),
    "list for one value": ("subject", ["أدب"], "holds a list, and the schema allows one value"),
    "too many values": ("tags", ["a"] * (MAX_VALUES + 1), f"holds {MAX_VALUES + 1} values; at most {MAX_VALUES}"),
    "keyword that is a number": ("subject", 3, "is a number, not a string"),
    "long keyword": ("subject", "a" * (MAX_KEYWORD_BYTES + 1), f"is longer than {MAX_KEYWORD_BYTES} bytes"),
    "long keyword in bytes": ("subject", "ب" * (MAX_KEYWORD_BYTES // 2 + 1), "is longer than"),
    "long url": ("url", "a" * (MAX_KEYWORD_BYTES + 1), "is longer than"),
    "unknown day": ("day", "2023-02-29", "'2023-02-29' is not a date"),
    "day in words": ("day", "11 آذار", "not written as 2024-03-11"),
    "day that is a number": ("day", 2024, "is a number, not a string"),
    "empty day": ("day", "", "'' is not a date"),
    "integer that is a float": ("pages", 3.0, "is a number, not a whole number"),
    "integer that is a boolean": ("pages", True, "is a boolean, not a whole number"),
    "integer that is a text": ("pages", "3", "is a string, not a whole number"),
    "integer too large": ("pages", 2**53, "is outside -(2^53-1) to 2^53-1"),
    "integer too small": ("pages", -(2**53), "is outside"),
    "float that is a text": ("price", "9.5", "is a string, not a number"),
    "float that is a boolean": ("price", True, "is a boolean, not a number"),
    "no number": ("price", float("nan"), "is not a finite number"),
    "infinity": ("price", float("-inf"), "is not a finite number"),
    "boolean that is a number": ("lent", 1, "is a number, not a boolean"),
    "boolean that is a text": ("lent", "true", "is a string, not a boolean"),
    "NUL in a stored field": ("cover", "\0", "contains a NUL character at position 0"),
}


@pytest.mark.parametrize(("field", "value", "problem"), WRONG.values(), ids=WRONG.keys())
def test_an_invalid_value_is_rejected(field: str, value: Any, problem: str) -> None:
    error = rejection(book(**{field: value}))
    assert error.field == field
    assert problem in sentence(error)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "cover",
    [{"a": "\ud83d"}, ["\0"], {"\ud83d": 1}, float("nan"), [float("inf")], {"a": 10**40}, nested(1000)],
    ids=["surrogate in an object", "NUL in a list", "surrogate in a key", "no number", "infinity", "number", "depth"],
)
def test_a_nested_value_that_no_engine_can_store_is_rejected(cover: Any) -> None:
    assert rejection(book(cover=cover)).field == "cover"


@pytest.mark.parametrize(
    ("raw", "name"),
    [(None, "null"), ("نص", "a string"), ([], "a list"), (3, "a number"), (True, "a boolean")],
)
def test_a_document_that_is_not_an_object_is_rejected(raw: Any, name: str) -> None:
    error = rejection(raw)
    assert (error.field, sentence(error)) == ("", f"The document is {name}, not a JSON object")


@pytest.mark.parametrize(
    "title", [None, "", " \u00a0\n", [], ["", " "]], ids=["null", "empty", "white space", "no values", "empty values"]
)
def test_a_required_field_needs_a_value(title: Any) -> None:
    error = rejection(book(title=title, pages=1))
    assert error.field == "title"


def test_a_document_without_the_required_field_is_rejected() -> None:
    assert rejection({"id": "1", "pages": 3}).code == "field-required"


@pytest.mark.parametrize(
    "raw", [{"id": "1"}, {"id": "1", "text": ""}, {"id": "1", "text": []}, {"id": "1", "text": [" "]}]
)
def test_a_document_without_any_value_is_rejected(raw: dict[str, Any]) -> None:
    schema = schema_from_dict({"name": "s", "fields": {"text": {"kind": "text", "multi": True}}}, "s.toml")
    assert rejection(raw, DocumentChecker(schema)).code == "no-values"


def test_an_unknown_field_is_rejected_with_the_known_ones() -> None:
    error = rejection(book(colour="أحمر"))
    assert error.field == "colour"
    assert "title, text, subject" in sentence(error)


def test_unknown_fields_can_be_dropped() -> None:
    checker = DocumentChecker(SCHEMA, ignore_unknown=True)
    assert checker.check(book(colour="أحمر")).source == {"title": "كتاب"}


def test_a_long_invalid_value_is_shortened_in_the_error() -> None:
    assert len(sentence(rejection(book(day="x" * 10_000)))) < 300


TEXTS = {
    "integer": ("pages", "12", 12),
    "float": ("price", "9.5", 9.5),
    "true": ("lent", "True", True),
    "one": ("lent", "1", True),
    "false": ("lent", "false", False),
    "several values": ("tags", "أدب | تاريخ|", ["أدب", "تاريخ"]),
    "one of several": ("tags", "أدب", ["أدب"]),
    "text": ("subject", " أ|ب ", " أ|ب "),
}


@pytest.mark.parametrize(("field", "text", "value"), TEXTS.values(), ids=TEXTS.keys())
def test_a_cell_is_parsed_by_the_kind_of_its_field(field: str, text: str, value: Any) -> None:
    assert CHECKER.check_row({"id": "1", "title": "كتاب", field: text}).source[field] == value


def test_an_empty_cell_counts_as_absent() -> None:
    assert CHECKER.check_row({"id": "1", "title": "كتاب", "pages": ""}).source == {"title": "كتاب"}


@pytest.mark.parametrize(
    ("field", "text"),
    [("pages", "12.5"), ("pages", "many"), ("price", "free"), ("price", "nan"), ("lent", "yes"), ("pages", "9" * 5000)],
    ids=["fraction", "word", "no number", "NaN", "boolean in words", "thousands of digits"],
)
def test_a_cell_that_cannot_be_parsed_is_rejected(field: str, text: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        CHECKER.check_row({"id": "1", "title": "كتاب", field: text})
    assert caught.value.field == field
    assert len(sentence(caught.value)) < 200
