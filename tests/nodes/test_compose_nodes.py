"""The settings of docker-compose.yml on real nodes."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest
from elasticsearch import ApiError, TransportError

from search_service.engines.elasticsearch.client import connect
from tests.nodes.cluster import PASSWORD, Cluster
from tests.waiting import wait_for


def test_a_node_wants_the_password_and_becomes_one_of_three_with_its_indexes(nodes: Cluster) -> None:
    nodes.use("one")
    client = nodes.client()
    client.indices.create(index="kept", settings={"auto_expand_replicas": "0-1"})
    client.index(index="kept", document={"title": "خبر"}, refresh=True)
    assert nodes.is_healthy(PASSWORD)
    identity = client.info()["cluster_uuid"]

    with pytest.raises(ApiError) as refused:
        connect(nodes.settings(ELASTICSEARCH_PASSWORD="another").elasticsearch).info()
    assert refused.value.status_code == HTTPStatus.UNAUTHORIZED
    assert not nodes.is_healthy("another")
    with pytest.raises(TransportError, match="certificate"):
        connect(nodes.settings(ELASTICSEARCH_CA_CERTIFICATE="").elasticsearch).info()

    nodes.use("three")
    client = nodes.client()
    assert client.info()["cluster_uuid"] == identity
    assert client.count(index="kept")["count"] == 1
    # Shards may be moved between nodes at any time; a copy on another node stays a copy on another node.
    wait_for(lambda: client.cluster.health(index="kept")["active_shards"] == 2)


def test_a_node_can_read_its_key_and_the_service_cannot(certificates: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in certificates.rglob("*.*")}
    assert modes == {"ca.key": 0o600, "ca.crt": 0o644, "node.key": 0o640, "node.crt": 0o644}
