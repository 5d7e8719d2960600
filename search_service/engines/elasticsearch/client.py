"""The connection to Elasticsearch, and what its errors mean to the rest of the service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from elastic_transport import OrjsonSerializer
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError

from search_service.errors import (
    CredentialsRefused,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    IndexReadOnly,
    SearchServiceError,
    UnknownIndex,
)
from search_service.settings import ElasticsearchSettings

RETRIES = 2
"""A request that meets a lost connection is sent so often again, to another host where there are several."""

CONNECTIONS = 10
"""Connections kept open to each host: as many as a process has threads, and some."""


def connect(settings: ElasticsearchSettings) -> Elasticsearch:
    """Return a client; it connects at its first request."""
    options: dict[str, Any] = {}
    if settings.api_key:
        options["api_key"] = settings.api_key
    elif settings.user:
        options["basic_auth"] = (settings.user, settings.password)
    if settings.ca_certificate:
        options["ca_certs"] = str(settings.ca_certificate)
    return Elasticsearch(
        list(settings.urls),
        request_timeout=settings.timeout,
        max_retries=RETRIES,
        retry_on_timeout=False,
        connections_per_node=CONNECTIONS,
        serializers={kind: OrjsonSerializer() for kind in ("application/json", *_VENDOR_TYPES)},
        **options,
    )


_VENDOR_TYPES = tuple(f"application/vnd.elasticsearch+{kind}" for kind in ("json",))


@contextmanager
def translated(index: str = "") -> Iterator[None]:
    """Turn the client's errors into the service's; `index` is what they are about."""
    try:
        yield
    except ConnectionTimeout as error:
        raise EngineTimeout(f"Elasticsearch did not answer in time ({_cause(error)})") from error
    except TransportError as error:
        raise EngineUnavailable(f"Elasticsearch cannot be reached ({_cause(error)})") from error
    except ApiError as error:
        raise meaning(error.status_code, error.body, index) from error


def meaning(status: int, body: Any, index: str) -> SearchServiceError:
    """Return the service's error for an answer of Elasticsearch that is none.

    >>> meaning(404, {"error": {"type": "index_not_found_exception", "reason": "no such index"}}, "news")
    UnknownIndex("there is no index 'news'; there is none yet")
    """
    kinds, reason = _described(body)
    match status:
        case 404 if "index_not_found_exception" in kinds and index:
            return UnknownIndex(index)
        case 401 | 403 if "cluster_block_exception" not in kinds:
            return CredentialsRefused(f"Elasticsearch refuses the service's credentials ({reason})")
        case 403 | 429 if "cluster_block_exception" in kinds:
            return IndexReadOnly(f"Elasticsearch takes no writes, most often because its disk is full ({reason})")
        case 429:
            return EngineOverloaded(f"Elasticsearch has too much to do ({reason}); try again in a moment")
        case 502 | 503 | 504:
            return EngineUnavailable(f"Elasticsearch cannot answer now ({reason})")
        case _:
            return EngineUnavailable(f"Elasticsearch answered with status {status} ({reason})")


def _described(body: Any) -> tuple[Sequence[str], str]:
    """Return the kinds of an error, that of its causes too, and its reason."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return (), str(error or body or "no reason given")[:300]
    causes = [error, *error.get("root_cause", ()), error.get("caused_by") or {}]
    kinds = [str(cause.get("type", "")) for cause in causes]
    return kinds, f"{kinds[0]}: {error.get('reason') or 'no reason given'}"[:300]


def _cause(error: TransportError) -> str:
    return str(error.message).split(" caused by:")[0][:300]
