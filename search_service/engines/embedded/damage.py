"""Which file of an index is damaged."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from search_service.core.errors import DamagedIndex
from search_service.core.message import message
from search_service.engines.embedded.checksums import TANTIVY, FileDamage, check_content, damaged, recorded
from search_service.engines.embedded.commits import CommitFiles, last_commit
from search_service.engines.embedded.metadata import read_meta

REMEMBERED = 100
"""Commits whose check is remembered, so that a failing request does not read all files each time."""

State = tuple[int, int, int]


class FailureCauses:
    """The results of checks that failures caused, by commit."""

    def __init__(self) -> None:
        self._checked: OrderedDict[bytes, tuple[FileDamage, Path, State] | None] = OrderedDict()
        self._mutex = threading.Lock()

    def known(self, files: CommitFiles) -> FileDamage | None:
        """Return the damage that was found in a commit, unless the file has been replaced since."""
        found = self._checked.get(files.meta)
        if found is None or _state(found[1]) == found[2]:
            return found[0] if found else None
        self._checked.pop(files.meta, None)
        return None

    def damage(self, files: CommitFiles) -> FileDamage | None:
        """Read all files of a commit and return the damage, None if there is none or nothing can be read any more."""
        with self._mutex:
            if files.meta not in self._checked:
                self._checked[files.meta] = _first_damage(files)
                if len(self._checked) > REMEMBERED:
                    self._checked.popitem(last=False)
        return self.known(files)


def check_generation(index: str, generation: Path) -> dict[str, Any]:
    """Compare every file of a generation with its checksum and return its metadata.

    Raises:
        DamagedIndex: a file is missing or differs.
        OSError: one cannot be opened.
    """
    try:
        meta = read_meta(index, generation)
        last_commit(generation).check()
    except FileDamage as damage:
        raise damaged(index, damage.problem) from damage
    return meta


def damage_of(index: str, error: Exception) -> DamagedIndex:
    """Return the error of an index that cannot be opened."""
    if isinstance(error, DamagedIndex):
        return error
    damage = error if isinstance(error, FileDamage) else FileDamage(message("index-file-missing", file="meta.json"))
    return damaged(index, damage.problem)


def _first_damage(files: CommitFiles) -> tuple[FileDamage, Path, State] | None:
    sums = recorded(files.generation)
    for path in files.paths:
        try:
            check_content(path, sums.get(f"{TANTIVY}/{path.name}"))
        except FileDamage as damage:
            if damage.problem.code == "index-file-missing" and last_commit(files.generation).meta != files.meta:
                continue  # a later commit has removed it
            return damage, path, _state(path)
    return None


def _state(path: Path) -> State:
    try:
        state = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return state.st_ino, state.st_size, state.st_mtime_ns
