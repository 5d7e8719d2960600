"""Fixtures of the parity tests: Elasticsearch with the packaged configuration, and randomness from the run's seed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

import pytest

from index_config.compile_elasticsearch import compile_index
from index_config.schema import load_schema
from index_config.table import load_table
from index_config.word_lists import default_protected_words
from search_service.analysis.analyzer import Analysis, Token
from tests.parity.elasticsearch_side import ElasticsearchSide
from tests.rotation import Rotation

MAX_TOKENS = 10_000_000
"""Tokens that one request may give, on the index of these tests only: 10,000 is where Elasticsearch stops by itself."""

REMEMBERED = 2_000
"""Texts whose words are kept: the largest corpus, which every analyzer goes through in turn."""


@contextmanager
def index_with(url: str, protected: Mapping[str, str]) -> Iterator[ElasticsearchSide]:
    """Make an index of the packaged table with some protected words, and remove it afterwards."""
    body = compile_index(load_schema("news"), load_table().mapping, protected)
    body["settings"]["index"]["analyze.max_token_count"] = MAX_TOKENS
    side = ElasticsearchSide(url, f"parity-{uuid.uuid4().hex[:12]}")
    side.call("PUT", "", body)
    try:
        yield side
    finally:
        side.call("DELETE", "")
        side.close()


@pytest.fixture(scope="session")
def elastic(elasticsearch_url: str) -> Iterator[ElasticsearchSide]:
    """An index with the packaged configuration."""
    with index_with(elasticsearch_url, default_protected_words(load_table())) as side:
        yield side


class RememberingAnalysis(Analysis):
    """Cuts a text into words once: every analyzer begins with that."""

    def __init__(self, mapping: Mapping[str, str], protected: Mapping[str, str]) -> None:
        super().__init__(mapping, protected)
        self._words = lru_cache(maxsize=REMEMBERED)(super().words)

    def words(self, text: str) -> list[Token]:
        return self._words(text)


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    """The analysis of the packaged configuration."""
    table = load_table()
    return RememberingAnalysis(table.mapping, default_protected_words(table))


@pytest.fixture
def dice(rotation: Rotation, request: pytest.FixtureRequest) -> random.Random:
    """Randomness of one test, from the seed of the run."""
    return rotation.dice(request.node.name)
