"""The loop of a load: read, check, write and count documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from search_service.core.document import Document
from search_service.core.errors import InvalidDocument
from search_service.core.index_name import IndexName
from search_service.core.message import Message, message
from search_service.engines.writing import Rebuild, RejectedDocument, Writer
from search_service.ingestion.progress import NoProgress, Progress
from search_service.ingestion.rejects import RejectFile
from search_service.ingestion.report import LoadReport
from search_service.ingestion.sources.base import EXCERPT_BYTES, LoadWarning, Origin, RawDocument, Reject, excerpt
from search_service.ingestion.sources.files import FileSources
from search_service.ingestion.sources.stored import StoredDocuments
from search_service.ingestion.tally import Tally
from search_service.ingestion.validation import DocumentChecker

TICK_SECONDS = 0.2
"""Seconds between two updates of the progress: smooth to the eye, and cheap beside the analysis."""


_SCHEMA_MISMATCH_CODES = frozenset(
    {
        "value-of-other-type",
        "value-of-other-kind",
        "list-not-allowed",
        "field-required",
        "no-values",
        "value-not-a-date",
    }
)
"""Reject codes which suggest that the documents belong to another schema."""


class _SentDocument(NamedTuple):
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
        describe: returns the sentences of warnings.

    Attributes:
        indexed: documents that were written and not rejected.
        saved: those of them that are in the index whatever happens next: Elasticsearch has accepted them, or the
            embedded engine has committed them. In a rebuild it is 0 until its end.
        warnings: what was doubtful.
        began: whether the writer has been opened.
        filled: whether the writer has everything.
    """

    def __init__(
        self,
        sources: FileSources | StoredDocuments,
        checker: DocumentChecker,
        rejects: RejectFile,
        progress: Progress | None,
        describe: Callable[[Message], str] = str,
    ) -> None:
        self.indexed = self.saved = 0
        self.began = self.filled = False
        self.rejects = rejects
        self.warnings = Tally(describe)
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
        """Write every document; commit after each `commit_every`, or, in a rebuild, at the end only when it is 0."""
        self.began = True
        clock: Callable[[], float] = time.monotonic
        next_tick = clock() + TICK_SECONDS
        waiting = 0
        for item in self._sources:
            if isinstance(item, Reject):
                self.rejects.add(item)
            elif isinstance(item, LoadWarning):
                self.warnings.add(item.origin, item.reason)
            elif reason := self._write(writer, item):
                self.rejects.add(Reject(item.origin, reason, item.excerpt))
            else:
                waiting += 1
                if waiting == commit_every:
                    writer.commit()
                    waiting = 0
            if clock() >= next_tick:
                self.collect_rejects(writer, live=commit_every > 0)
                next_tick = clock() + TICK_SECONDS
        writer.commit()
        self.collect_rejects(writer, live=commit_every > 0)
        self.filled = True

    def copy(self, rebuild: Rebuild) -> None:
        """Let the engine copy the documents that the index holds."""
        self.indexed = rebuild.copy(lambda done, _total: self._progress.update(done, done, 0, 0))
        self.filled = True

    def collect_rejects(self, writer: Writer, *, live: bool = False) -> None:
        """Write what the engine has rejected by now to the reject file, and show the progress.

        Args:
            writer: of the engine.
            live: whether it writes to the index that is searched.
        """
        unsaved = writer.unsaved  # before the rejects, so that `saved` is never too high
        for rejected in writer.rejected():
            if isinstance(rejected.origin, _SentDocument):
                self.indexed -= 1
                reject = Reject(rejected.origin.origin, rejected.reason, excerpt(rejected.origin.raw))
            else:
                reject = Reject(Origin("(in the index)"), rejected.reason, rejected.id)
            self.rejects.add(reject)
        self.saved = max(0, self.indexed - unsaved) if live else 0
        self._progress.update(self._sources.bytes_read, self.indexed, self.saved, self.rejects.count)

    def report(self, index: IndexName, started_at: float, *, index_exists: bool = True) -> LoadReport:
        """Return what the load did."""
        seconds = time.perf_counter() - started_at
        return LoadReport(
            index=index,
            indexed=self.indexed,
            rejected=self.rejects.count,
            seconds=seconds,
            reject_file=self.rejects.written,
            reject_reasons=self.rejects.tally.reasons,
            warnings=self.warnings.reasons,
            hint=None if self.indexed else self.hint(),
            index_exists=index_exists,
            skipped_files=dict(self._sources.skipped),
        )

    def hint(self) -> Message | None:
        """Return what may help, by the most frequent reason of the rejects."""
        reasons = self.rejects.tally.reasons
        code = max(reasons, key=lambda reason: reason.count).first.code if reasons else ""
        if code == "field-unknown":
            return message("hint-fields-unknown", parameter="ignore_unknown", other_parameter="schema")
        if code == "id-missing":
            return message("hint-id-missing", parameter="id_from")
        if code in _SCHEMA_MISMATCH_CODES:
            return message("hint-other-schema", schema=self._checker.schema.name, parameter="schema")
        return None

    def _write(self, writer: Writer, item: RawDocument) -> Message | None:
        """Check a document and write it; return why it is refused, if it is."""
        check = self._checker.check_row if item.textual else self._checker.check
        try:
            document = check(item.content)
            writer.upsert(document, _SentDocument(item.origin, item.raw[:EXCERPT_BYTES]))
        except InvalidDocument as error:
            return error.message
        self.indexed += 1
        for doubt in self._checker.doubts:
            self.warnings.add(item.origin, doubt)
        return None


class NoWriter:
    """A writer for dry runs: it discards everything."""

    unsaved = 0

    def upsert(self, document: Document, origin: object = None) -> None:
        """Do nothing."""

    def delete(self, document_id: str) -> None:
        """Do nothing."""

    def commit(self) -> None:
        """Do nothing."""

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return nothing."""
        return ()
