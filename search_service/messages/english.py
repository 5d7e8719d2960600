"""English sentences: what is wrong, where, and what would be right.

Each code has a template or, where parameters decide the wording, a function of them. A list of names is one text here,
with commas; `parameter` is written as the front end writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from search_service.core.errors import (
    CredentialsRefused,
    DamagedIndex,
    EngineFault,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    ForeignIndex,
    IndexReadOnly,
    InvalidDocument,
    InvalidParameter,
    NoGeneration,
    RebuildFailed,
    SearchServiceError,
    StaleIndex,
    UnknownDocument,
    UnknownIndex,
    UnreadableSource,
    WriterBusy,
)

TITLES: Mapping[type[SearchServiceError], str] = {
    SearchServiceError: "The request failed",
    InvalidParameter: "Invalid parameter",
    UnknownIndex: "Unknown index",
    UnknownDocument: "Unknown document",
    InvalidDocument: "Invalid document",
    UnreadableSource: "Unreadable source",
    WriterBusy: "Another writer holds the index",
    RebuildFailed: "The index could not be rebuilt",
    NoGeneration: "Nothing to roll back to",
    StaleIndex: "The index must be rebuilt",
    ForeignIndex: "Not an index of this service",
    EngineUnavailable: "The search engine is not available",
    DamagedIndex: "The index is damaged",
    EngineTimeout: "The search engine did not answer in time",
    EngineOverloaded: "The search engine is overloaded",
    CredentialsRefused: "The search engine refuses the service",
    EngineFault: "The search engine could not carry out the request",
    IndexReadOnly: "The index cannot be written",
}
"""The title of each class of errors; a class that is not here has that of the class above it."""

INDEX_NAME_RULE = "a-z, 0-9, _ and -, beginning with a letter, at most 63 characters"

DATE_FORMS = "2024-03-11, 2024-03-11T07:40:00Z, 2024-03 or 2024 (years 0001 to 9999)"

TYPES: Mapping[str, str] = {
    "array": "a list",
    "array of strings": "a list of strings",
    "boolean": "a boolean",
    "boolean or array of strings": "true, false or a list of fields",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
    "value or array of values": "a string, a whole number, a boolean, or a list of these",
}
"""Types of JSON values."""

ALLOWED: Mapping[str, str] = {
    "mutually-exclusive": "one of the two",
    "not-a-boolean": "true, false",
    "not-a-date": DATE_FORMS,
    "not-an-integer": "a whole number",
    "repeated-parameter": "once",
}
"""What would be right where the parameters of the error do not say it."""

FORMS = "right is 'query-id 0 document-id grade', or below a header 'query-id, corpus-id, score' those three with tabs"
"""The forms of a file of judgments."""

ADMINISTRATOR = "choose another name, or remove it with the program that made it"


def _out_of_range(*, parameter: str, value: str, low: str, high: str | None = None) -> str:
    return f"{parameter} is {value}; allowed: {allowed_range(low, high)}"


def allowed_range(low: object, high: object) -> str:
    """Return the bounds of a number.

    >>> allowed_range(1, None), allowed_range(0, 100)
    ('1 and above', '0 to 100')
    """
    return f"{low} and above" if high is None else f"{low} to {high}"


def _address(problem: str, *, parameter: str, number: int, count: int, allowed: str) -> str:
    which = parameter if count == 1 else f"{parameter}: address {number} of {count}"
    return f"{which} {problem}; allowed: {allowed}"


def _unknown_index(*, index: str, known: str | None = None) -> str:
    there_are = "; there is none yet" if known == "none" else f"; there are: {known}"
    return f"There is no index {index!r}{'' if known is None else there_are}"


def _writer_busy(*, index: str, pid: int | None, host: str, work: str, since: str) -> str:
    holder = f"pid {pid}" if pid else "its pid is not known yet"
    holder += f" on {host}" if host else ""
    holder += f", {work} since {since}" if work else ""
    return f"Another writer holds the index {index!r} ({holder}); wait until it has finished"


def _wrong_count(*, count: int, low: int, high: int) -> str:
    expected = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"The new generation holds {count:,} documents, and {expected} were written to it"


def _document_not_found(*, id: str, words: str) -> str:
    by = "its id" if words == "none" else f"any of its words {words}"
    return f"The new generation does not find the document {id!r} by {by}"


def _about(index: str) -> str:
    return f"The index {index!r}" if index else "The index"


def _elasticsearch(address: str) -> str:
    return f"Elasticsearch at {address}" if address else "Elasticsearch"


def _unreachable(*, address: str, reason: str, setting: str) -> str:
    return f"{_elasticsearch(address)} cannot be reached ({reason}); check {setting}, and that it runs"


def _timeout(*, address: str) -> str:
    return (
        f"{_elasticsearch(address)} did not answer in time; "
        "try again, or let requests take longer (ELASTICSEARCH_TIMEOUT)"
    )


def _not_json(*, reason: str, line: int | None, character: int) -> str:
    place = f"character {character}" if line is None else f"line {line}, character {character}"
    return f"is not JSON: {reason} ({place})"


def _rows(first: int, last: int) -> str:
    return f" (lines {first} to {last}; is a quotation mark missing?)" if last > first else ""


def _not_csv(*, reason: str, first: int, last: int) -> str:
    return f"is not CSV: {reason}{_rows(first, last)}"


def _row_too_large(*, limit: int, first: int, last: int) -> str:
    return f"is larger than {limit} bytes (MAX_DOCUMENT_BYTES){_rows(first, last)}"


def _differs(*, count: int, paths: str) -> str:
    return f"{count} differ: {paths}"


def _copies_lost(*, count: int, shard: int) -> str:
    return f"{'1 copy' if count == 1 else f'{count} copies'} of shard {shard} {'is' if count == 1 else 'are'} missing"


def _version_too_old(*, version: str, needed: int) -> str:
    return f"Elasticsearch {version}; {needed} is needed"


REQUESTS: Mapping[str, str | Callable[..., str]] = {
    "unknown-parameter": "{parameter} is not a parameter of this request; allowed: {allowed}",
    "repeated-parameter": "{parameter} is given {count} times; give it once",
    "mutually-exclusive": "{parameter} and {other_parameter} are mutually exclusive",
    "out-of-range": _out_of_range,
    "not-a-range": "{parameter} is not a range; write {range_form}",
    "not-an-integer": "{parameter}: {value!r} is not a whole number",
    "body-too-large": "The body has {count:,} bytes; at most {limit:,} are allowed",
    "body-not-json": "The body is not JSON ({reason}); send a JSON object in UTF-8",
    "body-not-an-object": "The body is not a JSON object",
    "wrong-type": "{parameter} is of the wrong type; expected: {expected}",
    "missing-parameter": "{parameter} is missing; expected: {expected}",
    "unknown-field": "{parameter}: {value!r} is not a field of the index; allowed: {allowed}",
    "not-searchable": "{parameter}: {value!r} is not a searched field; allowed: {allowed}",
    "empty-list": "{parameter} is empty; allowed: {allowed}",
    "not-a-facet": "{parameter}: {value!r} is not a facet (facet = true in the schema); allowed: {allowed}",
    "unknown-interval": "{parameter}: {value!r} is not an interval; allowed: {allowed}",
    "no-date-facet": "The index has no date field with facet = true; remove {parameter}",
    "no-date-field": "The index has no date field; remove {parameter}",
    "unknown-step": "{parameter}: {value!r} is not a step of understanding queries; allowed: {allowed}",
    "not-sortable": "{parameter}: results cannot be sorted by {value!r}; allowed: {allowed}",
    "not-filterable": "{parameter}: {field!r} is not a field to filter by; allowed: {allowed}",
    "not-rangeable": "{parameter}: {field!r} is not a field with ranges; allowed: {allowed}",
    "too-long": "{parameter} has {count} {unit}; at most {limit} are allowed",
    "value-too-long": "{parameter} has a value of {count} bytes; at most {limit} are allowed",
    "lone-surrogate": "{parameter} holds half a surrogate pair; send Unicode text",
    "not-a-boolean": "{parameter}: {value!r} is not a boolean; allowed: true, false",
    "not-a-number": "{parameter}: {value!r} is not a number; the field is of kind {kind}",
    "not-a-date": "{parameter}: {value!r} is not a date ({reason})",
    "unknown-analyzer": "{parameter}: {value!r} is not an analyzer; allowed: {allowed}",
    "too-many-distinct-values": (
        "{parameter}: {fields} has more than {limit} distinct values; narrow the query, or widen the interval"
    ),
    "merge-not-supported": ("The {engine} engine cannot merge an index into one segment; remove {parameter}"),
    "lexicon-not-installed": (
        "{parameter}: the package {package} is not installed; "
        "run `pip install 'arabic-search-service[morphology]'`, or set it to none"
    ),
    "path-is-a-folder": "{parameter}: {path} is a folder; name a file in a folder that can be written to",
    "path-not-writable": "{parameter}: {path} cannot be written; name a file in a folder that can be written to",
    "source-required": "{parameter} is missing; give one, or {other_parameter} to read the documents of the index",
    "schema-required": (
        "{parameter} is missing, and the index cannot name its own schema any more ({reason}); "
        "give the name or the file of its schema"
    ),
    "unknown-host": "{parameter}: {value!r} is not a known address ({reason})",
}
"""What is wrong with a request: with `{parameter}`."""

SETTINGS: Mapping[str, str | Callable[..., str]] = {
    "setting-not-valid": "{parameter}: {value!r} is not valid; allowed: {allowed}",
    "setting-not-an-integer": "{parameter}: {value!r} is not a whole number; allowed: {allowed}",
    "setting-not-a-number": "{parameter}: {value!r} is not a number; allowed: {allowed}",
    "setting-not-text": "{parameter} is not text in quotes; allowed: {allowed}",
    "setting-not-a-list": "{parameter} is not text in quotes or a list of texts in quotes; allowed: {allowed}",
    "setting-not-unicode": "{parameter} is not valid Unicode; allowed: {allowed}",
    "setting-with-control-character": "{parameter} has a line break or another control character; allowed: {allowed}",
    "not-an-api-key": "{parameter} is not an encoded API key; allowed: {allowed}",
    "address-missing": "{parameter} has no address; allowed: {allowed}",
    "address-with-credentials": partial(
        _address, "has a user or a password in it; set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD instead"
    ),
    "address-without-scheme": partial(_address, "does not begin with http:// or https://"),
    "address-malformed": partial(_address, "has no valid host and port"),
    "address-with-query": partial(_address, "goes on after the path"),
    "address-without-host": partial(_address, "has no host"),
    "address-without-port": partial(_address, "has no port"),
    "password-missing": "{parameter} has no password; set ELASTICSEARCH_PASSWORD or ELASTICSEARCH_PASSWORD_FILE too",
    "user-missing": "{parameter} has no user; set ELASTICSEARCH_USER too",
    "certificate-without-https": "{parameter} needs addresses with https:// only; change {addresses}",
    "certificate-unreadable": "{parameter}: {path} cannot be read ({reason}); name a file in PEM format",
    "not-a-certificate": "{parameter}: {path} has no certificate in it; name a file in PEM format",
    "config-unreadable": "{parameter}: {path} cannot be read ({reason}); name a TOML file",
    "config-not-utf8": "{parameter}: {path} is not UTF-8; save it as UTF-8",
    "config-not-toml": "{parameter}: {path} is not TOML: {reason}",
    "unknown-key": "{parameter} is not a known key; allowed: {allowed}",
    "secret-file-unreadable": "{parameter} names a file that cannot be read ({reason})",
    "secret-file-not-utf8": "{parameter} names a file that is not UTF-8",
    "secret-file-empty": "{parameter} names an empty file",
    "form-addresses": "http://HOST:PORT or https://HOST:PORT, several with commas or spaces between",
    "form-api-key": "the member 'encoded' of what Elasticsearch answered when it made the key",
    "form-index-name": INDEX_NAME_RULE,
    "form-index-prefix": "a-z, 0-9, _ and -, beginning with a letter or a digit",
    "form-password": "text in one line",
    "form-range": lambda *, low, high: allowed_range(low, high),
    "form-text": "text in quotes",
    "form-timeout": "a number of seconds above 0, up to 600",
    "form-user": "text in one line, without a colon",
}
"""What is wrong with a setting, and the forms that settings have."""

DATES: Mapping[str, str | Callable[..., str]] = {
    "date-malformed": f"not written as {DATE_FORMS}",
    "date-does-not-exist": "there is no such day or time",
    "date-out-of-range": "outside the years 1 to 9999 in UTC",
}

INDEXES: Mapping[str, str | Callable[..., str]] = {
    "unknown-index": _unknown_index,
    "unknown-document": "The index {index!r} has no document {id!r}",
    "other-configuration": (
        "Index {index!r} was built with another configuration; rebuild it: arabic-search reindex {index} --from-stored"
    ),
    "other-schema": (
        "Index {index!r} was built with another schema than {schema!r} as it is now; "
        "rebuild it: arabic-search reindex {index} SOURCE (or --from-stored)"
    ),
    "unreadable-schema": (
        "Index {index!r} holds a schema that this version cannot read ({reason}); "
        "rebuild it: arabic-search reindex {index} --from-stored --schema SCHEMA"
    ),
    "alias-of-several": "{index!r} is an alias of several indexes ({names}); " + ADMINISTRATOR,
    "filtered-alias": "{index!r} is an alias with a filter or a routing; " + ADMINISTRATOR,
    "foreign-index": "{index!r} is an index of Elasticsearch that this service did not make; " + ADMINISTRATOR,
    "writer-busy": _writer_busy,
    "no-older-generation": "Index {index!r} cannot be rolled back: no generation is kept from before {generation}",
    "generation-of-other-configuration": (
        "Index {index!r} cannot be rolled back: {generation} was built with another configuration"
    ),
    "lease-lost": "The lease of {index!r} is lost: this process was silent for too long",
    "copy-failed": "The copy failed: {reason}",
    "copy-lost": "The copy ended with the Elasticsearch node that ran it",
    "wrong-count": _wrong_count,
    "copy-differs": (
        "The index holds {expected:,} documents and its copy {count:,}: some were deleted past this service "
        "while it was copied; copy it again"
    ),
    "document-not-found": _document_not_found,
    "all-rejected": (
        "There is no document to rebuild {index!r} from: all {count:,} were rejected, see {path}; "
        "the index stays as it is"
    ),
    "sources-empty": "There is no document to rebuild {index!r} from: the sources are empty; the index stays as it is",
    "index-damaged": "Index {index!r} is damaged: {reason}",
    "metadata-unreadable": "Index {index!r} is damaged: its {file} cannot be read ({reason})",
    "metadata-changed": "Index {index!r} is damaged: its {file} is not as it was written ({reason})",
    "index-not-opened": "Index {index!r} cannot be opened: {reason}",
}
"""What is wrong with an index, or with a change of it."""

ENGINES: Mapping[str, str | Callable[..., str]] = {
    "engine-unreachable": _unreachable,
    "engine-timeout": _timeout,
    "engine-answer-unreadable": "The answer of Elasticsearch cannot be read: it is cut off or changed",
    "engine-overloaded": lambda *, address, reason: (
        f"{_elasticsearch(address)} has too much to do ({reason}); try again in a moment"
    ),
    "engine-unavailable": lambda *, address, reason: (
        f"{_elasticsearch(address)} cannot answer now ({reason}); try again in a moment"
    ),
    "not-elasticsearch": lambda *, address, reason: (
        f"{address or 'The server'} did not answer as Elasticsearch ({reason}); check ELASTICSEARCH_URL"
    ),
    "credentials-refused": lambda *, address: (
        f"{_elasticsearch(address)} does not accept the service's credentials; "
        "set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD"
    ),
    "access-denied": lambda *, address, reason: (
        f"{_elasticsearch(address)} does not allow the service what it needs ({reason})"
    ),
    "engine-fault": lambda *, address, status, reason: (
        f"{_elasticsearch(address)} answered with status {status} ({reason})"
    ),
    "index-closed": lambda *, index: (
        f"{_about(index)} is closed in Elasticsearch; open it with the program that closed it"
    ),
    "index-read-blocked": lambda *, index, reason: f"{_about(index)} is closed to readers in Elasticsearch ({reason})",
    "index-read-only": lambda *, index, reason: (
        f"{_about(index)} takes no writes, most often because the disk is full ({reason})"
    ),
    "shards-missing": "Only {count} of {total} shards of {index!r} answer",
    "shard-missing": "A shard of {index!r} does not answer ({reason})",
    "no-shard-answers": "Index {index!r} cannot be searched: {degraded}",
    "not-explained": "{id!r} cannot be explained now: {degraded}",
    "writer-closed": "This writer is closed; open another one",
    "commit-failed": "The index cannot be written: {reason}",
    "facets-failed": "Counting {fields} failed: {reason}",
}
"""What is wrong with an engine."""

DEGRADED: Mapping[str, str | Callable[..., str]] = {
    "shards-unanswered": "{count} of {total} shards did not answer",
    "search-cut-short": "the search took too long and was cut short",
    "shard-lost": "shard {shard} is missing with all of its copies",
    "copies-lost": _copies_lost,
    "no-master": "the cluster has no master, so nothing can be written",
    "shards-not-counted": "{count} of {total} shards are missing and not counted",
}
"""What an answer, or the state of an index, does not include."""

CHECKS: Mapping[str, str | Callable[..., str]] = {
    "fingerprint-current": "{fingerprint}, of this configuration",
    "fingerprint-differs": (
        "{fingerprint}: of another configuration; rebuild: arabic-search reindex {index} --from-stored"
    ),
    "version-supported": "Elasticsearch {version}",
    "version-too-old": _version_too_old,
    "shards-complete": "all there",
    "shards-degraded": "{degraded}",
    "as-compiled": "as compiled",
    "differs-from-compiled": _differs,
    "writes-accepted": "takes writes",
    "writes-blocked": "blocked: {blocks}; lift it when its cause is gone",
    "tokens-equal": "the service's own ({count} compared)",
    "tokens-differ": "others than the service's: {texts}",
    "documents-found": "{count} documents looked for and found",
    "document-found": "document {id!r} is found by its words",
    "document-missed": "document {id!r} is not found by its words",
    "index-empty": "the index is empty",
}
"""What the checks of an index have seen."""

DOCUMENTS: Mapping[str, str | Callable[..., str]] = {
    "not-an-object": "The document is {type}, not a JSON object",
    "field-unknown": "{field!r} is not a field of the schema (fields: {allowed})",
    "field-required": "{field!r} is missing, and the schema requires it",
    "no-values": "The document has no field with a value",
    "id-missing": "'id' is missing",
    "id-too-long": "'id' is longer than {limit} bytes",
    "id-not-printable": "'id' holds a control or invisible character",
    "value-of-other-type": "{field!r} is {type}, not {expected}",
    "value-of-other-kind": "{field!r}: {value!r} is not of kind {kind}",
    "list-not-allowed": "{field!r} holds a list, and the schema gives it one value (multi = false)",
    "too-many-values": "{field!r} holds {count} values; at most {limit} are possible",
    "nul-character": "{field!r} holds a NUL character at position {position}",
    "surrogate-in-value": "{field!r} holds half a surrogate pair at position {position}",
    "keyword-too-long": "{field!r} is longer than {limit} bytes; long texts are of kind text",
    "value-not-a-date": "{field!r}: {value!r} is not a date ({reason})",
    "integer-too-large": "{field!r}: {value} is outside -(2^53-1) to 2^53-1",
    "not-finite": "{field!r} is not a finite number",
    "nested-too-deep": "{field!r} is nested deeper than {limit} levels",
    "refused-by-engine": "{reason}",
    "too-large-for-engine": "The document is larger than Elasticsearch takes in one request",
}
"""Why a document is rejected."""

SOURCES: Mapping[str, str | Callable[..., str]] = {
    "too-large": "is larger than {limit} bytes (MAX_DOCUMENT_BYTES)",
    "read-failed": "cannot be read: {reason}",
    "read-interrupted": "cannot be read further: {reason}",
    "json-too-large": "is one JSON value of over {limit} bytes; write one document a line",
    "not-writable-as-json": "cannot be written as JSON again: {reason}",
    "not-utf8": "is not UTF-8 (byte {byte})",
    "json-not-utf8": "is not UTF-8 (byte {byte}: {value})",
    "json-nul-character": "holds a NUL character (character {character})",
    "json-lone-surrogate": "holds half a surrogate pair (an escape such as \\ud83d without its other half)",
    "not-json": _not_json,
    "not-csv": _not_csv,
    "row-too-large": _row_too_large,
    "row-not-utf8": "is not UTF-8 (line {line}, byte {byte})",
    "wrong-cell-count": "has {count} cells, and the header has {expected}",
    "header-not-utf8": "the header is not UTF-8; save the file as CSV UTF-8",
    "header-not-csv": "the header is not CSV: {reason}",
    "header-without-id": "the header has no column 'id' (it has: {columns}); add one, unique in each row",
    "header-columns-repeated": "the header names a column twice, or not at all",
    "file-empty": "is empty",
    "page-without-text": "holds no text",
    "charset-missing": "is not UTF-8 (byte {byte}) and declares no charset",
    "charset-wrong": "is neither UTF-8 nor {charset}, which it declares",
    "not-html": "is not HTML: {reason}",
    "no-such-file": "There is no file or folder {path}",
    "source-is-reject-file": "{path} is the reject file as well; name another one with {parameter}",
    "unknown-ending": "{path} is not a file of a known format; known endings: {endings}",
    "folder-without-files": "The folder {path} holds no file to read; known endings: {endings}",
    "folder-unreadable": "The folder {path} cannot be read ({reason})",
    "page-field-missing": (
        "{format} files fill the fields {fields}, and schema {schema!r} has no field {field!r} (it has: {known}); "
        "name its fields so, or write the documents as JSONL"
    ),
}
"""What is wrong with a source of documents; the file or line that is read is the subject of the first ones."""

EVALUATION: Mapping[str, str | Callable[..., str]] = {
    "library-missing": (
        "Evaluation needs {library}, which is missing; run `pip install 'arabic-search-service[evaluation]'`"
    ),
    "line-not-utf8": "{path}, line {line}: is not UTF-8 (byte {byte})",
    "line-not-json": '{path}, line {line}: {reason}; right is {{"id": "q1", "text": "..."}}',
    "query-not-an-object": '{path}, line {line}: is not a JSON object; right is {{"id": "q1", "text": "..."}}',
    "query-without-id": '{path}, line {line}: has no id; right is {{"id": "q1", "text": "..."}}',
    "query-id-not-printable": "{path}, line {line}: the id holds a control or invisible character",
    "query-without-text": '{path}, line {line}: has no text; right is {{"id": "q1", "text": "..."}}',
    "query-repeated": "{path}, line {line}: the query {query!r} is there already; give each id once",
    "wrong-column-count": "{path}, line {line}: has {count} columns, expected are {expected}; " + FORMS,
    "column-empty": "{path}, line {line}: a column is empty; " + FORMS,
    "grade-contradicted": "{path}, line {line}: {document!r} had the grade {before} for {query!r} before",
    "grade-not-an-integer": "{path}, line {line}: the grade {value!r} is not an integer; 0 is not relevant, 1 relevant",
    "grade-too-large": "{path}, line {line}: the grade {value} is too large; at most {limit:,}",
    "run-malformed": "{path}, line {line}: is not 'query-id Q0 document-id rank score tag'",
    "run-document-repeated": "{path}, line {line}: the document {document!r} is there already for {query!r}",
    "run-empty": "{path} holds no run; `arabic-search evaluate --save {name}` writes one",
    "run-of-other-queries": "{path} holds none of the judged queries; was it saved for others?",
    "no-relevant-document": (
        "No query of {queries} has a relevant document in {qrels}; "
        "queries have ids like {query!r}, judgments like {judged!r}"
    ),
    "file-ambiguous": "{path} holds several files {pattern} ({names}); name one with {parameter}",
    "file-missing": "{path} holds none of {patterns}; name the file with {parameter}",
}
"""What is wrong with the files of an evaluation."""

TIERS: Mapping[str, str | Callable[..., str]] = {
    "tier-stem": "forms of the word",
    "tier-expansion": "broken plurals, a hamza on another seat, what else may be meant",
    "tier-exact": "the word as it is typed",
    "tier-shingle": "two words side by side",
    "tier-exact-phrase": "the whole query, word for word",
    "tier-all-terms": "all words, where few documents have them all",
    "tier-recency": "a date of the last days",
    "tier-lead": "forms of the word near the beginning of a text",
    "tier-ngram": "words that are nearly the same: pieces of four letters",
}
"""What the ranking tiers score."""

SERVER: Mapping[str, str | Callable[..., str]] = {
    "port-unavailable": "Cannot listen at port {port} of {host} ({reason}); choose another one with {parameter}",
}

SENTENCES: Mapping[str, str | Callable[..., str]] = {
    **REQUESTS, **SETTINGS, **DATES, **INDEXES, **ENGINES, **DEGRADED, **CHECKS, **DOCUMENTS, **SOURCES, **EVALUATION,
    **TIERS, **SERVER,
}  # fmt: skip
