"""Loads documents: into a live index, into a new generation of it, or nowhere (a dry run)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from index_config.schema import Schema
from search_service.core.errors import DamagedIndex, NothingToIndex, StaleIndex, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.core.message import Message, message
from search_service.engines.base import IndexManager
from search_service.engines.writing import KEEP_ONE, RebuildOptions
from search_service.ingestion.load_job import LoadJob, NoWriter
from search_service.ingestion.progress import Progress
from search_service.ingestion.rejects import RejectFile, check_reject_file
from search_service.ingestion.report import LoadReport
from search_service.ingestion.sources.files import FileSources
from search_service.ingestion.sources.stored import StoredDocuments
from search_service.ingestion.validation import DocumentChecker

COMMIT_EVERY = 10_000
"""Documents between two commits of a load into a live index. A killed process loses some six seconds of work. Smaller
commits write more segments, and merging those slows the load down."""


def load(
    indexes: IndexManager,
    index: IndexName,
    schema: Schema,
    sources: FileSources,
    reject_file: Path,
    options: RebuildOptions | None = None,
    *,
    ignore_unknown: bool = False,
    progress: Progress | None = None,
    describe: Callable[[Message], str] = str,
    commit_every: int = COMMIT_EVERY,
) -> LoadReport:
    """Index every document of the sources.

    A document replaces the one with the same id. A rejected one is written to the reject file, and the load continues.

    Args:
        indexes: the engine's indexes.
        index: the index to load into; a missing one is created with the first document.
        schema: the schema to check the documents against.
        sources: yields the raw documents.
        reject_file: created at the first reject; the file of an earlier load is removed.
        options: how to rebuild: the load fills a new generation and switches to it at the end, and after an error the
            old one stays. None writes into the live generation.
        ignore_unknown: drop fields that the schema does not have instead of rejecting the document.
        progress: shows the progress.
        describe: returns the sentences of the reject file.
        commit_every: documents between two commits; a rebuild commits once, at its end.

    Raises:
        WriterBusy: another process writes to the index.
        StaleIndex: the index was built with another schema or configuration (only without `options`).
        InvalidParameter: the reject file cannot be written.
        NothingToIndex: a rebuild found no document.
    """
    check_reject_file(reject_file)
    started_at = time.perf_counter()
    rejects = RejectFile(reject_file, describe)
    job = LoadJob(sources, DocumentChecker(schema, ignore_unknown), rejects, progress, describe)
    with ExitStack() as stack:
        stack.enter_context(job.showing_progress())
        stack.enter_context(_noting_what_is_kept(index, job, describe, rebuild=options is not None))
        if options:
            with indexes.rebuild(index, schema, options) as rebuild:
                # After the lock: a second load that gets WriterBusy must not touch the reject file of the first.
                stack.enter_context(rejects)
                job.fill(rebuild, 0)
                if not job.indexed:
                    raise _nothing(index, job)
            job.collect_rejects(rebuild)
        else:
            with indexes.writer(index, schema) as writer:
                stack.enter_context(rejects)
                stack.callback(job.collect_rejects, writer, live=True)
                job.fill(writer, commit_every)
    return job.report(index, started_at, index_exists=bool(job.indexed) or index in indexes.names())


def reindex_stored(
    indexes: IndexManager,
    index: IndexName,
    schema: Schema,
    reject_file: Path,
    options: RebuildOptions = KEEP_ONE,
    *,
    ignore_unknown: bool = False,
    progress: Progress | None = None,
    describe: Callable[[Message], str] = str,
) -> LoadReport:
    """Rebuild an index, a stale one too, from the documents that it holds.

    With another schema every document is checked against it, and those that do not fit are rejected. The other
    arguments and the errors are those of `load`, but an empty index is allowed and stays empty.
    """
    check_reject_file(reject_file)
    started_at = time.perf_counter()
    stored = StoredDocuments(indexes, index)
    rejects = RejectFile(reject_file, describe)
    job = LoadJob(stored, DocumentChecker(schema, ignore_unknown), rejects, progress, describe)
    unchanged = schema_if_known(indexes, index) == schema
    with ExitStack() as stack:
        stack.enter_context(job.showing_progress())
        stack.enter_context(_noting_what_is_kept(index, job, describe, rebuild=True))
        with indexes.rebuild(index, schema, options) as rebuild:
            stack.enter_context(rejects)
            if unchanged:
                job.copy(rebuild)
            else:
                job.fill(rebuild, 0)
                if job.rejects.count and not job.indexed:
                    raise _nothing(index, job)
        job.collect_rejects(rebuild)
    return job.report(index, started_at)


def dry_run(
    indexes: IndexManager,
    index: IndexName,
    schema: Schema,
    sources: FileSources | None,
    reject_file: Path | None,
    *,
    ignore_unknown: bool = False,
    progress: Progress | None = None,
    describe: Callable[[Message], str] = str,
) -> LoadReport:
    """Read and check every document, write none, and return how many would be indexed and rejected.

    The arguments are those of `load`, with two differences: `sources` is None for the documents of the index itself,
    and without a reject file nothing is written at all.
    """
    if reject_file:
        check_reject_file(reject_file)
    started_at = time.perf_counter()
    documents = StoredDocuments(indexes, index) if sources is None else sources
    with RejectFile(reject_file, describe) as rejects:
        job = LoadJob(documents, DocumentChecker(schema, ignore_unknown), rejects, progress, describe)
        with job.showing_progress():
            job.fill(NoWriter(), 0)
    return job.report(index, started_at)


def schema_if_known(indexes: IndexManager, index: IndexName) -> Schema | None:
    """Return the schema that an index was built with; None when the index does not exist or cannot be read."""
    try:
        return indexes.stored_schema(index)
    except (UnknownIndex, StaleIndex, DamagedIndex):
        return None


@contextmanager
def _noting_what_is_kept(
    index: IndexName, job: LoadJob, describe: Callable[[Message], str], *, rebuild: bool
) -> Iterator[None]:
    """Add a note to what interrupts a load: which of its documents are in the index."""
    try:
        yield
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        if job.filled and rebuild and interrupted:
            error.add_note(describe(message("rebuild-interrupted-late", index=index)))
        elif rebuild and interrupted:
            error.add_note(describe(message("rebuild-interrupted", index=index)))
        elif not rebuild and (job.began or interrupted):
            error.add_note(describe(message("load-interrupted", index=index, count=job.saved)))
        raise


def _nothing(index: IndexName, job: LoadJob) -> NothingToIndex:
    rejects = job.rejects
    if rejects.count:
        reasons = tuple(reason.message for reason in rejects.tally.reasons)
        return NothingToIndex(
            "all-rejected", index=index, count=rejects.count, place=str(rejects.path), reasons=reasons, hint=job.hint()
        )
    return NothingToIndex("sources-empty", index=index)
