"""Makes, fills, replaces and removes the indexes in Elasticsearch; searching them is in `engine`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

from elasticsearch import Elasticsearch

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.engines.base import KEEP_ONE, Capabilities, Rebuild, RebuildOptions, Writer
from search_service.engines.elasticsearch.catalog import Catalog
from search_service.model import Document, GenerationStats
from search_service.settings import ElasticsearchSettings

CAPABILITIES = Capabilities(transactions=False, exclusive_writer=False, merges=True)
"""Of the whole engine."""


class Writing:
    """The writing side of the engine: each method is the one of `SearchEngine` of that name.

    Args:
        client: the connection.
        catalog: finds indexes; told when one has changed.
        settings: shards, replicas and prefix of new indexes.
        analysis: how texts are read.
    """

    def __init__(
        self, client: Elasticsearch, catalog: Catalog, settings: ElasticsearchSettings, analysis: Analysis
    ) -> None:
        raise NotImplementedError

    def create(self, index: str, schema: Schema) -> None:
        """Make an empty index, or make sure that the existing one has this schema."""
        raise NotImplementedError

    def writer(self, index: str) -> AbstractContextManager[Writer]:
        """Open the index for writing."""
        raise NotImplementedError

    def rebuild(
        self, index: str, schema: Schema, options: RebuildOptions = KEEP_ONE
    ) -> AbstractContextManager[Rebuild]:
        """Fill a new generation and switch to it."""
        raise NotImplementedError

    def stored(self, index: str) -> Iterator[Document]:
        """Return all documents of an index as they were written."""
        raise NotImplementedError

    def generations(self, index: str) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first."""
        raise NotImplementedError

    def rollback(self, index: str) -> GenerationStats:
        """Switch back to the kept generation before the current one."""
        raise NotImplementedError

    def clean(self, index: str) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind."""
        raise NotImplementedError

    def delete_index(self, index: str) -> None:
        """Remove an index and all of its generations."""
        raise NotImplementedError
