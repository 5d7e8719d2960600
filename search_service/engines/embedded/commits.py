"""Opens one commit of a generation for reading, with the right to read and no other.

tantivy opens a lock file in the folder for writing, also to search, so that a writer deletes no file that is about to
be opened. A reader that may not write there cannot do that. So a commit is opened through a folder of its own in
memory: a copy of tantivy's list of segments, and links to their files. It is removed as soon as the files are mapped
into memory. A file that a writer has deleted meanwhile is noticed, and the reader opens the next commit. All of this
takes .8 ms instead of .4, once per commit and process.
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
    """Open a commit; later commits do not change what its searcher finds.

    Raises:
        FileDamage: a file is missing, or tantivy cannot read it.
        OSError: a file cannot be read.
        StorageUnavailable: the folder of links cannot be made.
    """
    for path in files.paths:
        footer_of(path)
    folder = _linked(files)
    try:
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")  # no thread that waits for commits, which are not made in this folder
        return index
    except BaseException as error:
        if not isinstance(error, ValueError) and not is_panic(error):
            raise
        if problem := system_error(error, files.generation):
            raise problem from error
        raise _first_damage(files) from error
    finally:
        _remove(folder)


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
            (folder / "meta.json").write_bytes(files.meta)
            for path in files.paths:
                (folder / path.name).symlink_to(path.absolute())
            return folder
        except OSError as error:
            reason = error.strerror or ""
            if folder:
                _remove(folder)
    raise StorageUnavailable("no-temporary-folder", reason=reason)
