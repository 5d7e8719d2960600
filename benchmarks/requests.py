"""How long it takes to read a request and to write an answer, in microseconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
from werkzeug.datastructures import MultiDict

from benchmarks import data
from benchmarks.measure import best_seconds
from search_service.api import serializers
from search_service.api.reading import read_query
from search_service.config.settings import Settings
from search_service.engines.factory import make_engine
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService

LOOPS = 2_000

SIMPLE = {"q": ["ائتلاف لاهاي"]}
FULL = {
    "q": ["ائتلاف لاهاي"], "filter.category": ["بيئة", "اقتصاد"], "range.date": ["2023..2024"],
    "date_from": ["2023-12"], "fields": ["title,text"], "page": ["2"], "size": ["10"], "sort": ["-date"],
    "facets": ["category,tags"],
    "facet_size": ["5"], "histogram": ["month"], "highlight": ["title,text"], "source": ["title,date"],
}  # fmt: skip
BODY = orjson.dumps({
    "q": "ائتلاف لاهاي", "filters": {"category": ["بيئة", "اقتصاد"]},
    "ranges": {"date": {"from": "2023", "to": "2024"}},
    "date_from": "2023-12", "fields": ["title", "text"], "page": 2, "size": 10, "sort": "-date",
    "facets": ["category", "tags"], "facet_size": 5, "histogram": "month", "highlight": ["title", "text"],
    "source": ["title", "date"],
})  # fmt: skip


def measure(folder: Path, collection: str) -> list[tuple[str, str]]:
    """Measure with answers from an index of the collection."""
    service = SearchService(make_engine(Settings(index_dir=folder)))
    response = service.search(collection, SearchRequest(q=data.headlines()[0]))
    size = len(orjson.dumps(serializers.search_result(response)))
    return [
        ("Reading a query string with a query", microseconds(lambda: read(SIMPLE))),
        (
            "Reading a query string with every parameter",
            microseconds(lambda: read_query(SearchRequest, MultiDict(FULL))),
        ),
        ("Reading a JSON body with every parameter", microseconds(lambda: SearchRequest(**orjson.loads(BODY)))),
        (
            f"Writing an answer of {len(response.hits)} hits ({size / 1000:.0f} kB)",
            microseconds(lambda: orjson.dumps(serializers.search_result(response))),
        ),
    ]


def read(query: dict[str, list[str]]) -> SearchRequest:
    """Read a query string."""
    return read_query(SearchRequest, MultiDict(query))


def microseconds(work: Callable[[], object]) -> str:
    """Return how long one of many calls takes."""

    def repeat() -> None:
        for _ in range(LOOPS):
            work()

    return f"{best_seconds(repeat) / LOOPS * 1e6:.1f} µs"
