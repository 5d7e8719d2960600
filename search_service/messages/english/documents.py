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


def _convert(charset: str | None) -> str:
    return f"; it seems to be {charset}: iconv -f {charset} -t UTF-8 OLD > NEW" if charset else ""


def _not_utf8(place: str) -> Callable[..., str]:
    def sentence(*, charset: str | None, **params: object) -> str:
        return f"is not UTF-8 ({place.format(**params)}){_convert(charset)}"

    return sentence


def _header_not_utf8(*, charset: str | None) -> str:
    return f"the header is not UTF-8; save the file as CSV UTF-8{_convert(charset)}"


def _charset_missing(*, byte: int, charset: str | None) -> str:
    return f"is not UTF-8 (byte {byte}) and declares no charset{_convert(charset)}"


def _counted_reason(*, count: int, reason: str, source: str, line: int | None) -> str:
    place = source if line is None else f"{source}, line {line}"
    return f"{place}: {reason}" if count == 1 else f"{count:,} times, first in {place}: {reason}"


def _load_interrupted(*, index: str, count: int) -> str:
    kept = f"{count:,} documents of this load are" if count > 1 else "1 document of this load is"
    again = "the command can be repeated: a document replaces the one with the same id"
    return f"{kept if count else 'No document of this load is'} in index {index!r}; {again}"


def _relevant_documents_missing(*, index: str, missing: int, looked_up: int, relevant: int, example: str) -> str:
    sample = f" that were looked up (of {relevant:,})" if looked_up < relevant else ""
    are = "is" if missing == 1 else "are"
    return (
        f"{missing:,} of {looked_up:,} relevant documents{sample} {are} not in index {index!r}, "
        f"for example {example!r}; no query can find them"
    )


_REMEDIES = {
    "gzip": "let its name end in .gz, or unpack it first",
    "ZIP": "unpack it; if it is a workbook of Excel, save it as CSV UTF-8",
    "PDF": "convert it to text first",
}


def _other_kind(*, kind: str) -> str:
    return f"is a {kind} file, not text in UTF-8; {_REMEDIES[kind]}"


DOCUMENTS: Mapping[str, str | Callable[..., str]] = {
    "not-an-object": "The document is {type}, not a JSON object",
    "field-unknown": "{field!r} is not a field of the schema (fields: {allowed})",
    "field-required": "{field!r} is missing, and the schema requires it",
    "repeated-name": "An object in the document has the name {field!r} {count} times",
    "json-too-deep": "The document is nested too deep",
    "document-too-large": "The document is larger than {limit} bytes (MAX_DOCUMENT_BYTES)",
    "document-refused": "The search engine refuses the document: {reason}",
    "line-unreadable": "The line {reason}",
    "values-of-other-schema": "A value does not fit the schema {schema!r}, which the index was rebuilt with meanwhile",
    "precondition-failed": (
        "The document {id!r} of index {index!r} is not as If-Match or If-None-Match says; "
        "read it again, and repeat the change"
    ),
    "document-contended": "The document {id!r} of index {index!r} is changed all the time; try again in a moment",
    "no-values": "The document has no field with a value",
    "id-missing": "'id' is missing",
    "field-repeated": "'{field}' occurs twice: under its name, and as '{key}'",
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
    "date-doubtful": (
        "{field!r}: {value!r} is before {earliest}; dates are read as Gregorian, also years of the Hijra. "
        "If the documents are that old, write `earliest = YEAR` into the field's table of the schema"
    ),
    "too-large-for-engine": "The document exceeds the size that Elasticsearch accepts in one request",
}
"""Why a document is rejected."""


LOADS: Mapping[str, str | Callable[..., str]] = {
    "counted-reason": _counted_reason,
    "load-interrupted": _load_interrupted,
    "rebuild-interrupted": "Index {index!r} is unchanged; repeat the command to rebuild it",
    "rebuild-interrupted-late": (
        "The new generation of {index!r} was complete; `arabic-search generations {index}` shows whether it is in use"
    ),
    "hint-fields-unknown": (
        "name the schema of these documents with {other_parameter}, or drop the fields that it does not have with "
        "{parameter}"
    ),
    "hint-id-missing": (
        "each document needs an `id` (or `_id`), a string or a number that is unique; for others name the key that "
        "identifies them with {parameter} (`url`, say), or `content` for a hash of the document"
    ),
    "ids-from": "No `id` in the documents: {key!r} is their id, since no two of them have the same.",
    "ids-of-content": (
        "No `id` in the documents, and nothing else that is unique: their ids are hashes of their content. So equal "
        "documents are one, and a document that is changed and loaded again is a second one."
    ),
    "hint-other-schema": "the documents may not be those of schema {schema!r}; name theirs with {parameter}",
}
"""What a load says about itself."""


SOURCES: Mapping[str, str | Callable[..., str]] = {
    "too-large": "is larger than {limit} bytes (MAX_DOCUMENT_BYTES)",
    "read-failed": "cannot be read: {reason}",
    "read-interrupted": "cannot be read further: {reason}",
    "json-too-large": "is one JSON value of over {limit} bytes; write one document per line",
    "not-writable-as-json": "cannot be serialized as JSON: {reason}",
    "not-gzip": "cannot be read: it is not a gzip file, though its name ends in .gz",
    "gzip-empty": "cannot be read: it is empty, though its name ends in .gz",
    "file-of-other-encoding": "is {encoding}, not UTF-8; convert it: iconv -f {encoding} -t UTF-8 OLD > NEW",
    "file-of-other-kind": _other_kind,
    "file-name-not-utf8": "has a name that is not UTF-8, and its name is the id of the document; rename it",
    "not-utf8": _not_utf8("byte {byte}"),
    "json-not-utf8": _not_utf8("byte {byte}: {value}"),
    "json-nul-character": "contains a NUL character (character {character})",
    "json-array-in-lines": "is an array of JSON objects; write one object per line, or name the file .json",
    "json-over-lines": "is not JSON: the line is one bracket; if a value takes several lines, name the file .json",
    "carriage-returns": "ends its lines with carriage returns only; convert it: tr '\\r' '\\n' < OLD > NEW",
    "json-lone-surrogate": "contains an unpaired surrogate (an escape such as \\ud83d without its second half)",
    "not-json": _not_json,
    "not-csv": _not_csv,
    "row-too-large": _row_too_large,
    "row-not-utf8": _not_utf8("line {line}, byte {byte}"),
    "wrong-cell-count": "has {count} cells, and the header has {expected}",
    "header-not-utf8": _header_not_utf8,
    "header-not-csv": "the header is not CSV: {reason}",
    "header-without-id": (
        "the header has no column 'id' (it has: {columns}); add one, unique in each row, or name the column that "
        "identifies a row with {parameter}, or `content` for a hash of the row"
    ),
    "header-columns-repeated": "the header repeats a column name, or has an empty one",
    "file-empty": "is empty",
    "page-without-text": "contains no text",
    "charset-missing": _charset_missing,
    "page-of-too-many-elements": "has more than {limit:,} HTML elements",
    "page-too-deep": "nests HTML elements deeper than {limit:,} levels",
    "charset-wrong": "is neither UTF-8 nor {charset}, which it declares",
    "file-without-documents": "holds no document",
    "no-such-file": "There is no file or folder {path}",
    "source-unreadable": "{path} cannot be read ({reason})",
    "not-a-file": "{path} is a pipe, a socket or a device, not a file; use - to read standard input: < {path}",
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
    "no-relevant-document-indexed": (
        "None of the {count:,} relevant documents that were looked up is in index {index!r}, for example {example!r}; "
        "evaluate the index of the judged collection, with the same ids"
    ),
    "relevant-documents-missing": _relevant_documents_missing,
    "file-ambiguous": "{path} contains several files {pattern} ({names}); name one with {parameter}",
    "file-missing": "{path} contains none of {patterns}; name the file with {parameter}",
}
"""Errors of the files of an evaluation."""
