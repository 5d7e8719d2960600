"""Compares an index with its checksums and its configuration, and probes it."""

from __future__ import annotations

from collections.abc import Iterator

from search_service.analysis.analyzer import Analysis
from search_service.core.errors import DamagedIndex
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult
from search_service.core.message import message
from search_service.engines.embedded import paging
from search_service.engines.embedded.checksums import TANTIVY_META, recorded
from search_service.engines.embedded.commits import last_commit
from search_service.engines.embedded.damage import check_generation
from search_service.engines.embedded.reader import Readers, Snapshot
from search_service.engines.embedded.storage import Storage
from search_service.query.tree import Boolean, Form, Ids, IndexTerms
from search_service.ranking.more_like_this import lemma_counts

SHOWN_FAILED = 5
"""Changes that could not be applied, of which the check names the documents."""


def checks(storage: Storage, readers: Readers, analysis: Analysis, index: IndexName) -> Iterator[CheckResult]:
    """Yield the result of each check of an index; the others need its files to be whole."""
    try:
        meta = storage.read_current(index, lambda generation: check_generation(index, generation))
    except DamagedIndex as error:
        yield CheckResult("files", False, error.message)
        return
    yield _files(storage, index)
    yield _changes(storage, index)
    if meta["fingerprint"] != readers.fingerprint:
        detail = message("fingerprint-differs", fingerprint=meta["fingerprint"], index=index)
        yield CheckResult("fingerprint", False, detail)
        return
    yield CheckResult("fingerprint", True, message("fingerprint-current", fingerprint=meta["fingerprint"]))
    with readers.searching(index) as snapshot:
        yield _probe(snapshot, analysis)


def _files(storage: Storage, index: IndexName) -> CheckResult:
    """Say what could be compared."""
    generation = storage.current(index)
    count, complete = len(last_commit(generation).paths), TANTIVY_META in recorded(generation)
    return CheckResult("files", True, message("files-intact" if complete else "segments-intact", count=count))


def _changes(storage: Storage, index: IndexName) -> CheckResult:
    """Say how many acknowledged changes wait to be applied."""
    try:
        queue = storage.queue(index)
        count = queue.waiting()
        if failed := queue.failed(SHOWN_FAILED):
            shown = tuple(message("change-of", id=one.id, reason=one.reason) for one in failed)
            detail = message("changes-failed", index=index, count=queue.count_failed(), shown=shown)
            return CheckResult("changes", False, detail)
    except DamagedIndex as error:
        return CheckResult("changes", False, error.message)
    except PermissionError:  # whoever may only read the index
        count = 0
    return CheckResult("changes", True, message("changes-wait", count=count) if count else message("changes-none"))


def _probe(snapshot: Snapshot, analysis: Analysis) -> CheckResult:
    """Search for the first document by its id and each of its words."""
    stored = next(paging.all_stored(snapshot.searcher), None)
    if stored is None:
        return CheckResult("probe", True, message("index-empty"))
    source = {name: value for name, value in stored.items() if name != "id"}
    lemmas = lemma_counts(snapshot.schema, analysis, source)
    nodes = (Boolean(must=(Ids((stored["id"],)), IndexTerms(Form.LEMMA, "", (lemma,)))) for lemma in lemmas)
    found = all(snapshot.searcher.search(snapshot.queries.compile(node), 1).hits for node in nodes)
    return CheckResult("probe", found, message("document-found" if found else "document-missed", id=stored["id"]))
