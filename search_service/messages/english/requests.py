"""English sentences about requests, settings, dates, ranking tiers and the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from search_service.messages.english.phrases import DATE_FORMS, INDEX_NAME_RULE, allowed_range


def _out_of_range(*, parameter: str, value: str, low: str, high: str | None = None) -> str:
    return f"{parameter} is {value}; allowed: {allowed_range(low, high)}"


def _address(problem: str, *, parameter: str, number: int, count: int, allowed: str) -> str:
    which = parameter if count == 1 else f"{parameter}: address {number} of {count}"
    return f"{which} {problem}; allowed: {allowed}"


REQUESTS: Mapping[str, str | Callable[..., str]] = {
    "unknown-parameter": "{parameter} is not a parameter of this request; allowed: {allowed}",
    "repeated-parameter": "{parameter} is given {count} times; give it once",
    "mutually-exclusive": "{parameter} and {other_parameter} are mutually exclusive",
    "out-of-range": _out_of_range,
    "cursor-invalid": "{parameter} is not a cursor of this search: it was changed, or belongs to another query, "
    "filter, order or index; begin again with *",
    "cursor-outdated": "Documents have changed so much that this query is read in another way; begin again with "
    "{parameter} *",
    "not-a-range": "{parameter} is not a range; write {range_form}",
    "range-reversed": "{parameter} begins at '{low}', after its end at '{high}'; exchange them",
    "not-an-integer": "{parameter}: {value!r} is not a whole number",
    "content-type-unsupported": "The body is of type {value!r}; this operation reads {allowed}",
    "not-one-of": "{parameter}: {value!r} is not possible; allowed: {allowed}",
    "unknown-schema": "{parameter}: there is no packaged schema {value!r}; name one of {allowed}, or send a schema",
    "schema-invalid": "{parameter}: {problem}; {allowed}",
    "condition-required": "No filter, range or date is given; to remove all documents, delete the index",
    "value-required": "{parameter} has no value; name at least one",
    "id-differs": "{parameter} is {value!r}, and the address says {id!r}; omit it, or repeat that of the address",
    "body-too-large": "The body has more than {limit:,} bytes; send a shorter text",
    "body-timeout": "The body did not arrive in time; send it faster",
    "body-incomplete": "The body is incomplete: a chunk is invalid, or the connection was lost",
    "body-too-deep": "The body is nested too deep; no request needs more than three levels",
    "body-not-json": "The body is not JSON ({reason}); send a JSON object in UTF-8",
    "body-not-an-object": "The body is not a JSON object",
    "page-too-large": ("After {count} documents this page exceeds {limit:,} bytes; ask for fewer with {parameter}"),
    "answer-too-large": "The answer has {count:,} bytes; at most {limit:,} are sent: ask for less with {parameter}",
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
    "not-groupable": "{parameter}: hits cannot be grouped by {value!r}; allowed, as facets of one value: {allowed}",
    "not-a-tag": "{parameter}: {value!r} is no tag that is safe in a page; allowed: {allowed}",
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
    "too-many-buckets": "Elasticsearch does not count so many values ({reason}); widen the interval of {parameter}",
    "merge-not-supported": ("The {engine} engine cannot merge an index into one segment; remove {parameter}"),
    "path-is-a-folder": "{parameter}: {path} is a folder; name a file in a folder that can be written to",
    "path-not-writable": "{parameter}: {path} cannot be written; name a file in a folder that can be written to",
    "schema-file-exists": (
        "{path} exists, and no schema is named; load with it ({parameter} {path}), or remove it to have one made"
    ),
    "schema-file-unwritable": "The schema cannot be written to {path} ({reason}); name one with {parameter}",
    "source-required": "{parameter} is missing; give one, or use {other_parameter} to reindex the stored documents",
    "schema-required": (
        "{parameter} is missing, and the schema of the index cannot be read ({reason}); "
        "name its schema or the schema's file"
    ),
    "not-an-index-name": "{parameter}: {value!r} is not a name of an index; allowed: " + INDEX_NAME_RULE,
    "deadline-exceeded": (
        "The request was not finished within {seconds:g} s; use fewer words, facets or documents, or allow it more time"
    ),
    "client-disconnected": "The client closed the connection before the request was finished",
    "unknown-host": "{parameter}: {value!r} is not a known address ({reason})",
}
"""Errors of a request."""


HTTP: Mapping[str, str | Callable[..., str]] = {
    "overloaded": "The service is overloaded; try again in a moment",
    "unknown-route": "There is nothing at this path; /docs and /openapi.json describe the HTTP interface",
    "method-not-allowed": "This path does not allow the method; allowed: {allowed}",
    "request-invalid": "The request is not valid HTTP",
    "request-line-invalid": "The request line is not valid; expected: METHOD, path and HTTP/1.1, separated by spaces",
    "request-line-too-long": (
        "The request line is longer than {limit:,} bytes (an Arabic letter takes 6); send long queries with POST"
    ),
    "request-timeout": "The header fields did not arrive in time; send them faster",
    "header-invalid": "A header field is not valid",
    "head-too-large": "The header is too large; allowed: {fields} fields of {size:,} bytes, 40,960 bytes in all",
    "host-missing": "The header field Host is missing, which HTTP/1.1 requires",
    "http-version-unsupported": "The version of HTTP is not supported; use HTTP/1.1",
    "transfer-coding-unsupported": "The transfer coding is not supported; use chunked, or Content-Length",
    "expectation-unsupported": "The expectation is not supported; send Expect: 100-continue, or none",
    "internal-error": "An unexpected error happened; it has been logged",
}
"""Refusals of a request before its parameters are read, and failures of the service itself."""


def _keys_file(place: str) -> str:
    return f"The file of the keys {place}" if place else "The file of the keys"


def _cursor_secret(place: str) -> str:
    return f"The secret of the cursors {place}" if place else "The secret of the cursors"


ACCESS: Mapping[str, str | Callable[..., str]] = {
    "key-required": "This needs a key; send it in the header field `Authorization: Bearer KEY`",
    "key-malformed": "The key is not complete or was changed; send all of it, from ars_ to its last digit",
    "key-unknown": "There is no such key, or it was revoked; ask the administrators for another one",
    "key-expired": "The key has expired; ask the administrators for another one",
    "scope-missing": "The key does not allow this: it lacks the scope {scope!r}",
    "index-not-allowed": "The key does not allow the index {index!r}; allowed: {allowed}",
    "filter-not-applicable": "The filter of the key does not fit the index {index!r}, so it cannot be used: {reason}",
    "key-has-filter": "A key with a filter only searches; use one without a filter",
    "rate-limited": "Too many requests; allowed: {limit}. Try again in {seconds} s",
    "keys-unreadable": lambda *, place, reason: f"{_keys_file(place)} cannot be read ({reason})",
    "keys-malformed": lambda *, place, count: f"{_keys_file(place)} is damaged ({count} errors); restore it",
    "cursor-secret-unavailable": lambda *, place, reason: (
        f"{_cursor_secret(place)} cannot be used ({reason}); set `CURSOR_SECRET`"
    ),
    "unknown-key-id": "There is no key with the id {id!r}; arabic-search keys list shows all",
    "not-a-pattern": "{value!r} is no name of an index in which * stands for any part; allowed: a-z, 0-9, _, - and *",
    "index-required": "A key that is not an admin key needs `--index`: a name or pattern, or '*' for all",
    "filter-of-writer": "{parameter} is allowed with the scope search only; a key with {scopes} could bypass it",
    "filter-malformed": "{parameter}: {value!r} is not written as FIELD=VALUE",
    "not-a-duration": "{parameter}: {value!r} is not a duration; allowed: a number with m, h or d (90d), up to 36500d",
    "not-an-end": "{parameter}: {value!r} is neither a duration (90d) nor a date (2027-03-31)",
    "end-is-past": "{parameter}: {value!r} is in the past",
}
"""Keys, and refusals of callers."""


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
    "index-dir-not-a-folder": "{parameter}: {path} is not a folder",
    "index-dir-unreadable": (
        "{parameter}: the folder {path} cannot be read ({reason}); give this user the right to, or name another folder"
    ),
    "index-dir-not-unicode": (
        "{parameter}: the locale of this process cannot represent {path}; set PYTHONUTF8=1 or LC_ALL=C.UTF-8"
    ),
    "not-a-network": "{parameter} has something that is no address or network; allowed: {allowed}",
    "not-an-origin": "{parameter} has something that is no origin; allowed: {allowed}",
    "not-a-storage": "{parameter} is not a Redis address; allowed: {allowed}",
    "redis-not-installed": "{parameter} needs more packages: pip install 'arabic-search-service[redis]'",
    "unknown-key": "{parameter} is not a known key; allowed: {allowed}",
    "secret-file-unreadable": "{parameter} names a file that cannot be read ({reason})",
    "secret-file-not-utf8": "{parameter} names a file that is not UTF-8",
    "secret-file-empty": "{parameter} names an empty file",
    "form-addresses": "http://HOST:PORT or https://HOST:PORT, several with commas or spaces between",
    "form-api-key": "the value of 'encoded' in Elasticsearch's response when it created the key",
    "form-boolean": "true, false",
    "form-index-name": INDEX_NAME_RULE,
    "form-index-prefix": "a-z, 0-9, _ and -, beginning with a letter or a digit",
    "form-networks": "addresses and networks (10.0.0.0/8), with commas or spaces between",
    "form-origins": "https://HOST or http://HOST:PORT, several with commas or spaces between, or *",
    "form-password": "text in one line",
    "form-range": lambda *, low, high: allowed_range(low, high),
    "form-rate-limit": "NUMBER/second, /minute, /hour or /day, several with commas between",
    "form-repository": "the name of a snapshot repository",
    "form-storage": "redis://HOST:PORT/DATABASE, also rediss://, redis+unix://, redis+cluster:// or redis+sentinel://",
    "form-text": "text in quotes",
    "form-timeout": "a number of seconds above 0, up to 600",
    "form-user": "text in one line, without a colon",
}
"""Errors of a setting, and the formats of settings."""


QUERIES: Mapping[str, str | Callable[..., str]] = {
    "star-ignored": "The * of {text!r} is ignored: it stands for the rest of a word, after its beginning",
    "prefix-too-short": "The * of {text!r} is ignored: write at least {limit} letters before it",
    "slop-ignored": "The number after {text} is ignored: it needs 2 to {limit} different words in quotation marks",
    "slop-too-large": "The number after {text} is too large: {limit} is used",
    "or-ignored": "{text!r} is ignored: it needs a word or a quotation before and after it, neither excluded",
    "operator-ignored": "{text!r} is ignored: it has no word",
    "excluded-by-word": "Documents with {text!r} are excluded, because ليس is before it; to search for it, omit ليس",
    "field-value-ignored": "The field {field!r} (kind {kind}) is not searched for {value!r}; all of it is plain text",
    "quote-unpaired": "A quotation mark is ignored: its second one is missing",
}
"""Messages about parts of a query that are ignored or changed, or that are read as the operator ليس."""


DATES: Mapping[str, str | Callable[..., str]] = {
    "date-malformed": f"not written as {DATE_FORMS}",
    "date-does-not-exist": "there is no such day or time",
    "date-out-of-range": "outside the years 1 to 9999 in UTC",
}


TIERS: Mapping[str, str | Callable[..., str]] = {
    "tier-lemma": "forms of the word (dictionary)",
    "tier-expansion": "broken plurals, misspellings, less likely corrections",
    "tier-variant": "another spelling of the word",
    "tier-exact": "the exact word",
    "tier-shingle": "two adjacent words",
    "tier-prefix": "the beginning of a word",
    "tier-exact-phrase": "the whole query as a phrase",
    "tier-coverage": "how many of the words the document has",
    "tier-recency": "a recent date",
    "tier-lead": "forms of the word at the beginning of a text",
    "tier-ngram": "similar words (shared character 4-grams)",
}
"""What the ranking tiers score."""


SERVER: Mapping[str, str | Callable[..., str]] = {
    "port-unavailable": "Cannot listen on port {port} of {host} ({reason}); choose another port with {parameter}",
}
