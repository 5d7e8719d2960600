"""The schema of a new index for which none is named: the packaged one if the documents fit it, or one made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index_config.schema import CONTENT, Schema, load_schema
from index_config.schema_file import schema_toml
from search_service.core.errors import InvalidDocument, InvalidParameter
from search_service.core.message import Message
from search_service.ingestion.inference import InferredSchema, infer_schema, unknown_keys
from search_service.ingestion.sources.files import FileSources
from search_service.ingestion.validation import DocumentChecker

DEFAULT_SCHEMA = "news"
"""The packaged schema of documents that fit it."""

SAMPLE_DOCUMENTS = 20_000
SAMPLE_BYTES = 64_000_000
"""What a schema is made from: some two seconds of reading. Later documents that do not fit are rejected."""

STREAM_DOCUMENTS = 100
"""Documents that are sampled from standard input, where they may arrive one by one."""

HEADING = """\
The schema of the index {name!r}. Edit it, and rebuild the index with it:
  arabic-search reindex {name} SOURCE... --schema {path}
Kinds: text (searched), keyword (a name or code: filtered, counted), date, integer, float, boolean, url, stored.
Fields are searched with `weight`, counted with `facet = true`, sorted by with `sort = true`, completed with
`suggest = true`. `source` is the name of the field in the documents, where that is another.
"""


@dataclass(frozen=True, slots=True)
class SchemaChoice:
    """The schema of a new index.

    Attributes:
        schema: the schema.
        documents: how many documents were looked at.
        path: the file for an inferred schema (`write_schema` writes it); None for a packaged one.
        made_ids: how documents without an id get one; None if all have one.
    """

    schema: Schema
    documents: int
    path: Path | None = None
    made_ids: Message | None = None


def sampling_schema() -> Schema:
    """Return the schema with which documents are read whose schema is not known yet."""
    return replace(load_schema(DEFAULT_SCHEMA), id_from=CONTENT)


def sampled(sources: FileSources) -> list[tuple[Mapping[str, Any], bool]]:
    """Return the first documents of sources, each with whether all of its values are texts (a row of CSV)."""
    documents = STREAM_DOCUMENTS if sources.is_stream else SAMPLE_DOCUMENTS
    found = sources.sample(documents, SAMPLE_BYTES)
    return [(raw.content, raw.textual) for raw in found if isinstance(raw.content, Mapping)]


def choose_schema(
    name: str, sources: FileSources, path: Path, id_from: str = "", *, ignore_unknown: bool = False
) -> tuple[SchemaChoice, InferredSchema]:
    """Return the schema for the documents of sources, and what it was inferred from; nothing is written.

    Without a document, or if they have nothing but an id, it is the packaged schema: all of them will be rejected. With
    `ignore_unknown`, fields that the packaged schema lacks do not count against it.
    """
    sample = sampled(sources)
    inferred = infer_schema(name, sample, id_from)
    if not inferred.schema.fields:
        return SchemaChoice(load_schema(DEFAULT_SCHEMA), len(sample)), inferred
    packaged = replace(load_schema(DEFAULT_SCHEMA), id_from=inferred.schema.id_from)
    if _fits(packaged, sample, ignore_unknown):
        return SchemaChoice(packaged, len(sample), made_ids=inferred.made_ids), inferred
    return SchemaChoice(inferred.schema, len(sample), path, inferred.made_ids), inferred


def write_schema(choice: SchemaChoice, inferred: InferredSchema) -> None:
    """Write an inferred schema to its file.

    Raises:
        InvalidParameter: the file exists, or cannot be written.
    """
    path = choice.path
    if path is None:
        return
    heading = HEADING.format(name=choice.schema.name, path=path)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(schema_toml(choice.schema, inferred.comments, heading))
    except FileExistsError:
        raise InvalidParameter("schema", "schema-file-exists", path=str(path)) from None
    except OSError as error:
        raise InvalidParameter("schema", "schema-file-unwritable", path=str(path), reason=error.strerror) from error


def _fits(schema: Schema, sample: Sequence[tuple[Mapping[str, Any], bool]], ignore_unknown: bool) -> bool:
    """Whether a schema has all keys of the documents, and most documents fit it."""
    if not ignore_unknown and unknown_keys(schema, sample):
        return False
    checker = DocumentChecker(schema, ignore_unknown)
    return 2 * sum(_passes(checker, *document) for document in sample) > len(sample)


def _passes(checker: DocumentChecker, content: Mapping[str, Any], textual: bool) -> bool:
    try:
        (checker.check_row if textual else checker.check)(content)
    except InvalidDocument:
        return False
    return True
