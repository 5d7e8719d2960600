"""The outcome of each operation of a bulk request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from search_service.core.errors import SearchServiceError
from search_service.engines.elasticsearch.errors import to_service_error

WRITE_BLOCK = "index write (api)"
"""Elasticsearch's name of the write block that a rebuild sets; that of a full disk has another name."""

_NEWER = re.compile(r"current version \[(\d+)\]")

Item = Mapping[str, Any]


class OperationOutcome(Enum):
    """The outcome of an operation, which decides whether it is sent again."""

    DONE = auto()
    REJECTED = auto()
    VERSION_CONFLICT = auto()
    BLOCKED = auto()
    RETRY = auto()
    FAILED = auto()


def outcome_of(item: Item) -> OperationOutcome:
    """Return the outcome of an operation.

    >>> outcome_of({"status": 201, "result": "created"}), outcome_of({"status": 404, "result": "not_found"})
    (<OperationOutcome.DONE: 1>, <OperationOutcome.DONE: 1>)
    >>> outcome_of({"status": 429, "error": {"type": "es_rejected_execution_exception"}})
    <OperationOutcome.RETRY: 5>
    """
    error = item.get("error")
    if error is None:
        return OperationOutcome.DONE
    status = int(item["status"])
    if error.get("type") == "cluster_block_exception" and status in (403, 429):
        return OperationOutcome.BLOCKED if WRITE_BLOCK in error.get("reason", "") else OperationOutcome.FAILED
    if error.get("type") == "index_closed_exception":
        return OperationOutcome.FAILED  # the status is that of an invalid document, but the index is the cause
    if status in (400, 413):
        return OperationOutcome.REJECTED
    if status == 409:
        return OperationOutcome.VERSION_CONFLICT
    return OperationOutcome.RETRY if status == 429 or status >= 500 else OperationOutcome.FAILED


def error_of(item: Item, index: str) -> SearchServiceError:
    """Return the service's error for an operation that failed."""
    return to_service_error(int(item["status"]), item, index)


def reason_of(item: Item) -> str:
    """Return why an operation was rejected.

    >>> reason_of({"error": {"type": "document_parsing_exception", "reason": "bad", "caused_by": {"reason": "worse"}}})
    'bad: worse'
    """
    error = item["error"]
    cause = (error.get("caused_by") or {}).get("reason")
    return ": ".join(text for text in (error.get("reason") or error["type"], cause) if text)


def newer_version(item: Item) -> int:
    """Return the version that caused a version conflict, or 0 if the response does not state it.

    >>> newer_version({"error": {"reason": "[x]: version conflict, current version [5] is higher than the one ..."}})
    5
    """
    match = _NEWER.search(item["error"].get("reason") or "")
    return int(match[1]) if match else 0
