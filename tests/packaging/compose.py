"""docker-compose.yml as Compose reads it: with variables filled in, and only the services of a profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

REPOSITORY = Path(__file__).parents[2]
FILE = REPOSITORY / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?P<rule>:[-?][^}]*)?\}|\$\$")


def variables() -> dict[str, str]:
    """Return the variables of the file, each with its default, which may be empty."""
    found: dict[str, str] = {}
    for match in VARIABLE.finditer(FILE.read_text(encoding="utf-8")):
        if match["name"]:
            rule = match["rule"] or ""
            found[match["name"]] = rule[2:] if rule.startswith(":-") else ""
    return found


def services(profile: str, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the services of a profile by their names."""

    def fill(match: re.Match[str]) -> str:
        if not match["name"]:
            return "$"
        return environment.get(match["name"]) or variables()[match["name"]]

    content = _filled(YAML(typ="safe").load(FILE), fill)
    return {name: service for name, service in content["services"].items() if profile in service["profiles"]}


def _filled(value: Any, fill: Callable[[re.Match[str]], str]) -> Any:
    """Fill in variables after parsing the YAML, as Compose does: an empty one is an empty string, not null."""
    if isinstance(value, dict):
        return {name: _filled(inner, fill) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, fill) for inner in value]
    return VARIABLE.sub(fill, value) if isinstance(value, str) else value
