"""Indexes of one test in an Elasticsearch that others use too."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import Elasticsearch


@contextmanager
def own_prefix(url: str) -> Iterator[str]:
    """Give a prefix for index names that nobody else has, and remove what is made below it."""
    prefix = f"t{uuid.uuid4().hex[:12]}-"
    try:
        yield prefix
    finally:
        with Elasticsearch(url) as client:
            # Hidden ones too; wildcards are for reading only, unless a node is told otherwise.
            for name in client.indices.get(index=f"{prefix}*,.{prefix}*", expand_wildcards="all"):
                client.indices.delete(index=name)
