"""Real processes that serve, for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

START_SECONDS = 60


def free_port() -> int:
    """Return a port on which nothing listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until something listens; fail when the process ends before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with status {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port} after {START_SECONDS} s")


def wait_until_answering(url: str, seconds: float, ended: Callable[[], str | None] = lambda: None) -> None:
    """Wait until a server answers anything but "not yet"; `ended` tells why it never will, or None."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert (why := ended()) is None, why
        try:
            with urlopen(url, timeout=2):
                return
        except HTTPError as error:
            if error.code < 500:  # it answers, and wants to know who asks
                return
        except (URLError, OSError):
            pass
        time.sleep(0.2)
    raise TimeoutError(f"no answer from {url} after {seconds} s")


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
