"""JSON Schemas of the request models and response types, as shared components of the document."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from search_service.search.request_types import Request

REFERENCE = "#/components/schemas/{model}"

Schema = dict[str, Any]


class Schemas:
    """The schemas of some types; types that contain each other share components.

    Args:
        requests: models of requests.
        others: types of bodies and answers.
    """

    def __init__(self, requests: Iterable[type[Request]], others: Iterable[Any]) -> None:
        modes: list[tuple[Any, JsonSchemaMode]] = [(kind, "validation") for kind in dict.fromkeys(requests)]
        modes += [(kind, "serialization") for kind in _distinct(others)]
        inputs = [(number, mode, TypeAdapter(kind)) for number, (kind, mode) in enumerate(modes)]
        schemas, shared = TypeAdapter.json_schemas(inputs, ref_template=REFERENCE)
        self._schemas = [(kind, _without_titles(schemas[number, mode])) for number, (kind, mode) in enumerate(modes)]
        self.components: dict[str, Schema] = {
            name: _without_titles(schema) for name, schema in sorted(shared.get("$defs", {}).items())
        }
        for kind, _ in modes:
            if inspect.isclass(kind) and issubclass(kind, Request):
                self._allow_null(kind)
        self._common = self.components.pop(Request.__name__, {})  # no body of its own

    def of(self, kind: Any) -> Schema:
        """Return the schema of a type, most often a reference to a component."""
        return next(schema for known, schema in self._schemas if known == kind)

    def used_by(self, described: object) -> dict[str, Schema]:
        """Return the components that a part of the document refers to, and those that they refer to."""
        found: set[str] = set()
        waiting = [described]
        while waiting:
            part = waiting.pop()
            for name in _references(part) - found:
                found.add(name)
                waiting.append(self.components[name])
        return {name: schema for name, schema in self.components.items() if name in found}

    def members(self, model: type[Request]) -> Mapping[str, Schema]:
        """Return the schemas of the members of a request."""
        component = self._common if model is Request else self.components[model.__name__]
        members: Mapping[str, Schema] = component["properties"]
        return members

    def _allow_null(self, model: type[Request]) -> None:
        """Allow null for the optional members of a body: there it means that the member is absent."""
        component = self.components[model.__name__]
        for name, member in component["properties"].items():
            if name not in component.get("required", ()):
                component["properties"][name] = nullable(member)


def _distinct(kinds: Iterable[Any]) -> list[Any]:
    """Return types without repetitions; not all of them are hashable."""
    found: list[Any] = []
    for kind in kinds:
        if kind not in found:
            found.append(kind)
    return found


def item_type(kind: Any, container: type) -> Any:
    """Return the type of the items if a type is this generic container, else None.

    >>> item_type(list[int], list), item_type(int, list)
    (<class 'int'>, None)
    """
    return get_args(kind)[0] if get_origin(kind) is container else None


def _references(part: object) -> set[str]:
    """Return the names of the components of which a part of the document has a reference."""
    if isinstance(part, list):
        return {name for one in part for name in _references(one)}
    if not isinstance(part, dict):
        return set()
    reference = part.get("$ref")
    is_component = isinstance(reference, str) and reference.startswith(REFERENCE.format(model=""))
    own = {str(reference).rpartition("/")[2]} if is_component else set()
    return own | {name for one in part.values() for name in _references(one)}


def nullable(schema: Schema) -> Schema:
    """Return a schema that also allows null.

    >>> nullable({"type": "string", "description": "A text."})
    {'type': ['string', 'null'], 'description': 'A text.'}
    >>> nullable({"anyOf": [{"type": "integer"}, {"type": "null"}]})
    {'anyOf': [{'type': 'integer'}, {'type': 'null'}]}
    """
    if "anyOf" in schema:
        null = {"type": "null"}
        return schema if null in schema["anyOf"] else {**schema, "anyOf": [*schema["anyOf"], null]}
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return schema


def without_null(schema: Schema) -> Schema:
    """Return a schema that does not allow null; the opposite of `nullable`.

    >>> without_null({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "description": "A number."})
    {'description': 'A number.', 'type': 'integer', 'minimum': 1}
    """
    kept = {name: value for name, value in schema.items() if name != "anyOf"}
    if "anyOf" in schema:
        kinds = [one for one in schema["anyOf"] if one != {"type": "null"}]
        kept.update(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})
    if isinstance(kept.get("type"), list):
        [kept["type"]] = [kind for kind in kept["type"] if kind != "null"]
    return kept


def _without_titles(schema: Any) -> Any:
    """Return a schema without the titles that Pydantic makes of names, and without defaults of null."""
    if isinstance(schema, list):
        return [_without_titles(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept: Schema = {}
    for name, value in schema.items():
        if name in ("properties", "patternProperties", "$defs"):
            kept[name] = {member: _without_titles(one) for member, one in value.items()}
        elif (name == "title" and isinstance(value, str)) or (name == "default" and value is None):
            continue
        elif name == "description" and isinstance(value, str):
            kept[name] = " ".join(value.partition("\n\n")[0].split())  # not what a docstring has for programmers
        elif name in ("default", "enum", "const", "examples", "required"):
            kept[name] = value
        else:
            kept[name] = _without_titles(value)
    return kept
