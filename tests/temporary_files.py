"""Where the temporary files of a run are: in memory where there is room for them.

Indexes and queues are synced at every commit. That takes some 6 ms on a disk and nothing in memory; a run syncs tens of
thousands of times. `TMPDIR` puts the files elsewhere.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")

ROOM = 6 << 30
"""Bytes. A run has 1 GB of files at most; the rest is for the processes of the tests, which take 4 GB."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # Worker processes and those that tests start have it from the environment.
    if "TMPDIR" not in os.environ and has_room():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it may have been looked up before


def has_room() -> bool:
    """Whether files can be kept in memory, programs among them."""
    try:
        memory = os.statvfs(MEMORY)
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    if memory.f_flag & (os.ST_NOEXEC | os.ST_RDONLY) or not os.access(MEMORY, os.W_OK):
        return False
    [available] = [int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")]
    return min(available, memory.f_bavail * memory.f_frsize) >= ROOM
