"""Entity tags of searches, so that a client need not be sent what it has.

The embedded engine knows its commit, so the tag is known before the search, which an unchanged answer does not need.
Elasticsearch would have to be asked; there the tag is made of the answer, which saves sending it only. Tags are weak:
`took_ms` differs each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import flask
import orjson

from search_service.api.conditions import is_unchanged, quoted
from search_service.api.endpoints import Answer
from search_service.api.problems import language
from search_service.api.schemas import responses
from search_service.search.request import SearchRequest

DISTRIBUTION = "arabic-search-service"

CACHE = {"Cache-Control": "private, no-cache"}
"""A browser may keep the answer, and asks each time whether it is still right. A proxy may not: keys see different
documents."""


def tagged(
    request: SearchRequest, version: str, search: Callable[[], responses.SearchResult]
) -> Answer[responses.SearchResult]:
    """Return the answer to a search with GET, or that the client has it.

    Args:
        request: the request.
        version: what changes whenever its result may; empty if that is not known.
        search: returns the result.
    """
    tag = _digest([version, _release(), language().value, _members(request)]) if version else ""
    if tag and is_unchanged(flask.request, tag):
        return _unchanged(tag)
    result = search()
    if tag:
        return Answer(result, headers=_headers(tag))
    took = result["took_ms"]
    # The answer is long: it is encoded once, for the tag and for the client.
    encoded = orjson.dumps({name: value for name, value in result.items() if name != "took_ms"})
    tag = _digest([sha256(encoded).hexdigest(), _release(), _members(request)])
    if is_unchanged(flask.request, tag):
        return _unchanged(tag)
    complete: Any = orjson.Fragment(encoded[:-1] + b',"took_ms":%s}' % orjson.dumps(took))
    return Answer(complete, headers=_headers(tag))


def _unchanged(tag: str) -> Answer[Any]:
    return Answer(None, HTTPStatus.NOT_MODIFIED, _headers(tag))


def _headers(tag: str) -> dict[str, str]:
    return {**CACHE, "ETag": f"W/{quoted(tag)}"}


def _members(request: SearchRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in sorted(request.model_fields_set) if name != "timeout_ms"}


def _digest(content: Any) -> str:
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


@cache
def _release() -> str:
    return version(DISTRIBUTION)
