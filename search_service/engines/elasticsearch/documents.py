"""Reads and changes single documents in Elasticsearch.

A change without a condition is a write like that of a load: its version is the time it was made (`bulk.sender`). One
with a condition reads the document first, and its version is the next one after that of the document that was read. So
Elasticsearch refuses it if the document has changed since, in whatever generation: versions are comparable from one
generation to the next, sequence numbers (`if_seq_no`) are not, and exclude such versions.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from elasticsearch import Elasticsearch, NotFoundError

from index_config.schema import Schema
from search_service.analysis.analyzer import Analysis
from search_service.core.deadline import seconds_left
from search_service.core.document import Document, entity_tag
from search_service.core.errors import SearchServiceError, UnknownDocument, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.core.message import Message, message
from search_service.engines.documents import Change, Changed, ChangeResult, Outcome
from search_service.engines.elasticsearch.bulk import outcomes
from search_service.engines.elasticsearch.bulk.outcomes import Item, error_of, newer_version, outcome_of, reason_of
from search_service.engines.elasticsearch.bulk.sender import FILTER_PATH, BulkCounters, Operation, Sender, Target
from search_service.engines.elasticsearch.client import translate_errors
from search_service.engines.elasticsearch.fields import DocumentMaker
from search_service.engines.elasticsearch.indexes import ElasticsearchIndexManager
from search_service.engines.elasticsearch.retry import Backoff, ShardsMissing, is_transient
from search_service.engines.elasticsearch.search.responses import document
from search_service.engines.elasticsearch.search.session import SearchClient

MAX_SECONDS = 30.0
"""Time for which a change without a deadline is tried again: a rebuild blocks writes for some tenths of a second."""

ATTEMPTS = 100
"""Attempts to make a change with a condition. One is repeated only if the document was changed since it was
read, or a node does not answer."""

CACHE_ENTRIES = 50_000
"""Chunks of text whose terms are kept, some 20 MB, in each process that writes single documents."""

RESULTS: Mapping[str, Outcome] = {
    "created": Outcome.CREATED,
    "updated": Outcome.REPLACED,
    "noop": Outcome.REPLACED,
    "deleted": Outcome.DELETED,
    "not_found": Outcome.MISSING,
}
"""What Elasticsearch calls the outcomes."""


class ElasticsearchDocuments:
    """Reads and changes documents.

    Args:
        search_client: the connection and the catalog of indexes.
        indexes: writes tombstones, and lifts the write blocks of dead rebuilds.
        analysis: makes the terms of documents.
    """

    def __init__(self, search_client: SearchClient, indexes: ElasticsearchIndexManager, analysis: Analysis) -> None:
        self._client = search_client.client
        self._catalog = search_client.catalog
        self._indexes = indexes
        self._analysis = analysis
        self._maker: tuple[Schema, DocumentMaker] | None = None
        self._mutex = threading.Lock()

    def get(self, index: IndexName, document_id: str) -> Document:
        """Return a document as it was written last, refreshed or not."""
        self._catalog.open(index)
        with translate_errors(index):
            try:
                # By the alias: after a switch, the generation that the catalog remembers has not the latest writes.
                return document(self._client.get(index=self._catalog.alias(index), id=document_id).body)
            except NotFoundError as error:
                if error.body.get("found") is False:
                    raise UnknownDocument(index, document_id) from None
                raise

    def change(self, index: IndexName, schema: Schema, changes: Sequence[Change], *, wait: bool = False) -> Changed:
        """Send changes; what Elasticsearch has answered is durable."""
        bodies = self._bodies(schema, changes)
        if any(change.conditions for change in changes):
            sender = _ConditionalSender(self._client, self._target(index), self._indexes, wait)
            return Changed(sender.send(changes, bodies), visible=wait)
        return Changed(self._send(index, changes, bodies, wait), visible=wait)

    def wait_visible(self, index: IndexName) -> bool:
        """Refresh the index."""
        with translate_errors(index):
            self._client.indices.refresh(index=self._catalog.alias(index))
        return True

    def throttle(self, index: IndexName) -> None:
        """Do nothing: requests are answered when the changes are made."""

    def _send(
        self, index: IndexName, changes: Sequence[Change], bodies: Sequence[bytes | None], wait: bool
    ) -> list[ChangeResult]:
        results = _Results()
        stop = threading.Event()
        sender = Sender(
            self._client, self._target(index), stop, retry_seconds=seconds_left(MAX_SECONDS),
            write_tombstones=self._indexes.tombstone_writer(index, stop),
            blocked=lambda: self._indexes.lift_stale_block(index), counters=results, wait=wait,
        )  # fmt: skip
        sender.send([
            Operation(change.id, body, sender.versions.next(), origin=number)
            for number, (change, body) in enumerate(zip(changes, bodies, strict=True))
        ])  # fmt: skip
        return [results.found[number] for number in range(len(changes))]

    def _target(self, index: IndexName) -> Target:
        """Return where the writes of an index go: to its alias, unless an administrator made the index."""
        alias = self._catalog.alias(index)
        return Target(alias, index, alias=self._catalog.open(index).name != alias)

    def _bodies(self, schema: Schema, changes: Sequence[Change]) -> list[bytes | None]:
        """Return what Elasticsearch stores of each change; None for a removal."""
        with self._mutex:  # of the cache of terms
            if self._maker is None or self._maker[0] != schema:
                self._maker = schema, DocumentMaker(schema, self._analysis, CACHE_ENTRIES)
            maker = self._maker[1]
            return [orjson.dumps(maker.make(one.document)) if one.document else None for one in changes]


class _Results(BulkCounters):
    """Keeps the result of each operation by its origin, the number of the change."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[object, ChangeResult] = {}

    def count(self, operation: Operation, item: Item, outcome: outcomes.OperationOutcome) -> None:
        """Keep the result of an operation that is not sent again."""
        if outcome is outcomes.OperationOutcome.REJECTED:
            self.reject(operation, message("refused-by-engine", reason=reason_of(item)))
            return
        # A conflict is final if a later change of the same document has succeeded.
        otherwise = Outcome.DELETED if operation.body is None else Outcome.REPLACED
        self.found[operation.origin] = ChangeResult(RESULTS.get(str(item.get("result")), otherwise))

    def reject(self, operation: Operation, reason: Message) -> None:
        """Keep why a document was rejected."""
        self.found[operation.origin] = ChangeResult(Outcome.REJECTED, reason)


@dataclass(frozen=True, slots=True)
class _State:
    """A document as it is stored: its version, and its entity tag, None if it is missing."""

    version: int
    tag: str | None


class _ConditionalSender:
    """Sends changes with conditions, each of another document.

    Args:
        client: the connection.
        target: where they go.
        indexes: writes tombstones, and lifts the write blocks of dead rebuilds.
        wait: whether a request returns when searches find its changes.
    """

    def __init__(self, client: Elasticsearch, target: Target, indexes: ElasticsearchIndexManager, wait: bool) -> None:
        self._client = client.options(max_retries=0)
        self._target = target
        self._index = IndexName(target.index)
        self._refresh: Literal["wait_for"] | None = "wait_for" if wait else None
        self._lift_stale_block = indexes.lift_stale_block
        self._stop = threading.Event()
        self._write_tombstones = indexes.tombstone_writer(self._index, self._stop)
        self._conflicting_versions: dict[str, int] = {}
        self._uncertain: set[str] = set()

    def send(self, changes: Sequence[Change], bodies: Sequence[bytes | None]) -> list[ChangeResult]:
        """Send changes until each has a result."""
        body_of = {change.id: body for change, body in zip(changes, bodies, strict=True)}
        results: dict[str, ChangeResult] = {}
        left = list(changes)
        backoff = Backoff(seconds_left(MAX_SECONDS), self._stop)
        for _ in range(ATTEMPTS):
            problem: SearchServiceError | None = None
            try:
                with translate_errors(self._index):
                    states = self._states([one.id for one in left])
                    results |= {one.id: known for one in left if (known := self._known(one, states[one.id]))}
                    left = [one for one in left if one.id not in results]
                    items = self._write(left, states, body_of) if left else []
                for change, item in zip(left, items, strict=True):
                    problem = self._record(change, item, results) or problem
            except SearchServiceError as error:
                if not is_transient(error):
                    raise
                problem = error
            left = [one for one in left if one.id not in results]
            if not left:
                break
            if problem:
                self._lift_stale_block(self._index)
                backoff.wait(problem)
        # Others have changed these documents all the time.
        return [results.get(one.id, ChangeResult(Outcome.CONFLICT)) for one in changes]

    def _states(self, ids: Sequence[str]) -> dict[str, _State]:
        """Return the documents as they are, refreshed or not."""
        answer = self._client.mget(index=self._target.name, ids=list(ids)).body
        return {found["_id"]: self._state(found) for found in answer["docs"]}

    def _state(self, found: Mapping[str, Any]) -> _State:
        if error := found.get("error"):
            if error.get("type") == "index_not_found_exception":
                raise UnknownIndex(self._index)
            raise ShardsMissing("shard-missing", index=self._index, reason=str(error)[:300])
        if found["found"]:
            return _State(int(found["_version"]), entity_tag(document(found)))
        # The version of a document that was deleted lately is known only from a conflict.
        return _State(self._conflicting_versions.get(found["_id"], 0), None)

    def _known(self, change: Change, state: _State) -> ChangeResult | None:
        """Return the result of a change if that is known without sending it."""
        wanted = entity_tag(change.document) if change.document else None
        if change.id in self._uncertain and state.tag == wanted:  # an attempt whose answer was lost has done it
            return ChangeResult(Outcome.DELETED if change.document is None else Outcome.REPLACED)
        if not change.allowed(state.tag):
            return ChangeResult(Outcome.CONFLICT)
        return ChangeResult(Outcome.MISSING) if change.document is None and state.tag is None else None

    def _write(
        self, changes: Sequence[Change], states: Mapping[str, _State], bodies: Mapping[str, bytes | None]
    ) -> list[Item]:
        if removed := [one.id for one in changes if one.document is None]:
            self._write_tombstones(removed)
        lines: list[bytes] = []
        for one in changes:
            action = "delete" if one.document is None else "index"
            header = {"_id": one.id, "version": states[one.id].version + 1, "version_type": "external"}
            lines += [orjson.dumps({action: header}), *([bodies[one.id] or b""] if one.document else [])]
        body: Any = [b"\n".join([*lines, b""])]
        self._uncertain |= {one.id for one in changes}  # until there is an answer
        answer = self._client.bulk(
            index=self._target.name, operations=body, require_alias=self._target.alias or None, filter_path=FILTER_PATH,
            refresh=self._refresh,
        ).body  # fmt: skip
        return [next(iter(item.values())) for item in answer["items"]]

    def _record(self, change: Change, item: Item, results: dict[str, ChangeResult]) -> SearchServiceError | None:
        """Keep the result of a change, if there is one yet; return why to wait before it is sent again."""
        if int(item["status"]) < 500:
            self._uncertain.discard(change.id)
        match outcome_of(item):
            case outcomes.OperationOutcome.DONE:
                results[change.id] = ChangeResult(RESULTS[item["result"]])
            case outcomes.OperationOutcome.REJECTED:
                reason = message("refused-by-engine", reason=reason_of(item))
                results[change.id] = ChangeResult(Outcome.REJECTED, reason)
            case outcomes.OperationOutcome.VERSION_CONFLICT:
                self._conflicting_versions[change.id] = newer_version(item)
            case outcomes.OperationOutcome.FAILED:
                raise error_of(item, self._index)
            case _:
                return error_of(item, self._index)
        return None
