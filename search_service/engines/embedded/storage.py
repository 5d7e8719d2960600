"""Layout of the indexes on disk, and the lock of each index.

::

    INDEX_DIR/
        news/
            current -> g-20261122T103000-4711      the current generation
            g-20261122T103000-4711/
                meta.json                          schema, fingerprint, time
                tantivy/                           tantivy's own files
            g-20261120T091500-3812/
                kept                               was current once: a rollback can return to it
                ...
        .locks/news.lock                           held by the one writer, with its pid

A rebuild fills a new generation and replaces the link atomically. A killed process leaves at most a generation that is
neither linked nor marked as kept; the next writer removes it. Locks are beside the indexes and are never removed, so
that no process can hold the lock of a deleted file.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index_config.schema import NAME_PATTERN
from search_service.core.errors import UnknownIndex, WriterBusy
from search_service.core.index_name import IndexName
from search_service.engines.retention import expired

META = "meta.json"
TANTIVY = "tantivy"
CURRENT = "current"
KEPT = "kept"
"""An empty file that marks a former current generation which is kept."""


class Storage:
    """The folder of all indexes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def indexes(self) -> tuple[IndexName, ...]:
        """Return the names of the indexes in order."""
        if not self.root.is_dir():
            return ()
        folders = (path for path in self.root.iterdir() if NAME_PATTERN.fullmatch(path.name))
        return tuple(sorted(IndexName(path.name) for path in folders if (path / CURRENT).is_symlink()))

    def current(self, index: IndexName) -> Path:
        """Return the folder of the current generation.

        Raises:
            UnknownIndex: there is no such index.
        """
        folder = self.root / index
        try:
            return folder / os.readlink(folder / CURRENT)
        except OSError:
            raise UnknownIndex(index, self.indexes()) from None

    def exists(self, index: IndexName) -> bool:
        """Whether the index exists."""
        return (self.root / index / CURRENT).is_symlink()

    def new_generation(self, index: IndexName) -> Path:
        """Create the folder of a new generation; it is not searched before `switch`."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        generation = self.root / index / f"g-{stamp}-{os.getpid()}"
        (generation / TANTIVY).mkdir(parents=True)
        return generation

    def switch(self, index: IndexName, generation: Path) -> None:
        """Make a generation the current one atomically; mark the one before as kept."""
        folder = self.root / index
        if self.exists(index) and self.current(index).is_dir():  # a damaged index may have lost it
            (self.current(index) / KEPT).touch()
        link = folder / f".{generation.name}.link"
        link.symlink_to(generation.name)
        os.replace(link, folder / CURRENT)
        _sync(folder)

    def kept(self, index: IndexName) -> list[Path]:
        """Return the generations that a rollback can return to, the newest first."""
        if not self.exists(index):
            return []
        current = self.current(index)
        folders = (path.parent for path in (self.root / index).glob(f"*/{KEPT}"))
        return sorted((path for path in folders if path.name not in (CURRENT, current.name)), reverse=True)

    def unfinished(self, index: IndexName) -> list[Path]:
        """Return the generations that are being filled or were abandoned, the newest first."""
        finished = {CURRENT, *(path.name for path in self.kept(index))}
        if self.exists(index):
            finished.add(self.current(index).name)
        folders = (path for path in (self.root / index).glob("g-*") if path.is_dir() and path.name not in finished)
        return sorted(folders, reverse=True)

    def clean(self, index: IndexName) -> tuple[str, ...]:
        """Remove what is neither current nor kept and return its names. The caller holds the lock."""
        leftovers = [*self.unfinished(index), *(self.root / index).glob(".*.link")]
        for path in leftovers:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        return tuple(path.name for path in leftovers)

    def prune(self, index: IndexName, replaced: str, keep: int) -> None:
        """Remove all but `keep` of the kept generations; the replaced one stays first. The caller holds the lock."""
        for name in expired([path.name for path in self.kept(index)], replaced, keep):
            # Unmarked first: if this process is killed while it removes the files, the next `clean` removes the rest.
            (self.root / index / name / KEPT).unlink()
            shutil.rmtree(self.root / index / name)

    def remove(self, index: IndexName) -> None:
        """Remove an index: first its link, then its files. The caller holds the lock."""
        folder = self.root / index
        (folder / CURRENT).unlink()
        shutil.rmtree(folder)

    @contextmanager
    def lock(self, index: IndexName) -> Iterator[None]:
        """Lock the index for writing.

        Raises:
            WriterBusy: another process, or another writer of this process, holds the lock.
        """
        folder = self.root / ".locks"
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / f"{index}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise WriterBusy(index, _pid_in(descriptor)) from None
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            try:
                yield
            finally:
                os.truncate(descriptor, 0)
        finally:
            os.close(descriptor)


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; files that are deleted meanwhile count as 0."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _pid_in(descriptor: int) -> int | None:
    content = os.pread(descriptor, 32, 0)
    return int(content) if content.isdigit() else None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
