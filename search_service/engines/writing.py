"""Changing an index: writers, rebuilds and what an engine guarantees of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from search_service.core.document import Document
from search_service.core.message import Message


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine guarantees of its writers. Callers and the conformance suite read it, never the name of an engine.

    Attributes:
        transactions: changes are visible only after a commit, and an error rolls back to the last commit. Otherwise
            changes may be visible before the commit, and an error drops only what is not sent yet.
        exclusive_writer: a second writer gets WriterBusy, and a rebuild and a writer exclude each other. Otherwise any
            number of writers change an index at once, also while it is rebuilt, and no change is lost.
        force_merge: whether a rebuild can merge its segments into one at the end (`RebuildOptions.force_merge`).
    """

    transactions: bool
    exclusive_writer: bool
    force_merge: bool


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """How a rebuild ends.

    Attributes:
        keep: number of old generations to keep for a rollback, the replaced one first.
        force_merge: merge the segments into one, for an index that is seldom written to.
    """

    keep: int = 1
    force_merge: bool = False


KEEP_ONE = RebuildOptions()
"""The default: keep the replaced generation and merge nothing."""


@dataclass(frozen=True, slots=True)
class RejectedDocument:
    """A document that the engine rejected after `upsert` had returned.

    Attributes:
        origin: the argument of `upsert`; None for a document that the engine itself copied.
    """

    id: str
    reason: Message
    origin: object = None


ProgressCallback = Callable[[int, int], None]
"""Called with the number of documents done and their total."""


class Writer(Protocol):
    """Changes an index. `Capabilities.transactions` says when changes are visible and what an error leaves behind.

    Changes of one id take effect in the order of the calls.
    """

    @property
    def unsaved(self) -> int:
        """Documents that `upsert` has taken and that would be lost if the process were killed now.

        Still right after the context has ended with an error: those that were lost.
        """

    def upsert(self, document: Document, origin: object = None) -> None:
        """Add a document or replace the one of the same id.

        Args:
            document: valid by the schema.
            origin: returned with the document if it is rejected later.

        Raises:
            InvalidDocument: the engine cannot store it and finds out at once.
        """

    def delete(self, document_id: str) -> None:
        """Remove a document; a missing one is ignored."""

    def commit(self) -> None:
        """Make the changes so far durable and visible."""

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return the documents rejected since the last call; complete after `commit`, also outside the context."""


class Rebuild(Writer, Protocol):
    """Fills a new generation."""

    def copy(self, progress: ProgressCallback) -> int:
        """Copy all documents of the replaced generation without checking them; return how many.

        The schema must be the one that they were written with.
        """
