"""Processes of the service, which end with the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.elasticsearch.conftest import NewsIndex
from tests.elasticsearch.rebuild.writers import Processes


@pytest.fixture
def processes(news_index: NewsIndex, tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(news_index, tmp_path)
    yield processes
    processes.close()
