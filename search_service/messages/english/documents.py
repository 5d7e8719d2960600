"""English sentences about documents, their sources, and judgments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

JUDGMENT_FORMATS = (
    "expected: 'query-id 0 document-id grade' (TREC), or tab-separated 'query-id corpus-id score' below a header (BEIR)"
)


QUERY_FORMAT = 'expected: {{"id": "q1", "text": "..."}}'


def _not_json(*, reason: str, line: int | None, character: int) -> str:
    place = f"character {character}" if line is None else f"line {line}, character {character}"
    return f"is not JSON: {reason} ({place})"


def _rows(first: int, last: int) -> str:
    return f" (lines {first} to {last}; is a quotation mark missing?)" if last > first else ""


def _not_csv(*, reason: str, first: int, last: int) -> str:
    return f"is not CSV: {reason}{_rows(first, last)}"


def _row_too_large(*, limit: int, first: int, last: int) -> str:
    return f"is larger than {limit} bytes (MAX_DOCUMENT_BYTES){_rows(first, last)}"


DOCUMENTS: Mapping[str, str | Callable[..., str]] = {
    "not-an-object": "The document is {type}, not a JSON object",
    "field-unknown": "{field!r} is not a field of the schema (fields: {allowed})",
    "field-required": "{field!r} is missing, and the schema requires it",
    "no-values": "The document has no field with a value",
    "id-missing": "'id' is missing",
    "id-too-long": "'id' is longer than {limit} bytes",
    "id-not-printable": "'id' contains a control or invisible character",
    "value-of-other-type": "{field!r} is {type}, not {expected}",
    "value-of-other-kind": "{field!r}: {value!r} is not of kind {kind}",
    "list-not-allowed": "{field!r} holds a list, and the schema allows one value (multi = false)",
    "too-many-values": "{field!r} holds {count} values; at most {limit} are allowed",
    "nul-character": "{field!r} contains a NUL character at position {position}",
    "surrogate-in-value": "{field!r} contains an unpaired surrogate at position {position}",
    "keyword-too-long": "{field!r} is longer than {limit} bytes; use kind text for long texts",
    "value-not-a-date": "{field!r}: {value!r} is not a date ({reason})",
    "integer-too-large": "{field!r}: {value} is outside -(2^53-1) to 2^53-1",
    "not-finite": "{field!r} is not a finite number",
    "nested-too-deep": "{field!r} is nested deeper than {limit} levels",
    "refused-by-engine": "{reason}",
    "too-large-for-engine": "The document exceeds the size that Elasticsearch accepts in one request",
}
"""Why a document is rejected."""


SOURCES: Mapping[str, str | Callable[..., str]] = {
    "too-large": "is larger than {limit} bytes (MAX_DOCUMENT_BYTES)",
    "read-failed": "cannot be read: {reason}",
    "read-interrupted": "cannot be read further: {reason}",
    "json-too-large": "is one JSON value of over {limit} bytes; write one document per line",
    "not-writable-as-json": "cannot be serialized as JSON: {reason}",
    "not-utf8": "is not UTF-8 (byte {byte})",
    "json-not-utf8": "is not UTF-8 (byte {byte}: {value})",
    "json-nul-character": "contains a NUL character (character {character})",
    "json-lone-surrogate": "contains an unpaired surrogate (an escape such as \\ud83d without its second half)",
    "not-json": _not_json,
    "not-csv": _not_csv,
    "row-too-large": _row_too_large,
    "row-not-utf8": "is not UTF-8 (line {line}, byte {byte})",
    "wrong-cell-count": "has {count} cells, and the header has {expected}",
    "header-not-utf8": "the header is not UTF-8; save the file as CSV UTF-8",
    "header-not-csv": "the header is not CSV: {reason}",
    "header-without-id": "the header has no column 'id' (it has: {columns}); add one, unique in each row",
    "header-columns-repeated": "the header repeats a column name, or has an empty one",
    "file-empty": "is empty",
    "page-without-text": "contains no text",
    "charset-missing": "is not UTF-8 (byte {byte}) and declares no charset",
    "charset-wrong": "is neither UTF-8 nor {charset}, which it declares",
    "not-html": "is not HTML: {reason}",
    "no-such-file": "There is no file or folder {path}",
    "source-is-reject-file": "{path} is also the reject file; name another one with {parameter}",
    "unknown-ending": "{path} has an unknown format; known endings: {endings}",
    "folder-without-files": "The folder {path} contains no file of a known format; known endings: {endings}",
    "folder-unreadable": "The folder {path} cannot be read ({reason})",
    "page-field-missing": (
        "{format} files fill the fields {fields}, and schema {schema!r} has no field {field!r} (it has: {known}); "
        "use these field names in the schema, or convert the documents to JSONL"
    ),
}
"""Errors of a source of documents. Sentences without a subject are about the file or line being read."""


EVALUATION: Mapping[str, str | Callable[..., str]] = {
    "library-missing": (
        "Evaluation needs {library}, which is missing; run `pip install 'arabic-search-service[evaluation]'`"
    ),
    "line-not-utf8": "{path}, line {line}: is not UTF-8 (byte {byte})",
    "line-not-json": "{path}, line {line}: {reason}; " + QUERY_FORMAT,
    "query-not-an-object": "{path}, line {line}: is not a JSON object; " + QUERY_FORMAT,
    "query-without-id": "{path}, line {line}: has no id; " + QUERY_FORMAT,
    "query-id-not-printable": "{path}, line {line}: the id contains a control or invisible character",
    "query-without-text": "{path}, line {line}: has no text; " + QUERY_FORMAT,
    "query-repeated": "{path}, line {line}: the query id {query!r} is repeated; use each id once",
    "wrong-column-count": "{path}, line {line}: has {count} columns instead of {expected}; " + JUDGMENT_FORMATS,
    "column-empty": "{path}, line {line}: a column is empty; " + JUDGMENT_FORMATS,
    "grade-contradicted": "{path}, line {line}: {document!r} already has the grade {before} for {query!r}",
    "grade-not-an-integer": (
        "{path}, line {line}: the grade {value!r} is not an integer; use 0 for not relevant, 1 for relevant"
    ),
    "grade-too-large": "{path}, line {line}: the grade {value} is too large; at most {limit:,}",
    "run-malformed": "{path}, line {line}: is not 'query-id Q0 document-id rank score tag'",
    "run-document-repeated": "{path}, line {line}: the document {document!r} is repeated for {query!r}",
    "run-empty": "{path} contains no run; write one: `arabic-search evaluate --save {name}`",
    "run-of-other-queries": "{path} contains none of the judged queries; use a run of the same queries",
    "no-relevant-document": (
        "No query of {queries} has a relevant document in {qrels}; "
        "compare the ids: {query!r} in the queries, {judged!r} in the judgments"
    ),
    "file-ambiguous": "{path} contains several files {pattern} ({names}); name one with {parameter}",
    "file-missing": "{path} contains none of {patterns}; name the file with {parameter}",
}
"""Errors of the files of an evaluation."""
