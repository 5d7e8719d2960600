"""Compiles a schema to the body of `PUT /index`: settings and mappings of Elasticsearch, as plain data.

The terms of a searched field `title` are in `_exact.title`, the folded words with their positions, and `_lemma.title`.
All searched fields together fill `_all.lemma`, which answers whether a document has a word at all, `_all.lead`, the
lemmas they begin with, and `_all.ngram`. The service makes these terms, and `_source` leaves them out. A suggest field
also has `title.prefix`, which Elasticsearch makes itself. Filters, facets and orders use `_key.tags`, the keys of the
values of a keyword, which the service computes. A document is stored as `{"id": …, **fields, "_key": {…}}`.

Numbers of shards and replicas are left out: they belong to the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index_config.analyzers import ANALYZERS, Analyzer, Postings, filled_object
from index_config.elasticsearch_analysis import analysis_settings
from index_config.field_kinds import FieldKind
from index_config.fingerprint import fingerprint
from index_config.schema import Field, Schema
from index_config.value_order import KEY_VERSION

FORMAT = 2
"""Increase it when documents are written differently under the same mapping: older indexes become stale."""

KEYS = "_key"
"""The object with the keys of a document's keyword values; no field of a schema begins with an underscore."""

META = "arabic_search"
"""The key below `_meta` that holds the fingerprint and the schema of an index. It also holds the order of the fields,
because Elasticsearch does not keep the order of an object's keys."""

_INDEX_OPTIONS = {Postings.DOCUMENTS: "docs", Postings.FREQUENCIES: "freqs"}
"""Elasticsearch's names; positions are its default."""

_BM25 = {"type": "BM25", "k1": 1.2, "b": 0.75}
"""The best of six settings on headlines and questions; b = 0.4 loses where short and long documents mix."""


def compile_index(schema: Schema, mapping: Mapping[str, str], protected: Mapping[str, str]) -> dict[str, Any]:
    """Return `{"settings": …, "mappings": …}` for an index of a schema.

    Args:
        schema: the fields.
        mapping: the normalisation table, code point to its folding.
        protected: folded words that the stemmer does not change by rule, with their stems.

    >>> from index_config.schema import load_schema
    >>> body = compile_index(load_schema("news"), {}, {})
    >>> body["mappings"]["properties"]["url"]
    {'type': 'keyword', 'index': False, 'doc_values': False}
    """
    settings = {
        "similarity": {"default": _BM25},
        "analysis": analysis_settings(mapping, protected),
    }
    properties = {
        "id": {"type": "keyword", "index": False, "doc_values": True},
        **{field.name: _property(field) for field in schema.fields},
        KEYS: {"properties": {field.name: _key_property(field) for field in schema.fields if field.kind.spelt}},
        "_all": {"properties": {one.name: _text(one, one.combined) for one in ANALYZERS if one.combined}},
        **{
            filled_object(one.name): {
                "properties": {field.name: _text(one, one.per_field) for field in schema.searched}
            }
            for one in ANALYZERS
            if one.filled and one.per_field
        },
    }
    filled = [name for name in properties if name.startswith("_") and name != KEYS]
    names = [field.name for field in schema.fields]
    made_with = fingerprint({"format": FORMAT, "keys": KEY_VERSION, "settings": settings, "properties": properties})
    return {
        "settings": {"index": settings},
        "mappings": {
            "dynamic": "strict",
            "_meta": {META: {"fingerprint": made_with, "order": names, "schema": schema.to_dict()}},
            "_source": {"excludes": filled},
            "properties": properties,
        },
    }


def _property(field: Field) -> dict[str, Any]:
    own = dict(field.kind.elasticsearch)
    subfields: dict[str, Any] = {}
    if field.kind is FieldKind.KEYWORD:
        # Facets show the values that are written most often, unless each spelling is a value.
        written = field.facet and not field.verbatim
        own = {"type": own.pop("type"), "index": False, "doc_values": written, **own}
    if field.suggest:
        subfields = {one.name: _text(one, one.per_suggest_field) for one in ANALYZERS if one.per_suggest_field}
    return {**own, "fields": subfields} if subfields else own


def _key_property(field: Field) -> dict[str, Any]:
    return {"type": "keyword", "doc_values": field.facet or field.sort}


def _text(analyzer: Analyzer, postings: Postings | None) -> dict[str, Any]:
    """Return the mapping of a text that an analyzer makes terms of."""
    # The service analyses queries itself and sends words joined by spaces.
    mapping: dict[str, Any] = {"type": "text", "analyzer": "whitespace"}
    if not analyzer.filled:
        mapping |= {"analyzer": analyzer.name, "search_analyzer": "whitespace"}
    if postings in _INDEX_OPTIONS:
        mapping["index_options"] = _INDEX_OPTIONS[postings]
    if postings is Postings.DOCUMENTS:
        mapping["norms"] = False
    return mapping
