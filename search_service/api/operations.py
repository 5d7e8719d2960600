"""The operations of the HTTP interface: what the OpenAPI document describes, and which scope each one needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from flask import Blueprint
from flask.sansio.app import App

from search_service.access.keys import Scope
from search_service.core.errors import SearchServiceError
from search_service.search.request_types import Request

Tag = Literal["search", "documents", "indexes", "jobs", "service"]
"""The subject of an operation."""

JSON, NDJSON, MERGE_PATCH = "application/json", "application/x-ndjson", "application/merge-patch+json"
"""Types of bodies."""

BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests have a body."""

EXTENSION = "operations"
"""The key of `Flask.extensions` with the operations of an application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A view of the HTTP interface.

    Attributes:
        name: the name of the view, unique in the interface.
        rule: its path, as Flask writes it.
        methods: its methods.
        tag: its subject.
        scope: what the caller must be allowed to do; None if everybody may call it.
        summary: one line.
        description: more than that; may be empty.
        request: the model of its parameters; None if the view reads them itself.
        request_in_body: whether these are in the body, if the method has one, and not in the query string.
        body: the type of its body, if that is not `request`; None if it has none.
        content: the type of the content of its answer; None if it is empty.
        statuses: the statuses of answers that are no errors, each with its meaning.
        headers: the headers of these answers, each with its meaning.
        request_headers: the headers that a request may have, each with its meaning.
        raises: errors beside those that every operation has.
        page: whether the answer can also be a page in HTML.
        smaller_with: the parameter that makes a large answer smaller; empty if an answer is never too large.
        max_body_bytes: the largest body; None for a stream, which the view bounds.
    """

    name: str
    rule: str
    methods: tuple[str, ...]
    tag: Tag
    scope: Scope | None
    summary: str
    description: str
    request: type[Request] | None
    request_in_body: bool
    body: Any
    content: Any
    statuses: Mapping[HTTPStatus, str]
    headers: Mapping[str, str]
    request_headers: Mapping[str, str]
    raises: tuple[type[SearchServiceError], ...]
    page: bool
    smaller_with: str
    max_body_bytes: int | None

    def content_types(self, method: str) -> tuple[str, ...]:
        """Return the types of the body of a request with this method; none for any.

        Only operations that change something require one of them (CSRF): a page of another site can send a form or
        plain text without a preflight, and the browser adds the user's credentials.
        """
        has_body = method in BODY_METHODS and (self.body is not None or self.request_in_body)
        if not has_body or self.scope not in ("write", "admin"):
            return ()
        if self.max_body_bytes is None:
            return (NDJSON, "application/ndjson", "application/jsonl")
        return (MERGE_PATCH, JSON) if method == "PATCH" else (JSON,)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the path."""
        return tuple(re.findall(r"<(?:\w+:)?(\w+)>", self.rule))

    def reads_request_from_body(self, method: str) -> bool:
        """Whether the parameters of a request with this method are in its body."""
        return self.request_in_body and method in BODY_METHODS


def record(blueprint: Blueprint, operation: Operation) -> None:
    """Add an operation to those of each application that a blueprint is registered with."""
    endpoint = f"{blueprint.name}.{operation.name}"
    blueprint.record(lambda state: operations(state.app).update({endpoint: operation}))


def operations(app: App) -> dict[str, Operation]:
    """Return the operations of an application by endpoint, as `flask.request.endpoint` has it."""
    known: dict[str, Operation] = app.extensions.setdefault(EXTENSION, {})
    return known
