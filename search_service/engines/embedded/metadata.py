"""The metadata of a generation: its schema, its fingerprint, its time of creation and its number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from index_config.errors import ConfigError
from index_config.schema import Schema, schema_from_dict
from search_service.core.errors import StaleIndex
from search_service.core.message import message
from search_service.engines.embedded.checksums import CHECKSUMS, META, FileDamage, damaged, read_checked
from search_service.engines.embedded.durable import write_file


def write_meta(generation: Path, meta: dict[str, Any]) -> None:
    """Write the metadata of a generation."""
    write_file(generation / META, orjson.dumps(meta, option=orjson.OPT_INDENT_2))


def read_meta(index: str, generation: Path) -> dict[str, Any]:
    """Read the metadata of a generation.

    Raises:
        DamagedIndex: the file is missing or damaged.
        OSError: it cannot be read.
    """
    try:
        meta = parse_meta(read_checked(generation, META))
        if "sequence" in meta and not (generation / CHECKSUMS).exists():  # only earlier versions wrote none
            raise FileDamage(message("index-file-missing", file=CHECKSUMS))
        return meta
    except FileDamage as damage:
        raise damaged(index, damage.problem) from damage


def parse_meta(content: bytes) -> dict[str, Any]:
    """Return metadata from the content of its file. Raises FileDamage if it is none."""
    try:
        meta: dict[str, Any] = orjson.loads(content)
        texts = (meta["schema"]["name"], meta["fingerprint"], meta["created"])
        numbers = (meta.get("sequence", 0),)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, IndexError):
        raise FileDamage(message("index-file-changed", file=META)) from None
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(number, int) for number in numbers):
        raise FileDamage(message("index-file-changed", file=META))
    return meta


def schema_of(index: str, meta: dict[str, Any]) -> Schema:
    """Return the schema in the metadata of a generation."""
    try:
        return schema_from_dict(meta["schema"], f"{index}/{META}")
    except ConfigError as error:
        raise StaleIndex(index, "unreadable-schema", reason=str(error)) from error


def age_key(generation: Path) -> tuple[int, str]:
    """Return a key that sorts generations from the oldest to the newest.

    The number in the metadata decides: a clock that was set back does not change it. Generations without a number were
    made by an earlier version, whose names have the time.
    """
    try:
        return int(parse_meta(read_checked(generation, META)).get("sequence", 0)), generation.name
    except (FileDamage, OSError):
        return 0, generation.name
