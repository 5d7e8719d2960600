"""An index of the example news, for tests that damage it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from search_service.admin.requests import LoadRequest
from search_service.admin.service import AdminService
from search_service.analysis.analyzer import Analysis
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from tests.shared_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "news.jsonl"


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory, analysis: Analysis) -> Path:
    """A folder with the index `news`, two segments and deleted documents; and the same index as `healthy`."""
    folder = tmp_path_factory.mktemp("written")
    admin = AdminService(make_embedded_engine(folder / "indexes", analysis), 10_000_000)
    some = folder / "some.jsonl"
    some.write_text("".join(EXAMPLES.read_text(encoding="utf-8").splitlines(keepends=True)[:5]), encoding="utf-8")
    for index in ("healthy", "news"):
        for source in (EXAMPLES, some):
            admin.load(LoadRequest(index=IndexName(index), sources=(str(source),), reject_file=folder / "rejects"))
    return folder / "indexes"


@pytest.fixture
def indexes(written: Path, tmp_path: Path) -> Path:
    """A copy of the folder."""
    shutil.copytree(written, tmp_path / "indexes", symlinks=True)
    return tmp_path / "indexes"
