"""One example of each error that an answer over HTTP can contain; the pages of the problems show their sentences."""

from __future__ import annotations

from search_service.core.errors import (
    BodyTimeout,
    BodyTooLarge,
    ClientDisconnected,
    ContentTypeUnsupported,
    CredentialsRefused,
    DamagedIndex,
    DeadlineExceeded,
    EngineFault,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    Forbidden,
    ForeignIndex,
    IndexExists,
    IndexReadOnly,
    InvalidDocument,
    InvalidParameter,
    KeysUnavailable,
    PreconditionFailed,
    RateLimited,
    SearchServiceError,
    ServiceOverloaded,
    StaleIndex,
    StorageUnavailable,
    Unauthenticated,
    UnknownDocument,
    UnknownIndex,
    WriterBusy,
)
from search_service.core.message import Message, message

_NODE = "http://127.0.0.1:9200"
_FIELDS = ("title", "abstract", "text", "tags")
_FACETS = ("source", "category", "author", "tags")
_LOST = message("shard-lost", shard=0)

_PARAMETERS = (
    InvalidParameter("query", "unknown-parameter", allowed=("q", "size", "filter.FIELD")),
    InvalidParameter("q", "repeated-parameter", count=2),
    InvalidParameter("q", "missing-parameter", expected="string"),
    InvalidParameter("page", "mutually-exclusive", other_parameter="offset"),
    InvalidParameter("q", "wrong-type", expected="string"),
    InvalidParameter("size", "out-of-range", value=101, low=0, high=100),
    InvalidParameter("size", "not-an-integer", value="ten"),
    InvalidParameter("advanced", "not-a-boolean", value="yes"),
    InvalidParameter("ranges.price", "not-a-number", value="cheap", kind="float"),
    InvalidParameter("date_from", "not-a-date", value="2024-02-30", reason=message("date-does-not-exist")),
    InvalidParameter("ranges.date", "not-a-range"),
    InvalidParameter("cursor", "cursor-invalid"),
    InvalidParameter("cursor", "cursor-outdated"),
    InvalidParameter("q", "too-long", count=2_001, limit=2_000, unit="characters"),
    InvalidParameter("filters.category", "value-too-long", count=40_000, limit=32_766),
    InvalidParameter("q", "lone-surrogate"),
    InvalidParameter("fields", "empty-list", allowed=_FIELDS),
    InvalidParameter("source", "unknown-field", value="headline", allowed=_FIELDS),
    InvalidParameter("fields", "not-searchable", value="date", allowed=_FIELDS),
    InvalidParameter("facets", "not-a-facet", value="title", allowed=_FACETS),
    InvalidParameter("group_by", "not-groupable", value="tags", allowed=("source", "category", "author")),
    InvalidParameter("highlight_after", "not-a-tag", value="</b>", allowed=("</em>",)),
    InvalidParameter("filters.title", "not-filterable", field="title", allowed=_FACETS),
    InvalidParameter("ranges.title", "not-rangeable", field="title", allowed=("date",)),
    InvalidParameter("sort", "not-sortable", value="title", allowed=("relevance", "date", "-date")),
    InvalidParameter("histogram", "unknown-interval", value="week", allowed=("day", "month", "year")),
    InvalidParameter("histogram", "no-date-facet"),
    InvalidParameter("date_from", "no-date-field"),
    InvalidParameter("understanding", "unknown-step", value="synonyms", allowed=("compounds", "spelling")),
    InvalidParameter("analyzer", "unknown-analyzer", value="arabic", allowed=("exact", "lemma", "stem")),
    InvalidParameter("refresh", "not-one-of", value="true", allowed=("false", "wait_for")),
    InvalidParameter("schema", "unknown-schema", value="nwes", allowed=("news",)),
    InvalidParameter(
        "schema.fields.title.kind", "schema-invalid", problem="'txt' is not a kind", allowed=("one of: text, keyword",)
    ),
    InvalidParameter("filters", "condition-required"),
    InvalidParameter("filters.category", "value-required"),
    InvalidParameter("id", "id-differs", value="ex-021", id="ex-020"),
    ContentTypeUnsupported(
        "Content-Type", "content-type-unsupported", value="text/plain", allowed=("application/json",)
    ),
    InvalidParameter("index", "not-an-index-name", value="My Index"),
    InvalidParameter("histogram", "too-many-distinct-values", fields="date", limit=65_536),
    InvalidParameter("histogram", "too-many-buckets", reason="limit of [65536]"),
    InvalidParameter("size", "page-too-large", count=7, limit=10_000_000),
    InvalidParameter("source", "answer-too-large", count=12_000_000, limit=10_000_000),
)

_BODIES = (
    InvalidParameter("body", "body-not-json", reason="unexpected end of data: line 1 column 8 (char 7)"),
    InvalidParameter("body", "body-not-an-object"),
    InvalidParameter("body", "body-too-deep"),
    InvalidParameter("body", "body-incomplete"),
    BodyTooLarge("body", "body-too-large", limit=1_000_000),
    BodyTimeout("body", "body-timeout"),
)

_CALLERS = (
    Unauthenticated("key-required"),
    Unauthenticated("key-malformed"),
    Unauthenticated("key-unknown"),
    Unauthenticated("key-expired"),
    Forbidden("scope-missing", scope="write"),
    Forbidden("index-not-allowed", index="news", allowed=("books-*",)),
    Forbidden(
        "filter-not-applicable",
        index="news",
        reason=message("not-filterable", parameter="filters.tenant", field="tenant", allowed=_FACETS),
    ),
    Forbidden("key-has-filter"),
    RateLimited("100/minute", 12),
    KeysUnavailable("keys-unreadable", place="/data/keys.json", reason="Permission denied"),
    KeysUnavailable("keys-malformed", place="/data/keys.json", count=1),
)

_DOCUMENTS = (
    InvalidDocument("", "not-an-object", type="array"),
    InvalidDocument("headline", "field-unknown", allowed=_FIELDS),
    InvalidDocument("title", "field-required"),
    InvalidDocument("image_url", "field-repeated", key="imageUrl"),
    InvalidDocument("", "no-values"),
    InvalidDocument("id", "id-missing"),
    InvalidDocument("id", "id-too-long", limit=512),
    InvalidDocument("id", "id-not-printable"),
    InvalidDocument("title", "value-of-other-type", type="number", expected="string"),
    InvalidDocument("price", "value-of-other-kind", value="cheap", kind="float"),
    InvalidDocument("title", "list-not-allowed"),
    InvalidDocument("tags", "too-many-values", count=2_000, limit=1_000),
    InvalidDocument("title", "nul-character", position=7),
    InvalidDocument("title", "surrogate-in-value", position=7),
    InvalidDocument("category", "keyword-too-long", limit=8_191),
    InvalidDocument("date", "value-not-a-date", value="2024-02-30", reason=message("date-does-not-exist")),
    InvalidDocument("pages", "integer-too-large", value=2**53),
    InvalidDocument("price", "not-finite"),
    InvalidDocument("note", "nested-too-deep", limit=100),
    InvalidDocument("title", "repeated-name", count=2),
    InvalidDocument("", "json-too-deep"),
    InvalidDocument("", "document-too-large", limit=10_000_000),
    InvalidDocument("", "document-refused", reason="field name cannot be an empty string"),
    InvalidDocument(
        "", "line-unreadable", reason=message("not-json", reason="unexpected character", line=None, character=7)
    ),
    InvalidDocument("", "values-of-other-schema", schema="news"),
    PreconditionFailed("news", "ex-020"),
)

_INDEXES = (
    UnknownIndex("nwes", ("books", "news")),
    UnknownDocument("news", "ex-999"),
    IndexExists("books", "news"),
    StaleIndex("news", "other-configuration"),
    StaleIndex("news", "other-schema", schema="news"),
    StaleIndex("news", "unreadable-schema", reason="unknown kind 'shape'"),
    ForeignIndex("news", "alias-of-several", names=("news-1", "news-2")),
    ForeignIndex("news", "filtered-alias"),
    ForeignIndex("news", "foreign-index"),
    WriterBusy("news", 4711),
    DamagedIndex("index-damaged", index="news", problem=message("index-file-missing", file="a1b2.store")),
)

_ENGINES = (
    EngineUnavailable("engine-unreachable", address=_NODE, reason="connection refused", setting="ELASTICSEARCH_URL"),
    EngineTimeout("engine-timeout", address=_NODE),
    EngineUnavailable("engine-answer-unreadable"),
    EngineOverloaded("engine-overloaded", address=_NODE, reason="rejected execution"),
    EngineUnavailable("engine-unavailable", address=_NODE, reason="no master"),
    EngineUnavailable("not-elasticsearch", address=_NODE, reason="It works!"),
    CredentialsRefused("credentials-refused", address=_NODE),
    CredentialsRefused("access-denied", address=_NODE, reason="indices:data/read/search"),
    EngineFault("engine-fault", address=_NODE, status=400, reason="illegal_argument_exception"),
    EngineFault("engine-panic", index="news"),
    EngineUnavailable("index-closed", index="news"),
    EngineUnavailable("index-read-blocked", index="news", reason="index.blocks.read"),
    IndexReadOnly("index-read-only", index="news", reason="disk usage exceeded flood-stage watermark"),
    EngineUnavailable("shards-missing", index="news", count=1, total=2),
    EngineUnavailable("shard-missing", index="news", reason="no shard available"),
    EngineUnavailable("no-shard-answers", index="news", degraded=(_LOST,)),
    EngineUnavailable("not-explained", id="ex-020", degraded=(_LOST,)),
    EngineUnavailable("writer-closed"),
    EngineUnavailable("commit-failed", reason="the directory is gone"),
    EngineOverloaded("changes-busy", index="news"),
    EngineOverloaded("changes-waiting", index="news", limit=100_000),
    EngineOverloaded("document-contended", index="news", id="ex-020"),
    StorageUnavailable("disk-full", index="news", reason="No space left on device", place=""),
    StorageUnavailable("disk-read-only", index="news", place=""),
    StorageUnavailable("disk-failed", index="news", reason="Input/output error", place=""),
    StorageUnavailable("permission-missing", index="news", user="search", place=""),
    StorageUnavailable("cursor-secret-unavailable", place="/data/.cursor-secret", reason="Permission denied"),
    StorageUnavailable("no-temporary-folder", reason="No usable temporary directory found"),
    EngineUnavailable("process-limit-reached", reason="Too many open files"),
    DeadlineExceeded("deadline-exceeded", seconds=10.0),
    ClientDisconnected("client-disconnected"),
    ServiceOverloaded(),
)

ERRORS: tuple[SearchServiceError, ...] = (*_PARAMETERS, *_BODIES, *_CALLERS, *_DOCUMENTS, *_INDEXES, *_ENGINES)
"""One error of each code, by subject."""

MESSAGES: tuple[Message, ...] = (
    message("unknown-route"),
    message("method-not-allowed", allowed=("GET", "HEAD", "OPTIONS", "POST")),
    message("request-invalid"),
    message("request-line-invalid"),
    message("request-line-too-long", limit=8_190),
    message("request-timeout"),
    message("header-invalid"),
    message("head-too-large", fields=100, size=8_190),
    message("host-missing"),
    message("http-version-unsupported"),
    message("transfer-coding-unsupported"),
    message("expectation-unsupported"),
    message("internal-error"),
)
"""One message of each code about HTTP itself, of which no error class is raised."""
