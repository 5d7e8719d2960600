"""What puts a search into another site: the script `/embed.js`, and the names that it shows to readers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from search_service.messages.rendering import Language
from search_service.web.responses import current_site
from search_service.web.static_files import OTHER_SECONDS, allow_all_origins
from search_service.web.url_state import INDEX

ENTRY = """\
import {{ start }} from "./static/{version}/embed.js";

start(import.meta.url);
"""
"""The text of `/embed.js`; the address is relative, so it also works behind a proxy that adds a prefix."""


def add_embedding(page: Blueprint, version: str) -> None:
    """Serve `/embed.js` and the names of fields; `version` is the digest in the URL of what the script imports.

    Their own URLs have none, so browsers keep them for a few minutes only.
    """

    @page.get("/embed.js")
    def embed() -> Response:
        return _for_all(Response(ENTRY.format(version=version), mimetype="text/javascript"))

    @page.get(f"/names/<any({', '.join(one.value for one in Language)}):language>.json")
    def names(language: str) -> Response:
        """Return what the site calls fields and values, and by which field it groups the hits of an index.

        This says nothing of what an index has, or whether there is one, so everybody may read it.
        """
        site = current_site().site
        group_by = site.display(request.args.get(INDEX, "")).group_by or ""
        return _for_all(jsonify({**site.names(Language(language)), "group_by": group_by}))


def _for_all(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = f"public, max-age={OTHER_SECONDS}"
    response.make_conditional(request)
    return allow_all_origins(response)
