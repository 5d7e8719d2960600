"""Compares two OpenAPI documents: which changes would break a client of the earlier one.

oasdiff, which many use for this, is a program in Go; the packages for Python are months old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
Schema = Mapping[str, Any]

JSON = "application/json"


def may_be_incompatible(released: str, current: str) -> bool:
    """Return whether a version may break what an earlier one promised: its first number that is not 0 is higher.

    >>> may_be_incompatible("0.1.0", "0.1.9"), may_be_incompatible("0.1.0", "0.2.0")
    (False, True)
    >>> may_be_incompatible("1.9.0", "1.10.0"), may_be_incompatible("1.2.0", "2.0.0")
    (False, True)
    """
    before, after = ([int(part) for part in version.split(".")[:3]] for version in (released, current))
    position = next((number for number, part in enumerate(before) if part), len(before) - 1)
    return after[: position + 1] > before[: position + 1]


def incompatible_changes(before: Document, after: Document) -> list[str]:
    """Return a line for each change that breaks a client."""
    return list(_Comparison(before, after).changes())


class _Comparison:
    def __init__(self, before: Document, after: Document) -> None:
        self._before = before
        self._after = after

    def changes(self) -> Iterator[str]:
        for path, methods in self._before["paths"].items():
            for method, operation in methods.items():
                place = f"{method.upper()} {path}"
                now = self._after["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{place}: removed"
                else:
                    yield from self._operation(place, operation, now)

    def _operation(self, place: str, before: Schema, after: Schema) -> Iterator[str]:
        if before["operationId"] != after["operationId"]:
            yield f"{place}: its operationId was {before['operationId']}"
        yield from self._parameters(place, before, after)
        yield from self._body(place, before, after)
        for status, answer in before["responses"].items():
            if int(status) >= 400:
                continue  # a client handles errors of any status
            if status not in after["responses"]:
                yield f"{place}: status {status} removed"
                continue
            now = after["responses"][status]
            for name in answer.get("headers", {}):
                if name not in now.get("headers", {}):
                    yield f"{place}: header {name} removed"
            for kind, content in answer.get("content", {}).items():
                if kind not in now.get("content", {}):
                    yield f"{place}: {kind} removed"
                else:
                    yield from self._answer(f"{place} {status}", content["schema"], now["content"][kind]["schema"])
        if {} in before.get("security", ()) and {} not in after.get("security", ()):
            yield f"{place}: needs a key"

    def _parameters(self, place: str, before: Schema, after: Schema) -> Iterator[str]:
        known = {(one["in"], one["name"]): one for one in before.get("parameters", ())}
        now = {(one["in"], one["name"]): one for one in after.get("parameters", ())}
        for key, parameter in known.items():
            if key not in now:
                yield f"{place}: parameter {key[1]} removed"
                continue
            if (parameter.get("style"), parameter.get("explode")) != (now[key].get("style"), now[key].get("explode")):
                yield f"{place}: parameter {key[1]} is written otherwise"
            yield from self._request(f"{place}: parameter {key[1]}", parameter["schema"], now[key]["schema"])
        for key, parameter in now.items():
            if parameter.get("required") and not known.get(key, {}).get("required"):
                yield f"{place}: parameter {key[1]} is required"

    def _body(self, place: str, before: Schema, after: Schema) -> Iterator[str]:
        was, now = before.get("requestBody"), after.get("requestBody")
        if now and now.get("required") and not (was and was.get("required")):
            yield f"{place}: a body is required"
        for kind, content in (was or {}).get("content", {}).items():
            if kind not in (now or {}).get("content", {}):
                yield f"{place}: body of {kind} removed"
            else:
                assert now is not None
                yield from self._request(f"{place} body", content["schema"], now["content"][kind]["schema"])

    def _request(self, place: str, before: Schema, after: Schema, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Yield what of the earlier requests is no longer accepted."""
        before, after, seen, again = self._resolved(before, after, seen)
        if again:
            return
        lost = _types(before) - _types(after)
        if lost and _types(after):
            yield f"{place}: no longer {', '.join(sorted(lost))}"
        yield from _bounds(place, before, after)
        gone = set(before.get("enum", ())) - set(after.get("enum", before.get("enum", ())))
        if gone or ("enum" in after and "enum" not in before):
            yield f"{place}: values removed"
        if after.get("pattern") not in (None, before.get("pattern")):
            yield f"{place}: another pattern"
        for name, member in before.get("properties", {}).items():
            now = after.get("properties", {}).get(name)
            if now is not None:
                yield from self._request(f"{place}.{name}", member, now, seen)
            elif after.get("additionalProperties") is False:
                yield f"{place}.{name}: removed"
        for name in sorted(set(after.get("required", ())) - set(before.get("required", ()))):
            yield f"{place}.{name}: is required"
        if "items" in before and "items" in after:
            yield from self._request(f"{place}[]", before["items"], after["items"], seen)

    def _answer(self, place: str, before: Schema, after: Schema, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Yield what a client of the earlier answers would not find or not understand."""
        before, after, seen, again = self._resolved(before, after, seen)
        if again:
            return
        new = _types(after) - _types(before)
        if new and _types(before):
            yield f"{place}: can be {', '.join(sorted(new))}"
        for name, member in before.get("properties", {}).items():
            if name not in after.get("properties", {}):
                yield f"{place}.{name}: removed"
                continue
            if name in before.get("required", ()) and name not in after.get("required", ()):
                yield f"{place}.{name}: can be absent"
            yield from self._answer(f"{place}.{name}", member, after["properties"][name], seen)
        for member in ("items", "additionalProperties"):
            if isinstance(before.get(member), dict) and isinstance(after.get(member), dict):
                yield from self._answer(f"{place}[]", before[member], after[member], seen)

    def _resolved(
        self, before: Schema, after: Schema, seen: frozenset[str]
    ) -> tuple[Schema, Schema, frozenset[str], bool]:
        """Return both schemas without references, and whether they have been compared above."""
        reference = str(before.get("$ref", ""))
        again = bool(reference) and reference in seen
        return (
            _resolve(self._before, before),
            _resolve(self._after, after),
            seen | {reference} if reference else seen,
            again,
        )


def _resolve(document: Document, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _types(schema: Schema) -> frozenset[str]:
    """Return the JSON types that a schema allows; none if it does not say, or refers to another schema."""
    kinds = [one for kind in ("anyOf", "oneOf") for one in schema.get(kind, ())]
    if kinds:
        return frozenset().union(*(_types(one) or {str(one.get("$ref", "any"))} for one in kinds))
    named = schema.get("type", [])
    names = {named} if isinstance(named, str) else set(named)
    return frozenset(names | ({"integer"} if "number" in names else set()))


def _bounds(place: str, before: Schema, after: Schema) -> Iterator[str]:
    for name, is_narrower in (("minimum", float.__gt__), ("maximum", float.__lt__), ("maxLength", float.__lt__)):
        was, now = _bound(before, name), _bound(after, name)
        if now is not None and (was is None or is_narrower(float(now), float(was))):
            yield f"{place}: {name} is {now}"


def _bound(schema: Schema, name: str) -> float | None:
    found = [one[name] for one in (schema, *schema.get("anyOf", ())) if name in one]
    return found[0] if found else None
