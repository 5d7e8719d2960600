"""The connection to Elasticsearch, and what its errors mean to the rest of the service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from elastic_transport import NodeConfig, OrjsonSerializer, SerializationError, TlsError
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError

from search_service.engines.elasticsearch.nodes import Node, OneOfSeveral, addresses, quieten
from search_service.errors import (
    CredentialsRefused,
    EngineFault,
    EngineOverloaded,
    EngineTimeout,
    EngineUnavailable,
    IndexReadOnly,
    SearchServiceError,
    UnknownIndex,
)
from search_service.settings import ElasticsearchSettings

RETRIES = 2
"""A request that meets a lost connection or a full queue is sent so often again, or to each other host once."""

WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.2, 1.0
"""About how long it waits before that, and no longer than: a queue that is full may have a place then."""

CONNECTIONS = 10
"""Connections kept open to each host: as many as a process has threads, and some."""


READ_BLOCKS = ("index read (api)", "index metadata (api)")
"""How Elasticsearch calls the blocks that keep readers out; all others stop writes only."""


def connect(settings: ElasticsearchSettings) -> Elasticsearch:
    """Return a client; it connects at its first request."""
    quieten()
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
        max_retries=max(RETRIES, len(settings.urls) - 1),
        retry_backoff_base=WAIT_SECONDS,
        retry_backoff_cap=LONGEST_WAIT_SECONDS,
        retry_on_timeout=False,
        node_class=OneOfSeveral if len(settings.urls) > 1 else Node,
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
        remedy = "try again, or let requests take longer (ELASTICSEARCH_TIMEOUT)"
        raise EngineTimeout(f"Elasticsearch at {addresses(error)} did not answer in time; {remedy}") from error
    except SerializationError as error:
        raise EngineUnavailable("what Elasticsearch answered cannot be read: it is cut off or changed") from error
    except TransportError as error:
        remedy = "check ELASTICSEARCH_CA_CERTIFICATE" if isinstance(error, TlsError) else "check ELASTICSEARCH_URL"
        problem = f"Elasticsearch at {addresses(error)} cannot be reached ({_cause(error)})"
        raise EngineUnavailable(f"{problem}; {remedy}, and that it runs") from error
    except ApiError as error:
        raise meaning(error.status_code, error.body, index, _address(error.meta.node)) from error


def meaning(status: int, body: Any, index: str, address: str = "") -> SearchServiceError:
    """Return the service's error for an answer of Elasticsearch that is none; `address` is where it comes from.

    >>> meaning(404, {"error": {"type": "index_not_found_exception", "reason": "no such index"}}, "news")
    UnknownIndex("there is no index 'news'")
    """
    kinds, reason = _described(body)
    where = f"Elasticsearch at {address}" if address else "Elasticsearch"
    about = f"index {index!r}" if index else "the index"
    match status:
        case 404 if "index_not_found_exception" in kinds and index:
            return UnknownIndex(index)
        case 400 if "index_closed_exception" in kinds:
            return EngineUnavailable(f"{about} is closed in Elasticsearch; open it by the means it was closed with")
        case 403 if "cluster_block_exception" in kinds and any(block in reason for block in READ_BLOCKS):
            return EngineUnavailable(f"{about} is closed to readers in Elasticsearch ({reason})")
        case 403 | 429 if "cluster_block_exception" in kinds:
            return IndexReadOnly(f"{about} takes no writes, most often because the disk is full ({reason})")
        case 401:
            remedy = "set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD"
            return CredentialsRefused(f"{where} does not accept the service's credentials; {remedy}")
        case 403:
            return CredentialsRefused(f"{where} does not allow the service what it needs ({_privileges(reason)})")
        case 429:
            return EngineOverloaded(f"{where} has too much to do ({reason}); try again in a moment")
        case 502 | 503 | 504:
            return EngineUnavailable(f"{where} cannot answer now ({reason}); try again in a moment")
        case _ if isinstance(body, str):
            return EngineUnavailable(f"{where} is something else, or behind it ({reason}); check ELASTICSEARCH_URL")
        case _:
            return EngineFault(f"{where} answered with status {status} ({reason})")


def _described(body: Any) -> tuple[Sequence[str], str]:
    """Return the kinds of an error, that of its causes too, and the reason that tells most."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(body, str):  # a proxy's page, of which only the name is worth reading
        title = _TITLE.search(body)
        return (), f"not its own words: {' '.join(title[1].split()) if title else 'a page without a title'}"[:300]
    if not isinstance(error, dict):
        return (), str(error or body or "no reason given")[:300]
    causes = [*error.get("root_cause", ()), error, error.get("caused_by") or {}]
    kinds = [str(cause.get("type", "")) for cause in causes]
    reason = next((cause["reason"] for cause in causes if cause.get("reason")), "no reason given")
    return kinds, f"{kinds[0]}: {reason}"[:300]


_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)


def _privileges(reason: str) -> str:
    """Return what a refusal says, without the names of users and roles.

    >>> _privileges("action [read] is unauthorized for user [x] with effective roles [y,z] on indices [news]")
    'action [read] is unauthorized on indices [news]'
    """
    return re.sub(r" for (?:user|API key|service account) .*?(?= on indices|, this action|$)", "", reason)


def _address(node: NodeConfig) -> str:
    return f"{node.scheme}://{node.host}:{node.port}{node.path_prefix}"


def _cause(error: TransportError) -> str:
    text = str(error.message).split(" caused by:")[0]
    return re.sub(r"^\w+\(host=[^)]*\): ", "", text)[:300]
