"""How fast collections are indexed, beside tantivy fed with the bare texts; each load in a process of its own."""

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
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.ingestion.validation import DocumentChecker


def load(folder: Path, collection: str) -> dict[str, Any]:
    """Index a collection as `arabic-search reindex` does and say how it went."""
    engine: SearchEngine = make_engine(Settings(index_dir=folder))
    schema = load_schema("news") if collection == "news" else data.scale_schema()
    checker = DocumentChecker(schema)
    memory: list[float] = []
    began = time.perf_counter()
    count = 0
    with engine.indexes.rebuild(collection, schema) as writer:
        for raw in data.documents(collection):
            writer.upsert(checker.check(raw))
            count += 1
            if count % 10_000 == 0:
                memory.append(peak_megabytes())
    seconds = time.perf_counter() - began
    return {
        "documents": count,
        "seconds": seconds,
        "peak": peak_megabytes(),
        "memory": memory,
        "size": engine.indexes.stats(collection).size_bytes / 1e6,
    }


def bare(folder: Path, collection: str) -> dict[str, Any]:
    """Index title and text with tantivy's own tokenizer and nothing else."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "text"):
        builder.add_text_field(name, stored=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(200_000_000, 1)
    began = time.perf_counter()
    count = 0
    for raw in data.documents(collection):
        document = tantivy.Document()
        document.add_text("title", raw["title"])
        document.add_text("text", raw["text"])
        writer.add_document(document)
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return {"documents": count, "seconds": time.perf_counter() - began}


def in_process(job: str, folder: Path, collection: str) -> dict[str, Any]:
    """Run `load` or `bare` in a fresh process, so that its memory is its own."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.indexing", job, str(folder), collection]
    answer: dict[str, Any] = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def run(folder: Path, collection: str) -> list[tuple[str, str]]:
    """Return rows of the table; the index stays in `folder`."""
    ours = in_process("load", folder, collection)
    peer = in_process("bare", folder / f"bare-{collection}", collection)
    speed, bare_speed = (one["documents"] / one["seconds"] for one in (ours, peer))
    growth = ", ".join(f"{megabytes:.0f}" for megabytes in ours["memory"])
    return [
        ("Documents", f"{ours['documents']:,}"),
        ("Indexing, documents/s", f"{speed:,.0f}"),
        ("Bare tantivy (title and text only), documents/s", f"{bare_speed:,.0f}"),
        ("Ours / bare", f"{speed / bare_speed:.2f}"),
        ("Peak memory, MB", f"{ours['peak']:.0f}"),
        ("Peak memory after each 10,000 documents, MB", growth),
        ("Index on disk, MB", f"{ours['size']:.0f}"),
    ]


if __name__ == "__main__":
    job, target, name = sys.argv[1:]
    sys.stdout.buffer.write(orjson.dumps({"load": load, "bare": bare}[job](Path(target), name)))
