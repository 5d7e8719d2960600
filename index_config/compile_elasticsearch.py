"""From a schema to the body of `PUT /index`: settings and mappings of Elasticsearch, as plain data.

A searched field `title` is the folded words with their positions; `title.stem` are its stems. All searched fields
together are `_all.stem`, which answers whether a document has a word at all, `_all.lead`, the stems they begin with,
and `_all.ngram`. A suggest field has `title.prefix` besides. A keyword is kept whole, so its folded words are
`tags.exact`. A document is stored as `{"id": …, **fields}`.

Numbers of shards and replicas are not part of it: they belong to the cluster, not to the configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index_config.elasticsearch_analysis import analysis_settings
from index_config.fingerprint import fingerprint
from index_config.schema import Field, FieldKind, Schema

FORMAT = 1
"""Raised when documents are written differently although settings and mappings stay: indexes made before are stale."""

META = "arabic_search"
"""The key below `_meta` that holds the fingerprint and the schema of an index, and the order of the fields in it:
Elasticsearch does not keep that of an object's keys."""

ALL_STEM = "_all.stem"
ALL_LEAD = "_all.lead"
ALL_NGRAM = "_all.ngram"

_BM25 = {"type": "BM25", "k1": 1.2, "b": 0.75}
"""The best of six settings on headlines and questions; b = 0.4 loses where short and long documents mix."""

_DATE_FORMAT = (
    "strict_date_optional_time||uuuu-MM-dd[' ']['T']['t']HH:mm[:ss]"
    + "".join(f"[.{'S' * digits}]" for digits in range(9, 0, -1))
    + "[XXX][XX]['z']"
)
"""Every spelling of a date that the service accepts: also a space or t for T, z for Z, +0200 for +02:00."""

_MAX_KEYWORD_LENGTH = 8191
"""A longer keyword is kept but cannot be filtered by; Lucene refuses a document with a term of over 32,766 bytes."""


def compile_index(schema: Schema, mapping: Mapping[str, str], protected: Mapping[str, str]) -> dict[str, Any]:
    """Return `{"settings": …, "mappings": …}` for an index of a schema.

    Args:
        schema: the fields.
        mapping: the normalisation table, code point to its folding.
        protected: folded words that are not stemmed by rules, with their stems.

    >>> from index_config.schema import load_schema
    >>> body = compile_index(load_schema("news"), {}, {})
    >>> body["mappings"]["properties"]["url"]
    {'type': 'keyword', 'index': False, 'doc_values': False}
    """
    settings = {
        # Every gram of a word stands at the word's position; the length of a field must count them all.
        "similarity": {"default": _BM25, "grams": {**_BM25, "discount_overlaps": False}},
        "analysis": analysis_settings(mapping, protected),
    }
    properties = {
        "id": {"type": "keyword", "index": False, "doc_values": True},
        **{field.name: _property(field) for field in schema.fields},
        "_all": {
            "properties": {
                "stem": _text("stem", index_options="docs", norms=False),
                "lead": _text("lead", index_options="freqs"),
                "ngram": _text("ngram", index_options="freqs", similarity="grams"),
            }
        },
    }
    names = [field.name for field in schema.fields]
    made_with = fingerprint({"format": FORMAT, "settings": settings, "properties": properties})
    return {
        "settings": {"index": settings},
        "mappings": {
            "dynamic": "strict",
            "_meta": {META: {"fingerprint": made_with, "order": names, "schema": schema.to_dict()}},
            "properties": properties,
        },
    }


def _property(field: Field) -> dict[str, Any]:
    match field.kind:
        case FieldKind.TEXT:
            own = _text("exact") if field.searchable else {"type": "text", "index": False}
            return {**own, **_searching(field)}
        case FieldKind.KEYWORD:
            counted = field.facet or field.sort
            own = {"type": "keyword", "doc_values": counted, "ignore_above": _MAX_KEYWORD_LENGTH}
            return {**own, **_searching(field, exact=_text("exact"))}
        case FieldKind.DATE:
            return {"type": "date", "format": _DATE_FORMAT}
        case FieldKind.INTEGER:
            return {"type": "long"}
        case FieldKind.FLOAT:
            return {"type": "double"}
        case FieldKind.BOOLEAN:
            return {"type": "boolean"}
        case FieldKind.URL:
            return {"type": "keyword", "index": False, "doc_values": False}
        case FieldKind.STORED:
            return {"type": "object", "enabled": False}


def _searching(field: Field, **further: dict[str, Any]) -> dict[str, Any]:
    """Return what a field that is searched or completed has besides its own type."""
    parts: dict[str, Any] = {}
    subfields: dict[str, Any] = {}
    if field.searchable:
        parts["copy_to"] = [ALL_STEM, ALL_LEAD, ALL_NGRAM]
        # Words are marked by their stems: offsets in the index spare analysing each text again.
        subfields = {**further, "stem": _text("stem", index_options="offsets")}
    if field.suggest:
        subfields["prefix"] = _text("prefix", index_options="docs", norms=False)
    return {**parts, "fields": subfields} if subfields else parts


def _text(analyzer: str, **options: Any) -> dict[str, Any]:
    # The service analyses queries itself and sends words joined by spaces.
    return {"type": "text", "analyzer": analyzer, "search_analyzer": "whitespace", **options}
