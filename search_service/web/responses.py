"""What every page shares: its headers, the variables of the search box, and the page of a message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from flask import Response, current_app, make_response, render_template, request, url_for

from search_service.core.index_name import IndexName
from search_service.search.service import SearchService
from search_service.web.links import Choice
from search_service.web.manifest import manifest
from search_service.web.messages.texts import Notice, Texts
from search_service.web.messages.wording import Wording
from search_service.web.metadata import metadata
from search_service.web.reader import display_choices, other_language, wording_for
from search_service.web.site_file import SVG, LoadedSite
from search_service.web.url_state import INDEX, LANGUAGE, State

STATIC = ("page.static", "page.bundle", "page.site_style", "page.site_logo")
"""Endpoints of files whose URLs contain a digest of their content."""

STATIC_SECONDS = 31_536_000
"""Browsers may cache static files for a year: their URLs contain a digest of their content."""

SITE = "site"
"""The key of the site among the extensions of the application."""

CONTENT_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'; "
    "manifest-src data:"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}


@dataclass(frozen=True, slots=True)
class Switch:
    """The link to the same page in another language."""

    texts: Texts
    href: str


def page_variables(
    service: SearchService, index: IndexName, default_index: IndexName, state: State, words: Wording
) -> dict[str, object]:
    """Return the template variables of every page: the search box, and the choice of an index if there are several."""
    fields = service.schema(index).fields
    chosen = [
        Choice(
            words.index(name),
            state.only("q").updated(index="" if name == default_index else name).href(),
            name == index,
        )
        for name in service.names()
    ]
    return {
        "state": state,
        "q": state.get("q"),
        "index": index,
        "indexes": chosen if len(chosen) > 1 else [],
        "index_name": words.index(index),
        "suggest_labels": {field.name: words.label(field.name) for field in fields if field.suggest},
    }


def page_wording() -> Wording:
    """Return the words of the page that is requested."""
    return wording_for(State.of(request.args), request.accept_languages, current_site().site)


def current_site() -> LoadedSite:
    """Return the site of the application."""
    site: LoadedSite = current_app.extensions[SITE]
    return site


def make_page(template: str, words: Wording, **variables: object) -> Response:
    """Return a page in the language of its words, with links that show it in another way."""
    here = State.of(request.args)
    language = other_language(words)
    site = current_site()
    brand = str(words.site_name or variables.get("index_name") or words.texts.site)
    html = render_template(
        template,
        words=words,
        site=site,
        brand=brand,
        manifest=partial(manifest, brand, words.texts),
        texts=words.texts,
        metadata=metadata(),
        share_image=_share_image(site),
        other_language=Switch(language, _shown_here(here.showing(LANGUAGE, language.language.value))),
        display=[Choice(text, _shown_here(here.showing(*change))) for text, *change in display_choices(words)],
        **variables,
    )
    page = with_headers(make_response(html))
    page.content_language.add(words.texts.language.value)
    page.vary.add("Accept-Language")
    return page


def _share_image(site: LoadedSite) -> str:
    """Return the URL of the image beside a shared link: the logo, unless it is one that other services do not show."""
    if site.logo and site.logo_type != SVG:
        return url_for("page.site_logo", v=site.version)
    return url_for("page.static", filename="icon.png")


def _shown_here(state: State) -> str:
    """Return the URL of the requested page in another state; of the search page if there is no such page."""
    if request.endpoint and request.view_args and "document_id" in request.view_args:
        return state.href(request.endpoint, **request.view_args)
    return state.href()


def message_page(
    message: Notice, words: Wording, status: HTTPStatus, way_out: str = "", retry_after: str = ""
) -> Response:
    """Return a page with a message instead of results.

    Args:
        message: the message.
        words: the words of the page.
        status: its status.
        way_out: the URL of a link that works.
        retry_after: the seconds after which a script tries again; empty if it shall not.
    """
    state = State.of(request.args)
    kept = state.only("q") if status == HTTPStatus.NOT_FOUND else state.only("q", INDEX)
    page = make_page(
        "message.html",
        words,
        message=message,
        state=kept,
        q=state.get("q"),
        way_out=way_out,
        retry_after=retry_after,
    )
    page.status_code = status
    return page


def with_headers(response: Response) -> Response:
    """Return a page or static file with its headers set."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if origins := current_site().site.image_origins:
        response.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; img-src 'self' {' '.join(origins)}"
    if request.endpoint in STATIC and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response
