"""Documents and names of fields, as `index_config.compile_elasticsearch` derives them from the fields of a schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from index_config.analyzers import combined_field, filled_object
from index_config.compile_elasticsearch import VALUE_KEYS
from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.analysis.index_terms import CACHE_ENTRIES, MADE_BY_SERVICE, TermCache
from search_service.core.document import Document, values_of

ID = "id"


@lru_cache(maxsize=1_000)
def terms(analyzer: str, name: str) -> str:
    """Return the name of the field with the terms that the service makes of a searched field.

    >>> terms("lemma", "title")
    '_lemma.title'
    """
    return f"{filled_object(analyzer)}.{name}"


def prefix(name: str) -> str:
    """Return the name of the field with the word prefixes of a suggest field."""
    return terms("prefix", name)


def key(schema: Schema, name: str) -> str:
    """Return the name of the field that values are filtered, counted and sorted by."""
    field = schema.field(name)
    return f"{VALUE_KEYS}.{name}" if field and field.kind.compared_by_key else name


def document_of(stored: Mapping[str, Any], document_id: str) -> Document:
    """Return a stored document as it was submitted."""
    submitted = dict(stored)
    submitted.pop(ID, None)
    submitted.pop(VALUE_KEYS, None)
    return Document(document_id, submitted)


class DocumentMaker:
    """Converts documents to what is sent to Elasticsearch.

    The terms that the service makes are indexed and not stored: `_source` leaves their fields out.

    Args:
        schema: the schema of the index. If a rebuild changes it meanwhile, documents are still written by this one.
        analysis: makes the keys of keyword values, and the terms.
        cache_entries: chunks of text whose terms are kept.
    """

    def __init__(self, schema: Schema, analysis: Analysis, cache_entries: int = CACHE_ENTRIES) -> None:
        self._compared_by_key = [field for field in schema.fields if field.kind.compared_by_key]
        self._searched = schema.searched
        self._suggest = [field for field in schema.fields if field.suggest]
        self._keys = analysis.value_keys
        self._terms = TermCache(analysis, cache_entries, MADE_BY_SERVICE)

    def make(self, document: Document) -> dict[str, Any]:
        """Return a document with the keys of its keyword values and the terms of its texts."""
        keys: dict[str, list[str]] = {}
        for field in self._compared_by_key:
            # A copy from an index with another schema may have other values: Elasticsearch rejects them.
            texts = (value for value in values_of(document.source, field.name) if isinstance(value, str))
            if made := [key for text in texts if (key := self._keys.of(field, text))]:
                keys[field.name] = made
        return {ID: document.id, **document.source, **({VALUE_KEYS: keys} if keys else {}), **self._terms_of(document)}

    def _terms_of(self, document: Document) -> dict[str, list[str]]:
        made: dict[str, list[str]] = {}
        for field in self._searched:
            for text in values_of(document.source, field.name):
                found = self._terms.of(str(text))
                for analyzer in MADE_BY_SERVICE:
                    if analyzer.per_field and found[analyzer.name].strip():  # a text without a word counts as none
                        made.setdefault(terms(analyzer.name, field.name), []).append(found[analyzer.name])
                    if analyzer.combined and not analyzer.copied_from:
                        made.setdefault(combined_field(analyzer.name), []).append(found[analyzer.name])
        for field in self._suggest:
            for text in values_of(document.source, field.name):
                for name, joined in self._terms.suggest(str(text)).items():
                    made.setdefault(terms(name, field.name), []).append(joined)
        return made
