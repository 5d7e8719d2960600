"""How the client sends requests to one node."""

from __future__ import annotations

import logging
from typing import Any

from elastic_transport import ApiResponseMeta, ConnectionError, HttpHeaders, TransportError, Urllib3HttpNode
from elasticsearch import ConnectionTimeout

PRODUCT = "x-elastic-product"
"""The header that every response of Elasticsearch has."""

PING_TIMEOUT_SECONDS = 1.0
"""Timeout of the ping to a node that was lost."""

logger = logging.getLogger(__name__)


class NotElasticsearch(ConnectionError):
    """The response did not come from Elasticsearch, perhaps from a proxy, or it is empty."""


class Node(Urllib3HttpNode):
    """A node that adds its address to errors, as a note, and accepts only responses of Elasticsearch.

    The client checks only the first response; a proxy may answer with a page of its own at any time.
    """

    def perform_request(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Send a request."""
        try:
            answer = super().perform_request(method, *arguments, **options)
            if answer.meta.status < 300:
                _check_response(answer.meta, bool(answer.body) or method == "HEAD")
        except TransportError as error:
            error.add_note(self.base_url)
            raise
        return answer


class PooledNode(Node):
    """A node of several. The others take over its requests, so its loss is logged, once: it shows nowhere else.

    The client retries a lost node after some seconds. If the node hangs, that would take the whole timeout of a
    request, so a ping with a short timeout is sent first.
    """

    _lost = False

    def perform_request(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Send a request."""
        try:
            if self._lost:
                self._ping(options.get("headers"))
            answer = super().perform_request(method, *arguments, **options)
        except (ConnectionError, ConnectionTimeout) as error:
            if not self._lost:
                logger.warning("Elasticsearch at %s is lost; other nodes take over (%s)", self.base_url, error.message)
            self._lost = True
            raise
        if self._lost:
            logger.warning("Elasticsearch at %s answers again", self.base_url)
        self._lost = False
        return answer

    def _ping(self, headers: HttpHeaders | None) -> None:
        try:
            super().perform_request("HEAD", "/", headers=headers, request_timeout=PING_TIMEOUT_SECONDS)
        except ConnectionTimeout as error:  # a timeout would end the whole request
            lost = ConnectionError(error.message)
            lost.add_note(self.base_url)
            raise lost from error


def _check_response(meta: ApiResponseMeta, complete: bool) -> None:
    if meta.headers.get(PRODUCT) != "Elasticsearch":
        kind = meta.mimetype or "no type"
        raise NotElasticsearch(f"what answers there is not Elasticsearch: status {meta.status}, {kind}")
    if not complete:
        raise NotElasticsearch("its answer is empty")


def addresses(error: TransportError) -> str:
    """Return the addresses of the nodes that a failed request was sent to.

    >>> failed = TransportError("refused")
    >>> failed.add_note("http://10.0.0.1:9200")
    >>> addresses(failed)
    'http://10.0.0.1:9200'
    """
    tried = [one for failed in (*error.errors, error) for one in getattr(failed, "__notes__", ())]
    return ", ".join(dict.fromkeys(tried))


def silence_client_logs() -> None:
    """Let the client log only errors, unless configured otherwise: it logs what it raises, with stack traces."""
    for name in ("elastic_transport.node_pool", "elastic_transport.transport"):
        library = logging.getLogger(name)
        if library.level == logging.NOTSET:
            library.setLevel(logging.ERROR)
