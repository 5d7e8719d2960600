"""What a backup or a restored index has."""

from __future__ import annotations

from dataclasses import dataclass

from search_service.core.index_name import IndexName


@dataclass(frozen=True, slots=True)
class BackupStats:
    """A backup that was written or restored.

    Attributes:
        index: the index that it is of, or was restored as.
        name: the file, or the name of the snapshot.
        documents: the number of its documents.
        size_bytes: the size of its files.
        current: whether it was made with the configuration of this service; otherwise it must be rebuilt.
    """

    index: IndexName
    name: str
    documents: int
    size_bytes: int
    current: bool
