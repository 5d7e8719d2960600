"""Checks that a new generation has and finds what was written to it, before the switch to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch import Elasticsearch

from index_config.analyzers import ALL_LEMMA
from index_config.field_kinds import FieldKind
from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.document import values_of
from search_service.core.errors import RebuildFailed
from search_service.engines.elasticsearch.fields import document_of

PROBES = 10
"""Documents to search for."""

PROBED_LENGTH = 1_000
"""Code points of a text whose words are searched for: its first words are enough to find a document."""

PROBED_WORDS = 8

SourceFields = Mapping[str, Any]


def check_count(client: Elasticsearch, generation: str, low: int, high: int) -> None:
    """Check the number of visible documents.

    Raises:
        RebuildFailed: it is lower or higher than acknowledged.
    """
    count = int(client.count(index=generation)["count"])
    if not low <= count <= high:
        raise RebuildFailed("wrong-count", count=count, low=low, high=high)


def check_copy(client: Elasticsearch, live: str, generation: str) -> None:
    """Compare the number of documents of a generation with that of its source, while writes are blocked.

    Raises:
        RebuildFailed: they differ. Deletes that bypassed the service have no tombstones.
    """
    expected, count = (int(client.count(index=name)["count"]) for name in (live, generation))
    if count != expected:
        raise RebuildFailed("copy-differs", count=count, expected=expected)


def sample_documents(client: Elasticsearch, generation: str) -> dict[str, SourceFields]:
    """Return some documents of a generation, by id."""
    hits = client.search(index=generation, size=PROBES)["hits"]["hits"]
    return {hit["_id"]: document_of(hit["_source"], hit["_id"]).source for hit in hits}


def check_search(
    client: Elasticsearch, generation: str, schema: Schema, analysis: Analysis, samples: Mapping[str, SourceFields]
) -> None:
    """Search for documents by their id and one of their words.

    Raises:
        RebuildFailed: a document is not found.
    """
    for document_id, source in samples.items():
        filters: list[dict[str, Any]] = [{"ids": {"values": [document_id]}}]
        lemmas = list(_lemmas(schema, analysis, source))
        if lemmas:
            filters.append({"terms": {ALL_LEMMA: lemmas}})
        found = client.count(index=generation, query={"bool": {"filter": filters}})["count"]
        if found != 1:
            raise RebuildFailed("document-not-found", id=document_id, words=tuple(lemmas))


def _lemmas(schema: Schema, analysis: Analysis, source: SourceFields) -> Iterable[str]:
    texts = (
        text for field in schema.searched if field.kind is FieldKind.TEXT for text in values_of(source, field.name)
    )
    text = next((text for text in texts if text.strip()), "")
    tokens = analysis.tokens("lemma", text[:PROBED_LENGTH])
    return dict.fromkeys(token.text for token in tokens[:PROBED_WORDS])
