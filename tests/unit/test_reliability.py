"""docs/reliability.md: each promise names tests that exist."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from tests.shared_data import REPOSITORY

ROWS = [
    line
    for line in (REPOSITORY / "docs" / "reliability.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| fault |")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:40].strip())
def test_every_promise_names_tests_that_exist(row: str) -> None:
    named = re.findall(r"`((?:tests/(?:\w+/)+)?test_\w+\.py)`", row.rsplit("|", 2)[1])
    assert named
    folder = PurePosixPath()
    for name in named:
        path = PurePosixPath(name)
        folder = path.parent if "/" in name else folder  # a name alone is in the folder of the one before
        assert (REPOSITORY / folder / path.name).is_file(), name
