"""Changing an index: writers, rebuilds, and what an engine promises of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from search_service.core.document import Document
from search_service.core.message import Message


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine promises of its writers; callers and the conformance suite read it instead of asking for a name.

    Attributes:
        transactions: nothing is seen before a commit, and an error goes back to the last one. Otherwise documents
            may be seen at any time before it, and an error only drops what is not sent yet.
        exclusive_writer: a second writer is turned away, and a rebuild and a writer exclude each other. Otherwise
            any number of writers change an index at once, also while it is rebuilt, and nothing they do is lost.
        merges: whether a rebuild can merge its segments into one at the end (`RebuildOptions.force_merge`).
    """

    transactions: bool
    exclusive_writer: bool
    force_merge: bool


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """How a rebuild ends.

    Attributes:
        keep: generations that stay beside the new one, the one it replaces first; they can be rolled back to.
        force_merge: merge the segments into one, for an index that is seldom written to.
    """

    keep: int = 1
    force_merge: bool = False


KEEP_ONE = RebuildOptions()
"""What a rebuild does unless told: the generation before is kept, and nothing is merged."""


@dataclass(frozen=True, slots=True)
class RejectedDocument:
    """A document that the engine would not take after `upsert` had returned.

    Attributes:
        id: of the document.
        reason: why.
        origin: what `upsert` was given with it; None for one that the engine itself brought in.
    """

    id: str
    reason: Message
    origin: object = None


ProgressCallback = Callable[[int, int], None]
"""Is told how many documents are done, of how many."""


class Writer(Protocol):
    """Changes an index. When others see it, and what an error leaves behind, `Capabilities.transactions` says.

    Changes of one id take effect in the order in which they were made here.
    """

    def upsert(self, document: Document, origin: object = None) -> None:
        """Add a document or replace the one of the same id.

        Args:
            document: checked already.
            origin: comes back with the document if it is refused later.

        Raises:
            InvalidDocument: the engine cannot hold it and knows at once.
        """

    def delete(self, document_id: str) -> None:
        """Remove a document; nothing happens when there is none."""

    def commit(self) -> None:
        """Make the changes so far durable and visible."""

    def rejected(self) -> Sequence[RejectedDocument]:
        """Return the documents refused since the last call; after `commit` all are known, also outside the context."""


class Rebuild(Writer, Protocol):
    """Fills a new generation."""

    def copy(self, progress: ProgressCallback) -> int:
        """Take over all stored documents of the generation that is replaced, unchecked; return how many.

        The schema must be the one they were written with.
        """
