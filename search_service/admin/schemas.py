"""Which schema a load uses. A new index without a named schema gets one by its documents (`inferred`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index_config.errors import ConfigError
from index_config.schema import Schema, load_schema, schema_from_dict, shipped_schemas
from search_service.core.errors import DamagedIndex, InvalidParameter, StaleIndex, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.ingestion.loader import schema_if_known


def schema_of_request(definition: Any) -> Schema:
    """Return the packaged schema of a name, or the schema of an object as a file has it. No file is read.

    Raises:
        InvalidParameter: there is no such schema, or the object is none.
    """
    if isinstance(definition, str):
        if definition not in shipped_schemas():
            raise InvalidParameter("schema", "unknown-schema", value=definition, allowed=shipped_schemas())
        return load_schema(definition)
    if not isinstance(definition, Mapping):
        raise InvalidParameter("schema", "wrong-type", expected="string or object")
    try:
        return schema_from_dict(definition, "schema")
    except ConfigError as error:
        member = f"schema.{error.key}" if error.key else "schema"
        raise InvalidParameter(member, "schema-invalid", problem=error.problem, allowed=(error.expected,)) from None


def schema_for_load(engine: SearchEngine, index: IndexName, named: str | Schema) -> Schema | None:
    """Return the named schema, or that of the index; None for a new index.

    Raises:
        StaleIndex: the index must be rebuilt first.
        DamagedIndex: the index cannot be read.
        ConfigError: the named schema is wrong or does not exist.
    """
    if named:
        return named if isinstance(named, Schema) else load_schema(named)
    try:
        return engine.searcher.schema(index)
    except UnknownIndex:
        return None


def schema_for_reindex(
    engine: SearchEngine, index: IndexName, named: str | Schema, *, from_stored: bool
) -> Schema | None:
    """Return the schema of a new generation: the named one, or that of the index, stale or not; None for a new index.

    A stale index whose schema is packaged gets that schema as it is packaged now, unless its own documents are read.

    Raises:
        UnknownIndex: there is no index to read documents from.
        InvalidParameter: no schema is named, and that of the index cannot be read.
        ConfigError: the named schema is wrong or does not exist.
    """
    if named:
        return named if isinstance(named, Schema) else load_schema(named)
    try:
        return engine.indexes.stored_schema(index) if from_stored else engine.searcher.schema(index)
    except UnknownIndex:
        if from_stored:
            raise
        return None
    except (StaleIndex, DamagedIndex) as error:
        # A rebuild repairs the index, so what is wrong with it must not prevent the rebuild.
        known = schema_if_known(engine.indexes, index)
        if known is None:
            raise InvalidParameter("schema", "schema-required", reason=error.message) from error
        return load_schema(known.name) if known.name in shipped_schemas() else known
