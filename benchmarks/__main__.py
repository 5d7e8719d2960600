"""Measure everything and print a table: `python -m benchmarks [--write]` (`make bench`)."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import analysis, cluster, cluster_indexing, cluster_searching, data, indexing, searching
from search_service.config.settings import Settings
from search_service.engines.factory import make_engine

TABLE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

HEADER = """# Measurements

`make bench` makes this table; `python -m benchmarks --write` stores it here. Figures depend on the machine, ratios
less so: compare what stands in one run. The collections are described in the README's section on measurements.

Measured on {day} with Python {python}, {cores} cores.
"""


def section(title: str, rows: list[tuple[str, str]]) -> str:
    """Return a table in Markdown and print it as soon as it is there."""
    lines = [f"\n## {title}\n", "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    text = "\n".join(lines) + "\n"
    print(text, flush=True)
    return text


def main() -> None:
    """Measure."""
    data.require()
    day = datetime.now(UTC).date().isoformat()
    document = HEADER.format(day=day, python=platform.python_version(), cores=os.cpu_count())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        analyzers = make_engine(Settings(index_dir=folder)).searcher.analysis
        document += section("Analysis (6,000 news articles)", analysis.run(analyzers))
        for collection in ("news", "scale"):
            document += section(f"Indexing: {collection}", indexing.run(folder, collection))
            document += section(f"Searching: {collection}", searching.run(folder, collection))
    with cluster.running() as url:
        for collection in ("news", "scale"):
            document += section(f"Indexing on Elasticsearch: {collection}", cluster_indexing.run(url, collection))
            document += section(f"Searching on Elasticsearch: {collection}", cluster_searching.run(url, collection))
    if "--write" in sys.argv:
        TABLE.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
