"""English sentences for message codes: what is wrong, where, and what to do.

Each code has a template or, where parameters decide the wording, a function of them. Both get a list of names as one
text with commas, and `parameter` as the front end writes it.
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
"""The title of each error class; a class that is not listed inherits the title of its base class."""

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
"""The allowed values of errors whose parameters do not include them."""

JUDGMENT_FORMATS = (
    "expected: 'query-id 0 document-id grade' (TREC), or tab-separated 'query-id corpus-id score' below a header (BEIR)"
)

QUERY_FORMAT = 'expected: {{"id": "q1", "text": "..."}}'

RENAME_OR_REMOVE = "choose another name, or remove it with the program that created it"


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
    existing = "no index exists yet" if known == "none" else f"existing indexes: {known}"
    return f"There is no index {index!r}{'' if known is None else f'; {existing}'}"


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


def _index(index: str) -> str:
    return f"The index {index!r}" if index else "The index"


def _elasticsearch(address: str) -> str:
    return f"Elasticsearch at {address}" if address else "Elasticsearch"


def _unreachable(*, address: str, reason: str, setting: str) -> str:
    return f"{_elasticsearch(address)} cannot be reached ({reason}); check {setting}, and that it runs"


def _because(reason: str) -> str:
    """Return a reason in brackets; a page without a title gives none."""
    return f" ({reason})" if reason else ""


def _not_elasticsearch(*, address: str, reason: str) -> str:
    page = f"a page with the title {reason!r}" if reason else "a page without a title"
    return f"{address or 'The server'} did not answer as Elasticsearch ({page}); check ELASTICSEARCH_URL"


def _timeout(*, address: str) -> str:
    return (
        f"{_elasticsearch(address)} did not answer in time; try again, or raise the time limit (ELASTICSEARCH_TIMEOUT)"
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
    return f"{count} differ from the compiled configuration: {paths}"


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
    "unknown-step": "{parameter}: {value!r} is not a step of query understanding; allowed: {allowed}",
    "not-sortable": "{parameter}: results cannot be sorted by {value!r}; allowed: {allowed}",
    "not-filterable": "{parameter}: {field!r} is not a filterable field; allowed: {allowed}",
    "not-rangeable": "{parameter}: {field!r} is not a field that supports ranges; allowed: {allowed}",
    "too-long": "{parameter} has {count} {unit}; at most {limit} are allowed",
    "value-too-long": "{parameter} has a value of {count} bytes; at most {limit} are allowed",
    "lone-surrogate": "{parameter} contains an unpaired surrogate; send valid Unicode text",
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
    "source-required": "{parameter} is missing; give one, or use {other_parameter} to reindex the stored documents",
    "schema-required": (
        "{parameter} is missing, and the schema of the index cannot be read ({reason}); "
        "name its schema or the schema's file"
    ),
    "unknown-host": "{parameter}: {value!r} is not a known address ({reason})",
}
"""Errors of a request."""

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
        _address, "contains a user or a password; set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD instead"
    ),
    "address-without-scheme": partial(_address, "does not begin with http:// or https://"),
    "address-malformed": partial(_address, "has no valid host and port"),
    "address-with-query": partial(_address, "has a query or a fragment after the path"),
    "address-without-host": partial(_address, "has no host"),
    "address-without-port": partial(_address, "has no port"),
    "password-missing": "{parameter} has no password; set ELASTICSEARCH_PASSWORD or ELASTICSEARCH_PASSWORD_FILE too",
    "user-missing": "{parameter} has no user; set ELASTICSEARCH_USER too",
    "certificate-without-https": "{parameter} needs addresses with https:// only; change {addresses}",
    "certificate-unreadable": "{parameter}: {path} cannot be read ({reason}); name a file in PEM format",
    "not-a-certificate": "{parameter}: {path} contains no certificate; name a file in PEM format",
    "config-unreadable": "{parameter}: {path} cannot be read ({reason}); name a TOML file",
    "config-not-utf8": "{parameter}: {path} is not UTF-8; save it as UTF-8",
    "config-not-toml": "{parameter}: {path} is not TOML: {reason}",
    "unknown-key": "{parameter} is not a known key; allowed: {allowed}",
    "secret-file-unreadable": "{parameter} names a file that cannot be read ({reason})",
    "secret-file-not-utf8": "{parameter} names a file that is not UTF-8",
    "secret-file-empty": "{parameter} names an empty file",
    "form-addresses": "http://HOST:PORT or https://HOST:PORT, several with commas or spaces between",
    "form-api-key": "the value of 'encoded' in Elasticsearch's response when it created the key",
    "form-index-name": INDEX_NAME_RULE,
    "form-index-prefix": "a-z, 0-9, _ and -, beginning with a letter or a digit",
    "form-password": "text in one line",
    "form-range": lambda *, low, high: allowed_range(low, high),
    "form-text": "text in quotes",
    "form-timeout": "a number of seconds above 0, up to 600",
    "form-user": "text in one line, without a colon",
}
"""Errors of a setting, and the formats of settings."""

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
        "Index {index!r} was built with a different version of schema {schema!r}; "
        "rebuild it: arabic-search reindex {index} SOURCE (or --from-stored)"
    ),
    "unreadable-schema": (
        "Index {index!r} was built with a schema that this version cannot read ({reason}); "
        "rebuild it: arabic-search reindex {index} --from-stored --schema SCHEMA"
    ),
    "alias-of-several": "{index!r} is an alias of several indexes ({names}); " + RENAME_OR_REMOVE,
    "filtered-alias": "{index!r} is an alias with a filter or routing; " + RENAME_OR_REMOVE,
    "foreign-index": "{index!r} is an Elasticsearch index that this service did not create; " + RENAME_OR_REMOVE,
    "writer-busy": _writer_busy,
    "no-older-generation": "Index {index!r} cannot be rolled back: no generation older than {generation} is kept",
    "generation-of-other-configuration": (
        "Index {index!r} cannot be rolled back: {generation} was built with another configuration"
    ),
    "lease-lost": "The lease of {index!r} expired: this process did not renew it in time; start the rebuild again",
    "copy-failed": "The copy failed: {reason}",
    "copy-lost": "The copy ended with the Elasticsearch node that ran it",
    "wrong-count": _wrong_count,
    "copy-differs": (
        "The index holds {expected:,} documents and its copy {count:,}: another program deleted some during the copy; "
        "copy the index again"
    ),
    "document-not-found": _document_not_found,
    "all-rejected": (
        "No document to rebuild {index!r} from: all {count:,} were rejected, see {path}; the index is unchanged"
    ),
    "sources-empty": "No document to rebuild {index!r} from: the sources are empty; the index is unchanged",
    "index-damaged": "Index {index!r} is damaged: {reason}",
    "metadata-unreadable": "Index {index!r} is damaged: its {file} cannot be read ({reason})",
    "metadata-changed": "Index {index!r} is damaged: its {file} was changed after it was written ({reason})",
    "index-not-opened": "Index {index!r} cannot be opened: {reason}",
}
"""Errors of an index, or of a change to it."""

ENGINES: Mapping[str, str | Callable[..., str]] = {
    "engine-unreachable": _unreachable,
    "engine-timeout": _timeout,
    "engine-answer-unreadable": "The response of Elasticsearch cannot be read: it is truncated or corrupt",
    "engine-overloaded": lambda *, address, reason: (
        f"{_elasticsearch(address)} is overloaded{_because(reason)}; try again in a moment"
    ),
    "engine-unavailable": lambda *, address, reason: (
        f"{_elasticsearch(address)} is not available{_because(reason)}; try again in a moment"
    ),
    "not-elasticsearch": _not_elasticsearch,
    "credentials-refused": lambda *, address: (
        f"{_elasticsearch(address)} does not accept the service's credentials; "
        "set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD"
    ),
    "access-denied": lambda *, address, reason: (
        f"{_elasticsearch(address)} denies the service a privilege that it needs{_because(reason)}"
    ),
    "engine-fault": lambda *, address, status, reason: (
        f"{_elasticsearch(address)} answered with status {status} ({reason})"
    ),
    "index-closed": lambda *, index: (
        f"{_index(index)} is closed in Elasticsearch; open it with the program that closed it"
    ),
    "index-read-blocked": lambda *, index, reason: f"{_index(index)} has a read block in Elasticsearch ({reason})",
    "index-read-only": lambda *, index, reason: (
        f"{_index(index)} rejects writes, most often because the disk is full ({reason})"
    ),
    "shards-missing": "Only {count} of {total} shards of {index!r} answer",
    "shard-missing": "A shard of {index!r} does not answer ({reason})",
    "no-shard-answers": "Index {index!r} cannot be searched: {degraded}",
    "not-explained": "The score of {id!r} cannot be explained: {degraded}",
    "writer-closed": "This writer is closed; open another one",
    "commit-failed": "Writing the index failed: {reason}",
    "facets-failed": "Counting {fields} failed: {reason}",
}
"""Errors of an engine."""

DEGRADED: Mapping[str, str | Callable[..., str]] = {
    "shards-unanswered": "{count} of {total} shards did not answer",
    "search-cut-short": "the search reached its time limit and was cut short",
    "shard-lost": "shard {shard} is missing with all of its copies",
    "copies-lost": _copies_lost,
    "no-master": "the cluster has no master, so nothing can be written",
    "shards-not-counted": "{count} of {total} shards are missing, and their documents are not counted",
}
"""What is missing from a response or an index."""

CHECKS: Mapping[str, str | Callable[..., str]] = {
    "fingerprint-current": "{fingerprint} (current configuration)",
    "fingerprint-differs": (
        "{fingerprint} (another configuration); rebuild it: arabic-search reindex {index} --from-stored"
    ),
    "version-supported": "Elasticsearch {version}",
    "version-too-old": _version_too_old,
    "shards-complete": "all assigned",
    "shards-degraded": "{degraded}",
    "as-compiled": "as compiled",
    "differs-from-compiled": _differs,
    "writes-accepted": "accepted",
    "writes-blocked": "blocked: {blocks}; remove the block after its cause is fixed",
    "tokens-equal": "equal to the service's own ({count} texts compared)",
    "tokens-differ": "differ from the service's own: {texts}",
    "documents-found": "found all {count} sampled documents",
    "document-found": "a search for its words finds document {id!r}",
    "document-missed": "a search for its words does not find document {id!r}",
    "index-empty": "the index is empty",
}
"""Results of the checks of an index."""

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

TIERS: Mapping[str, str | Callable[..., str]] = {
    "tier-stem": "forms of the word (light stem)",
    "tier-expansion": "broken plurals, other hamza seats, less likely corrections",
    "tier-exact": "the exact word",
    "tier-shingle": "two adjacent words",
    "tier-exact-phrase": "the whole query as a phrase",
    "tier-all-terms": "all words, if few documents contain them all",
    "tier-recency": "a recent date",
    "tier-lead": "forms of the word at the beginning of a text",
    "tier-ngram": "similar words (shared character 4-grams)",
}
"""What the ranking tiers score."""

SERVER: Mapping[str, str | Callable[..., str]] = {
    "port-unavailable": "Cannot listen on port {port} of {host} ({reason}); choose another port with {parameter}",
}

SENTENCES: Mapping[str, str | Callable[..., str]] = {
    **REQUESTS, **SETTINGS, **DATES, **INDEXES, **ENGINES, **DEGRADED, **CHECKS, **DOCUMENTS, **SOURCES, **EVALUATION,
    **TIERS, **SERVER,
}  # fmt: skip
