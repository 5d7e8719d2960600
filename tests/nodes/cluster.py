"""Nodes with the settings of docker-compose.yml: without Docker."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError

from search_service.config.settings import Settings
from search_service.engines.elasticsearch.client import connect
from tests.elasticsearch.distribution import java_home
from tests.elasticsearch.node import START_SECONDS, TOOL_OPTIONS, Node
from tests.packaging.compose import services
from tests.servers import free_port
from tests.waiting import wait_for

PASSWORD = "secret of the tests"
ADMINISTRATOR, ADMINISTRATOR_PASSWORD = "administrator", "the administrator's secret"
GUEST, GUEST_PASSWORD = "guest", "the guest's secret"
"""A user that Elasticsearch knows and does not let near any index."""

HASH_ROUNDS = 10_000
TOOL = """#!/bin/sh
exec "{java}/bin/java" {options} -Dcli.name={name} -Dcli.script={name} \
    -Dcli.libs={libraries} -Des.path.home="{home}" \
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
        """Do nothing: requests need the password and the certificate, so `Cluster` waits."""

    def look_after(self) -> None:
        """Fail when the node has ended."""
        why = self._ended()
        assert why is None, why


class Cluster:
    """The nodes of a profile of the Compose file, each in a folder that outlives it, like a volume.

    Args:
        folder: where the nodes have their folders.
        home: Elasticsearch's own files.
        tools: the folder with the commands that the image has.
        certificates: what the service `certificates` makes.
    """

    def __init__(self, folder: Path, home: Path, tools: Path, certificates: Path) -> None:
        self._folder = folder
        self._home = home
        self._tools = tools
        self.certificates = certificates
        self.profile = ""
        self.nodes: dict[str, ComposeNode] = {}

    def use(self, profile: str) -> None:
        """Run the nodes of a profile, and wait until they have found each other and hold their copies.

        One node becomes one of three with what it holds; where one is wanted after three, it begins anew.
        """
        if self.profile != profile:
            self.stop()
            if self.profile == "three":
                for volume in self._folder.iterdir():
                    shutil.rmtree(volume)
            self.profile = profile
            self._start()
        self.revive()

    def _start(self) -> None:
        found = services(self.profile, {"ELASTIC_PASSWORD": PASSWORD})
        nodes = {one["environment"]["node.name"]: one for name, one in found.items() if name.startswith("elastic")}
        ports = {name: free_port() for name in nodes}
        self.nodes = {name: ComposeNode(self._volume(name), one, ports) for name, one in nodes.items()}

    def revive(self) -> None:
        """Start the nodes that do not run, and wait until every copy is on a node and stays there, and all answer."""
        for node in self.nodes.values():
            if not node.is_running:
                node.start()
        self.wait_for(
            lambda health: (
                health["status"] == "green"
                and health["number_of_nodes"] == len(self.nodes)
                and not health["relocating_shards"]
            )
        )
        # A node joins the cluster before it answers requests. A client that met it in between would avoid it for
        # seconds, in which the others may be killed.
        wait_for(self._all_answer, START_SECONDS, self._logs, interval=0.1)

    def _all_answer(self) -> bool:
        return all(self._answers(node) for node in self.nodes.values())

    def _answers(self, node: ComposeNode) -> bool:
        node.look_after()
        with connect(self.settings(ELASTICSEARCH_URL=node.url).elasticsearch) as client:
            return client.ping()

    def _volume(self, name: str) -> Path:
        """Return the folder of a node; a new one gets the certificates, the password and the users."""
        folder = self._folder / name
        if not folder.is_dir():
            config = folder / "config"
            shutil.copytree(self._home / "config", config)
            shutil.copytree(self.certificates, config / "certs")
            # As the image's entry point does with ELASTIC_PASSWORD.
            command = [str(self._tools / "elasticsearch-keystore"), "add", "--force", "--stdin", "bootstrap.password"]
            subprocess.run(command, env={"ES_PATH_CONF": str(config)}, input=PASSWORD.encode(), check=True)
            users = {ADMINISTRATOR: ADMINISTRATOR_PASSWORD, GUEST: GUEST_PASSWORD}
            lines = (f"{name}:{hashed(password)}\n" for name, password in users.items())
            (config / "users").write_text("".join(lines))
            (config / "users_roles").write_text(f"superuser:{ADMINISTRATOR}\nnothing:{GUEST}\n")
            (config / "roles.yml").write_text("nothing:\n  cluster: [monitor]\n")
        return folder

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the nodes answer."""
        return tuple(node.url for node in self.nodes.values())

    @property
    def authority(self) -> Path:
        """The certificate of the authority that the nodes' certificates are from."""
        return self.certificates / "ca" / "ca.crt"

    def settings(self, **changes: str) -> Settings:
        """Return the settings of the service of the profile from the file, with the addresses of the nodes."""
        found = services(self.profile, {"ELASTIC_PASSWORD": PASSWORD})
        [service] = [one for name, one in found.items() if "arabic" in name]
        here = {"ELASTICSEARCH_URL": ",".join(self.urls), "ELASTICSEARCH_CA_CERTIFICATE": str(self.authority)}
        return Settings.from_environment({**service["environment"], **here, **changes})

    def client(self) -> Elasticsearch:
        """Return a client with the settings of the service."""
        return connect(self.settings().elasticsearch)

    def wait_for(self, reached: Callable[[Mapping[str, Any]], bool], seconds: float = START_SECONDS) -> float:
        """Wait until the cluster's health is as wanted, and return how long that took."""
        began = time.monotonic()
        with self.client() as client:

            def is_reached() -> bool:
                for node in self.nodes.values():
                    node.look_after()
                try:
                    return reached(client.options(request_timeout=5).cluster.health(timeout="0s").body)
                except (ApiError, TransportError):
                    return False

            wait_for(is_reached, seconds, self._logs, interval=0.1)
        return time.monotonic() - began

    def _logs(self) -> str:
        return "\n".join(node.log.read_text()[-3_000:] for node in self.nodes.values())

    def master(self) -> str:
        """The name of the node that is the master."""
        with self.client() as client:
            return str(client.cat.master(format="json", h="node").body[0]["node"])  # type: ignore[index]

    def holding(self, index: str, primary: bool) -> str:
        """The name of a node that holds a shard of an index, and is not the master."""
        with self.client() as client:
            found: Any = client.cat.shards(index=index, format="json", h="node,prirep").body
        master = self.master()
        return next(str(one["node"]) for one in found if one["node"] != master and (one["prirep"] == "p") == primary)

    def is_healthy(self, password: str) -> bool:
        """Whether the health check of the first node succeeds."""
        node = next(iter(self.nodes.values()))
        _, check = node.service["healthcheck"]["test"]
        command = ["sh", "-c", check.replace(":9200", f":{node.port}")]
        environment = {"PATH": os.environ["PATH"], "ELASTIC_PASSWORD": password}
        done = subprocess.run(command, cwd=node.folder, env=environment, capture_output=True, check=False)
        return done.returncode == 0

    def stop(self) -> None:
        """End the nodes in good order."""
        for node in self.nodes.values():
            node.stop()
        self.nodes = {}

    def kill(self) -> None:
        """End the nodes at once: nobody needs what they hold."""
        for node in self.nodes.values():
            node.kill()


def make_tools(folder: Path, home: Path) -> None:
    """Write the commands of the image."""
    for name, libraries in LIBRARIES.items():
        path = folder / f"elasticsearch-{name}"
        path.write_text(TOOL.format(java=java_home(), options=TOOL_OPTIONS, name=name, libraries=libraries, home=home))
        path.chmod(0o755)


def make_certificates(folder: Path, home: Path, tools: Path) -> None:
    """Create the certificates as the service `certificates` does."""
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "ES_PATH_CONF": str(home / "config")}
    command = services("one", {})["certificates"]["command"]
    subprocess.run(command, cwd=folder, env=environment, check=True)


def hashed(password: str) -> str:
    """Return a password as Elasticsearch's file of users has it."""
    salt = os.urandom(32)
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, HASH_ROUNDS, 32)
    return "$".join(
        ("{PBKDF2}" + str(HASH_ROUNDS), base64.b64encode(salt).decode(), base64.b64encode(derived).decode())
    )
