"""Runs the application under gunicorn. Only `serve` imports this module: no other command needs a web server."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.util import import_app  # type: ignore[import-untyped]

from search_service.core.errors import InvalidParameter, SearchServiceError
from search_service.server import configuration


class PortTaken(SearchServiceError):
    """The server cannot listen on the address or port."""


def check_port(host: str, port: int) -> None:
    """Check that the port is free: gunicorn itself tries for five seconds, and its message is vague.

    Raises:
        InvalidParameter: the host is not known.
        PortTaken: the port is in use, or may not be used.
    """
    try:
        [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise InvalidParameter("host", "unknown-host", value=host, reason=error.strerror) from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            probe.bind(address)
        except OSError as error:
            raise PortTaken(
                "port-unavailable", host=host, port=port, reason=error.strerror, parameter="port"
            ) from error


def run(host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it.

    Args:
        host: the address to listen at.
        port: the port to listen at.
        workers: processes; each makes an application of its own.
    """
    shown = f"[{host}]" if ":" in host else host
    options = {
        "bind": f"{shown}:{port}",
        "workers": workers,
        "when_ready": lambda _: click.echo(f"Search page: http://{_reachable(shown)}:{port}/"),
    }
    Server(options).run()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with `search_service.server.configuration` and some options more.

    Args:
        options: settings by gunicorn's names.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Set the options."""
        for name, value in {**vars(configuration), **self._options}.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application; gunicorn calls this in each worker, after the fork."""
        return import_app(configuration.wsgi_app)


def _reachable(host: str) -> str:
    """Return the host as a browser can open it."""
    with suppress(ValueError):  # it is a name
        address = ip_address(host.strip("[]"))
        if address.is_unspecified:
            return "127.0.0.1" if address.version == 4 else "[::1]"
    return host
