"""Embedded engines that hold the judged collections, which are indexed once for the same code and data."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine
from tests.elasticsearch.distribution import cache_folder
from tests.relevance.judged import TEXT_ALONE, Collection
from tests.shared_data import REPOSITORY, shared

INDEX = "judged"
KEPT = 20
"""Indexed collections that stay in the cache: four versions of the code with all five. Fewer would be taken from a run
that is at work."""

EngineOf = Callable[[Collection], SearchEngine]


@pytest.fixture(scope="session")
def embedded(analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> EngineOf:
    """Return the engine whose index `INDEX` holds a collection."""
    made: dict[str, SearchEngine] = {}

    def engine_of(collection: Collection) -> SearchEngine:
        if collection.name not in made:
            folder = tmp_path_factory.mktemp("judged") / "indexes"
            shutil.copytree(indexed(collection, analysis), folder, symlinks=True)
            made[collection.name] = make_embedded_engine(folder, analysis)
        return made[collection.name]

    return engine_of


def indexed(collection: Collection, analysis: Analysis) -> Path:
    """Return a folder of indexes that holds a collection; it is made unless the cache has it."""
    target = cache_folder() / "judged" / f"{collection.name}-{fingerprint()}"
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="draft-") as name:
            folder = Path(name) / "indexes"
            if collection.base:
                shutil.copytree(indexed(collection.base, analysis), folder, symlinks=True)
            engine = make_embedded_engine(folder, analysis)
            engine.indexes.create(IndexName(INDEX), TEXT_ALONE)
            with engine.indexes.writer(IndexName(INDEX)) as writer:
                for document in collection.documents():
                    writer.upsert(document)
            with suppress(OSError):  # another run was first
                folder.rename(target)
        forget_old(target.parent)
    return target


def fingerprint() -> str:
    """Return a hash of everything that decides what an index of a judged collection holds."""
    found = hashlib.sha256(version("tantivy").encode())
    for path in sorted(inputs()):
        found.update(f"{path.name} {path.stat().st_size} ".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def inputs() -> Iterator[Path]:
    """Yield the files of the code and of the data."""
    for package in ("search_service", "index_config"):
        for kind in ("py", "toml", "txt"):
            yield from (REPOSITORY / package).rglob(f"*.{kind}")
    yield from Path(__file__).parent.glob("*.py")
    for name in (("news", "docs.jsonl.gz"), ("arcd", "corpus.jsonl"), ("quran", "corpus.jsonl")):
        yield shared("data", *name)


def forget_old(folder: Path) -> None:
    """Remove indexed collections but the newest."""
    found = [path for path in folder.iterdir() if not path.name.startswith("draft-")]
    for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
