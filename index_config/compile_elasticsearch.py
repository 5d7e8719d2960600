"""Compiles a schema to the body of `PUT /index`: settings and mappings of Elasticsearch, as plain data.

The terms of a searched field `title` are in `_exact.title`, the folded words with their positions, and `_lemma.title`;
those of a suggest field are in `_prefix.title`, and the lemmas that the fields begin with in `_all.lead`. The service
makes these terms, and `_source` leaves them out. Elasticsearch copies them to `_all.lemma`, which answers whether a
document has a word in any field, and to `_all.ngram`. Filters, facets and orders use `_key.tags`, the keys of the
values of a keyword, which the service computes. A document is stored as `{"id": …, **fields, "_key": {…}}`.

Numbers of shards and replicas are left out: they belong to the cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index_config.analyzers import ANALYZERS, Analyzer, Postings, combined_field, filled_object
from index_config.elasticsearch_analysis import analysis_settings, copying_analyzer
from index_config.field_kinds import FieldKind
from index_config.fingerprint import fingerprint
from index_config.schema import Field, Schema
from index_config.value_order import KEY_VERSION

FORMAT = 2
"""Increase it when documents are written differently under the same mapping: older indexes become stale."""

VALUE_KEYS = "_key"
"""The object with the keys of a document's keyword values; no field of a schema begins with an underscore."""

META = "arabic_search"
"""The key below `_meta` that holds the fingerprint and the schema of an index. It also holds the order of the fields,
because Elasticsearch does not keep the order of an object's keys."""

_INDEX_OPTIONS = {Postings.DOCUMENTS: "docs", Postings.FREQUENCIES: "freqs"}
"""Elasticsearch's names; positions are its default."""

_BM25 = {"type": "BM25", "k1": 1.2, "b": 0.75}
"""The best of six settings on headlines and questions; b = 0.4 loses where short and long documents mix."""

_SIMILARITIES = {"default": _BM25, "each_term": {**_BM25, "discount_overlaps": False}}
"""Elasticsearch makes all n-grams of a word at one position; `each_term` counts them all in the length of a text."""


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
        "similarity": _SIMILARITIES,
        "analysis": analysis_settings(mapping, protected),
    }
    properties = {
        "id": {"type": "keyword", "index": False, "doc_values": True},
        **{field.name: _property(field) for field in schema.fields},
        VALUE_KEYS: {
            "properties": {field.name: _key_property(field) for field in schema.fields if field.kind.compared_by_key}
        },
        "_all": {"properties": {one.name: _combined(one) for one in ANALYZERS if one.combined}},
        **{
            filled_object(one.name): {"properties": _filled(one, schema)}
            for one in ANALYZERS
            if one.made_by_service and (one.per_field or one.per_suggest_field)
        },
    }
    term_fields = [name for name in properties if name.startswith("_") and name != VALUE_KEYS]
    names = [field.name for field in schema.fields]
    made_with = fingerprint({"format": FORMAT, "keys": KEY_VERSION, "settings": settings, "properties": properties})
    return {
        "settings": {"index": settings},
        "mappings": {
            "dynamic": "strict",
            "_meta": {META: {"fingerprint": made_with, "order": names, "schema": schema.to_dict()}},
            "_source": {"excludes": term_fields},
            "properties": properties,
        },
    }


def without_unused_analyzers(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of an index without the analyzers that its mapping does not name.

    Terms are made by the service, so most analyzers only show in `_analyze` what these terms are. Without them an index
    is created in a third of the time, and the cluster state, which every node holds, is 89 KB smaller for each.

    >>> from index_config.schema import load_schema
    >>> body = without_unused_analyzers(compile_index(load_schema("news"), {"أ": "ا"}, {"ماء": "ماء"}))
    >>> {kind: list(parts) for kind, parts in body["settings"]["index"]["analysis"].items()}
    {'char_filter': [], 'tokenizer': [], 'filter': ['pad', 'edge', 'grams'], 'analyzer': ['ngram_of_terms']}
    """
    index = body["settings"]["index"]
    analysis = index["analysis"]
    named = set(_named_analyzers(body["mappings"]["properties"]))
    used = {name: chain for name, chain in analysis["analyzer"].items() if name in named}
    parts = {part for chain in used.values() for kind in ("char_filter", "filter") for part in chain.get(kind, ())}
    parts |= {chain["tokenizer"] for chain in used.values()} | used.keys()
    left = {
        kind: {name: definition for name, definition in definitions.items() if name in parts}
        for kind, definitions in analysis.items()
    }
    return {**body, "settings": {**body["settings"], "index": {**index, "analysis": left}}}


def _named_analyzers(properties: Mapping[str, Any]) -> Iterator[str]:
    for mapping in properties.values():
        yield from (mapping[key] for key in ("analyzer", "search_analyzer") if key in mapping)
        yield from _named_analyzers(mapping.get("properties", {}))


def _property(field: Field) -> dict[str, Any]:
    own = dict(field.kind.elasticsearch)
    if field.kind is FieldKind.KEYWORD:
        # Facets show the values that are written most often, unless each spelling is a value.
        written = field.facet and not field.verbatim
        own = {"type": own.pop("type"), "index": False, "doc_values": written, **own}
    return own


def _key_property(field: Field) -> dict[str, Any]:
    return {"type": "keyword", "doc_values": field.facet or field.sort}


def _filled(analyzer: Analyzer, schema: Schema) -> dict[str, Any]:
    """Return the mappings of the fields with the terms that the service makes."""
    if analyzer.per_suggest_field:
        return {field.name: _terms(analyzer.per_suggest_field) for field in schema.fields if field.suggest}
    copies = [combined_field(one.name) for one in ANALYZERS if one.copied_from == analyzer.name]
    return {field.name: {**_terms(analyzer.per_field), "copy_to": copies} for field in schema.searched}


def _combined(analyzer: Analyzer) -> dict[str, Any]:
    """Return the mapping of the field with the terms of all searched fields together."""
    mapping = _terms(analyzer.combined)
    if analyzer.copied_from and analyzer.remaining_filters:
        mapping |= {"analyzer": copying_analyzer(analyzer), "search_analyzer": "whitespace", "similarity": "each_term"}
    return mapping


def _terms(postings: Postings | None) -> dict[str, Any]:
    """Return the mapping of terms that are joined by spaces, as the service sends them in documents and queries."""
    mapping: dict[str, Any] = {"type": "text", "analyzer": "whitespace"}
    if postings in _INDEX_OPTIONS:
        mapping["index_options"] = _INDEX_OPTIONS[postings]
    if postings is Postings.DOCUMENTS:
        mapping["norms"] = False
    return mapping
