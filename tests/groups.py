"""Which tests stay together when several processes share them, and which begin first."""

from __future__ import annotations

import pytest

from tests.elasticsearch.plugin import needs_elasticsearch

SLOWEST = (
    "tests/elasticsearch/test_cluster.py",
    "tests/packaging/test_compose_cluster.py",
    "tests/elasticsearch/test_restart.py",
    "tests/elasticsearch/failures/test_refusals.py",
)
"""Files that begin first: they take minutes, most of them waiting for nodes of their own, while others go on."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Divide the tests among processes: those of a file and an engine stay together, as they share what is indexed."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            name = item.nodeid.split("::")[0]
            engine = " on Elasticsearch" if needs_elasticsearch(item) else ""
            item.add_marker(pytest.mark.xdist_group(f"{name}{engine}"))
    order = {name: number for number, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: order.get(item.nodeid.split("::")[0], len(order)))
