"""The script that puts a search into another site, `/embed.js`, and the modules that it imports.

A browser loads modules of another origin only if their answers allow it (CORS). These allow every origin: they are
public files without a document or a secret. Whether a page may search is decided by `CORS_ORIGINS` and the keys.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

VERSION_LENGTH = 12
"""Characters of the digest in the URLs of modules."""

EMBED_SECONDS = 300
"""Browsers may use `/embed.js` for five minutes, for its URL has no version; then they ask whether it has changed."""

OPEN_HEADERS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

ENTRY = """\
import {{ start }} from "./static/{version}/embed/scripts.js";

start(import.meta.url);
"""
"""The text of `/embed.js`; the address is relative, so it also works behind a proxy that adds a prefix."""


def add_embedding(page: Blueprint, version: str) -> None:
    """Serve `/embed.js`, and open modules to other origins; `version` is the digest in their URLs."""

    @page.get("/embed.js")
    def embed() -> Response:
        response = Response(ENTRY.format(version=version), mimetype="text/javascript")
        response.add_etag()
        response.make_conditional(request)
        return _shared(response)

    @page.get(f"/static/<string(length={VERSION_LENGTH}):_version>/<path:filename>")
    def other_module(_version: str, filename: str) -> Response:
        """Return the present module for the URL of another version.

        A browser or proxy has an `/embed.js` of before an upgrade, or one of a machine that is upgraded later.
        """
        return _shared(page.send_static_file(filename))

    @page.after_request
    def open_modules(response: Response) -> Response:
        if request.endpoint == "page.module":
            response.headers.update(OPEN_HEADERS)
        return response


def _shared(response: Response) -> Response:
    response.headers.update(OPEN_HEADERS)
    response.headers["Cache-Control"] = f"public, max-age={EMBED_SECONDS}"
    return response
