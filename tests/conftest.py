"""Options, settings and fixtures of the whole test suite."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from search_service.analysis.analyzer import Analysis
from search_service.engines.factory import make_analysis
from tests.shared_data import REPOSITORY

pytest_plugins = ["tests.elasticsearch.plugin", "tests.groups", "tests.rotation", "tests.temporary_files"]

GOLDEN_FOLDER = REPOSITORY / "tests" / "golden"

# Neither a deadline nor a check of how fast examples are made: a busy machine fails both.
settings.register_profile("laptop", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("laptop"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "laptop")


def pytest_configure() -> None:
    """Handle interrupts even if the shell that started the tests in the background made them ignore these.

    The processes that tests start and interrupt would inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files instead of comparing with them"
    )


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    """The analysis of the packaged configuration."""
    return make_analysis()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """A check that a text is what the golden file of a name holds; a missing file fails."""

    def check(name: str, text: str) -> None:
        path = GOLDEN_FOLDER / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if not path.is_file():
            pytest.fail(f"no golden file {name}: write it with `pytest --update-golden`, read it, and commit it")
        assert text == path.read_text(encoding="utf-8")

    return check
