"""The connection to Elasticsearch, and what its errors mean to the rest of the service."""

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
"""A request that meets a lost connection or a full queue is sent so often again, or to each other host once."""

BACKOFF_SECONDS, MAX_BACKOFF_SECONDS = 0.2, 1.0
"""About how long it waits before that, and no longer than: a queue that is full may have a place then."""

CONNECTIONS = 10
"""Connections kept open to each host: as many as a process has threads, and some."""


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
        node_class=PooledNode if len(settings.urls) > 1 else Node,
        connections_per_node=CONNECTIONS,
        serializers={kind: OrjsonSerializer() for kind in ("application/json", *_VENDOR_TYPES)},
        **options,
    )


_VENDOR_TYPES = tuple(f"application/vnd.elasticsearch+{kind}" for kind in ("json",))


@contextmanager
def translate_errors(index: str = "") -> Iterator[None]:
    """Turn the client's errors into the service's; `index` is what they are about."""
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
