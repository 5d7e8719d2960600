"""What browsers and crawlers look up about the whole site: how it is searched, and what of it is crawled."""

from __future__ import annotations

from urllib.parse import urljoin

from flask import Blueprint, Response, render_template, request, url_for

from search_service.core.index_name import IndexName
from search_service.web.responses import page_wording
from search_service.web.url_state import INDEX, State, chosen_index

ROBOTS = """\
# Documents may be crawled, and found by the pages of the list of all of them. Searches are without end, and each
# costs the service work, so crawlers stay out of them and of the HTTP interface.
User-agent: *
Disallow: /v1/
Disallow: /export
Disallow: /matches
{searches}
"""

SEARCHES = (
    "q=", "filter.", "date_from=", "date_to=", "sort=", "advanced=", "understanding=", "as_typed=", "digits=",
    "calendar=",
)  # fmt: skip
"""What the parameters begin with that make a search of a URL, or show a page in yet another way."""

DAY_SECONDS = 86_400

MAX_SHORT_NAME = 16
"""Code points of the name of a search engine (OpenSearch 1.1, `ShortName`)."""


def add_crawling_routes(page: Blueprint, default_index: IndexName) -> None:
    """Add `/robots.txt` and `/opensearch.xml` to the pages."""

    @page.get("/robots.txt", endpoint="robots")
    def robots() -> Response:
        rules = (f"Disallow: /*{sign}{name}" for name in SEARCHES for sign in "?&")
        return _cached(Response(ROBOTS.format(searches="\n".join(rules)), mimetype="text/plain"))

    @page.get("/opensearch.xml", endpoint="search_description")
    def search_description() -> Response:
        words = page_wording()
        state = State.of(request.args)
        name = words.site_name or words.index(chosen_index(state, default_index))
        target = urljoin(request.url_root, state.only(INDEX).updated(q="{searchTerms}").href())
        xml = render_template(
            "opensearch.xml",
            words=words,
            short_name=name[:MAX_SHORT_NAME],
            name=name,
            target=target.replace("%7BsearchTerms%7D", "{searchTerms}"),
            icon=urljoin(request.url_root, url_for("page.static", filename="icon.png")),
        )
        response = _cached(Response(xml, mimetype="application/opensearchdescription+xml"))
        response.vary.add("Accept-Language")
        return response


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    return response
