"""Opens commits of a generation for reading, with the right to read and no other.

tantivy opens a lock file in the folder for writing, also to search, so that a writer deletes no file that is about to
be opened. A reader that may not write there cannot do that. So a commit is opened through a folder of its own in
memory: a copy of tantivy's list of segments, and links to their files. It is removed as soon as the files are mapped
into memory. A file that a writer has deleted meanwhile is noticed, and the reader opens the next commit.

Commits share most of their segments. Opened one after the other through a folder of the same name, they share what
tantivy has mapped of them (`Commits`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import orjson
import tantivy

from search_service.core.errors import StorageUnavailable
from search_service.core.message import message
from search_service.engines.embedded.checksums import (
    TANTIVY,
    TANTIVY_META,
    FileDamage,
    check_content,
    footer_of,
    read_checked,
    recorded,
)
from search_service.engines.embedded.failures import is_panic, system_error

ENDINGS = ("term", "idx", "pos", "fieldnorm", "fast", "store")
"""The files of a segment."""

MEMORY = Path("/dev/shm")
"""The folder in memory that Linux has, also in a container with a read-only file system."""

REMOVALS = 10
"""Attempts to remove a folder of links. Of 1,000 first attempts 2 to 6 meet a new lock file."""

CommitId: TypeAlias = tuple[int, int] | None
"""Inode and time of the file that a commit replaces, None if it is missing."""

FileState: TypeAlias = tuple[int, int, int]
"""Inode, size and time of a file: they change with its content."""


@dataclass(frozen=True, slots=True)
class CommitFiles:
    """The files of a commit.

    Attributes:
        generation: the folder of the generation.
        meta: tantivy's metadata, which lists the segments.
        paths: the files of the segments.
    """

    generation: Path
    meta: bytes
    paths: tuple[Path, ...]

    @property
    def opstamp(self) -> int:
        """What tantivy returned for the commit; a merge leaves it as it is."""
        return int(orjson.loads(self.meta)["opstamp"])

    def check(self) -> int:
        """Read all files and return their bytes.

        Raises:
            FileDamage: one differs from its checksum, or is missing.
        """
        sums = recorded(self.generation)
        sizes = [check_content(path, sums.get(f"{TANTIVY}/{path.name}")) for path in self.paths]
        return len(self.meta) + sum(sizes)


def commit_id(generation: Path) -> CommitId:
    """Return what changes with every commit and merge of a generation."""
    try:
        state = os.stat(f"{generation}/{TANTIVY_META}")  # at every request: a Path would take as long as the call
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns


def last_commit(generation: Path) -> CommitFiles:
    """Return the files of the last commit of a generation, without looking whether they are there.

    Raises:
        FileDamage: the metadata is missing or damaged.
        OSError: it cannot be read.
    """
    content = read_checked(generation, TANTIVY_META)
    folder = generation / TANTIVY
    try:
        names = [name for segment in orjson.loads(content)["segments"] for name in _names(segment)]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        raise FileDamage(message("index-file-changed", file="meta.json")) from None
    return CommitFiles(generation, content, tuple(folder / name for name in names))


def open_commit(files: CommitFiles) -> tantivy.Index:
    """Open one commit. The errors are those of `Commits.open`."""
    return Commits().open(files)


class Commits:
    """Opens the commits of a generation, one at a time.

    As long as the searcher of a commit is there, the next one shares the files of their common segments: tantivy maps
    only new ones, and searches find the pages of the others in their page tables.
    """

    def __init__(self) -> None:
        self._index: tantivy.Index | None = None
        self._folder = Path()
        self._states: dict[Path, FileState] = {}

    def open(self, files: CommitFiles) -> tantivy.Index:
        """Return an index whose next searcher is that of a commit; later commits do not change what it finds.

        Raises:
            FileDamage: a file is missing, or tantivy cannot read it.
            OSError: a file cannot be read.
            StorageUnavailable: the folder of links cannot be made.
        """
        states = {path: _state(path) for path in files.paths}
        changed = [path for path, state in states.items() if self._states.get(path) != state]
        for path in changed:
            footer_of(path)
        if self._index is None or not self._states.keys().isdisjoint(changed) or not self._reload(self._index, files):
            self._index, self._folder = _open(files)
        self._states = states
        return self._index

    def _reload(self, index: tantivy.Index, files: CommitFiles) -> bool:
        """Open a commit beside an earlier one; return False where it must be opened alone, which also finds out why."""
        try:
            self._folder.mkdir(mode=0o700)  # fails if somebody else has taken the name
        except OSError:
            return False
        try:
            _link(files, self._folder)
            index.reload()
        except BaseException as error:
            if not isinstance(error, (OSError, ValueError)) and not is_panic(error):
                raise
            return False
        finally:
            _remove(self._folder)
        return True


def _open(files: CommitFiles) -> tuple[tantivy.Index, Path]:
    """Open a commit alone; return it, and the folder of links, which is removed already."""
    folder = _linked(files)
    try:
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")  # no thread that waits for commits, which are not made in this folder
        return index, folder
    except BaseException as error:
        if not isinstance(error, ValueError) and not is_panic(error):
            raise
        if problem := system_error(error, files.generation):
            raise problem from error
        raise _first_damage(files) from error
    finally:
        _remove(folder)


def _state(path: Path) -> FileState:
    try:
        state = os.stat(path)
    except FileNotFoundError:
        raise FileDamage(message("index-file-missing", file=path.name)) from None
    return state.st_ino, state.st_size, state.st_mtime_ns


def _remove(folder: Path) -> None:
    """Remove a folder of links; again if a thread of tantivy has just made its lock file there."""
    for _ in range(REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def _names(segment: dict[str, Any]) -> list[str]:
    """Return the names of the files of a segment."""
    name = UUID(segment["segment_id"]).hex
    names = [f"{name}.{ending}" for ending in ENDINGS]
    deletes = segment["deletes"]
    return [*names, f"{name}.{int(deletes['opstamp'])}.del"] if deletes else names


def _first_damage(files: CommitFiles) -> FileDamage:
    """Return which file of a commit is the reason why tantivy does not open it."""
    try:
        files.check()
    except FileDamage as damage:
        return damage
    return FileDamage(message("index-file-changed", file="meta.json"))


def _linked(files: CommitFiles) -> Path:
    """Return a new folder with links to the files of a commit, in memory or else where temporary files are."""
    for parent in (MEMORY, None):
        folder = None
        try:
            folder = Path(tempfile.mkdtemp(prefix="arabic-search-", dir=parent))
            _link(files, folder)
            return folder
        except OSError as error:
            reason = error.strerror or ""
            if folder:
                _remove(folder)
    raise StorageUnavailable("no-temporary-folder", reason=reason)


def _link(files: CommitFiles, folder: Path) -> None:
    """Fill a folder with links to the files of a commit. Raises OSError."""
    (folder / "meta.json").write_bytes(files.meta)
    for path in files.paths:
        os.symlink(path.absolute(), f"{folder}/{path.name}")
