"""The seed of a run, and the part of the largest tests that it includes.

`make test-full` runs everything. Without `--full`, a test that is marked `full` runs with a few of its parameters, and
`rotation` leaves a few of many texts; the seed decides which. `TEST_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")
VARIABLE = "TEST_SEED"


class Rotation:
    """Chooses parts by the seed of the run.

    Args:
        seed: of the run.
        is_full: whether every part is the whole.
    """

    def __init__(self, seed: str, is_full: bool) -> None:
        self._seed = seed
        self.is_full = is_full

    def dice(self, name: str) -> random.Random:
        """Return randomness for a purpose: the same one in every process of the run."""
        return random.Random(f"{self._seed} {name}")

    def amount(self, part: int, whole: int) -> int:
        """Return a number of random examples: `whole` in a full run, else `part`."""
        return whole if self.is_full else part

    def some(self, items: Sequence[T], size: int, name: str) -> list[T]:
        """Return so many of the items in their order, or all of them in a full run."""
        if self.is_full or len(items) <= size:
            return list(items)
        return [items[number] for number in sorted(self.dice(name).sample(range(len(items)), size))]


ROTATION = pytest.StashKey[Rotation]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the largest tests whole, as `make test-full` does")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full(keep): only so many parameters of this test run without --full")
    # In the environment, from where worker processes have it too.
    seed = os.environ.setdefault(VARIABLE, str(random.SystemRandom().getrandbits(32)))
    config.stash[ROTATION] = Rotation(seed, config.getoption("--full"))


def pytest_report_header() -> str:
    return f"{VARIABLE}={os.environ[VARIABLE]}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    marked: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("full"):
            marked[item.nodeid.split("[")[0]].append(item)
    left_out: list[pytest.Item] = []
    for name, cases in marked.items():
        [keep] = {item.get_closest_marker("full").kwargs["keep"] for item in cases}  # type: ignore[union-attr]
        kept = config.stash[ROTATION].some(cases, keep, name)
        left_out += [item for item in cases if item not in kept]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def rotation(pytestconfig: pytest.Config) -> Rotation:
    """The parts that this run includes."""
    return pytestconfig.stash[ROTATION]
