"""The error raised for any configuration file, and the location in a file that it names."""

from __future__ import annotations

from dataclasses import dataclass


class ConfigError(ValueError):
    """A configuration file cannot be used.

    Attributes:
        path: the file, as the caller named it.
        key: where in the file, such as `rows[12].from` or `line 3`; empty for the file as a whole.
        problem: what is wrong.
        expected: what would be right.

    >>> str(ConfigError("normalization.toml", "rows[12].from", '"U+06" is not one code point', "write it as U+0623"))
    'normalization.toml: rows[12].from: "U+06" is not one code point; write it as U+0623'
    """

    def __init__(self, path: str, key: str, problem: str, expected: str) -> None:
        """Keep the four parts. All are positional, so that the error can be pickled."""
        super().__init__(path, key, problem, expected)
        self.path = path
        self.key = key
        self.problem = problem
        self.expected = expected

    def __str__(self) -> str:
        """Return one line: location, problem, what would be right."""
        location = f"{self.path}: {self.key}" if self.key else self.path
        return f"{location}: {self.problem}; {self.expected}"


@dataclass(frozen=True, slots=True)
class Location:
    """A position in a configuration file, kept while reading so that an error can name it.

    >>> Location("news.toml")["fields"][2]["weight"].key
    'fields[2].weight'
    """

    path: str
    key: str = ""

    def __getitem__(self, step: str | int) -> Location:
        """Return the location one step deeper: a key of a table, or an entry of an array."""
        if isinstance(step, int):
            return Location(self.path, f"{self.key}[{step}]")
        return Location(self.path, f"{self.key}.{step}" if self.key else step)

    def error(self, problem: str, expected: str) -> ConfigError:
        """Return the error to raise for this location."""
        return ConfigError(self.path, self.key, problem, expected)
