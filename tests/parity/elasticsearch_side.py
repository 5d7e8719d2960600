"""Elasticsearch's side of the comparison: its tokens in the shape of the Python analysis.

A token is its text, its start and end offset in code points of the original, and its position.
"""

from __future__ import annotations

import http.client
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

import orjson

Token = tuple[str, int, int, int]
_IN_ORDER = itemgetter("token", "start_offset", "end_offset", "position")

POSITION_GAP = 100
"""The gap between the positions of two texts in one request; the gap between their offsets is 1."""

BATCH_CHARACTERS = 200_000
"""Characters of text in one request; the response is about a hundred times as long."""


class ElasticsearchSide:
    """The analyzers of one index in Elasticsearch, over one connection."""

    def __init__(self, url: str, index: str) -> None:
        address = urlsplit(url)
        assert address.hostname
        self._connection = http.client.HTTPConnection(address.hostname, address.port or 9200, timeout=120)
        self._index = index

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request about the index and return the answer."""
        headers = {"Content-Type": "application/json"}
        self._connection.request(method, f"/{self._index}{path}", orjson.dumps(body) if body else None, headers)
        response = self._connection.getresponse()
        answer = orjson.loads(response.read())
        assert response.status == 200, answer
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def tokens(self, analyzer: str, texts: Sequence[str]) -> Iterator[list[Token]]:
        """Yield the tokens of each text."""
        for batch in _batches(texts):
            answer = self.call("POST", "/_analyze", {"analyzer": analyzer, "text": batch})
            yield from _taken_apart(batch, answer["tokens"])


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the texts of each request."""
    batch: list[str] = []
    length = 0
    for text in texts:
        batch.append(text)
        length += len(text)
        if length > BATCH_CHARACTERS:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _taken_apart(texts: list[str], found: list[dict[str, Any]]) -> Iterator[list[Token]]:
    """Yield the tokens of each text: Elasticsearch counts offsets and positions over all texts of a request."""
    all_tokens = list(map(_IN_ORDER, found))
    ends = [token[2] for token in all_tokens]
    number = first_offset = first_position = 0
    for text in texts:
        code_points = _code_points(text)
        end = first_offset + len(code_points) - 1
        behind = bisect_right(ends, end, number)
        tokens = all_tokens[number:behind]
        yield [
            (word, code_points[start - first_offset], code_points[end - first_offset], position - first_position)
            for word, start, end, position in tokens
        ]
        last_position = tokens[-1][3] if tokens else first_position - 1
        number, first_offset, first_position = behind, end + 1, last_position + 1 + POSITION_GAP
    assert number == len(found), f"no text for {found[number]}"


def _code_points(text: str) -> Sequence[int]:
    """Return the code point of each UTF-16 unit of a text and of its end."""
    if text.isascii() or max(text) <= "\uffff":
        return range(len(text) + 1)
    units = accumulate((1 + (character > "\uffff") for character in text), initial=0)
    numbers = dict(zip(units, range(len(text) + 1), strict=True))
    # A token that began or ended inside a pair would have no number, and fail.
    return [numbers.get(unit, -1) for unit in range(max(numbers) + 1)]
