"""The conditional headers of HTTP (RFC 9110, section 13) as conditions of a change."""

from __future__ import annotations

from flask import Request as HttpRequest
from werkzeug.datastructures import ETags

from search_service.engines.documents import Condition

NO_TAG = frozenset({""})
"""For a header without a tag that can match, such as `If-Match` with a weak one: no document has this one."""

CONDITION_HEADERS = {
    "If-Match": "Change the document only if it has this entity tag (`ETag`); `*`: only if it exists.",
    "If-None-Match": "Change the document only if it has not this entity tag; `*`: only if it does not exist.",
}
"""The headers of a request that changes a document, each with its meaning."""


def conditions_of(request: HttpRequest) -> tuple[Condition, ...]:
    """Return the conditions of a request that changes a document."""
    found = []
    if "If-Match" in request.headers:
        found.append(Condition(_tags(request.if_match, weak=False)))
    if "If-None-Match" in request.headers:
        found.append(Condition(_tags(request.if_none_match, weak=True), negated=True))
    return tuple(found)


def is_unchanged(request: HttpRequest, tag: str) -> bool:
    """Whether the client has the document already that it asks for."""
    return "If-None-Match" in request.headers and request.if_none_match.contains_weak(tag)


def quoted(tag: str) -> str:
    """Return an entity tag as a header has it."""
    return f'"{tag}"'


def _tags(given: ETags, *, weak: bool) -> frozenset[str]:
    """Return the tags of a header that are compared; none stand for any document."""
    if given.star_tag:
        return frozenset()
    return frozenset(given.as_set(include_weak=weak)) or NO_TAG
