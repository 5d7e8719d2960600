"""One cluster for all tests that start, hang or kill nodes: first one node, then three."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.elasticsearch.plugin import open_folder
from tests.nodes.cluster import Cluster, make_certificates, make_tools


@pytest.fixture(scope="package")
def tools(elasticsearch_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the commands of the image."""
    folder = tmp_path_factory.mktemp("bin")
    make_tools(folder, elasticsearch_files)
    return folder


@pytest.fixture(scope="package")
def certificates(tools: Path, elasticsearch_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates that the service `certificates` creates."""
    folder = tmp_path_factory.mktemp("certs")
    for _ in range(2):  # the second run keeps them
        make_certificates(folder, elasticsearch_files, tools)
    return folder


@pytest.fixture(scope="package")
def nodes(elasticsearch_files: Path, tools: Path, certificates: Path) -> Iterator[Cluster]:
    """The cluster, of which no node runs yet."""
    with open_folder() as folder:
        made = Cluster(folder, elasticsearch_files, tools, certificates)
        yield made
        made.kill()
