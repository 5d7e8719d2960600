"""One node of Elasticsearch, as the client sends requests to it."""

from __future__ import annotations

import logging
from typing import Any

from elastic_transport import ApiResponseMeta, ConnectionError, HttpHeaders, TransportError, Urllib3HttpNode
from elasticsearch import ConnectionTimeout

PRODUCT = "x-elastic-product"
"""The header by which each answer of Elasticsearch can be told."""

PING_TIMEOUT_SECONDS = 1.0
"""For so long a node that was lost may take to say that it is there."""

logger = logging.getLogger(__name__)


class NotElasticsearch(ConnectionError):
    """What came is no answer of Elasticsearch: a proxy's page, or nothing."""


class Node(Urllib3HttpNode):
    """A node that puts its address into its errors, as a note, and takes no answers from anything but Elasticsearch.

    The client looks at the first answer only; a proxy may put up a page of its own at any time.
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
    """A node beside others, which take over its requests: that it is lost shows nowhere else, so it is logged, once.

    The client tries a lost node again after some seconds. One that hangs would cost a request all of its time then, so
    it is asked first whether it is there.
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
                logger.warning("Elasticsearch at %s is lost, the others go on (%s)", self.base_url, error.message)
            self._lost = True
            raise
        if self._lost:
            logger.warning("Elasticsearch at %s answers again", self.base_url)
        self._lost = False
        return answer

    def _ping(self, headers: HttpHeaders | None) -> None:
        try:
            super().perform_request("HEAD", "/", headers=headers, request_timeout=PING_TIMEOUT_SECONDS)
        except ConnectionTimeout as error:  # which would end the whole request
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
    """Return where a request went that came to nothing.

    >>> failed = TransportError("refused")
    >>> failed.add_note("http://10.0.0.1:9200")
    >>> addresses(failed)
    'http://10.0.0.1:9200'
    """
    tried = [one for failed in (*error.errors, error) for one in getattr(failed, "__notes__", ())]
    return ", ".join(dict.fromkeys(tried))


def silence_client_logs() -> None:
    """Let the client log errors only, unless it is told otherwise: it warns, with stack traces, of what is raised."""
    for name in ("elastic_transport.node_pool", "elastic_transport.transport"):
        library = logging.getLogger(name)
        if library.level == logging.NOTSET:
            library.setLevel(logging.ERROR)
