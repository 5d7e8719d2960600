"""Indexing speed of the embedded engine and of tantivy alone; each load runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import tantivy

from benchmarks import data
from benchmarks.measure import peak_megabytes
from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.ingestion.validation import DocumentChecker


def index_collection(folder: Path, collection: str) -> dict[str, Any]:
    """Index a collection as `arabic-search reindex` does; return time, memory (MB) and size (MB)."""
    engine: SearchEngine = make_engine(Settings(index_dir=folder))
    schema = load_schema("news") if collection == "news" else data.make_scale_schema()
    checker = DocumentChecker(schema)
    memory: list[float] = []
    start = time.perf_counter()
    count = 0
    with engine.indexes.rebuild(IndexName(collection), schema) as writer:
        for raw in data.read_documents(collection):
            writer.upsert(checker.check(raw))
            count += 1
            if count % 10_000 == 0:
                memory.append(peak_megabytes())
    seconds = time.perf_counter() - start
    return {
        "documents": count,
        "seconds": seconds,
        "peak": peak_megabytes(),
        "memory": memory,
        "size": engine.indexes.stats(IndexName(collection)).size_bytes / 1e6,
    }


def index_with_tantivy(folder: Path, collection: str) -> dict[str, Any]:
    """Index title and text only, with tantivy's own tokenizer; return the time."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "text"):
        builder.add_text_field(name, stored=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(200_000_000, 1)
    start = time.perf_counter()
    count = 0
    for raw in data.read_documents(collection):
        document = tantivy.Document()
        document.add_text("title", raw["title"])
        document.add_text("text", raw["text"])
        writer.add_document(document)
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return {"documents": count, "seconds": time.perf_counter() - start}


def run_in_process(job: str, folder: Path, collection: str) -> dict[str, Any]:
    """Run one of `JOBS` in a new process, so that its peak memory is its own."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.indexing", job, str(folder), collection]
    result: dict[str, Any] = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result


def measure(folder: Path, collection: str) -> list[tuple[str, str]]:
    """Index a collection; return the rows of the table. The index stays in `folder`."""
    service = run_in_process("service", folder, collection)
    tantivy_alone = run_in_process("tantivy", folder / f"tantivy-{collection}", collection)
    speed, tantivy_speed = (one["documents"] / one["seconds"] for one in (service, tantivy_alone))
    growth = ", ".join(f"{megabytes:.0f}" for megabytes in service["memory"])
    return [
        ("Documents", f"{service['documents']:,}"),
        ("Indexing, documents/s", f"{speed:,.0f}"),
        ("tantivy alone (title and text only), documents/s", f"{tantivy_speed:,.0f}"),
        ("Service / tantivy alone", f"{speed / tantivy_speed:.2f}"),
        ("Peak memory, MB", f"{service['peak']:.0f}"),
        ("Peak memory after each 10,000 documents, MB", growth),
        ("Index on disk, MB", f"{service['size']:.0f}"),
    ]


JOBS = {"service": index_collection, "tantivy": index_with_tantivy}

if __name__ == "__main__":
    job, target, name = sys.argv[1:]
    sys.stdout.buffer.write(orjson.dumps(JOBS[job](Path(target), name)))
