"""The benchmarks fit the code that they measure; they are not run here."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import benchmarks
from benchmarks.cluster_overhead import STAGES

MODULES = [found.name for found in pkgutil.iter_modules(benchmarks.__path__) if found.name != "__main__"]


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_can_be_imported(name: str) -> None:
    assert importlib.import_module(f"benchmarks.{name}").__doc__, "says what it measures"


def test_every_measured_stage_is_a_function() -> None:
    assert [(owner, name) for _, owner, name in STAGES if not callable(getattr(owner, name, None))] == []
