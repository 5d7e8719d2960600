"""Real processes that serve, for tests."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.waiting import wait_for

START_SECONDS = 60

CONFIGURATION = "python:search_service.server.configuration"
"""The value of gunicorn's option `--config`."""


def free_port() -> int:
    """Return a port on which nothing listens, and which nobody else is given as long as this process lives.

    A socket that does not listen keeps it: the system chooses it for no other one, while a server, as it allows the
    reuse of its address, can listen on it.
    """
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", 0))
    atexit.register(keeper.close)
    port: int = keeper.getsockname()[1]
    return port


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until something listens; fail when the process ends before."""

    def listens() -> bool:
        assert process.poll() is None, f"the server ended with status {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    wait_for(listens, START_SECONDS, lambda: f"(nothing listens on port {port})")


def wait_until_answering(
    url: str, seconds: float, ended: Callable[[], str | None] = lambda: None, context: ssl.SSLContext | None = None
) -> None:
    """Wait until a server answers with a status below 500; `ended` returns why it never will, or None."""

    def answers() -> bool:
        assert (why := ended()) is None, why
        try:
            with urlopen(url, timeout=2, context=context):
                return True
        except HTTPError as error:
            with error:
                return error.code < 500  # 401: it answers, and wants a password
        except (URLError, OSError):
            return False

    wait_for(answers, seconds, lambda: f"(no answer from {url})")


@contextmanager
def serving(
    command: Sequence[str | Path], port: int, cwd: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Path]:
    """Run a command that serves on a port and end it afterwards; yields the file with what it printed."""
    log = cwd / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(environment or {})}, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
        try:
            wait_for_port(port, process)
            yield log
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(START_SECONDS)
