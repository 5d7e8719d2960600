"""Which tests stay together when several processes share them, and which begin first.

The scheduler is our own: with pytest 9.2, pytest-xdist 3.8 does not group tests by its marks.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SLOWEST = (
    "tests/nodes/test_refusals.py",
    "tests/nodes/test_compose_nodes.py",
    "tests/nodes/test_node_loss.py",
    "tests/elasticsearch/test_restart.py",
)
"""Files that begin first: most of their time they wait for nodes, while others go on. One node becomes one of three."""

JUDGED = re.compile(r"tests/relevance/test_(news|quality)\.py::(?!test_elasticsearch)")
ON_ELASTICSEARCH = re.compile(r"[\[-]elasticsearch[\]-]")


def group_of(nodeid: str) -> str:
    """Return the group of a test: the tests of a file share what they index, on each engine for itself."""
    if JUDGED.match(nodeid):
        return "embedded engines with the judged collections"
    if nodeid.startswith("tests/nodes/"):
        return "nodes"
    if not nodeid.startswith("tests/"):
        return "examples in docstrings"
    engine = " on Elasticsearch" if ON_ELASTICSEARCH.search(nodeid) else ""
    return nodeid.split("::")[0] + engine


class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out whole groups, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling | None:
    return GroupScheduling(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: number for number, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: order.get(item.nodeid.split("::")[0], len(order)))
