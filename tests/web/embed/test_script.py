"""The script that a page embeds: its size, requests and caching."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

MAX_BYTES = 25_000
"""The limit of the compressed script; measured at 19.1 kB."""


def test_the_script_is_small_and_makes_two_requests(client: FlaskClient) -> None:
    size = 0
    for url in ("/embed.js", script(client)):
        with client.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            size += len(answer.get_data())
    assert size <= MAX_BYTES
    text = client.get(script(client)).text
    assert "// embed/element.js" in text
    assert not re.search(r"\binnerHTML\b|\bimport\b", text)


def script(client: FlaskClient) -> str:
    """Return the URL of what `/embed.js` imports."""
    [url] = re.findall(r'from "\.(.*?)"', client.get("/embed.js").text)
    return str(url)


def test_a_browser_asks_for_the_script_anew_and_keeps_its_modules(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")
    url = script(client)
    with client.get(url) as module:
        assert module.headers["Cache-Control"].endswith("immutable")
        text = module.get_data()
    with client.get(re.sub(r"[0-9a-f]{12}", "0" * 12, url)) as older:
        assert (older.get_data(), older.headers["Cache-Control"]) == (text, "public, max-age=300")
        assert older.headers["Access-Control-Allow-Origin"] == "*"
