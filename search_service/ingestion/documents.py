"""The use cases of reading and changing single documents, one or many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import orjson

from search_service.core.deadline import seconds_left
from search_service.core.document import Document, entity_tag
from search_service.core.errors import (
    DeadlineExceeded,
    EngineOverloaded,
    InvalidDocument,
    PreconditionFailed,
    SearchServiceError,
    UnknownDocument,
)
from search_service.core.index_name import IndexName
from search_service.core.message import Message
from search_service.engines.base import SearchEngine
from search_service.engines.documents import Change, Changed, ChangeResult, Condition, Outcome, SchemaChanged
from search_service.ingestion.bulk import Line, LineSplitter, read_id, read_line
from search_service.ingestion.validation import MAX_DEPTH, DocumentChecker, checked_id

ATTEMPTS = 20
"""Attempts to change a document that others change at the same moment."""

BATCH_CHANGES = 100
"""Changes that are made durable together: a sync of the disk takes some 3 ms, and so does the rest of 100 articles."""

BATCH_BYTES = 1_000_000
"""Bytes of the lines of a batch, beyond which it is complete."""

ANSWER_SECONDS = 1.0
"""Seconds before the deadline at which a removal of many documents stops, so that it can still answer."""


class ByteStream(Protocol):
    """A body that arrives little by little."""

    def read(self) -> bytes:
        """Return what has arrived, at least a byte; nothing at the end."""

    def is_ready(self) -> bool:
        """Whether more has arrived."""

    def restart_time(self) -> None:
        """Let the time for the rest of the body begin now."""


@dataclass(frozen=True, slots=True)
class Written:
    """A document that was added or replaced.

    Attributes:
        outcome: created or replaced.
        visible: whether searches find it, as far as that is known.
        doubts: what is doubtful in it.
    """

    document: Document
    outcome: Outcome
    visible: bool
    doubts: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class LineResult:
    """What has become of a line of a bulk request.

    Attributes:
        number: of the line, from 1.
        document_id: None if the line has none that could be read.
        result: what has become of the document, or why nothing was changed.
    """

    number: int
    document_id: str | None
    result: Outcome | SearchServiceError


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal of many documents has done.

    Attributes:
        deleted: documents that were removed.
        changed: those that somebody has changed since they were selected; they were left alone.
        complete: whether the time was sufficient for all.
        visible: whether searches find none of them, as far as that is known.
    """

    deleted: int
    changed: int
    complete: bool
    visible: bool


class DocumentService:
    """Reads and changes documents of the indexes of an engine.

    Args:
        engine: the engine.
        max_document_bytes: larger documents are rejected.

    The errors are those of the engine, and InvalidDocument, UnknownDocument and PreconditionFailed.
    """

    def __init__(self, engine: SearchEngine, max_document_bytes: int) -> None:
        self._searcher = engine.searcher
        self._documents = engine.documents
        self.max_document_bytes = max_document_bytes

    def get(self, index: IndexName, document_id: str) -> Document:
        """Return a document with all changes that are acknowledged."""
        return self._documents.get(index, document_id)

    def put(
        self, index: IndexName, raw: Mapping[str, Any], conditions: tuple[Condition, ...] = (), *, wait: bool = False
    ) -> Written:
        """Add a document, or replace the one of the same id.

        Args:
            index: where.
            raw: its fields and its id, as JSON values.
            conditions: of the document that it replaces.
            wait: until searches find it.
        """
        while True:
            checker = self._checker(index)
            document = checker.check(raw)
            try:
                changed = self._change(index, checker, [Change(document.id, document, conditions)], wait)
            except SchemaChanged:
                continue
            result = _accepted(index, document.id, changed.results[0])
            return Written(document, result.outcome, changed.visible, checker.doubts)

    def patch(
        self,
        index: IndexName,
        document_id: str,
        patch: Mapping[str, Any],
        conditions: tuple[Condition, ...] = (),
        *,
        wait: bool = False,
    ) -> Written:
        """Change some fields of a document by a JSON merge patch (RFC 7396): null removes a field.

        The other arguments are those of `put`.
        """
        for _ in range(ATTEMPTS):
            stored = self._documents.get(index, document_id)
            tag = entity_tag(stored)
            if not all(condition.holds(tag) for condition in conditions):
                raise PreconditionFailed(index, document_id)
            merged = self._merged({"id": document_id, **stored.source}, patch)
            self._checker(index).check(merged)
            if len(orjson.dumps(merged)) > self.max_document_bytes:
                raise InvalidDocument("", "document-too-large", limit=self.max_document_bytes)
            try:
                return self.put(index, merged, (Condition(frozenset({tag})),), wait=wait)
            except PreconditionFailed:  # somebody has changed it since it was read
                continue
        raise EngineOverloaded("document-contended", index=index, id=document_id)

    def delete(
        self, index: IndexName, document_id: str, conditions: tuple[Condition, ...] = (), *, wait: bool = False
    ) -> bool:
        """Remove a document. Returns whether searches find that it is gone, as far as that is known."""
        changed = self._remove(index, [Change(checked_id(document_id), None, conditions)], wait)
        if _accepted(index, document_id, changed.results[0]).outcome is Outcome.MISSING:
            raise UnknownDocument(index, document_id)
        return changed.visible

    def wait_visible(self, index: IndexName) -> bool:
        """Wait until searches find all changes that are acknowledged; return False if the time was not sufficient."""
        return self._documents.wait_visible(index)

    def delete_all(self, index: IndexName, documents: Iterable[Document], *, wait: bool = False) -> Removed:
        """Remove documents that were selected, unless somebody has changed them since; stop before the deadline."""
        deleted = changed = 0
        remaining = iter(documents)
        while some := list(islice(remaining, BATCH_CHANGES)):
            if not _has_time():
                return Removed(deleted, changed, complete=False, visible=False)
            changes = [Change(one.id, None, (Condition(frozenset({entity_tag(one)})),)) for one in some]
            self._documents.throttle(index)
            outcomes = [result.outcome for result in self._remove(index, changes).results]
            deleted += outcomes.count(Outcome.DELETED)
            changed += len(outcomes) - outcomes.count(Outcome.DELETED)
        return Removed(deleted, changed, complete=True, visible=wait and self._documents.wait_visible(index))

    def bulk(self, index: IndexName, stream: ByteStream, *, wait: bool = False) -> Iterator[LineResult]:
        """Make the changes that the lines of a stream ask for; yield the result of each line, in their order.

        A wrong line changes nothing and hurts no other. What is yielded is durable. The stream is read as it arrives,
        in bounded memory: when it pauses, the results of all lines so far are there.

        Args:
            index: where.
            stream: JSON lines (`search_service.ingestion.bulk`).
            wait: until searches find all of them, before the end.
        """
        for batch in _batches(stream, self.max_document_bytes):
            yield from self._apply(index, batch)
            stream.restart_time()  # this took time, which the client must not pay for
        if wait:
            self._documents.wait_visible(index)

    def _apply(self, index: IndexName, batch: Sequence[Line]) -> Iterator[LineResult]:
        """Make the changes of a batch."""
        try:
            self._documents.throttle(index)
            while True:
                checker = self._checker(index)
                read = self._read(checker, batch)
                changes = [one for _, one in read if isinstance(one, Change)]
                try:
                    results = iter(self._change(index, checker, changes).results)
                    break
                except SchemaChanged:
                    continue
        except SearchServiceError as error:
            for number, line in batch:
                yield LineResult(number, read_id(line, self.max_document_bytes), error)
            return
        for (number, one), (_, line) in zip(read, batch, strict=True):
            if isinstance(one, InvalidDocument):
                yield LineResult(number, read_id(line, self.max_document_bytes), one)
            else:
                yield _line_result(index, number, one, next(results))

    def _read(self, checker: DocumentChecker, batch: Sequence[Line]) -> list[tuple[int, Change | InvalidDocument]]:
        read: list[tuple[int, Change | InvalidDocument]] = []
        for number, line in batch:
            try:
                read.append((number, read_line(line, self.max_document_bytes, checker)))
            except InvalidDocument as error:
                read.append((number, error))
        return read

    def _change(
        self, index: IndexName, checker: DocumentChecker, changes: Sequence[Change], wait: bool = False
    ) -> Changed:
        return self._documents.change(index, checker.schema, changes, wait=wait)

    def _remove(self, index: IndexName, changes: Sequence[Change], wait: bool = False) -> Changed:
        while True:
            try:
                return self._change(index, self._checker(index), changes, wait)
            except SchemaChanged:  # which does not matter here
                continue

    def _merged(self, target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
        try:
            merged: dict[str, Any] = merge_patch(target, patch)
        except RecursionError:
            raise InvalidDocument("", "nested-too-deep", limit=MAX_DEPTH) from None
        return merged

    def _checker(self, index: IndexName) -> DocumentChecker:
        return DocumentChecker(self._searcher.schema(index))


def merge_patch(target: Any, patch: Any) -> Any:
    """Return a JSON value changed by a merge patch (RFC 7396).

    >>> merge_patch({"a": 1, "b": {"c": 2, "d": 3}}, {"a": None, "b": {"c": 4}})
    {'b': {'c': 4, 'd': 3}}
    """
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def _batches(stream: ByteStream, limit: int) -> Iterator[Sequence[Line]]:
    """Yield the lines of a stream, several at once unless it pauses."""
    splitter = LineSplitter(limit)
    batch: list[Line] = []
    size = 0
    while True:
        try:
            data = stream.read()
        except SearchServiceError:
            if batch:  # whole lines of a stream that breaks off
                yield batch
            raise
        if not data:
            break
        for line in splitter.feed(data):
            batch.append(line)
            size += len(line[1])
            if len(batch) >= BATCH_CHANGES or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch and not stream.is_ready():
            yield batch
            batch, size = [], 0
    batch.extend(splitter.finish())
    if batch:
        yield batch


def _accepted(index: IndexName, document_id: str, result: ChangeResult) -> ChangeResult:
    """Return a result unless nothing was changed; that is an error."""
    error = _error(index, document_id, result)
    if error:
        raise error
    return result


def _error(index: IndexName, document_id: str, result: ChangeResult) -> SearchServiceError | None:
    if result.outcome is Outcome.CONFLICT:
        return PreconditionFailed(index, document_id)
    if result.outcome is Outcome.REJECTED:
        return InvalidDocument("", "document-refused", reason=result.reason)
    return None


def _line_result(index: IndexName, number: int, change: Change, result: ChangeResult) -> LineResult:
    error = _error(index, change.id, result)
    if result.outcome is Outcome.MISSING:
        error = UnknownDocument(index, change.id)
    return LineResult(number, change.id, error or result.outcome)


def _has_time() -> bool:
    """Whether the deadline of the request leaves time for another batch."""
    try:
        return seconds_left(ANSWER_SECONDS + 1) > ANSWER_SECONDS
    except DeadlineExceeded:
        return False
