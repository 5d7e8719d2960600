"""Run all benchmarks and print their tables: `python -m benchmarks [--write]` (`make bench`)."""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from benchmarks import (
    access,
    analysis,
    cluster,
    cluster_indexing,
    cluster_overhead,
    cluster_searching,
    completing,
    data,
    indexing,
    overload,
    requests,
    searching,
)
from search_service.config.settings import Settings
from search_service.engines.factory import make_engine

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

HEADER = """# Benchmarks

`make bench` prints most of these tables; a section names the command if it is another one. `python -m benchmarks
--write` stores them here, before those of other commands. Figures depend on the machine, ratios less so: compare only
figures of one run. `news` are 29,904 articles; `scale` are 100,000 documents: books, commentaries and news. They are
not part of the repository: `SHARED_DATA` names the folder that holds them.

Measured on {day} with Python {python}, {cores} cores.
"""


def print_section(title: str, rows: list[tuple[str, str]]) -> str:
    """Print a Markdown table as soon as it is measured, and return it."""
    lines = [f"\n## {title}\n", "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    text = "\n".join(lines) + "\n"
    print(text, flush=True)
    return text


def other_sections(former: str, document: str) -> str:
    r"""Return the sections of the former report that are not in this one: other commands measure them.

    >>> other_sections("# Report\n\n## A\n\n1\n\n## B\n\n2\n", "# Report\n\n## A\n\n3\n")
    '\n## B\n\n2\n'
    """
    sections = re.split(r"(?m)^(?=## )", former)[1:]
    kept = [section for section in sections if section.partition("\n")[0] not in document.splitlines()]
    return "".join(f"\n{section.rstrip()}\n" for section in kept)


def main() -> None:
    """Run all benchmarks."""
    data.require_collections()
    day = datetime.now(UTC).date().isoformat()
    document = HEADER.format(day=day, python=platform.python_version(), cores=os.cpu_count())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        analyzers = make_engine(Settings(index_dir=folder)).searcher.analysis
        document += print_section("Analysis (6,000 news articles)", analysis.measure(analyzers))
        for collection in ("news", "scale"):
            document += print_section(f"Indexing: {collection}", indexing.measure(folder, collection))
            document += print_section(f"Searching: {collection}", searching.measure(folder, collection))
            document += print_section(f"Completing: {collection}", completing.measure(folder, collection))
        document += print_section("Overload: news", overload.measure(folder, "news"))
        document += print_section("Keys and limits (example news)", access.measure(folder / "access"))
        document += print_section("Requests and responses", requests.measure(folder, "news"))
    with cluster.running_node() as url:
        for collection in ("news", "scale"):
            document += print_section(
                f"Indexing on Elasticsearch: {collection}", cluster_indexing.measure(url, collection)
            )
            document += print_section(
                f"Searching on Elasticsearch: {collection}", cluster_searching.measure(url, collection)
            )
            with cluster_searching.serve(url, collection) as (port, _):
                connection = HTTPConnection("127.0.0.1", port)
                document += print_section(
                    f"Completing on Elasticsearch: {collection}", completing.measure_over_http(connection, collection)
                )
            if collection == cluster_overhead.COLLECTION:
                document += print_section(
                    f"What the service adds to elasticsearch-py: {collection}", cluster_overhead.measure(url)
                )
    if "--write" in sys.argv:
        REPORT.write_text(document + other_sections(REPORT.read_text(encoding="utf-8"), document), encoding="utf-8")


if __name__ == "__main__":
    main()
