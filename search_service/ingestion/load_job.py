"""The loop of a load: read, check, write and count documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from search_service.core.document import Document
from search_service.core.errors import InvalidDocument
from search_service.core.index_name import IndexName
from search_service.core.message import Message
from search_service.engines.writing import Rebuild, RejectedDocument, Writer
from search_service.ingestion.progress import NoProgress, Progress
from search_service.ingestion.rejects import RejectFile
from search_service.ingestion.report import LoadReport
from search_service.ingestion.sources.base import EXCERPT_BYTES, Origin, RawDocument, Reject, excerpt
from search_service.ingestion.sources.files import FileSources
from search_service.ingestion.sources.stored import StoredDocuments
from search_service.ingestion.validation import DocumentChecker

TICK_SECONDS = 0.2
"""Seconds between two updates of the progress: smooth to the eye, and cheap beside the analysis."""


class _Origin(NamedTuple):
    """Where a document came from and how it begins, kept until the engine has accepted it."""

    origin: Origin
    raw: bytes


class LoadJob:
    """One load.

    Args:
        sources: yields the raw documents.
        checker: checks them against the schema.
        rejects: receives those that are rejected.
        progress: shows the progress.

    Attributes:
        indexed: documents that were written and not rejected.
    """

    def __init__(
        self,
        sources: FileSources | StoredDocuments,
        checker: DocumentChecker,
        rejects: RejectFile,
        progress: Progress | None,
    ) -> None:
        self.indexed = 0
        self.rejects = rejects
        self._progress = progress or NoProgress()
        self._sources = sources
        self._checker = checker

    @contextmanager
    def showing_progress(self) -> Iterator[None]:
        """Begin to show progress, and end it however the load ends."""
        self._progress.begin(self._sources.total)
        try:
            yield
        finally:
            self._progress.close()

    def fill(self, writer: Writer, commit_every: int) -> None:
        """Write every document; commit after each `commit_every`, or at the end only when it is 0."""
        clock: Callable[[], float] = time.monotonic
        next_tick = clock() + TICK_SECONDS
        waiting = 0
        for item in self._sources:
            if isinstance(item, Reject):
                self.rejects.add(item)
            elif reason := self._write(writer, item):
                self.rejects.add(Reject(item.origin, reason, item.excerpt))
            else:
                waiting += 1
                if waiting == commit_every:
                    writer.commit()
                    waiting = 0
            if clock() >= next_tick:
                self.collect_rejects(writer)
                next_tick = clock() + TICK_SECONDS
        writer.commit()
        self.collect_rejects(writer)

    def copy(self, rebuild: Rebuild) -> None:
        """Let the engine copy the documents that the index holds."""
        self.indexed = rebuild.copy(lambda done, _total: self._progress.update(done, done, 0))

    def collect_rejects(self, writer: Writer) -> None:
        """Write what the engine has rejected by now to the reject file, and show the progress."""
        for rejected in writer.rejected():
            if isinstance(rejected.origin, _Origin):
                self.indexed -= 1
                reject = Reject(rejected.origin.origin, rejected.reason, excerpt(rejected.origin.raw))
            else:
                reject = Reject(Origin("(in the index)"), rejected.reason, rejected.id)
            self.rejects.add(reject)
        self._progress.update(self._sources.bytes_read, self.indexed, self.rejects.count)

    def report(self, index: IndexName, began: float) -> LoadReport:
        """Return what the load did."""
        seconds = time.perf_counter() - began
        return LoadReport(
            index=index,
            indexed=self.indexed,
            rejected=self.rejects.count,
            seconds=seconds,
            reject_file=self.rejects.written,
            first_reject=self.rejects.first,
            skipped_files=dict(self._sources.skipped),
        )

    def _write(self, writer: Writer, item: RawDocument) -> Message | None:
        """Check a document and write it; return why it is refused, if it is."""
        check = self._checker.check_text if item.textual else self._checker.check
        try:
            writer.upsert(check(item.content), _Origin(item.origin, item.raw[:EXCERPT_BYTES]))
        except InvalidDocument as error:
            return error.message
        self.indexed += 1
        return None


class NoWriter:
    """A writer for dry runs: it discards everything."""

    def upsert(self, document: Document, origin: object = None) -> None:
        """Do nothing."""

    def delete(self, document_id: str) -> None:
        """Do nothing."""

    def commit(self) -> None:
        """Do nothing."""

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return nothing."""
        return ()
