"""A small file system, for tests that fill it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = 8_000_000


@contextmanager
def small_disk(folder: Path, options: str = "") -> Iterator[Path]:
    """Mount a file system in memory at a folder; without the right to mount, skip the test, and fail in CI as root."""
    folder.mkdir()
    arguments = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},{options}".rstrip(","), "tmpfs", str(folder)]
    mounted = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if mounted.returncode:
        (pytest.fail if os.environ.get("CI") and os.geteuid() == 0 else pytest.skip)(
            f"cannot mount a file system ({mounted.stderr.strip()}); the limit of file sizes is tested without it"
        )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def leave_free(disk: Path, size: int) -> Path:
    """Fill a disk up to so many bytes and return the file that does it."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize
    with ballast.open("wb") as stream:
        stream.write(bytes(max(0, free - size)))
    return ballast
