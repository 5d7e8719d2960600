"""Time to parse a request and to serialize a response."""

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
from search_service.core.index_name import IndexName
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
    """Parse requests and serialize a response from an index in `folder`; return the rows of the table."""
    service = SearchService(make_engine(Settings(index_dir=folder)))
    response = service.search(IndexName(collection), SearchRequest(q=data.read_headlines()[0]))
    size = len(orjson.dumps(serializers.search_result(response)))
    return [
        ("Parsing a query string with a query only", time_per_call(lambda: parse(SIMPLE))),
        (
            "Parsing a query string with every parameter",
            time_per_call(lambda: read_query(SearchRequest, MultiDict(FULL))),
        ),
        ("Parsing a JSON body with every parameter", time_per_call(lambda: SearchRequest(**orjson.loads(BODY)))),
        (
            f"Serializing a response of {len(response.hits)} hits ({size / 1000:.0f} kB)",
            time_per_call(lambda: orjson.dumps(serializers.search_result(response))),
        ),
    ]


def parse(query: dict[str, list[str]]) -> SearchRequest:
    """Parse a query string."""
    return read_query(SearchRequest, MultiDict(query))


def time_per_call(work: Callable[[], object]) -> str:
    """Return the microseconds per call."""

    def call_repeatedly() -> None:
        for _ in range(LOOPS):
            work()

    return f"{best_seconds(call_repeatedly) / LOOPS * 1e6:.1f} µs"
