"""What the page of the reference shows, made from the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from search_service.api.openapi.examples import EXAMPLES, Example
from search_service.api.openapi.schemas import without_null
from search_service.web.reference_types import limits_of, prose, type_of


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter, or a member of an object."""

    name: str
    where: str
    is_required: bool
    type: Markup
    limits: Markup
    description: Markup


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of an operation."""

    status: str
    description: Markup
    type: Markup
    headers: tuple[tuple[str, Markup], ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An example: its request, and the answer to it as JSON, empty if it is not shown."""

    example: Example
    answer: str


@dataclass(frozen=True, slots=True)
class Described:
    """An operation."""

    id: str
    method: str
    path: str
    summary: str
    description: Markup
    needs: str
    parameters: tuple[Row, ...]
    body: Markup
    answers: tuple[Answer, ...]
    examples: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The operations of a subject."""

    name: str
    description: Markup
    operations: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """A schema with its members."""

    name: str
    description: Markup
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole reference."""

    title: str
    version: str
    description: tuple[Markup, ...]
    subjects: tuple[Subject, ...]
    objects: tuple[Object, ...]


def reference(document: Mapping[str, Any]) -> Reference:
    """Return what the page shows of an OpenAPI document."""
    described = [
        (operation["tags"][0], _operation(path, method, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return Reference(
        title=document["info"]["title"],
        version=document["info"]["version"],
        description=tuple(map(prose, document["info"]["description"].split("\n\n"))),
        subjects=tuple(
            Subject(tag["name"], prose(tag["description"]), _of_tag(described, tag["name"])) for tag in document["tags"]
        ),
        objects=tuple(
            Object(name, prose(schema.get("description", "")), tuple(_members(schema)))
            for name, schema in document["components"]["schemas"].items()
        ),
    )


def _of_tag(described: list[tuple[str, Described]], tag: str) -> tuple[Described, ...]:
    return tuple(operation for name, operation in described if name == tag)


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Described:
    name = operation["operationId"].removesuffix(f"_by_{method}")
    examples = [one for one in EXAMPLES.get(name, ()) if one.method == method.upper()]
    body = operation.get("requestBody", {}).get("content", {})
    return Described(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=prose(operation.get("description", "")),
        needs=_needs(operation["security"]),
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ())),
        body=Markup(", ").join(type_of(content["schema"]) for content in body.values()),
        answers=tuple(_answer(status, answer) for status, answer in sorted(operation["responses"].items())),
        examples=tuple(Shown(one, _recorded(operation, one.name)) for one in examples),
    )


def _needs(security: list[dict[str, list[str]]]) -> str:
    """Return in words which key an operation needs."""
    scopes = [scope for needed in security for names in needed.values() for scope in names]
    if not scopes:
        return "Needs no key."
    return f"Needs a key for {scopes[0]}{', unless searches are public' if {} in security else ''}."


def _parameter(parameter: Mapping[str, Any]) -> Row:
    schema = parameter["schema"]
    is_named_by_field = "propertyNames" in schema
    name = schema["propertyNames"]["pattern"].strip("^").replace("\\", "") + "FIELD" if is_named_by_field else ""
    return Row(
        name=name or parameter["name"],
        where=parameter["in"],
        is_required=parameter.get("required", False),
        type=Markup("string") if is_named_by_field else type_of(schema),
        limits=limits_of(schema),
        description=prose(parameter.get("description", "")),
    )


def _members(schema: Mapping[str, Any]) -> Iterator[Row]:
    is_request = schema.get("additionalProperties") is False
    for name, described in schema.get("properties", {}).items():
        is_required = name in schema.get("required", ())
        member = without_null(described) if is_request and not is_required else described  # the page says it once
        yield Row(
            name=name,
            where="",
            is_required=is_required,
            type=type_of(member),
            limits=limits_of(member),
            description=prose(member.get("description", "")),
        )


def _answer(status: str, answer: Mapping[str, Any]) -> Answer:
    codes = tuple(answer.get("x-problem-codes", ()))
    headers = answer.get("headers", {})
    schemas = [content["schema"] for kind, content in answer.get("content", {}).items() if kind != "text/html"]
    return Answer(
        status=status,
        description=prose(answer["description"].partition(" Codes:")[0]),
        type=Markup(", ").join(map(type_of, schemas)),
        headers=tuple((name, prose(one["description"])) for name, one in headers.items() if "description" in one),
        codes=codes,
    )


def _recorded(operation: Mapping[str, Any], name: str) -> str:
    """Return the recorded answer of an example."""
    for answer in operation["responses"].values():
        for content in answer.get("content", {}).values():
            if name in content.get("examples", {}):
                return json.dumps(content["examples"][name]["value"], ensure_ascii=False, indent=2)
    return ""
