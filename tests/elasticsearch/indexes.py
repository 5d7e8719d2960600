"""Indexes of one test in an Elasticsearch that others use too."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from elasticsearch import Elasticsearch

REQUEST_SECONDS = 60.0
"""Time limit of requests in tests that are not about it: a busy machine may take longer than the default of 10 s."""


def client_of(url: str) -> Elasticsearch:
    """Return a client whose requests may take as long as a busy machine needs."""
    return Elasticsearch(url, request_timeout=REQUEST_SECONDS)


@contextmanager
def own_prefix(url: str) -> Iterator[str]:
    """Yield a unique prefix for index names; afterwards remove the indexes with that prefix."""
    prefix = f"t{uuid.uuid4().hex[:12]}-"
    try:
        yield prefix
    finally:
        with client_of(url) as client:
            delete_all(client, prefix)


def remove_indexes(url: str, prefix: str) -> None:
    """Remove the indexes below a prefix and empty the hidden ones, which take longer to make than to empty."""
    with client_of(url) as client:
        _delete(client, client.indices.get(index=f"{prefix}*", expand_wildcards=["open", "closed"]))
        hidden = f"{prefix}*"
        client.indices.refresh(index=hidden, expand_wildcards="all")
        client.delete_by_query(index=hidden, query={"match_all": {}}, expand_wildcards="all", refresh=True)


def delete_all(client: Elasticsearch, prefix: str) -> None:
    """Remove the indexes below a prefix, hidden ones too."""
    _delete(client, client.indices.get(index=f"{prefix}*,.{prefix}*", expand_wildcards="all"))


def _delete(client: Elasticsearch, names: Iterable[str]) -> None:
    # By their names: a node refuses wildcards for anything but reading, unless its settings allow them.
    if found := list(names):
        client.indices.delete(index=found)
