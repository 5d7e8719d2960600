"""Retrieval quality of both engines and of Elasticsearch's built-in analyzer (`make quality`).

    python -m benchmarks.quality [--write] [--weight NAME=NUMBER]... [COLLECTION]...

`--write` stores the figures in `docs/relevance/quality.json`. A test fails if an engine's nDCG@10 differs from the
figure by more than .003 either way.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from elasticsearch import helpers

from benchmarks import cluster, data
from benchmarks.forms import evaluate_forms, evaluate_names
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.evaluation.judgments import Judgments
from search_service.evaluation.metrics import Evaluation, evaluate
from search_service.evaluation.run import DEPTH, RankedDocument, Run, run_queries
from search_service.ranking.tiers import WEIGHTS
from search_service.search.service import SearchService
from tests.relevance.judged import COLLECTIONS, Collection

QUALITY_FILE = Path(__file__).resolve().parents[1] / "docs" / "relevance" / "quality.json"
DIGITS = 4

WORD_MEASURES = {"forms": evaluate_forms, "names": evaluate_names}

Figures = dict[str, float]


def figures_of(evaluation: Evaluation) -> Figures:
    """Return the measures of a run and its median latency."""
    means = {measure: round(mean, DIGITS) for measure, mean in evaluation.means.items()}
    return {**means, "p50 ms": round(evaluation.run.latency_percentile(0.5) or 0.0, 1)}


def evaluate_engine(engine: SearchEngine, collection: Collection, weights: Mapping[str, float]) -> Figures:
    """Run the judged queries on one of our engines."""
    judgments = collection.judgments()
    return figures_of(
        evaluate(
            judgments,
            run_queries(SearchService(engine, weights=weights), IndexName(collection.name), judgments.queries),
        )
    )


def evaluate_builtin(url: str, collection: Collection) -> Figures:
    """Run the judged queries on one field with the built-in `arabic` analyzer and default settings."""
    index = f"{cluster.PREFIX}builtin-{collection.name}"
    with cluster.make_client(url) as client:
        client.indices.create(
            index=index,
            settings={"number_of_replicas": 0},
            mappings={"properties": {"text": {"type": "text", "analyzer": "arabic"}}},
        )
        actions = ({"_index": index, "_id": one.id, **one.source} for one in collection.all_documents())
        helpers.bulk(client, actions, refresh=True)
        judgments = collection.judgments()
        run = _run_queries(judgments, lambda text: client.search(
            index=index, query={"match": {"text": text}}, size=DEPTH, track_total_hits=True, source=False
        ).body["hits"]["hits"])  # fmt: skip
    return figures_of(evaluate(judgments, run))


def _run_queries(judgments: Judgments, search: Any) -> Run:
    rankings, milliseconds = {}, {}
    for query in judgments.queries:
        start = time.perf_counter()
        hits = search(query.text)
        milliseconds[query.id] = (time.perf_counter() - start) * 1000
        rankings[query.id] = [RankedDocument(hit["_id"], hit["_score"]) for hit in hits]
    return Run(rankings, milliseconds)


def evaluate_collections(
    collections: list[Collection], weights: Mapping[str, float]
) -> Iterator[tuple[str, dict[str, Figures]]]:
    """Index each collection in both engines; yield its name and the figures by engine."""
    with tempfile.TemporaryDirectory() as folder, cluster.running_node() as url:
        embedded, elasticsearch = make_engine(Settings(index_dir=Path(folder))), cluster.make_engine_at(url)
        for collection in collections:
            for engine in (embedded, elasticsearch):
                collection.fill(engine)
            yield (
                collection.name,
                {
                    "embedded": evaluate_engine(embedded, collection, weights),
                    "elasticsearch": evaluate_engine(elasticsearch, collection, weights),
                    "built-in": evaluate_builtin(url, collection),
                },
            )


def evaluate_words(chosen: Sequence[str]) -> Iterator[tuple[str, dict[str, Figures]]]:
    """Yield, for gold lemmas and for names, how well each engine finds the forms of a word."""
    with tempfile.TemporaryDirectory() as folder, cluster.running_node() as url:
        embedded, elasticsearch = make_engine(Settings(index_dir=Path(folder))), cluster.make_engine_at(url)
        for name in chosen:
            measure = WORD_MEASURES[name]
            yield name, {"embedded": measure(embedded), "elasticsearch": measure(elasticsearch)}


def parse_weight(text: str) -> tuple[str, float]:
    """Parse NAME=NUMBER; argparse turns a ValueError into a message."""
    name, _, number = text.partition("=")
    if name not in WEIGHTS:
        raise ValueError(name)
    return name, float(number)


def main() -> None:
    """Evaluate, print and maybe store the figures."""
    data.require_collections()
    known = [*(one.name for one in COLLECTIONS), *WORD_MEASURES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="*", metavar="COLLECTION", help=", ".join(known))
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--weight",
        type=parse_weight,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help=f"of {', '.join(WEIGHTS)}",
    )
    arguments = parser.parse_args()
    chosen = [one for one in COLLECTIONS if not arguments.collections or one.name in arguments.collections]
    if unknown := set(arguments.collections) - set(known):
        parser.error(f"no such collection: {', '.join(sorted(unknown))}")
    weights = dict(arguments.weight)
    if arguments.write and (weights or len(chosen) < len(COLLECTIONS)):
        parser.error("--write needs all collections and the default weights")
    record: dict[str, Any] = {}
    for name, figures in evaluate_collections(chosen, weights):
        record[name] = figures
        _print(name, figures)
    words: dict[str, Any] = {}
    if measures := [name for name in WORD_MEASURES if not arguments.collections or name in arguments.collections]:
        for name, figures in evaluate_words(measures):
            words[name] = figures
            _print(name, figures)
    if arguments.write:
        content = {"measured": datetime.now(UTC).date().isoformat(), "collections": record, "words": words}
        QUALITY_FILE.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _print(name: str, figures: Mapping[str, Figures]) -> None:
    for engine, values in figures.items():
        print(f"{name:14}{engine:15}" + "".join(f"{key} {value:<9}" for key, value in values.items()), flush=True)


if __name__ == "__main__":
    main()
