"""Real Elasticsearch nodes for tests: started, stopped, killed."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.elasticsearch.distribution import elasticsearch_home, java_home
from tests.servers import free_port, wait_until_answering

START_SECONDS = 180
HEAP = "512m"
FAST_COMPILER = "-XX:TieredStopAtLevel=1"
"""Only Java's fast compiler: a node starts with 11 s of processor time instead of 20 s, and makes indexes as fast."""

UNVERIFIED = "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
"""Elasticsearch's own classes are loaded without being verified: a second less for each start."""

ONE_COLLECTOR = "-XX:-UseG1GC -XX:+UseSerialGC"
"""Garbage is collected by one thread; G1 starts several, for heaps that are larger."""

QUICK_START = f"{FAST_COMPILER} {UNVERIFIED} {ONE_COLLECTOR}"
"""Together 9.7 s of processor time for a start, with the options of the launcher's own Java, instead of 12.5 s."""

TOOL_OPTIONS = f"-Xmx64m {FAST_COMPILER} {UNVERIFIED} -XX:+UseSerialGC"
"""Of the short commands of Elasticsearch, one of which prepares each start."""

GUARD = 'cat > /dev/null; kill -s KILL -- "-$1" 2> /dev/null'
"""Ends a group of processes when nobody is left who holds the other end of its input: when the tests ended, however."""

UNPRIVILEGED = "nobody"
"""The user that nodes run as when the tests run as root, which Elasticsearch refuses."""


class Node:
    """One node in a folder of its own, without security unless the settings ask for it.

    Args:
        folder: an empty folder, or that of a node that is started again.
        settings: beside those that make it a node for tests.
        heap: of its Java.
        java_options: beside the heap.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, Any] | None = None,
        heap: str = HEAP,
        java_options: str = QUICK_START,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.transport_port = free_port()
        self._heap = heap
        self._java_options = java_options
        self.settings: dict[str, Any] = {
            "http.port": self.port,
            "transport.port": self.transport_port,
            "network.host": "127.0.0.1",
            "path.data": str(folder / "data"),
            "path.logs": str(folder / "logs"),
            "discovery.type": "single-node",
            "xpack.security.enabled": False,
            "cluster.routing.allocation.disk.threshold_enabled": False,
            **(settings or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the node answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.folder / "output.log"

    def start(self, wait: bool = True) -> Node:
        """Start it and wait until it answers."""
        home, config = elasticsearch_home(), self.folder / "config"
        if not config.is_dir():
            shutil.copytree(home / "config", config)
        settings = {name: value for name, value in self.settings.items() if value is not None}
        lines = [f"{name}: {json.dumps(value)}" for name, value in settings.items()]
        (config / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        self._process = self._launch(home, config)
        self._guard = subprocess.Popen(
            ["sh", "-c", GUARD, "sh", str(self._process.pid)], stdin=subprocess.PIPE, start_new_session=True
        )
        if wait:
            self.wait()
        return self

    def _launch(self, home: Path, config: Path) -> subprocess.Popen[bytes]:
        java = java_home()
        environment = {
            "PATH": os.environ["PATH"],
            "JAVA": str(java / "bin" / "java"),
            "ES_JAVA_HOME": str(java),
            "ES_HOME": str(home),
            "ES_PATH_CONF": str(config),
            "ES_DISTRIBUTION_TYPE": "zip",
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_TMPDIR": str(self.folder / "tmp"),
            "CLI_JAVA_OPTS": TOOL_OPTIONS,  # of the Java that prepares the start
            "ES_JAVA_OPTS": f"-Xms{self._heap} -Xmx{self._heap} {self._java_options}",
            "HOSTNAME": "localhost",
        }
        user: dict[str, Any] = {}
        if os.getuid() == 0:
            entry = pwd.getpwnam(UNPRIVILEGED)
            user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        launcher = ["-cp", f"{home}/lib/tools/server-launcher/*", "org.elasticsearch.server.launcher.ServerLauncher"]
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [java / "bin" / "java", f"-Des.path.home={home}", f"-Des.path.conf={config}", *launcher],
                cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, **user,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until the node answers."""
        wait_until_answering(self.url, START_SECONDS, self._ended)

    def _ended(self) -> str | None:
        if self._process is None or self._process.poll() is None:
            return None
        return f"Elasticsearch ended:\n{self.log.read_text()[-5_000:]}"

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended since."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a loss of power does."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Let it hang: it accepts connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._signal(signal.SIGCONT)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._signal(number)
            self._process.wait(60)
            self._process = None
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)
