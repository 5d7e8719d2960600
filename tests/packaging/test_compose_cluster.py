"""The settings of docker-compose.yml on real nodes, without Docker."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import ApiError, Elasticsearch, TransportError

from search_service.config.settings import Settings
from search_service.engines.elasticsearch.client import connect
from tests.elasticsearch.distribution import java_home
from tests.elasticsearch.node import START_SECONDS, Node
from tests.packaging.compose import services
from tests.servers import free_port
from tests.waiting import wait_for

PASSWORD = "secret of the tests"
TOOL = """#!/bin/sh
exec "{java}/bin/java" -Xmx64m -Dcli.name={name} -Dcli.script={name} -Dcli.libs={libraries} -Des.path.home="{home}" \
    -Des.path.conf="$ES_PATH_CONF" -Des.distribution.type=docker -Des.java.type=bundled \
    -cp "{home}/lib/*:{home}/lib/cli-launcher/*" org.elasticsearch.launcher.CliToolLauncher "$@"
"""
"""A command of Elasticsearch as in the image; the files of the tests have the libraries but not the scripts."""

LIBRARIES = {
    "certutil": "modules/x-pack-core,modules/x-pack-security,lib/tools/security-cli",
    "keystore": "lib/tools/keystore-cli",
}


class ComposeNode(Node):
    """A node with the settings of a service of the file, its certificates and its password."""

    def __init__(self, folder: Path, service: Mapping[str, Any], transport_ports: Mapping[str, int]) -> None:
        self.service = service
        # As the image's entry point does: a variable with a dot is a setting.
        given = {name: value for name, value in service["environment"].items() if "." in name}
        seeds = [
            f"127.0.0.1:{transport_ports[name]}" for name in given.get("discovery.seed_hosts", "").split(",") if name
        ]
        here = {"transport.port": transport_ports[given["node.name"]], "discovery.seed_hosts": seeds}
        super().__init__(folder, {"discovery.type": None, **given, **here})

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Do nothing: requests need the password and the certificate, so `Cluster.client` waits."""

    def look_after(self) -> None:
        """Fail when the node has ended."""
        why = self._ended()
        assert why is None, why


@pytest.fixture(scope="module")
def tools(elasticsearch_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the commands of the image."""
    folder = tmp_path_factory.mktemp("bin")
    for name, libraries in LIBRARIES.items():
        command = TOOL.format(java=java_home(), name=name, libraries=libraries, home=elasticsearch_files)
        (folder / f"elasticsearch-{name}").write_text(command)
        (folder / f"elasticsearch-{name}").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def certificates(tools: Path, elasticsearch_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates that the service `certificates` creates."""
    folder = tmp_path_factory.mktemp("certs")
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "ES_PATH_CONF": str(elasticsearch_files / "config")}
    for _ in range(2):  # the second run keeps them
        subprocess.run(services("one", {})["certificates"]["command"], cwd=folder, env=environment, check=True)
    return folder


class Cluster:
    """Nodes of the Compose file, each in a folder that outlives it, like a volume."""

    def __init__(self, folder: Path, home: Path, tools: Path, certificates: Path) -> None:
        self._folder = folder
        self._home = home
        self._tools = tools
        self.certificates = certificates
        self._nodes: list[ComposeNode] = []

    def start(self, profile: str) -> None:
        """Start the nodes of a profile."""
        found = services(profile, {"ELASTIC_PASSWORD": PASSWORD})
        nodes = [service for name, service in found.items() if name.startswith("elasticsearch")]
        ports = {service["environment"]["node.name"]: free_port() for service in nodes}
        self._nodes = [ComposeNode(self._volume(service), service, ports) for service in nodes]
        for node in self._nodes:
            node.start()

    def _volume(self, service: Mapping[str, Any]) -> Path:
        """Return the folder of a node; a new one gets the certificates and the password."""
        folder = self._folder / str(service["environment"]["node.name"])
        if not folder.is_dir():
            config = folder / "config"
            shutil.copytree(self._home / "config", config)
            shutil.copytree(self.certificates, config / "certs")
            self._keystore(config, "create")
            # As the image's entry point does with ELASTIC_PASSWORD.
            self._keystore(
                config, "add", "--stdin", "bootstrap.password", typed=service["environment"]["ELASTIC_PASSWORD"]
            )
        return folder

    def _keystore(self, config: Path, *arguments: str, typed: str = "") -> None:
        command = [str(self._tools / "elasticsearch-keystore"), *arguments]
        subprocess.run(command, env={"ES_PATH_CONF": str(config)}, input=typed.encode(), check=True)

    def settings(self, profile: str, **changes: str) -> Settings:
        """Return the settings of the service of a profile from the file, with the addresses of the nodes."""
        [service] = [one for name, one in services(profile, {"ELASTIC_PASSWORD": PASSWORD}).items() if "arabic" in name]
        urls = ",".join(node.url for node in self._nodes)
        here = {"ELASTICSEARCH_URL": urls, "ELASTICSEARCH_CA_CERTIFICATE": str(self.certificates / "ca" / "ca.crt")}
        return Settings.from_environment({**service["environment"], **here, **changes})

    def client(self, profile: str) -> Elasticsearch:
        """Return a client with the settings of the service when all nodes have joined and hold their copies."""
        client = connect(self.settings(profile).elasticsearch)

        def is_whole() -> bool:
            for node in self._nodes:
                node.look_after()
            try:
                health = client.cluster.health(
                    wait_for_status="green", wait_for_nodes=str(len(self._nodes)), timeout="5s",
                    wait_for_no_relocating_shards=True,
                )  # fmt: skip
            except (ApiError, TransportError):
                return False
            return not health["timed_out"]

        wait_for(is_whole, START_SECONDS, lambda: "\n".join(node.log.read_text()[-3_000:] for node in self._nodes))
        return client

    def is_healthy(self, password: str) -> bool:
        """Whether the health check of the first node succeeds."""
        node = self._nodes[0]
        _, check = node.service["healthcheck"]["test"]
        command = ["sh", "-c", check.replace(":9200", f":{node.port}")]
        environment = {"PATH": os.environ["PATH"], "ELASTIC_PASSWORD": password}
        done = subprocess.run(command, cwd=node.folder, env=environment, capture_output=True, check=False)
        return done.returncode == 0

    def stop(self) -> None:
        for node in self._nodes:
            node.stop()
        self._nodes = []


@pytest.fixture
def cluster(elasticsearch_files: Path, tools: Path, certificates: Path) -> Iterator[Cluster]:
    # Not in pytest's folders: only their owner may enter those, and nodes started by root run as another user.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder), elasticsearch_files, tools, certificates)
        yield made
        made.stop()


def test_a_node_wants_the_password_and_becomes_one_of_three_with_its_indexes(cluster: Cluster) -> None:
    cluster.start("one")
    client = cluster.client("one")
    client.indices.create(index="kept", settings={"auto_expand_replicas": "0-1"})
    client.index(index="kept", document={"title": "خبر"}, refresh=True)
    assert cluster.is_healthy(PASSWORD)
    identity = client.info()["cluster_uuid"]

    with pytest.raises(ApiError) as refused:
        connect(cluster.settings("one", ELASTICSEARCH_PASSWORD="another").elasticsearch).info()
    assert refused.value.status_code == HTTPStatus.UNAUTHORIZED
    assert not cluster.is_healthy("another")
    with pytest.raises(TransportError, match="certificate"):
        connect(cluster.settings("one", ELASTICSEARCH_CA_CERTIFICATE="").elasticsearch).info()
    cluster.stop()

    cluster.start("three")
    client = cluster.client("three")
    assert client.info()["cluster_uuid"] == identity
    assert client.count(index="kept")["count"] == 1
    # Shards may be moved between nodes at any time, so this asks what does not change with it: a copy on another node.
    assert client.cluster.health(index="kept")["active_primary_shards"] == 1
    wait_for(lambda: client.cluster.health(index="kept")["active_shards"] == 2)


def test_a_node_can_read_its_key_and_the_service_cannot(certificates: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in certificates.rglob("*.*")}
    assert modes == {"ca.key": 0o600, "ca.crt": 0o644, "node.key": 0o640, "node.crt": 0o644}
