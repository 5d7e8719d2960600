"""Engines that hold the judged collections."""

from __future__ import annotations

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine


@pytest.fixture(scope="package")
def embedded(analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return make_embedded_engine(tmp_path_factory.mktemp("judged"), analysis)
