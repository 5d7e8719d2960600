"""The reference of the HTTP interface as pages: its operations at `/docs`, and each kind of problem."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus

import flask
import orjson
from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from search_service.api.endpoints import endpoint
from search_service.api.openapi.document import build_document
from search_service.api.operations import operations
from search_service.api.problem_types import EXAMPLES, problem_type
from search_service.api.problems import HEADERS, language
from search_service.api.schemas import responses
from search_service.messages.rendering import Language
from search_service.web import reference_views as views
from search_service.web.reference_types import prose
from search_service.web.responses import with_headers

PAGE, JSON = "text/html", "application/json"


def reference_blueprint() -> Blueprint:
    """Return the pages of the reference, which need no script and nothing from another host."""
    reference = Blueprint("reference", __name__)
    reference.record(lambda state: state.app.jinja_env.filters.update(prose=prose))

    @cache
    def contents() -> views.Reference:
        """Return what the page of the operations shows, once for each process."""
        return views.reference(build_document(operations(flask.current_app).values()))

    @reference.get("/docs")
    def docs() -> Response:
        page = render_template(
            "reference.html", reference=contents(), problems=_problems(), host=request.host_url.rstrip("/")
        )
        return with_headers(make_response(page))

    @endpoint(
        reference,
        "/problems/<code>",
        tag="service",
        scope=None,
        answers=responses.ProblemType,
        page=True,
        statuses={HTTPStatus.OK: "The description", HTTPStatus.NOT_FOUND: "No problem has this code"},
    )
    def problem(code: str) -> Response:
        """Return what a kind of problem means, and what to do about it."""
        preferred = language()
        described = problem_type(code, preferred)
        if described is None:
            raise NotFound
        if request.accept_mimetypes.best_match([PAGE, JSON]) == JSON:
            response = Response(orjson.dumps(described), headers=HEADERS, mimetype=JSON)
            response.content_language.add(preferred.value)
        else:
            languages = sorted(Language, key=lambda one: one is not preferred)
            shown = [(one.value, problem_type(code, one)) for one in languages]
            example = json.dumps(described["example"], ensure_ascii=False, indent=2)
            response = with_headers(
                make_response(render_template("problem.html", code=code, shown=shown, example=example))
            )
            response.headers["Content-Language"] = ", ".join(one.value for one in languages)
        response.vary.update(("Accept", "Accept-Language"))
        return response

    return reference


def _problems() -> list[responses.ProblemType]:
    """Return every kind of problem, in the order of its status."""
    described = [problem_type(code, Language.ENGLISH) for code in EXAMPLES]
    return sorted((one for one in described if one), key=lambda one: one["status"])
