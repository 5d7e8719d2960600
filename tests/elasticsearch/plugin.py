"""Fixtures that give tests a real Elasticsearch: one that is named, one in Docker, or a node of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tests.elasticsearch.distribution import VERSION, MissingError, elasticsearch_home, java_home
from tests.elasticsearch.node import HEAP, Node
from tests.servers import START_SECONDS, free_port, wait_until_answering

IMAGE = f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"


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
def elasticsearch_url() -> Iterator[str]:
    """The address of a running Elasticsearch without security."""
    if os.environ.get("ELASTICSEARCH_URL"):
        yield os.environ["ELASTICSEARCH_URL"]
    elif docker_answers():
        with docker_node() as url:
            yield url
    else:
        with open_folder() as folder:
            try:
                node = Node(folder, heap="1g").start()
            except MissingError as missing:
                unavailable(str(missing))
            yield node.url
            node.stop()


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give an empty folder that a node may enter which runs as another user; pytest's own are closed to all others."""
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
    settings = ["discovery.type=single-node", "xpack.security.enabled=false", f"ES_JAVA_OPTS=-Xms{HEAP} -Xmx{HEAP}"]
    options = [part for setting in settings for part in ("--env", setting)]
    command = ["docker", "run", "--rm", "--detach", "--publish", f"127.0.0.1:{port}:9200", *options, IMAGE]
    container = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_answering(url, START_SECONDS * 3)
        yield url
    finally:
        subprocess.run(["docker", "stop", container], capture_output=True, check=False)
