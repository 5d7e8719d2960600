"""Where settings come from: environment variables, and a TOML file that they win over.

A key of the file is the variable in lower case: `INDEX_DIR` is `index_dir`, and `ELASTICSEARCH_SHARDS` is `shards` in
the table `[elasticsearch]`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search_service.config.values import Kind, WrongValue
from search_service.core.errors import InvalidParameter

CONFIG = "ARABIC_SEARCH_CONFIG"
"""The variable that names the file."""

TABLE = "elasticsearch"
_TYPE_NAMES = {str: "text in quotes", int: "a whole number", float: "a number", list: "a list of texts in quotes"}


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable and the kind of its values."""

    name: str
    kind: Kind

    @property
    def file_name(self) -> str:
        """The variable that names a file with the value; for secrets."""
        return f"{self.name}_FILE"

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that can give the value."""
        return (self.name, self.file_name) if self.kind.secret else (self.name,)


@dataclass(frozen=True, slots=True)
class Source:
    """Values by the names of variables.

    Attributes:
        values: all but empty ones, which are as good as none.
        folder: what relative paths start from.
        file: the TOML file, unless it is the environment.
    """

    values: Mapping[str, object]
    folder: Path = Path()
    file: Path | None = None

    def where(self, name: str) -> str:
        """What a user has to look for when the value of a variable is wrong."""
        return f"{_key(name)} in {self.file}" if self.file else name

    def text(self, name: str, types: tuple[type, ...]) -> str:
        """Return a value as text, which variables are anyway; in TOML it has to be of one of the types.

        Raises:
            WrongValue: it is of another type.
        """
        value = self.values[name]
        if self.file is None or (isinstance(value, str) and str in types):
            return str(value)
        if isinstance(value, list) and list in types and all(isinstance(one, str) for one in value):
            return " ".join(value)
        if type(value) in types and type(value) in (int, float):
            return str(value)
        raise WrongValue(f"is not {' or '.join(_TYPE_NAMES[one] for one in types)}")


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it stands."""

    value: Any
    where: str


def read_sources(environment: Mapping[str, str], variables: Sequence[Variable]) -> tuple[Source, ...]:
    """Return the environment and, where it names one, the file.

    Raises:
        InvalidParameter: the file cannot be read, or has a key that is not known.
    """
    named = Source({name: text for name, text in environment.items() if text})
    if CONFIG not in named.values:
        return (named,)
    path = Path(environment[CONFIG])
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidParameter(CONFIG, f"{path} cannot be read ({error.strerror})", "a TOML file") from error
    except UnicodeDecodeError as error:
        raise InvalidParameter(CONFIG, f"{path} is not UTF-8", "a TOML file") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidParameter(CONFIG, f"{path} is not TOML: {error}", "a TOML file") from error
    names = {_key(name): name for variable in variables for name in variable.names}
    return named, Source({names[key]: value for key, value in _flat(content, names, path)}, path.parent, path)


def _flat(content: Mapping[str, object], known: Mapping[str, str], path: Path) -> Iterator[tuple[str, object]]:
    for name, value in content.items():
        pairs = {f"{name}.{key}": inner for key, inner in value.items()} if isinstance(value, dict) else {name: value}
        for key, inner in pairs.items():
            if key not in known:
                raise InvalidParameter(f"{key} in {path}", "is not a known key", ", ".join(known))
            if inner != "":
                yield key, inner


def _key(name: str) -> str:
    """Return a variable as the file calls it.

    >>> _key("INDEX_DIR"), _key("ELASTICSEARCH_SHARDS")
    ('index_dir', 'elasticsearch.shards')
    """
    prefix, _, rest = name.lower().partition("_")
    return f"{TABLE}.{rest}" if prefix == TABLE else name.lower()


def find(variable: Variable, sources: Sequence[Source]) -> Found | None:
    """Return the value of a variable, from the first source that has it.

    Raises:
        InvalidParameter: the value is not one of its kind.
    """
    for source in sources:
        given = [name for name in variable.names if name in source.values]
        if len(given) > 1:
            where, other = (source.where(name) for name in given)
            raise InvalidParameter(where, f"is there and {other} too", "one of them")
        if given:
            return _read(variable, given[0], source)
    return None


def _read(variable: Variable, name: str, source: Source) -> Found:
    where, kind = source.where(name), variable.kind
    try:
        if name == variable.file_name:
            text = _content(source.folder / source.text(name, (str,)))
        else:
            text = source.text(name, kind.types)
        value = kind.read(text)
    except WrongValue as wrong:
        raise InvalidParameter(where, str(wrong), kind.allowed) from None
    return Found(source.folder / value if isinstance(value, Path) else value, where)


def _content(path: Path) -> str:
    """Return what a file holds; its path is not shown: it may be a password where a path belongs."""
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise WrongValue(f"names a file that cannot be read ({reason})") from None
    if not text:
        raise WrongValue("names an empty file")
    return text
