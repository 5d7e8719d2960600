"""Creates, fills, replaces and removes the indexes in Elasticsearch."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.document import Document
from search_service.core.errors import (
    InvalidParameter,
    NoGeneration,
    SearchServiceError,
    StaleIndex,
    UnknownIndex,
    WriterBusy,
)
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult, GenerationState, GenerationStats, IndexStats
from search_service.engines import writing
from search_service.engines.backups import BackupStats
from search_service.engines.elasticsearch.bulk.sender import Sender, Target
from search_service.engines.elasticsearch.bulk.writer import BulkWriter
from search_service.engines.elasticsearch.catalog import CACHE_SECONDS
from search_service.engines.elasticsearch.changes import all_documents
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.diagnose import Doctor
from search_service.engines.elasticsearch.fields import DocumentMaker
from search_service.engines.elasticsearch.health import stats_of
from search_service.engines.elasticsearch.rebuild.coordination import CoordinationIndex
from search_service.engines.elasticsearch.rebuild.generations import Generations
from search_service.engines.elasticsearch.rebuild.lease import Lease, holder_of
from search_service.engines.elasticsearch.rebuild.rebuild import RebuildContext, RebuildProcess
from search_service.engines.elasticsearch.search.responses import document
from search_service.engines.elasticsearch.search.session import SearchClient
from search_service.engines.elasticsearch.snapshots import Snapshots
from search_service.engines.retention import expired
from search_service.engines.writing import KEEP_ONE, Capabilities, RebuildOptions, Writer

CREATE_SECONDS = 10.0
"""Time for which `create` waits for another process that creates or changes the index."""

logger = logging.getLogger(__name__)


class ElasticsearchIndexManager:
    """Manages the indexes of one prefix in Elasticsearch.

    Args:
        search_client: the connection and the catalog of indexes.
        settings: shards, replicas and prefix of new indexes.
        analysis: analyses texts, to check that an index holds them as the service does.
    """

    capabilities = Capabilities(transactions=False, exclusive_writer=False, force_merge=True)

    def __init__(self, search_client: SearchClient, settings: ElasticsearchSettings, analysis: Analysis) -> None:
        self._search_client = search_client
        self._client = search_client.client
        self._catalog = search_client.catalog
        self._analysis = analysis
        self._generations = Generations(self._client, self._catalog, settings)
        self._snapshots = Snapshots(self._client, settings.snapshot_repository)
        self._coordination = CoordinationIndex(self._client, settings.index_prefix)
        self._context = RebuildContext(self._client, self._catalog, self._generations, self._coordination, analysis)

    # What there is

    def names(self) -> tuple[IndexName, ...]:
        """Return the names of the indexes in order."""
        return self._catalog.names()

    def stored_schema(self, index: IndexName) -> Schema:
        """Return the schema that an index was made with, of a stale one too."""
        return self._catalog.look_up(index).schema

    def stats(self, index: IndexName) -> IndexStats:
        """Return the state of an index."""
        with translate_errors(index):
            return stats_of(self._client, self._catalog.look_up(index))

    def verify(self, index: IndexName) -> None:
        """Do nothing: Elasticsearch verifies its files itself, and `stats` reports shards that it gave up."""

    def diagnose(self, index: IndexName) -> Sequence[CheckResult]:
        """Compare an index with its configuration and probe it."""
        with translate_errors(index):
            return list(Doctor(self._search_client, self._analysis).checks(self._catalog.look_up(index)))

    # Writing

    def create(self, index: IndexName, schema: Schema) -> bool:
        """Create an empty index, or check that the existing one has this schema."""
        end = time.monotonic() + CREATE_SECONDS
        while not self._exists(index, schema):
            try:
                with self._lease(index, "create"):
                    if not self._exists(index, schema):
                        self._generations.make(index, schema)
                        self._catalog.invalidate(index)
                        return True
            except WriterBusy:
                if time.monotonic() > end:
                    raise
                time.sleep(CREATE_SECONDS / 50)
        return False

    def _exists(self, index: IndexName, schema: Schema) -> bool:
        try:
            found = self._catalog.look_up(index)
        except UnknownIndex:
            return False
        if not found.is_up_to_date:
            raise StaleIndex(index, "other-configuration")
        if found.schema != schema:
            raise StaleIndex(index, "other-schema", schema=schema.name)
        return True

    @contextmanager
    def writer(self, index: IndexName, schema: Schema | None = None) -> Iterator[Writer]:
        """Open the index for writing; with a schema, a missing one is created before the first document is sent."""
        alias = self._catalog.alias(index)
        prepare: Callable[[], object] | None = None
        if schema is not None and not self._exists(index, schema):
            target, prepare = Target(alias, index), partial(self.create, index, schema)
        else:
            opened = self._catalog.open(index)
            # If the name is not an alias, an administrator made the index: it is written to directly.
            target, schema = Target(alias, index, alias=opened.name != alias), opened.schema
        stop = threading.Event()
        with BulkWriter(
            self._client,
            target,
            DocumentMaker(schema or self._catalog.open(index).schema, self._analysis),
            stop=stop,
            write_tombstones=self.tombstone_writer(index, stop),
            blocked=lambda: self.lift_stale_block(index),
            prepare=prepare,
        ) as writer:
            yield writer

    @contextmanager
    def rebuild(
        self, index: IndexName, schema: Schema, options: RebuildOptions = KEEP_ONE
    ) -> Iterator[writing.Rebuild]:
        """Fill a new generation and switch to it."""
        with self._lease(index, "rebuild") as lease:
            live = self._live_generation(index)
            rebuild = RebuildProcess(self._context, lease, index, schema, live)
            try:
                yield rebuild.begin()
                rebuild.finish(options)
            except BaseException as error:
                rebuild.drop()
                if isinstance(error, UnknownIndex):
                    lease.renew()  # raises if the lease is lost: then another process has removed the new generation
                raise
            self._catalog.invalidate(index)
            try:
                with translate_errors(index):
                    self._coordination.remove_tombstones(index)
                    self._prune(index, live, options.keep)
            except SearchServiceError as error:
                logger.warning(
                    "index %r is rebuilt, but old generations or tombstones could not be removed (%s)", index, error
                )

    def stored(self, index: IndexName) -> Iterator[Document]:
        """Yield all documents of an index as they were written."""
        name = self._catalog.locate(index)
        with translate_errors(index):
            self._client.indices.refresh(index=name)
            yield from map(document, all_documents(self._client, name))

    def delete(self, index: IndexName) -> None:
        """Remove an index and all of its generations."""
        self._catalog.locate(index)
        with self._lease(index, "delete"), translate_errors(index):
            # The live one first: a half-deleted index must not reappear.
            found = sorted(self._generations.of(index), key=lambda one: one.state is not GenerationState.CURRENT)
            self._generations.remove([one.name for one in found])
            self._coordination.remove_tombstones(index)
            self._catalog.invalidate(index)

    # Generations

    def generations(self, index: IndexName) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first."""
        with translate_errors(index):
            found = self._generations.of(index)
            if not found:
                raise UnknownIndex(index, self._catalog.names())
            return self._generations.stats(index, found)

    def rollback(self, index: IndexName) -> GenerationStats:
        """Switch back to the kept generation before the current one."""
        with self._lease(index, "rollback"):
            current = self._catalog.locate(index)
            with translate_errors(index):
                kept = [one.name for one in self._generations.of(index) if one.state is GenerationState.KEPT]
                before = next((name for name in kept if name < current), None)
                if before is None:
                    raise NoGeneration(index, "no-older-generation", generation=current)
                if not self._catalog.generation(index, before).is_up_to_date:
                    raise NoGeneration(index, "generation-of-other-configuration", generation=before)
                self._generations.unblock(before)
                self._generations.switch_back(index, current, before)
                self._catalog.invalidate(index)
                return next(one for one in self.generations(index) if one.name == before)

    def clean(self, index: IndexName) -> Sequence[str]:
        """Remove what an interrupted rebuild left behind."""
        with Lease(self._coordination, index, "clean") as lease, translate_errors(index):
            self._coordination.remove_tombstones(index)
            return self._clean_up(index, lease)

    # Backups

    def backup(self, index: IndexName, target: str) -> BackupStats:
        """Make a snapshot of the current generation."""
        found = self._catalog.look_up(index)
        with translate_errors(index):
            self._snapshots.create(target, index, found.name)
        return self._backup_stats(index, target, found.name)

    def restore(self, source: str, index: IndexName | None = None, replace: bool = False) -> BackupStats:
        """Restore a snapshot as a new generation, and switch to it."""
        with translate_errors():
            own_index, generation = self._snapshots.describe(source)
        index = index or own_index
        with self._lease(index, "restore"), translate_errors(index):
            live = self._live_generation(index)
            if live and not replace:
                raise InvalidParameter("replace", "index-exists", index=index)
            new = self._generations.new_name(index)
            try:
                self._snapshots.start_restore(source, generation, new)
                self._generations.mark_unfinished(new)
                self._snapshots.wait_for_restore(source, new)
                if (
                    live
                    and not self._catalog.generation(index, new).is_up_to_date
                    and self._catalog.look_up(index).is_up_to_date
                ):
                    raise StaleIndex(index, "backup-of-other-configuration")
                self._generations.unblock(new)
                self._generations.finish(new)
                self._generations.switch(index, live, new)
            except BaseException:
                if self._generations.discard(index, new):
                    self._generations.remove([new])  # it may not have its alias yet
                raise
            self._catalog.invalidate(index)
            self._coordination.remove_tombstones(index)
            self._prune(index, live, KEEP_ONE.keep)
            return self._backup_stats(index, source, new)

    def _backup_stats(self, index: IndexName, name: str, generation: str) -> BackupStats:
        with translate_errors(index):
            documents = int(self._client.count(index=generation)["count"])
            # Not by the name of the index: the statistics may lack one that was restored a moment ago.
            stores = self._client.indices.stats(index=generation, metric="store")["_all"]["total"]
            size = int(stores.get("store", {}).get("size_in_bytes", 0))
            current = self._catalog.generation(index, generation).is_up_to_date
        return BackupStats(index, name, documents, size, current)

    @contextmanager
    def _lease(self, index: IndexName, work: str) -> Iterator[Lease]:
        """Hold the lease of an index, and remove what a dead holder left behind."""
        with Lease(self._coordination, index, work) as lease:
            with translate_errors(index):
                self._clean_up(index, lease)
            yield lease

    def _clean_up(self, index: IndexName, lease: Lease) -> list[str]:
        """Undo the work of a dead holder; return the names of the removed generations."""
        found = [one.name for one in self._generations.of(index) if one.state is GenerationState.UNFINISHED]
        gone = [name for name in found if self._generations.discard(index, name)]
        if lease.dead_holder and lease.dead_holder.blocked:
            # Unblocked last: a switch that the dead holder has sent must not come after new writes.
            self._generations.unblock(lease.dead_holder.blocked)
        if gone:
            logger.warning("index %r: removed what an interrupted rebuild had left (%s)", index, ", ".join(gone))
        return gone

    def tombstone_writer(self, index: IndexName, stop: threading.Event) -> Callable[[Sequence[str]], None]:
        """Return what writes the tombstones of documents that are about to be deleted (`CoordinationIndex`)."""
        sender = Sender(self._client, self._coordination.target(), stop)
        return lambda ids: self._coordination.write_tombstones(sender, index, ids)

    def lift_stale_block(self, index: IndexName) -> None:
        """Lift the write block of a dead rebuild, but not that of a running one or of an administrator."""
        with suppress(SearchServiceError), translate_errors():
            holder = holder_of(self._coordination, index)
            if holder and holder.blocked:
                with self._lease(index, "free"):
                    pass

    def _live_generation(self, index: IndexName) -> str | None:
        try:
            return self._catalog.locate(index)
        except UnknownIndex:
            return None

    def _prune(self, index: IndexName, replaced: str | None, keep: int) -> None:
        """Keep `keep` of the kept generations, the replaced one before all others, and remove the rest."""
        kept = [one.name for one in self._generations.of(index) if one.state is GenerationState.KEPT]
        removed = expired(kept, replaced, keep)
        if replaced in removed:
            time.sleep(2 * CACHE_SECONDS)  # other processes search it until their cached alias expires
        self._generations.remove(removed)
