"""Maps Elasticsearch error responses to service errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from search_service.core.errors import (
    CredentialsRefused,
    EngineFault,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    IndexReadOnly,
    InvalidParameter,
    SearchServiceError,
    UnknownIndex,
)

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)

READ_BLOCKS = ("index read (api)", "index metadata (api)")
"""Elasticsearch's names of the blocks that stop reads; all others stop writes only."""


def to_service_error(status: int, body: Any, index: str, address: str = "") -> SearchServiceError:
    """Map an Elasticsearch error response to a service error; `address` is that of the node.

    >>> to_service_error(404, {"error": {"type": "index_not_found_exception", "reason": "no such index"}}, "news")
    UnknownIndex("unknown-index: index='news' known=None")
    >>> cause = {"type": "too_many_buckets_exception", "reason": "limit of [65536]"}
    >>> to_service_error(400, {"error": {"type": "search_phase_execution_exception", "caused_by": cause}}, "news").code
    'too-many-buckets'
    """
    kinds, reason = _described(body)
    match status:
        case 404 if "index_not_found_exception" in kinds and index:
            return UnknownIndex(index)
        case _ if "too_many_buckets_exception" in kinds:
            return InvalidParameter("histogram", "too-many-buckets", reason=reason)
        case 400 if "index_closed_exception" in kinds:
            return EngineUnavailable("index-closed", index=index)
        case 403 if "cluster_block_exception" in kinds and any(block in reason for block in READ_BLOCKS):
            return EngineUnavailable("index-read-blocked", index=index, reason=reason)
        case 403 | 429 if "cluster_block_exception" in kinds:
            return IndexReadOnly("index-read-only", index=index, reason=reason)
        case 401:
            return CredentialsRefused("credentials-refused", address=address)
        case 403:
            return CredentialsRefused("access-denied", address=address, reason=_privileges(reason))
        case 408:
            return EngineTimeout("engine-timeout", address=address)
        case 429:
            return EngineOverloaded("engine-overloaded", address=address, reason=reason)
        case 502 | 503 | 504:
            return EngineUnavailable("engine-unavailable", address=address, reason=reason)
        case _ if isinstance(body, str):
            return EngineUnavailable("not-elasticsearch", address=address, reason=reason)
        case _:
            return EngineFault("engine-fault", address=address, status=status, reason=reason)


def _described(body: Any) -> tuple[Sequence[str], str]:
    """Return the types of an error and of its causes, and the most specific reason."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(body, str):  # a proxy's page: only the title is of use
        title = _TITLE.search(body)
        return (), " ".join(title[1].split())[:300] if title else ""
    if not isinstance(error, dict):
        return (), str(error or "no reason given")[:300]
    causes = [*error.get("root_cause", ()), error, error.get("caused_by") or {}]
    kinds = [str(cause.get("type", "")) for cause in causes]
    reason = next((cause["reason"] for cause in causes if cause.get("reason")), "no reason given")
    return kinds, f"{kinds[0]}: {reason}"[:300]


def _privileges(reason: str) -> str:
    """Return the reason of a refusal without the names of users and roles.

    >>> _privileges("action [read] is unauthorized for user [x] with effective roles [y,z] on indices [news]")
    'action [read] is unauthorized on indices [news]'
    """
    return re.sub(r" for (?:user|API key|service account) .*?(?= on indices|, this action|$)", "", reason)
