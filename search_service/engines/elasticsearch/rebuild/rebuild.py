"""Builds a new generation beside the live one, brings it up to date and switches to it.

A failure at any point, such as a killed process or a lost node, leaves the live generation unchanged. What must be
cleaned up then (a write block) is recorded in the lease before it is created.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from elasticsearch import ApiError, Elasticsearch, TransportError

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import SearchServiceError
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.bulk.sender import Target
from search_service.engines.elasticsearch.bulk.writer import BulkWriter
from search_service.engines.elasticsearch.catalog import Catalog
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.fields import DocumentMaker
from search_service.engines.elasticsearch.rebuild import tasks, verification
from search_service.engines.elasticsearch.rebuild.catch_up import CatchUp
from search_service.engines.elasticsearch.rebuild.coordination import CoordinationIndex
from search_service.engines.elasticsearch.rebuild.generations import UNFINISHED, Generations
from search_service.engines.elasticsearch.rebuild.lease import Lease
from search_service.engines.elasticsearch.rebuild.writer import RebuildWriter
from search_service.engines.elasticsearch.retry import RETRY_SECONDS, Backoff, retry
from search_service.engines.writing import RebuildOptions

LAST_ROUND_DOCUMENTS = 200
"""A catch-up round of at most so many documents is followed by the last one, which blocks writes: one page."""

MAX_ROUNDS = 20
"""Limit of rounds before the last one: writers that are faster than the copy would prolong it forever."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RebuildContext:
    """What every rebuild needs."""

    client: Elasticsearch
    catalog: Catalog
    generations: Generations
    coordination: CoordinationIndex
    analysis: Analysis


class RebuildProcess:
    """One rebuild of one index.

    Args:
        lease: of the index, held by the caller.
        schema: of the new generation.
        live: the generation to replace, or None.
    """

    def __init__(
        self, context: RebuildContext, lease: Lease, index: IndexName, schema: Schema, live: str | None
    ) -> None:
        self._context = context
        self._client = context.client
        self._generations = context.generations
        self._lease = lease
        self._index = index
        self._schema = schema
        self._live = live
        with translate_errors(index):
            self._new = context.generations.new_name(index)
        self._blocked = False
        self._catch_up: CatchUp | None = None
        alias = f"{self._new}{UNFINISHED}"
        self._writer = BulkWriter(context.client, Target(alias, index), DocumentMaker(schema, context.analysis))
        self._rebuild_writer = RebuildWriter(context.client, self._writer, live)

    def begin(self) -> RebuildWriter:
        """Create the new generation and return its writer. After an error here or later, call `drop`."""
        with translate_errors(self._index):
            if self._live:
                self._block(self._live)
                self._catch_up = CatchUp(self._client, self._context.coordination, self._index, self._live)
                self._unblock()
            self._generations.begin(self._new, self._schema)
        return self._rebuild_writer

    def finish(self, options: RebuildOptions) -> None:
        """Verify the new generation, bring it up to date and switch to it.

        Raises:
            RebuildFailed: it is incomplete, or another process has taken the lease.
        """
        self._rebuild_writer.commit()
        self._retry(self._check)
        with translate_errors(self._index):
            if options.force_merge:
                self._merge()
        self._retry(lambda: self._generations.finish(self._new))
        self._retry(self._reduce_lag)
        with translate_errors(self._index):
            self._switch()
        self._writer.close()

    def drop(self) -> None:
        """Undo the rebuild after an error; a switch that has succeeded stays."""
        try:
            with translate_errors(self._index):
                self._writer.close()
                # Discarded first: once writes are unblocked, a delayed switch must have no effect.
                self._generations.discard(self._index, self._new)
                self._unblock()
        except SearchServiceError as error:
            remedy = f"the next rebuild clears away what is left, or `arabic-search generations {self._index} --clean`"
            logger.warning("the rebuild of %r could not be undone (%s); %s", self._index, error, remedy)

    def _retry(self, step: Callable[[], object]) -> None:
        """Run an idempotent step, with retries: a rebuild should survive a restart of Elasticsearch."""
        retry(step, Backoff(RETRY_SECONDS, self._writer.stop), self._index)

    def _check(self) -> None:
        self._check_count()
        samples = dict(self._rebuild_writer.samples)
        if self._rebuild_writer.copied:
            samples |= verification.sample_documents(self._client, self._new)
        verification.check_search(self._client, self._new, self._schema, self._context.analysis, samples)

    def _check_count(self) -> None:
        counters = self._writer.counters
        count = counters.created - counters.deleted
        verification.check_count(self._client, self._new, count - counters.uncertain, count + counters.uncertain)

    def _merge(self) -> None:
        # Before shards have replicas: each would merge separately.
        answer = self._client.indices.forcemerge(index=self._new, max_num_segments=1, wait_for_completion=False)
        tasks.wait(self._client, str(answer["task"]))

    def _reduce_lag(self) -> None:
        """Run catch-up rounds until few changes are left."""
        for _ in range(MAX_ROUNDS if self._catch_up else 0):
            if self._catch_up and self._catch_up.round(self._writer) <= LAST_ROUND_DOCUMENTS:
                return

    def _switch(self) -> None:
        """Copy the last changes while writes are blocked, and point the alias to the new generation."""
        if self._catch_up and self._live:
            self._block(self._live)
            catch_up = self._catch_up
            self._retry(lambda: catch_up.round(self._writer))
        self._rebuild_writer.commit()
        self._check_count()
        if (
            self._live
            and self._rebuild_writer.copied
            and not (self._rebuild_writer.written or self._writer.counters.rejections)
        ):
            verification.check_copy(self._client, self._live, self._new)
        self._lease.renew()
        try:
            self._generations.switch(self._index, self._live, self._new)
        except (ApiError, TransportError):
            if self._generations.discard(self._index, self._new):
                raise
            logger.info("the switch of %r succeeded, although its response was lost", self._index)
        self._unblock()

    def _block(self, live: str) -> None:
        """Block writes, unless an administrator has blocked them: that block must stay."""
        if not self._generations.is_blocked(live):
            self._blocked = True
            self._lease.renew(blocked=live)
            self._generations.block(live)

    def _unblock(self) -> None:
        if self._blocked and self._live:
            self._lease.renew()  # raises if the lease is lost: the block may belong to its new holder
            self._generations.unblock(self._live)
            self._lease.renew(blocked="")
            self._blocked = False
