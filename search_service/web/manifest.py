"""What a browser needs to install the search page as an application: its name, its address, an icon of any size."""

from __future__ import annotations

from urllib.parse import quote

import orjson
from flask import request, url_for

from search_service.web.messages.texts import Texts
from search_service.web.metadata import absolute
from search_service.web.url_state import INDEX, State


def manifest(name: str, texts: Texts, version: str) -> str:
    """Return the web application manifest of a page as a `data:` URL.

    A manifest of its own URL would be one more request of each first load: Chromium reads it with the page. All URLs
    in it are absolute, because a `data:` URL is no base of others.

    Args:
        name: the name of the site.
        texts: those of the language of the page.
        version: the version of the static files.
    """
    icon = absolute(url_for("page.static", filename="icon.svg", v=version))
    members = {
        "name": name,
        "lang": texts.language.value,
        "dir": texts.direction,
        "start_url": absolute(State.of(request.args).only(INDEX).href()),
        "scope": absolute(url_for("page.search")),
        "display": "minimal-ui",
        "icons": [{"src": icon, "type": "image/svg+xml", "sizes": "any"}],
    }
    return f"data:application/manifest+json,{quote(orjson.dumps(members), safe='/:,{}[]?=&')}"
