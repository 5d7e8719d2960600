"""Loads documents from sources into an index, or into a new generation of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson

from index_config.schema import Schema
from search_service.engines.base import SearchEngine, Writer
from search_service.errors import InvalidDocument, InvalidParameter, SearchServiceError
from search_service.indexing.documents import DocumentChecker
from search_service.indexing.parts import RawDocument, Reject
from search_service.indexing.progress import NoProgress, Progress
from search_service.indexing.sources import Sources

COMMIT_EVERY = 10_000
"""Documents between two commits of a load into a live index: what a killed process loses is some six seconds' work.
Each commit writes a segment, and the merges of many small ones take the time that the load needs."""

TICK_SECONDS = 0.2
"""Between two reports of progress: smooth to the eye, and next to nothing beside the analysis."""


class NothingToIndex(SearchServiceError):
    """A rebuild found no document, and an empty index must not take the place of the live one."""

    title = "Nothing to index"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did.

    Attributes:
        index: the index.
        indexed: documents written; one that replaced another counts as well.
        rejected: documents refused.
        seconds: how long it took, the last commit included.
        reject_file: where the refused ones are noted; None when there were none.
    """

    index: str
    indexed: int
    rejected: int
    seconds: float
    reject_file: Path | None

    @property
    def documents_per_second(self) -> float:
        """Documents read in a second, refused ones too."""
        return (self.indexed + self.rejected) / self.seconds if self.seconds > 0 else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "index": self.index,
            "indexed": self.indexed,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
            "documents_per_second": round(self.documents_per_second, 1),
            "reject_file": str(self.reject_file) if self.reject_file else None,
        }


def load(
    engine: SearchEngine,
    index: str,
    schema: Schema,
    sources: Sources,
    reject_file: Path,
    *,
    rebuild: bool = False,
    ignore_unknown: bool = False,
    progress: Progress | None = None,
    commit_every: int = COMMIT_EVERY,
) -> LoadReport:
    """Index every document of the sources.

    A document replaces the one of the same id. One that is refused goes to the reject file, and the load goes on.

    Args:
        engine: where the index is, or will be: a missing one is made.
        index: its name.
        schema: what its documents hold.
        sources: the documents.
        reject_file: made only when a document is refused; one left from an earlier load is removed.
        rebuild: fill a new generation beside the live one and switch to it at the end; after an error the old stays.
        ignore_unknown: drop fields that the schema does not name instead of refusing the document.
        progress: is told how far the load is.
        commit_every: documents between two commits; a rebuild commits once, at its end.

    Raises:
        WriterBusy: another process writes to the index.
        StaleIndex: the index exists and was made with another schema or configuration (not with `rebuild`).
        InvalidParameter: the reject file cannot be written.
        NothingToIndex: a rebuild found no document.
    """
    _check_reject_file(reject_file)
    began = time.perf_counter()
    run = _Run(sources, DocumentChecker(schema, ignore_unknown), progress or NoProgress())
    with ExitStack() as stack:
        stack.callback(run.progress.close)
        writer: Writer
        if rebuild:
            writer = stack.enter_context(engine.rebuild(index, schema))
        else:
            engine.create(index, schema)
            writer = stack.enter_context(engine.writer(index))
        # After the lock: a second load that is turned away must not touch the reject file of the first.
        rejects = stack.enter_context(RejectFile(reject_file))
        run.fill(writer, rejects, 0 if rebuild else commit_every)
        if rebuild and not run.indexed:
            raise NothingToIndex(_nothing(index, rejects))
    seconds = time.perf_counter() - began
    return LoadReport(index, run.indexed, rejects.count, seconds, reject_file if rejects.count else None)


class RejectFile:
    """Notes refused documents, one JSON object a line: `source`, `line`, `reason` and the beginning of the document.

    Args:
        path: made at the first reject; an old one is removed at once.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._stream: BinaryIO | None = None

    def __enter__(self) -> RejectFile:
        if self.path.is_file():  # not a device such as /dev/null
            self.path.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream:
            self._stream.close()

    def add(self, reject: Reject) -> None:
        """Note a refused document."""
        if self._stream is None:
            self._stream = self.path.open("wb")
        self.count += 1
        origin = reject.origin
        entry = {"source": origin.path, "line": origin.line, "reason": reject.reason, "raw": reject.raw}
        self._stream.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))


class _Run:
    """One load: reads, checks, writes, counts."""

    def __init__(self, sources: Sources, checker: DocumentChecker, progress: Progress) -> None:
        self.indexed = 0
        self.progress = progress
        self._sources = sources
        self._checker = checker

    def fill(self, writer: Writer, rejects: RejectFile, commit_every: int) -> None:
        """Write every document; commit after each `commit_every`, never when it is 0."""
        clock: Callable[[], float] = time.monotonic
        next_tick = clock() + TICK_SECONDS
        for item in self._sources:
            if isinstance(item, Reject):
                rejects.add(item)
            elif reason := self._write(writer, item):
                rejects.add(Reject(item.origin, reason, item.excerpt))
            elif commit_every and self.indexed % commit_every == 0:
                writer.commit()
            if clock() >= next_tick:
                self._report(rejects)
                next_tick = clock() + TICK_SECONDS
        self._report(rejects)

    def _write(self, writer: Writer, item: RawDocument) -> str:
        """Check a document and write it; return why it is refused, or nothing."""
        check = self._checker.check_text if item.textual else self._checker.check
        try:
            writer.upsert(check(item.content))
        except InvalidDocument as error:
            return str(error)
        self.indexed += 1
        return ""

    def _report(self, rejects: RejectFile) -> None:
        self.progress.update(self._sources.bytes_read, self.indexed, rejects.count)


def _check_reject_file(path: Path) -> None:
    """Find out before the load, not at its first reject, that there is no place for the file."""
    allowed = "a file in a folder that can be written to"
    if path.is_dir():
        raise InvalidParameter("--reject-file", f"{path} is a folder", allowed)
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InvalidParameter("--reject-file", f"{path} cannot be written", allowed)


def _nothing(index: str, rejects: RejectFile) -> str:
    why = f"all {rejects.count} were rejected, see {rejects.path}" if rejects.count else "the sources are empty"
    return f"no document to rebuild {index!r} from ({why}); what was there stays as it is"
