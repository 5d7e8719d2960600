"""Layout of the indexes on disk, and the lock of each index.

::

    INDEX_DIR/
        news/
            current -> g-20261122T103000-4711      the current generation
            g-20261122T103000-4711/
                meta.json                          schema, fingerprint, time, number of the generation
                tantivy/                           tantivy's own files
                checksums.json                     of the metadata and of the footers of tantivy's files
            g-20261120T091500-3812/
                kept                               was current once: a rollback can return to it
                ...
            changes.sqlite                         acknowledged changes that no commit has yet (`queue`)
        .locks/news.lock                           held by the one writer, with its pid

A rebuild fills a new generation and replaces the link atomically. A killed process leaves at most a generation that is
neither linked nor marked as kept; the next writer removes it. Locks are beside the indexes and are never removed, so
that no process can hold the lock of a deleted file. Every change is on the disk when the method returns (`durable`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from index_config.schema import NAME_PATTERN
from search_service.core.errors import DamagedIndex, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.embedded import durable
from search_service.engines.embedded.checksums import TANTIVY, FileDamage
from search_service.engines.embedded.commits import commit_id
from search_service.engines.embedded.damage import damage_of
from search_service.engines.embedded.lock import is_wanted, locked
from search_service.engines.embedded.metadata import age_key
from search_service.engines.embedded.queue import QUEUE, ChangeQueue
from search_service.engines.retention import expired

CURRENT = "current"
KEPT = "kept"
"""An empty file that marks a former current generation which is kept."""

T = TypeVar("T")


class Storage:
    """The folder of all indexes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._queues: dict[IndexName, ChangeQueue] = {}
        self._mutex = threading.Lock()

    def indexes(self) -> tuple[IndexName, ...]:
        """Return the names of the indexes in order; none if the folder does not exist yet."""
        try:
            folders = [path for path in self.root.iterdir() if NAME_PATTERN.fullmatch(path.name)]
        except FileNotFoundError:
            return ()
        return tuple(sorted(IndexName(path.name) for path in folders if _is_index(path)))

    def current(self, index: IndexName) -> Path:
        """Return the folder of the current generation.

        Raises:
            UnknownIndex: there is no such index.
        """
        folder = self.root / index
        try:
            return folder / os.readlink(folder / CURRENT)
        except (FileNotFoundError, NotADirectoryError):
            missing_folder = "" if self.root.is_dir() else str(self.root.absolute())
            raise UnknownIndex(index, self.indexes(), missing_folder) from None

    def read_current(self, index: IndexName, read: Callable[[Path], T]) -> T:
        """Call a function with the folder of the current generation and return its result.

        It is called again if a rebuild has removed that generation meanwhile, or a merge some of its files.

        Raises:
            UnknownIndex: there is no such index.
            DamagedIndex: the files are missing or damaged.
        """
        before: object = None
        while True:
            generation = self.current(index)
            try:
                return read(generation)
            except (FileNotFoundError, FileDamage, DamagedIndex) as error:
                now = generation, commit_id(generation)
                if now == before:
                    raise damage_of(index, error) from error
                before = now

    def exists(self, index: IndexName) -> bool:
        """Whether the index exists."""
        return (self.root / index / CURRENT).is_symlink()

    def new_generation(self, index: IndexName) -> Path:
        """Create the folder of a new generation; it is not searched before `switch`."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        generation = self.root / index / f"g-{stamp}-{os.getpid()}"
        durable.make_folder(generation / TANTIVY)
        return generation

    def next_sequence(self, index: IndexName) -> int:
        """Return the number of a new generation, which is greater than that of every other one."""
        return 1 + max((age_key(path)[0] for path in self._folders(index)), default=0)

    def switch(self, index: IndexName, generation: Path) -> None:
        """Make a generation the current one atomically; mark the one before as kept."""
        folder = self.root / index
        if self.exists(index) and self.current(index).is_dir():  # a damaged index may have lost it
            durable.touch(self.current(index) / KEPT)
        durable.make_link(folder / CURRENT, generation.name)

    def kept(self, index: IndexName) -> list[Path]:
        """Return the generations that a rollback can return to, the newest first."""
        if not self.exists(index):
            return []
        current = self.current(index)
        folders = (path for path in self._folders(index) if path != current and (path / KEPT).exists())
        return sorted(folders, key=age_key, reverse=True)

    def unfinished(self, index: IndexName) -> list[Path]:
        """Return the generations that are being filled or were abandoned, the newest first."""
        finished = self.kept(index)
        if self.exists(index):
            finished.append(self.current(index))
        return sorted((path for path in self._folders(index) if path not in finished), reverse=True)

    def _folders(self, index: IndexName) -> list[Path]:
        """Return the folders of all generations."""
        return [path for path in (self.root / index).glob("g-*") if path.is_dir()]

    def clean(self, index: IndexName) -> tuple[str, ...]:
        """Remove what is neither current nor kept and return its names. The caller holds the lock."""
        folder = self.root / index
        generations = self.unfinished(index)
        for path in generations:
            durable.remove_folder(path)
        files = [*folder.glob(".*.link"), *folder.glob("g-*/.*.tmp")]  # now, without those of the removed generations
        for path in files:
            durable.remove_file(path)
        if not self.exists(index):
            self.queue(index).close_for_ever()
            with suppress(OSError):  # it is missing, or holds something that is not ours
                folder.rmdir()
        return tuple(path.name for path in [*generations, *files])

    def prune(self, index: IndexName, replaced: str, keep: int) -> None:
        """Keep `keep` of the kept generations, the replaced one before all others, and remove the rest.

        The caller holds the lock.
        """
        for name in expired([path.name for path in self.kept(index)], replaced, keep):
            # Unmarked first: if this process is killed while it removes the files, the next `clean` removes the rest.
            durable.remove_file(self.root / index / name / KEPT)
            durable.remove_folder(self.root / index / name)

    def remove(self, index: IndexName) -> None:
        """Remove an index: first its link, then its files. The caller holds the lock."""
        folder = self.root / index
        durable.remove_file(folder / CURRENT)
        self.queue(index).close_for_ever()
        durable.remove_folder(folder)

    def lock(self, index: IndexName, *, gives_way: bool = False) -> AbstractContextManager[None]:
        """Lock the index for writing; who gives way asks `is_wanted`. Raises WriterBusy."""
        return locked(self._lock_file(index), index, gives_way=gives_way)

    def is_wanted(self, index: IndexName) -> bool:
        """Whether another process waits for the lock of an index, whose holder gives way."""
        return is_wanted(self._lock_file(index))

    def _lock_file(self, index: IndexName) -> Path:
        return self.root / ".locks" / f"{index}.lock"

    # Changes that wait

    def queue(self, index: IndexName) -> ChangeQueue:
        """Return the queue of an index, of which a process has one."""
        with self._mutex:
            if index not in self._queues:
                self._queues[index] = ChangeQueue(index, self.root / index)
            return self._queues[index]

    def queued(self) -> list[IndexName]:
        """Return the indexes that have a queue, empty or not."""
        return [index for index in self.indexes() if (self.root / index / QUEUE).exists()]


def _is_index(folder: Path) -> bool:
    """Return whether a folder is an index; one that cannot be read counts, and the error comes when it is read."""
    try:
        return (folder / CURRENT).is_symlink()
    except PermissionError:
        return True


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; files that are deleted meanwhile count as 0."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
