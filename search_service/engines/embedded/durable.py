"""Changes of files and folders that are on the disk, and survive a power failure, when the function returns.

An OSError of these functions names the file or folder, also where the operating system does not.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from search_service.core.files import naming


def write_file(path: Path, content: bytes) -> None:
    """Write a file atomically: after a failure it is as it was before."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with naming(path):
        try:
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def write_stream(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a new file; the entry in its folder is not synced. Raises FileExistsError."""
    with naming(path), path.open("xb") as stream:
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())


def make_folder(path: Path) -> None:
    """Create a folder, and its parents where they are missing."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def make_link(path: Path, target: str) -> None:
    """Create a symbolic link, or replace one atomically."""
    temporary = path.with_name(f".{target}.link")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, path)
    sync_folder(path.parent)


def touch(path: Path) -> None:
    """Create an empty file."""
    path.touch()
    sync_folder(path.parent)


def remove_file(path: Path) -> None:
    """Remove a file or link."""
    path.unlink()
    sync_folder(path.parent)


def remove_folder(path: Path) -> None:
    """Remove a folder with everything in it."""
    shutil.rmtree(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Write the entries of a folder to the disk: files created, renamed and removed in it."""
    with naming(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.EINVAL:  # a file system that cannot sync folders
                raise
        finally:
            os.close(descriptor)
