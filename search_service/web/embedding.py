"""The script that puts a search into another site, `/embed.js`."""

from __future__ import annotations

from flask import Blueprint, Response, request

from search_service.web.static_files import OTHER_SECONDS, opened

ENTRY = """\
import {{ start }} from "./static/{version}/embed.js";

start(import.meta.url);
"""
"""The text of `/embed.js`; the address is relative, so it also works behind a proxy that adds a prefix."""


def add_embedding(page: Blueprint, version: str) -> None:
    """Serve `/embed.js`, whose URL has no version; `version` is the digest in the URL of what it imports."""

    @page.get("/embed.js")
    def embed() -> Response:
        response = Response(ENTRY.format(version=version), mimetype="text/javascript")
        response.add_etag()
        response.headers["Cache-Control"] = f"public, max-age={OTHER_SECONDS}"
        response.make_conditional(request)
        return opened(response)
