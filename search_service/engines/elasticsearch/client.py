"""The connection to Elasticsearch, and the translation of client errors to service errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import NodeConfig, OrjsonSerializer, SerializationError, TlsError
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError

from search_service.config.settings import ElasticsearchSettings
from search_service.core.errors import EngineTimeout, EngineUnavailable
from search_service.engines.elasticsearch.errors import to_service_error
from search_service.engines.elasticsearch.node import Node, PooledNode, addresses, silence_client_logs

MAX_RETRIES = 2
"""Retries after a lost connection or a full queue, or one for each other host if there are more."""

BACKOFF_SECONDS, MAX_BACKOFF_SECONDS = 0.2, 1.0
"""First and longest delay before a retry: enough for a full queue to have space again."""

LOST_NODE_SECONDS = 4.0
"""Time after which a lost node is asked again, twice as long after each further loss. All attempts of one request take
less, so they do not meet the same lost node twice."""

ADMIN_SECONDS = 60.0
"""Timeout of creating, switching and removing: the master of a large cluster applies one change after the other."""

CONNECTIONS = 10
"""Connections kept open to each host: more than a process has threads."""


def connect(settings: ElasticsearchSettings) -> Elasticsearch:
    """Return a client; it connects at its first request."""
    silence_client_logs()
    options: dict[str, Any] = {}
    if api_key := settings.api_key.get_secret_value():
        options["api_key"] = api_key
    elif settings.user:
        options["basic_auth"] = (settings.user, settings.password.get_secret_value())
    if settings.ca_certificate:
        options["ca_certs"] = str(settings.ca_certificate)
    return Elasticsearch(
        list(settings.urls),
        request_timeout=settings.timeout,
        max_retries=max(MAX_RETRIES, len(settings.urls) - 1),
        retry_backoff_base=BACKOFF_SECONDS,
        retry_backoff_cap=MAX_BACKOFF_SECONDS,
        retry_on_timeout=False,
        dead_node_backoff_factor=LOST_NODE_SECONDS,
        node_class=PooledNode if len(settings.urls) > 1 else Node,
        connections_per_node=CONNECTIONS,
        serializers={kind: OrjsonSerializer() for kind in ("application/json", *_VENDOR_TYPES)},
        **options,
    )


_VENDOR_TYPES = tuple(f"application/vnd.elasticsearch+{kind}" for kind in ("json",))


@contextmanager
def translate_errors(index: str = "") -> Iterator[None]:
    """Translate errors of the client to errors of the service about an index."""
    try:
        yield
    except ConnectionTimeout as error:
        raise EngineTimeout("engine-timeout", address=addresses(error)) from error
    except SerializationError as error:
        raise EngineUnavailable("engine-answer-unreadable") from error
    except TransportError as error:
        setting = "ELASTICSEARCH_CA_CERTIFICATE" if isinstance(error, TlsError) else "ELASTICSEARCH_URL"
        raise EngineUnavailable(
            "engine-unreachable", address=addresses(error), reason=_cause(error), setting=setting
        ) from error
    except ApiError as error:
        raise to_service_error(error.status_code, error.body, index, _address(error.meta.node)) from error


def _address(node: NodeConfig) -> str:
    host = f"[{node.host}]" if ":" in node.host else node.host
    return f"{node.scheme}://{host}:{node.port}{node.path_prefix}"


def _cause(error: TransportError) -> str:
    text = str(error.message).split(" caused by:")[0]
    return re.sub(r"^\w+\(host=[^)]*\): ", "", text)[:300]
