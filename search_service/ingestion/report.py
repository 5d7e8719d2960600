"""What a load did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search_service.core.message import Message
from search_service.ingestion.tally import Reason


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did.

    Attributes:
        index: the index.
        indexed: documents written; one that replaced another counts as well.
        rejected: documents rejected.
        seconds: how long it took, the last commit included.
        reject_file: the file with the rejected documents; None when there are none, or no file was named.
        reject_reasons: the first different reasons of rejects, with their numbers.
        warnings: what is doubtful about the documents or files that were read, with its numbers.
        hint: what may help when every document was rejected.
        index_exists: whether there is an index of that name now: a load without a document makes none.
        skipped_files: how many files of the folders were skipped, by ending.
    """

    index: str
    indexed: int
    rejected: int
    seconds: float
    reject_file: Path | None
    reject_reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    hint: Message | None = None
    index_exists: bool = True
    skipped_files: Mapping[str, int] = field(default_factory=dict)

    @property
    def documents_per_second(self) -> float:
        """Documents read in a second, rejected ones too."""
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
            "reject_reasons": [reason.to_dict() for reason in self.reject_reasons],
            "warnings": [reason.to_dict() for reason in self.warnings],
            "index_exists": self.index_exists,
            "skipped_files": dict(self.skipped_files),
        }
