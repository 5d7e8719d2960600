"""Where settings come from: environment variables, and a TOML file that they override.

A key of the file is the variable in lower case: `INDEX_DIR` is `index_dir`, and `ELASTICSEARCH_SHARDS` is `shards` in
the table `[elasticsearch]`. An empty value counts as none. A secret can be in a file of its own, which a variable or a
key that ends in `_FILE` names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from search_service.config.values import allowed_values, is_secret
from search_service.core.errors import InvalidParameter
from search_service.core.message import message

CONFIG = "ARABIC_SEARCH_CONFIG"
"""The variable that names the TOML file."""

_FILE = "_file"
"""The end of the key that names a file with a secret."""

_WHOLE = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")

_CODES: Mapping[str, str] = {
    "float_type": "setting-not-a-number",
    "int_type": "setting-not-an-integer",
    "path_type": "setting-not-text",
    "string_type": "setting-not-text",
    "string_unicode": "setting-not-unicode",
    "tuple_type": "setting-not-a-list",
}
"""What is wrong with a value of another type, by pydantic's name of it."""

_NUMBERS = ("float_type", "int_type")
"""A wrong number is shown; a text of the wrong type may be a secret."""

_SHOWN = 60
"""Characters of a wrong value that an error shows."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting as the sources name it.

    Attributes:
        path: its key, and before it the table that the key is in.
        field: its definition.
    """

    path: tuple[str, ...]
    field: FieldInfo

    @property
    def key(self) -> str:
        """The key in the file."""
        return ".".join(self.path)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that can give the value."""
        return (self.key, self.key + _FILE) if is_secret(self.field) else (self.key,)


def variables_of(settings: type[BaseModel], table: tuple[str, ...] = ()) -> Iterator[Variable]:
    """Yield every setting of a class, including those of nested classes."""
    for name, field in settings.model_fields.items():
        path = (*table, str(field.validation_alias or name))
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from variables_of(field.annotation, path)
        else:
            yield Variable(path, field)


def variable_names_of(settings: type[BaseModel]) -> tuple[str, ...]:
    """Return the environment variables that give the settings of a class, and the one that names the file."""
    return (CONFIG, *(_variable(key) for one in variables_of(settings) for key in one.keys))


def _variable(key: str) -> str:
    """Return the environment variable of a key.

    >>> _variable("elasticsearch.shards")
    'ELASTICSEARCH_SHARDS'
    """
    return key.replace(".", "_").upper()


@dataclass(frozen=True, slots=True)
class Layer:
    """The environment or the file: values by key.

    Attributes:
        values: all but empty ones.
        file: the TOML file; None for the environment.
    """

    values: Mapping[str, Any]
    file: Path | None = None

    def where(self, key: str) -> str:
        """Return what a user has to look for when the value of a key is wrong."""
        return f"{key} in {self.file}" if self.file else _variable(key)

    def find(self, variable: Variable) -> Given | None:
        """Return the value of a setting; one that is not of its type is left for pydantic to refuse.

        Raises:
            InvalidParameter: it is there twice, or in a file that cannot be read.
        """
        given = [key for key in variable.keys if key in self.values]
        if not given:
            return None
        key, where = given[0], self.where(given[0])
        if len(given) > 1:
            raise InvalidParameter(where, "mutually-exclusive", other_parameter=self.where(given[1]))
        value, folder = self.values[key], self.file.parent if self.file else Path()
        types = {variable.field.annotation, *get_args(variable.field.annotation)}
        if key != variable.key:
            value = _content(folder, value, where)
        elif self.file is None and types & {int, float}:
            value = _number(value, float in types)
        elif Path in types and isinstance(value, str):
            value = folder / value
        return Given(value, where)


@dataclass(frozen=True, slots=True)
class Given:
    """A value, and the variable or the key and file that gave it."""

    value: Any
    where: str


class Sources(PydanticBaseSettingsSource):
    """The values of all settings, and where each was given.

    Raises:
        InvalidParameter: the file or a file with a secret cannot be read, or a key of the file is not known.
    """

    def __init__(self, settings: type[BaseSettings], environment: Mapping[str, str]) -> None:
        super().__init__(settings)
        self._fields = {one.path: one.field for one in variables_of(settings)}
        self._given: dict[tuple[str, ...], Given] = {}
        variables = list(variables_of(settings))
        for layer in _layers(variables, environment):
            for variable in variables:
                if variable.path not in self._given and (given := layer.find(variable)):
                    self._given[variable.path] = given

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Return the value of a setting that is in no table, its key, and that it needs no decoding."""
        given = self._given.get((field_name,))
        return given and given.value, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the values by key, those of a table in a mapping of their own."""
        found: dict[str, Any] = {}
        for (*tables, key), given in self._given.items():
            below = found
            for table in tables:
                below = below.setdefault(table, {})
            below[key] = given.value
        return found

    def where(self, *path: str) -> str:
        """Return where a setting was given; empty when it has its default."""
        given = self._given.get(path)
        return given.where if given else ""

    def refused(self, error: ValidationError) -> InvalidParameter:
        """Return the error for the first wrong value; a secret is not shown."""
        found = error.errors(include_url=False)[0]
        path, kind = tuple(part for part in found["loc"] if isinstance(part, str)), found["type"]
        where, params = self.where(*path), {"allowed": allowed_values(self._fields[path])}
        if "-" in kind:  # from one of our own checks, none of which shows the value
            return InvalidParameter(where, kind, **params, **found.get("ctx", {}))
        if kind in _CODES and kind not in _NUMBERS:
            return InvalidParameter(where, _CODES[kind], **params)
        value = str(found["input"])[:_SHOWN]
        return InvalidParameter(where, _CODES.get(kind, "setting-not-valid"), value=value, **params)


def _layers(variables: Sequence[Variable], environment: Mapping[str, str]) -> Iterator[Layer]:
    """Yield the environment and, where it names one, the file."""
    keys = [key for variable in variables for key in variable.keys]
    yield Layer({key: environment[_variable(key)] for key in keys if environment.get(_variable(key))})
    if environment.get(CONFIG):
        path = Path(environment[CONFIG])
        yield Layer(dict(_flat(_toml(path), keys, path)), path)


def _number(text: str, decimal: bool) -> int | float | str:
    """Return a number of a variable; one with a sign, other digits or too many of them as the text it is."""
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if decimal and _DECIMAL.fullmatch(text) else text


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidParameter(CONFIG, "config-unreadable", path=str(path), reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise InvalidParameter(CONFIG, "config-not-utf8", path=str(path)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidParameter(CONFIG, "config-not-toml", path=str(path), reason=str(error)) from error


def _flat(content: Mapping[str, Any], known: list[str], path: Path) -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        pairs = {f"{name}.{key}": inner for key, inner in value.items()} if isinstance(value, dict) else {name: value}
        for key, inner in pairs.items():
            if key not in known:
                raise InvalidParameter(f"{key} in {path}", "unknown-key", allowed=tuple(known))
            if inner != "":
                yield key, inner


def _content(folder: Path, name: Any, where: str) -> str:
    """Return what a file holds; its name is not shown: it may be a password where a name belongs."""
    if not isinstance(name, str):
        raise InvalidParameter(where, "setting-not-text", allowed=message("form-text"))
    try:
        text = (folder / name).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise InvalidParameter(where, "secret-file-unreadable", reason=error.strerror) from None
    except ValueError:
        raise InvalidParameter(where, "secret-file-not-utf8") from None
    if not text:
        raise InvalidParameter(where, "secret-file-empty")
    return text
