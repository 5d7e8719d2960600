"""The style sheets and scripts of the page and of `/embed.js`, under URLs that change with their content."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from search_service.web.bundles import STATIC, make_bundles

VERSION_LENGTH = 12
"""Characters of the digest in the URLs of static files."""

OTHER_SECONDS = 300
"""Browsers may use a file of another version for five minutes; then they ask whether it has changed."""

OPEN_HEADERS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Headers that let pages of every origin load a script. It has no document and no secret; whether a page may search is
decided by `CORS_ORIGINS` and the keys."""


def add_static_files(page: Blueprint, version: str) -> None:
    """Serve the bundles; `version` is the digest in their URLs."""
    bundles = make_bundles()

    @page.get(f"/static/{version}/<any({', '.join(map(repr, bundles))}):filename>")
    def bundle(filename: str) -> Response:
        return allow_all_origins(_answer(bundles[filename], filename))

    @page.get(f"/static/<string(length={VERSION_LENGTH}):_version>/<path:filename>")
    def other_version(_version: str, filename: str) -> Response:
        """Return the present file for the URL of another version.

        A browser or proxy has an `/embed.js` of before an upgrade, or a page of a machine that is upgraded later.
        """
        text = bundles.get(filename)
        response = allow_all_origins(_answer(text, filename) if text else page.send_static_file(filename))
        response.headers["Cache-Control"] = f"public, max-age={OTHER_SECONDS}"
        return response


def allow_all_origins(response: Response) -> Response:
    """Return a response that pages of every origin may load."""
    response.headers.update(OPEN_HEADERS)
    return response


def static_version() -> str:
    """Return a digest of the static files, which is part of their URLs."""
    files = sorted(file for file in STATIC.rglob("*") if file.is_file())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:VERSION_LENGTH]


def _answer(text: str, filename: str) -> Response:
    response = Response(text, mimetype="text/css" if filename.endswith(".css") else "text/javascript")
    response.add_etag()
    response.make_conditional(request)
    return response
