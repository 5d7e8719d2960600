"""Several real nodes that make one cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError

from tests.elasticsearch.node import START_SECONDS, Node
from tests.waiting import wait_for

LOST_QUICKLY = {
    "cluster.fault_detection.follower_check.interval": "1s",
    "cluster.fault_detection.follower_check.timeout": "2s",
}
"""A node that is killed is noticed at once, one that hangs after these many seconds, three times over."""


class Cluster:
    """Nodes on this machine.

    Args:
        folder: an empty folder.
        size: how many.
    """

    def __init__(self, folder: Path, size: int = 3) -> None:
        names = [f"node-{number}" for number in range(1, size + 1)]
        self.nodes = {name: Node(_made(folder / name), {"node.name": name}) for name in names}
        seeds = [f"127.0.0.1:{node.transport_port}" for node in self.nodes.values()]
        for node in self.nodes.values():
            node.settings |= {
                "discovery.type": None,
                "discovery.seed_hosts": seeds,
                "cluster.initial_master_nodes": names,
                "cluster.name": folder.name,
                **LOST_QUICKLY,
            }

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the nodes answer."""
        return tuple(node.url for node in self.nodes.values())

    def start(self) -> Cluster:
        """Start all nodes and wait until they have found each other."""
        try:
            for node in self.nodes.values():
                node.start(wait=False)
            for node in self.nodes.values():
                node.wait()
            self.wait_for(lambda health: health["number_of_nodes"] == len(self.nodes))
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End all nodes, at once: nobody needs what they hold."""
        for node in self.nodes.values():
            node.kill()

    def wait_for(self, reached: Callable[[Mapping[str, Any]], bool], seconds: float = START_SECONDS) -> float:
        """Wait until the cluster is in a state, and return how long that took."""
        began = time.monotonic()
        with Elasticsearch(list(self.urls), request_timeout=5) as client:

            def is_reached() -> bool:
                try:
                    return reached(client.cluster.health(timeout="0s").body)
                except (ApiError, TransportError):
                    return False

            wait_for(
                is_reached, seconds, lambda: "\n".join(one.log.read_text()[-3_000:] for one in self.nodes.values())
            )
        return time.monotonic() - began

    def _logs(self) -> str:
        return "\n".join(node.log.read_text()[-3_000:] for node in self.nodes.values())

    def master(self) -> str:
        """The name of the node that is the master."""
        with Elasticsearch(list(self.urls)) as client:
            return str(client.cat.master(format="json", h="node").body[0]["node"])  # type: ignore[index]

    def holding(self, index: str, primary: bool) -> str:
        """The name of a node that holds a shard of an index, and is not the master."""
        with Elasticsearch(list(self.urls)) as client:
            found: Any = client.cat.shards(index=index, format="json", h="node,prirep").body
        master = self.master()
        return next(str(one["node"]) for one in found if one["node"] != master and (one["prirep"] == "p") == primary)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
