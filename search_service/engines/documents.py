"""Changing single documents while an index is searched: the interface of every engine, and what it takes and returns.

`Writer` is for loads, which one process makes and which may be repeated. A change that is made here is acknowledged:
when `DocumentStore.change` returns, it is durable, whatever ends afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from index_config.schema import Schema
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.core.message import Message


@dataclass(frozen=True, slots=True)
class Condition:
    """What a stored document must be like for a change to take effect, as `If-Match` and `If-None-Match` say.

    Attributes:
        tags: entity tags (`entity_tag`), of which the document must have one; empty for any document.
        negated: the document must be missing, or have none of the tags.

    >>> Condition().holds(None), Condition(negated=True).holds(None), Condition(frozenset({"a"})).holds("b")
    (False, True, False)
    """

    tags: frozenset[str] = frozenset()
    negated: bool = False

    def holds(self, tag: str | None) -> bool:
        """Return whether a document with this entity tag, or a missing one (None), fulfils it."""
        found = tag is not None and (not self.tags or tag in self.tags)
        return found is not self.negated


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one document.

    Attributes:
        document: what to add, or to replace the one of the same id with; None to remove it.
        conditions: all of them must hold, at the moment of the change.
    """

    id: str
    document: Document | None = None
    conditions: tuple[Condition, ...] = ()

    def allowed(self, tag: str | None) -> bool:
        """Return whether the conditions hold for a document with this entity tag, or a missing one (None)."""
        return all(condition.holds(tag) for condition in self.conditions)


class Outcome(StrEnum):
    """What has become of a change."""

    CREATED = "created"
    REPLACED = "replaced"
    DELETED = "deleted"
    MISSING = "missing"
    """There was nothing to remove."""

    CONFLICT = "conflict"
    """A condition does not hold, and nothing has changed."""

    REJECTED = "rejected"
    """The engine does not take the document."""


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The result of a change.

    Attributes:
        reason: why the engine rejected it, else None.
    """

    outcome: Outcome
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What has become of some changes.

    Attributes:
        results: the result of each.
        visible: whether searches find them, as far as that is known.
    """

    results: Sequence[ChangeResult]
    visible: bool


class FailedChange(NamedTuple):
    """An acknowledged change that could not be applied, and is set aside.

    Attributes:
        number: that of the queued change.
        id: that of the document.
        document: the document as JSON; None if it was to be removed.
        reason: why not.
    """

    number: int
    id: str
    document: bytes | None
    reason: Message


class FailedChanges(Protocol):
    """The changes that are set aside, of an engine that applies changes after it acknowledges them.

    `ids` are those of documents, of which those without a failed change are ignored; empty for all.
    """

    def list(self, index: IndexName, ids: Sequence[str] = ()) -> Sequence[FailedChange]:
        """Return them, the oldest first."""

    def retry(self, index: IndexName, ids: Sequence[str] = ()) -> int:
        """Try again to apply them, and return how many there were; what fails again is set aside again.

        Raises:
            WriterBusy: a load or a rebuild holds the index; they wait until it ends.
        """

    def discard(self, index: IndexName, ids: Sequence[str] = ()) -> int:
        """Forget them, and return how many there were."""


class NoFailedChanges:
    """The failed changes of an engine that applies a change before it acknowledges it: there are none."""

    def list(self, index: IndexName, ids: Sequence[str] = ()) -> Sequence[FailedChange]:  # noqa: ARG002
        """Return none."""
        return ()

    def retry(self, index: IndexName, ids: Sequence[str] = ()) -> int:  # noqa: ARG002
        """Return 0."""
        return 0

    def discard(self, index: IndexName, ids: Sequence[str] = ()) -> int:  # noqa: ARG002
        """Return 0."""
        return 0


class SchemaChanged(Exception):
    """The index has got another schema since a document was checked."""


class DocumentStore(Protocol):
    """Reads and changes single documents. The errors are those of every engine (`search_service.engines.base`)."""

    def get(self, index: IndexName, document_id: str) -> Document:
        """Return a document with all changes that are acknowledged. Raises UnknownDocument."""

    def change(self, index: IndexName, schema: Schema, changes: Sequence[Change], *, wait: bool = False) -> Changed:
        """Make changes durable. Those of one id take effect in their order.

        Args:
            index: where.
            schema: what the documents were checked by.
            changes: some hundred at most.
            wait: return when searches find the changes, or when the deadline of the request is near (`wait_visible`).

        Raises:
            SchemaChanged: the schema of the index is another one; nothing has changed.
            EngineOverloaded: too many changes wait to be applied; nothing has changed.
        """

    def wait_visible(self, index: IndexName) -> bool:
        """Wait until searches find what was changed so far; return False if the deadline of the request comes first."""

    def throttle(self, index: IndexName) -> None:
        """Wait, within the deadline, until changes are applied as fast as they come: for whoever makes many."""
