"""Header fields that keep browsers from doing more with an answer than it is for."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response

SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    # An answer of the HTTP interface is data. The search page and other pages set a policy of their own.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "SAMEORIGIN",
}
"""Header fields of every answer that does not set them itself. `Strict-Transport-Security` is for the reverse proxy,
which speaks TLS. A page of another site may read an answer only where `CORS_ORIGINS` says so."""


def register(app: Flask) -> None:
    """Add the header fields to every answer of an application."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        present = {name.lower() for name, _ in headers}  # faster than to look each one up
        for name, value in SECURITY_HEADERS.items():
            if name.lower() not in present:
                headers.add(name, value)
        return response
