"""The Elasticsearch of a test run: the one that `ELASTICSEARCH_URL` names, one in Docker, or a node of the tests' own.

A run has one, however many processes share the tests. The first process starts it in the background as soon as a
collected test needs it, and stops it at the end; the workers read its address from a file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.elasticsearch.distribution import VERSION, MissingError, elasticsearch_home, java_home
from tests.elasticsearch.node import HEAP, Node
from tests.elasticsearch.node import START_SECONDS as NODE_SECONDS
from tests.servers import START_SECONDS, free_port, wait_until_answering
from tests.waiting import wait_for

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

IMAGE = f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"


class SharedElasticsearch:
    """The Elasticsearch that all processes of a run share.

    Args:
        folder: where the processes meet; made by the first one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._address = folder / "address.json"
        self._wanted = folder / "wanted"
        self._thread: threading.Thread | None = None
        self._stack = ExitStack()

    def want(self) -> None:
        """Note that a collected test needs it."""
        self._wanted.touch()

    def start_if_wanted(self) -> None:
        """Start it in the background, once; only the first process calls this."""
        if self._wanted.exists() and self._thread is None:
            self._thread = threading.Thread(target=self._start)
            self._thread.start()

    def _start(self) -> None:
        try:
            answer = {"url": self._stack.enter_context(running_elasticsearch())}
        except MissingError as missing:
            answer = {"missing": str(missing)}
        except BaseException as error:
            answer = {"error": repr(error)}
        draft = self._address.with_suffix(".draft")
        draft.write_text(json.dumps(answer), encoding="utf-8")
        draft.rename(self._address)

    def url(self) -> str:
        """Wait until it answers, and return its address; skip the test where it cannot be had."""
        wait_for(self._address.exists, NODE_SECONDS + START_SECONDS, lambda: "(Elasticsearch is still starting)")
        answer = json.loads(self._address.read_text(encoding="utf-8"))
        if "missing" in answer:
            unavailable(answer["missing"])
        assert "url" in answer, answer["error"]
        return str(answer["url"])

    def stop(self) -> None:
        """Stop it and remove the folder."""
        if self._thread is not None:
            self._thread.join()
        self._stack.close()
        shutil.rmtree(self.folder, ignore_errors=True)


SHARED = pytest.StashKey[SharedElasticsearch]()


def pytest_configure(config: pytest.Config) -> None:
    worker = getattr(config, "workerinput", None)
    folder = worker["elasticsearch"] if worker else tempfile.mkdtemp(prefix="tests-elasticsearch-")
    config.stash[SHARED] = SharedElasticsearch(Path(folder))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    node.workerinput["elasticsearch"] = str(node.config.stash[SHARED].folder)


def pytest_collection_finish(session: pytest.Session) -> None:
    shared = session.config.stash[SHARED]
    if any(map(needs_elasticsearch, session.items)) and not session.config.option.collectonly:
        shared.want()
    if not hasattr(session.config, "workerinput"):
        shared.start_if_wanted()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: WorkerController) -> None:
    node.config.stash[SHARED].start_if_wanted()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[SHARED].stop()


def needs_elasticsearch(item: pytest.Item) -> bool:
    """Return whether a test uses the Elasticsearch of the run, itself or as one of its parameters."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return "elasticsearch_url" in getattr(item, "fixturenames", ()) or "elasticsearch" in parameters


def unavailable(what: str) -> NoReturn:
    """Skip a test that has no Elasticsearch; where CI is set, fail it."""
    message = f"no Elasticsearch for the tests: missing is {what}; `make test` sets it up, or set ELASTICSEARCH_URL"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def elasticsearch_files() -> Path:
    """Elasticsearch's own files, for tests that start and kill nodes."""
    try:
        java_home()
        return elasticsearch_home()
    except MissingError as missing:
        unavailable(str(missing))


@pytest.fixture(scope="session")
def elasticsearch_url(pytestconfig: pytest.Config) -> str:
    """The address of the run's Elasticsearch, which has no security."""
    return pytestconfig.stash[SHARED].url()


@contextmanager
def running_elasticsearch() -> Iterator[str]:
    """Yield the address of an Elasticsearch without security.

    Raises:
        MissingError: what is needed to start one is missing.
    """
    if os.environ.get("ELASTICSEARCH_URL"):
        yield os.environ["ELASTICSEARCH_URL"]
    elif docker_answers():
        with docker_node() as url:
            yield url
    else:
        with open_folder() as folder:
            node = Node(folder, {"path.repo": [str(folder / "snapshots")]}, heap="1g").start()
            try:
                yield node.url
            finally:
                node.kill()  # its data is temporary


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield an empty folder that a node may enter which runs as another user; pytest's own are closed to all others."""
    with tempfile.TemporaryDirectory(prefix="elasticsearch-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def docker_answers() -> bool:
    """Whether a Docker engine answers, and not only its client is there."""
    if not shutil.which("docker"):
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=15, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@contextmanager
def docker_node() -> Iterator[str]:
    """Run the image that docker-compose.yml names, without security, and remove it afterwards."""
    port = free_port()
    settings = [
        "discovery.type=single-node",
        "xpack.security.enabled=false",
        "path.repo=/tmp/snapshots",
        f"ES_JAVA_OPTS=-Xms{HEAP} -Xmx{HEAP}",
    ]
    options = [part for setting in settings for part in ("--env", setting)]
    command = ["docker", "run", "--rm", "--detach", "--publish", f"127.0.0.1:{port}:9200", *options, IMAGE]
    container = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_answering(url, START_SECONDS * 3)
        yield url
    finally:
        subprocess.run(["docker", "stop", container], capture_output=True, check=False)
