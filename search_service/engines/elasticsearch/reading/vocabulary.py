"""How many documents have a stem: what a query's words are held against to find out which of them are mistyped."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from index_config.compile_elasticsearch import ALL_STEM
from search_service.engines.elasticsearch.reading.requests import Body, Reading

REMEMBERED = 50_000
"""Stems whose numbers are kept, for all indexes of a process: some 10 MB when full. Most words of a search were asked
for before, and then it costs no request."""


class Vocabulary:
    """Counts the documents that have stems, and remembers the stems that some have.

    What is remembered is of a moment ago. That a stem is not there is asked for each time.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._mutex = threading.Lock()

    def having(self, reading: Reading, stems: Sequence[str]) -> Mapping[str, int]:
        """Return how many documents of a generation have each stem that some have."""
        known = {stem: self._known.get((reading.name, stem), 0) for stem in stems}
        asked = [stem for stem in known if not known[stem]]
        if asked:
            [answer] = reading.ask([_counting(asked)])
            counted = answer["aggregations"]["having"]["buckets"] if "aggregations" in answer else []
            found = {stem: int(bucket["doc_count"]) for stem, bucket in zip(asked, counted, strict=bool(counted))}
            self._remember(reading, found)
            known |= found
        return {stem: documents for stem, documents in known.items() if documents}

    def _remember(self, reading: Reading, found: Mapping[str, int]) -> None:
        if reading.missing:
            return
        with self._mutex:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known |= {(reading.name, stem): documents for stem, documents in found.items() if documents}


def _counting(stems: Sequence[str]) -> Body:
    each = [{"term": {ALL_STEM: stem}} for stem in stems]
    return {"size": 0, "track_total_hits": False, "aggs": {"having": {"filters": {"filters": each}}}}
