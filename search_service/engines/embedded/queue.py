"""The changes of an index that are acknowledged and in no commit yet: a table of SQLite in the folder of the index.

Every process may append to it. What a transaction has appended is on the disk when it ends (`synchronous=FULL`), and a
change stays in the table until a commit of tantivy has it. Changes are whole documents or removals: applying one twice
is applying it once.

A change that cannot be applied (`replay`) moves to a second table, with the reason, so that the others go on. It stays
there until its document is changed again.

A queue is closed when its index is removed, in a transaction of its own: a process that still has the file open finds
out, and acknowledges nothing that nobody would apply.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from search_service.core.errors import EngineOverloaded, EngineUnavailable, SearchServiceError, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.core.message import from_json, message, to_json
from search_service.engines.documents import FailedChange
from search_service.engines.embedded.attempts import ATTEMPT, Attempts
from search_service.engines.embedded.checksums import damaged
from search_service.engines.embedded.durable import sync_folder

QUEUE = "changes.sqlite"
"""The file, in the folder of an index. SQLite keeps two more beside it while a process has it open."""

TURN = "changes.lock"
"""A file that processes lock before they change the queue. SQLite would let them poll, each time longer."""

WAL = f"{QUEUE}-wal"
FILES = (QUEUE, WAL, f"{QUEUE}-shm", TURN, ATTEMPT)

WAL_BYTES = 8_000_000
"""Bytes of SQLite's log, after which whoever removes changes moves them to the file. Left to SQLite, it would be the
next who appends, and that takes a tenth of a second."""

BUSY_SECONDS = 5.0
"""Time for which a transaction waits for others. One takes some 3 ms: a sync of the disk."""

RETRY_SECONDS = 0.01
"""Time between two attempts to open a queue that another process is just creating."""

CLOSED = 1
"""The `user_version` of a queue whose index is removed."""

READ_BYTES = 1_000_000
"""Changes are read until they have so many bytes together: one document may have 10 MB."""

SMALL_BYTES = 1_000_000
"""Free bytes of a disk on which a write fails because it is full; SQLite does not always say."""

LARGEST = 2**63 - 1
"""The largest integer of SQLite."""

REMOVAL = "DELETE FROM changes WHERE number <= ?"

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS changes (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, document BLOB);
CREATE INDEX IF NOT EXISTS changes_by_id ON changes (id, number);
CREATE TABLE IF NOT EXISTS failed (id TEXT PRIMARY KEY, number INTEGER NOT NULL, document BLOB, reason TEXT NOT NULL);
"""

HAS_FAILED = "SELECT 1 FROM sqlite_master WHERE name = 'failed'"
"""Returns a row if the queue has the table of failed changes; older queues lack it."""

SET_ASIDE = """
INSERT OR REPLACE INTO failed (id, number, document, reason)
SELECT :id, :number, :document, :reason WHERE NOT EXISTS (SELECT 1 FROM changes WHERE id = :id AND number > :number)
"""
"""Sets a change aside, unless a later change of its document waits."""


class QueuedChange(NamedTuple):
    """A change that waits.

    Attributes:
        number: greater than those of all earlier changes.
        document: the document as JSON, with its id; None if it is removed.
    """

    number: int
    id: str
    document: bytes | None


class ChangeQueue:
    """The queue of one index. Thread-safe.

    All methods raise OSError, which names the file, if it cannot be read or written; DamagedIndex if it is damaged; and
    EngineOverloaded if other processes hold it for too long.

    Args:
        index: the name of the index.
        folder: of the index.

    Attributes:
        attempts: notes which changes are being applied.
    """

    def __init__(self, index: IndexName, folder: Path) -> None:
        self._index = index
        self._folder = folder
        self.path = folder / QUEUE
        self.attempts = Attempts(folder)
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._has_turn = False
        self._mutex = threading.RLock()

    # Reading: without a file, nothing waits

    def waiting(self) -> int:
        """Return how many changes wait, or some more."""
        with self._reading() as connection:
            if connection is None:
                return 0
            first, last = connection.execute("SELECT min(number), max(number) FROM changes").fetchone()
            return 0 if first is None else int(last - first + 1)

    def first(self) -> int | None:
        """Return the number of the oldest change that waits; None if none does."""
        with self._reading() as connection:
            found = connection.execute("SELECT min(number) FROM changes").fetchone() if connection else None
            return found[0] if found else None

    def last(self) -> int:
        """Return the number of the newest change that waits, 0 if none does."""
        with self._reading() as connection:
            found = connection.execute("SELECT max(number) FROM changes").fetchone() if connection else None
            return int(found[0] or 0) if found else 0

    def find(self, document_id: str) -> QueuedChange | None:
        """Return the last change of a document that waits."""
        with self._reading() as connection:
            if connection is None:
                return None
            query = "SELECT number, id, document FROM changes WHERE id = ? ORDER BY number DESC LIMIT 1"
            found = connection.execute(query, (document_id,)).fetchone()
            return QueuedChange(*found) if found else None

    def read(self, after: int, most: int) -> Sequence[QueuedChange]:
        """Return the oldest changes after a number: at most so many, and hardly more than `READ_BYTES`."""
        found: list[QueuedChange] = []
        size = 0
        with self._reading() as connection:
            if connection is None:
                return ()
            query = "SELECT number, id, document FROM changes WHERE number > ? ORDER BY number LIMIT ?"
            for row in connection.execute(query, (after, most)):
                found.append(QueuedChange(*row))
                size += len(found[-1].document or b"")
                if size > READ_BYTES:
                    break
        return found

    def failed(self, most: int) -> Sequence[FailedChange]:
        """Return the first changes that could not be applied, at most so many."""
        with self._reading() as connection:
            if connection is None:
                return ()
            rows = connection.execute(
                "SELECT number, id, document, reason FROM failed ORDER BY number LIMIT ?", (most,)
            )
            return [FailedChange(number, one, document, from_json(text)) for number, one, document, text in rows]

    def count_failed(self, first: int = 0, last: int = LARGEST) -> int:
        """Return how many changes could not be applied, of those between two numbers."""
        with self._reading() as connection:
            if connection is None:
                return 0
            query = "SELECT count(*) FROM failed WHERE number BETWEEN ? AND ?"
            return int(connection.execute(query, (first, last)).fetchone()[0])

    # Changing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the queue: nobody else appends or removes.

        What is done in the context is on the disk after it, or, after an error, undone.

        Raises:
            UnknownIndex: the index is removed.
        """
        with self._mutex, self._errors(), self._turn():
            connection = self._opened(create=True)
            connection.execute("BEGIN IMMEDIATE")
            try:
                if connection.execute("PRAGMA user_version").fetchone()[0] == CLOSED:
                    raise UnknownIndex(self._index)
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def append(self, document_id: str, document: bytes | None) -> int:
        """Append a change, in a transaction, and return its number."""
        with self._mutex, self._errors():
            connection = self._opened(create=True)
            connection.execute("DELETE FROM failed WHERE id = ?", (document_id,))
            rows = connection.execute("INSERT INTO changes (id, document) VALUES (?, ?)", (document_id, document))
            return int(rows.lastrowid or 0)

    def discard(self, ids: Sequence[str] = ()) -> int:
        """Remove the changes of some documents, or all, that could not be applied, in a transaction.

        Returns:
            How many there were.
        """
        with self._mutex, self._errors():
            connection = self._opened(create=True)
            if not ids:
                return connection.execute("DELETE FROM failed").rowcount
            return sum(connection.execute("DELETE FROM failed WHERE id = ?", (one,)).rowcount for one in ids)

    def retry(self, ids: Sequence[str] = ()) -> int:
        """Append the failed changes of some documents, or of all, to the queue again, in a transaction.

        No later change of these documents waits: it would have removed them.

        Returns:
            How many there were.
        """
        found = [one for one in self.failed(LARGEST) if not ids or one.id in ids]
        for one in found:
            self.append(one.id, one.document)
        return len(found)

    def remove(self, up_to: int, failed: Sequence[FailedChange] = ()) -> None:
        """Remove the changes up to a number: a commit has them, without those that failed, which are set aside.

        The removal need not be on the disk: after a power failure they are applied again, which changes nothing.
        """
        with self._mutex, self._errors():
            connection = self._opened(create=True)
            if connection.in_transaction:
                _remove(connection, up_to, failed)
                return
            with self._turn(), _not_synced(connection), connection:
                connection.execute("BEGIN IMMEDIATE")
                _remove(connection, up_to, failed)
            if os.stat(self._folder / WAL).st_size > WAL_BYTES:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # most of it, beside those who append
                with self._turn():
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close_for_ever(self) -> None:
        """Close the queue of an index that is removed, and remove it."""
        with self._mutex, self._errors():
            if self._is_there():
                with suppress(SearchServiceError, OSError, sqlite3.Error):  # a damaged one must not keep its index
                    self._opened(create=True).execute(f"PRAGMA user_version = {CLOSED}")
            self.disconnect()
            for name in FILES:
                (self._folder / name).unlink(missing_ok=True)

    def disconnect(self) -> None:
        """Close the file."""
        with self._mutex:
            if self._connection:
                self._connection.close()
            self._connection = None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until no other process changes the queue. A transaction of this process may contain others of it."""
        if self._has_turn:
            yield
            return
        if not os.path.lexists(self._folder / "current") and not self.path.exists():
            raise UnknownIndex(self._index)
        descriptor = os.open(self._folder / TURN, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._has_turn = True
            yield
        finally:
            self._has_turn = False
            os.close(descriptor)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """Hold the connection; None if nothing was ever appended."""
        with self._mutex, self._errors():
            yield self._opened(create=False) if self._is_there() else None

    def _is_there(self) -> bool:
        """Whether there is a file; if it is another one than is open, close that."""
        try:
            inode = os.stat(self.path).st_ino
        except (FileNotFoundError, NotADirectoryError):
            inode = 0
        if inode != self._inode:
            self.disconnect()
        return inode != 0

    def _opened(self, *, create: bool) -> sqlite3.Connection:
        self._is_there()  # forgets a connection to another file
        end = time.monotonic() + BUSY_SECONDS
        while self._connection is None:
            try:
                return self._connect(create)
            except sqlite3.OperationalError as error:
                # Whoever creates the file locks it for a moment in a way that nobody can wait for.
                if _code(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > end:
                    raise
                time.sleep(RETRY_SECONDS)
        return self._connection

    def _connect(self, create: bool) -> sqlite3.Connection:
        self.disconnect()
        is_new = not self.path.exists()
        if is_new and not os.path.lexists(self._folder / "current"):
            raise UnknownIndex(self._index)
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=16
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            if create or not connection.execute(HAS_FAILED).fetchone():
                connection.executescript(SCHEMA)
            if is_new:
                sync_folder(self._folder)
            self._inode = os.stat(self.path).st_ino
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise the errors of SQLite as those of the operating system or of the service."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._translated(error) from error

    def _translated(self, error: sqlite3.Error) -> Exception:
        match _code(error):
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return EngineOverloaded("changes-busy", index=self._index)
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                return damaged(self._index, message("change-queue-damaged", file=QUEUE))
            case sqlite3.SQLITE_FULL:
                return self._os_error(errno.ENOSPC)
            case sqlite3.SQLITE_IOERR if self._is_full():
                return self._os_error(errno.ENOSPC)
            case sqlite3.SQLITE_IOERR:
                return self._os_error(errno.EIO)
            case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM if not self._is_full():
                return self._os_error(errno.EACCES)
            case sqlite3.SQLITE_CANTOPEN:
                return self._os_error(errno.ENOSPC)
        return EngineUnavailable("commit-failed", reason=str(error))

    def _os_error(self, number: int) -> OSError:
        self._inode = -1  # it is opened again: after a failure of the disk SQLite's view of it may be wrong
        return OSError(number, os.strerror(number), str(self.path))

    def _is_full(self) -> bool:
        try:
            disk = os.statvfs(self._folder)
        except OSError:
            return False
        return disk.f_bavail * disk.f_frsize < SMALL_BYTES


def _remove(connection: sqlite3.Connection, up_to: int, failed: Sequence[FailedChange]) -> None:
    for one in failed:
        values = {"id": one.id, "number": one.number, "document": one.document, "reason": to_json(one.reason)}
        connection.execute(SET_ASIDE, values)
    connection.execute(REMOVAL, (up_to,))


def _code(error: sqlite3.Error) -> int:
    """Return the primary code of an error of SQLite."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


@contextmanager
def _not_synced(connection: sqlite3.Connection) -> Iterator[None]:
    """Let commits return before they are on the disk."""
    connection.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous = FULL")
