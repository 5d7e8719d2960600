"""Latency of completion over HTTP: beginnings of queries, each the fastest of three requests.

The others are slowed down by other work of the machine: nothing is cached but the folding of words.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import data
from benchmarks.measure import best_seconds, get, measure_latency, percentiles
from benchmarks.searching import serve

INPUTS = 1_000
LETTERS = 2, 20
"""Letters of the shortest and longest input: the page completes from two on, and few go on typing after 20."""


def typed(queries: Sequence[str], seed: int = 1) -> list[str]:
    """Return beginnings of queries of any length."""
    dice = random.Random(seed)
    low, high = LETTERS
    return [query[: dice.randint(low, min(len(query), high))] for query in queries if len(query) >= low][:INPUTS]


def swapped(inputs: Sequence[str], seed: int = 1) -> list[str]:
    """Return inputs with two adjacent letters of their last word swapped."""
    dice = random.Random(seed)
    found = []
    for text in inputs:
        head, space, word = text.rpartition(" ")
        if len(word) >= 4:
            at = dice.randrange(len(word) - 1)
            found.append(f"{head}{space}{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}")
    return found


def measure(folder: Path, collection: str) -> list[tuple[str, str]]:
    """Complete inputs from the index in `folder`; return the rows of the table."""
    with serve(folder, collection) as connection:
        return measure_over_http(connection, collection)


def measure_over_http(connection: HTTPConnection, collection: str) -> list[tuple[str, str]]:
    """Complete inputs from an index that is served; return the rows of the table."""
    headlines, mixed = typed(data.read_headlines()), typed(data.read_mixed_queries())

    def complete(text: str) -> object:
        return get(connection, f"/v1/indexes/{collection}/suggest?{urlencode({'q': text})}")

    measure_latency(complete, headlines[:200])
    rows = []
    for name, inputs in (
        ("beginnings of headlines, p50 / p99 ms", headlines),
        ("beginnings of mixed queries", mixed),
        ("beginnings of headlines with an error", swapped(headlines)),
    ):
        times = [best_seconds(partial(complete, text)) for text in inputs]
        rows.append((f"Completion through gunicorn, {name}", str(percentiles(times))))
    return rows
