"""Backups of indexes: archives of the files of one commit.

The files are opened before they are read: what a writer removes meanwhile stays readable. So a backup needs no lock and
only the right to read, and it has exactly one commit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

from search_service.core.errors import DamagedIndex, InvalidParameter, UnreadableSource
from search_service.core.files import naming
from search_service.core.index_name import IndexName
from search_service.engines.backups import BackupStats
from search_service.engines.embedded import archive
from search_service.engines.embedded.checksums import META, TANTIVY, TANTIVY_META, FileDamage, read_checked
from search_service.engines.embedded.commits import CommitFiles, last_commit, open_commit
from search_service.engines.embedded.damage import check_generation
from search_service.engines.embedded.durable import sync_folder
from search_service.engines.embedded.metadata import parse_meta, write_meta
from search_service.engines.embedded.storage import Storage
from search_service.engines.embedded.writer import seal


class _OpenFiles(NamedTuple):
    """The files of a commit, open, so that they stay readable when they are removed."""

    files: CommitFiles
    meta: bytes
    documents: int
    streams: Mapping[str, IO[bytes]]


def write_backup(storage: Storage, index: IndexName, path: Path, fingerprint: str) -> BackupStats:
    """Write the last commit of an index to a new file, which is complete and on the disk when it has its name.

    Raises:
        UnknownIndex: there is no such index.
        DamagedIndex: a file of it is missing or differs from its checksum.
        InvalidParameter: there is a file of that name.
        OSError: the file cannot be written.
    """
    if path.exists():
        raise InvalidParameter("file", "path-exists", path=str(path))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with ExitStack() as stack:
        opened = storage.read_current(index, lambda generation: _open_files(index, generation, stack))
        meta = parse_meta(opened.meta)
        header = {
            "index": index,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "schema": meta["schema"]["name"],
            "fingerprint": meta["fingerprint"],
            "documents": opened.documents,
        }
        contents = [
            archive.content(META, opened.meta),
            archive.content(TANTIVY_META, opened.files.meta),
            *(archive.Content(name, one, os.fstat(one.fileno()).st_size) for name, one in opened.streams.items()),
        ]
        stack.callback(temporary.unlink, missing_ok=True)
        with naming(path):
            with temporary.open("wb") as stream:
                archive.write_archive(stream, header, contents)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
            sync_folder(path.parent)
    size = sum(one.size for one in contents)
    return BackupStats(index, str(path), opened.documents, size, meta["fingerprint"] == fingerprint)


def _open_files(index: IndexName, generation: Path, stack: ExitStack) -> _OpenFiles:
    """Open the files of the last commit, and compare them with their checksums."""
    files = last_commit(generation)
    with ExitStack() as opening:
        streams = {f"{TANTIVY}/{path.name}": opening.enter_context(path.open("rb")) for path in files.paths}
        check_generation(index, generation)
        documents = open_commit(files).searcher().num_docs
        found = _OpenFiles(files, read_checked(generation, META), documents, streams)
        stack.push(opening.pop_all())
    return found


class Restore:
    """Reads a backup into a new generation.

    Args:
        path: the file.
        stream: its content.

    Raises:
        UnreadableSource: it is no backup, or damaged.

    Attributes:
        index: the name of the index that it is of.
        fingerprint: of the configuration that it was made with.
    """

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path = path
        self._reader = archive.ArchiveReader(path, stream)
        try:
            self.index = IndexName(str(self._reader.header["index"]))
        except (KeyError, InvalidParameter):
            raise UnreadableSource("not-a-backup", path=str(path)) from None
        self.fingerprint = str(self._reader.header.get("fingerprint"))

    def fill(self, storage: Storage, index: IndexName) -> tuple[Path, int]:
        """Write the files to a new generation, check that it can be opened, and return it and its number of documents.

        The caller holds the lock of the index.
        """
        sequence = storage.next_sequence(index)
        generation = storage.new_generation(index)
        self._reader.extract(generation)
        try:
            meta = parse_meta((generation / META).read_bytes())
            write_meta(generation, {**meta, "sequence": sequence})
            seal(generation)
            check_generation(index, generation)
            return generation, open_commit(last_commit(generation)).searcher().num_docs
        except (FileDamage, FileNotFoundError, DamagedIndex) as damage:
            raise UnreadableSource("not-a-backup", path=str(self._path)) from damage


@contextmanager
def opened_backup(path: Path) -> Iterator[Restore]:
    """Open a backup.

    Raises:
        UnreadableSource: it cannot be read, is no backup, or is damaged.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UnreadableSource("backup-not-readable", path=str(path), reason=error.strerror or "") from error
    with stream:
        yield Restore(path, stream)
