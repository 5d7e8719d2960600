"""What administration is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index_config.schema import Schema
from search_service.core.index_name import IndexName
from search_service.engines.retention import RebuildPreview
from search_service.ingestion.report import LoadReport


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """Load documents into an index.

    Attributes:
        index: its name; a missing index is created.
        sources: files, folders, or `-` for standard input.
        schema: a schema, the name of a packaged one, or a file; empty for the schema of the index, or the default one.
        reject_file: where rejected documents are written; None for `INDEX.rejects.jsonl` in the working directory.
        ignore_unknown: drop fields that the schema does not have instead of rejecting the document.
        id_from: the key of the id of documents that have none (`Schema.id_from`); empty for what the schema says.
        schema_file: where a schema that is made from the documents is written; None for `INDEX.toml` in the working
            directory.
    """

    index: IndexName
    sources: tuple[str, ...] = ()
    schema: str | Schema = ""
    reject_file: Path | None = None
    ignore_unknown: bool = False
    id_from: str = ""
    schema_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexRequest(LoadRequest):
    """Build a new generation of an index and switch to it.

    Attributes:
        from_stored: read the documents that the index holds; then there are no sources.
        keep: how many earlier generations are kept for a rollback, the replaced one first.
        force_merge: merge the segments into one at the end.
    """

    from_stored: bool = False
    keep: int = 1
    force_merge: bool = False


@dataclass(frozen=True, slots=True)
class ReindexPreview:
    """What a reindex would do.

    Attributes:
        report: how many documents it would index and reject.
        generations: what it would do to the generations of the index.
    """

    report: LoadReport
    generations: RebuildPreview
