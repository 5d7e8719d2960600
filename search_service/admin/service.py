"""The use cases of administration: what exists, creating, loading, rebuilding, rolling back, checking and deleting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from index_config.schema import Schema
from search_service.admin.inferred import SchemaChoice, choose_schema, sampled, sampling_schema, write_schema
from search_service.admin.requests import LoadRequest, ReindexPreview, ReindexRequest
from search_service.admin.schemas import schema_for_load, schema_for_reindex
from search_service.core.errors import ForeignIndex, IndexExists, InvalidParameter, StaleIndex, UnknownIndex
from search_service.core.index_name import IndexName
from search_service.core.index_state import CheckResult, GenerationStats, IndexStats
from search_service.core.message import Message
from search_service.engines.backups import BackupStats
from search_service.engines.base import SearchEngine
from search_service.engines.retention import preview_rebuild
from search_service.engines.status import all_indexes, index_status
from search_service.engines.writing import RebuildOptions
from search_service.ingestion.inference import InferredSchema, infer_schema
from search_service.ingestion.loader import dry_run, load, reindex_stored
from search_service.ingestion.progress import Progress
from search_service.ingestion.report import LoadReport
from search_service.ingestion.sources.files import FileSources

OnChoice = Callable[[SchemaChoice], None]


class AdminService:
    """Administers the indexes of one engine.

    Unless a method says otherwise, it raises what the engine's method of the same purpose raises.

    Args:
        engine: keeps the indexes.
        max_document_bytes: larger documents are rejected.
        index_dir: where the engine keeps its files, if it keeps any: a folder of documents that contains it is loaded
            without it.
        describe: makes the sentences of reject files.
    """

    def __init__(
        self,
        engine: SearchEngine,
        max_document_bytes: int,
        index_dir: Path | None = None,
        describe: Callable[[Message], str] = str,
    ) -> None:
        self._engine = engine
        self._max_document_bytes = max_document_bytes
        self._index_dir = index_dir
        self._describe = describe

    # What exists

    def names(self) -> Sequence[IndexName]:
        """Return the names of the indexes in order."""
        return self._engine.indexes.names()

    def indexes(self, verify: bool = False) -> Sequence[IndexStats]:
        """Return the state of every index, in the order of their names; damaged ones are described, not raised.

        With `verify`, all of their files are read and compared with their checksums.
        """
        return list(all_indexes(self._engine.indexes, verify))

    def status(self, index: IndexName, verify: bool = False) -> IndexStats:
        """Return the state of an index; a damaged, stale or foreign one is described, not raised."""
        return index_status(self._engine.indexes, index, verify)

    def require(self, index: IndexName) -> None:
        """Do nothing if there is an index of that name, whatever its state. Raises UnknownIndex."""
        known = self._engine.indexes.names()
        if index not in known:
            with suppress(ForeignIndex):
                self._engine.indexes.stats(index)  # says where the engine looked
            raise UnknownIndex(index, known)

    def doctor(self, index: IndexName) -> Sequence[CheckResult]:
        """Compare an index with what it should be, and probe it."""
        return self._engine.indexes.diagnose(index)

    # Indexes

    def create(self, index: IndexName, schema: Schema) -> bool:
        """Create an empty index, or leave an existing one of the same schema as it is; return whether it was created.

        Raises:
            IndexExists: there is one of another schema.
        """
        try:
            return self._engine.indexes.create(index, schema)
        except StaleIndex as error:
            if error.code != "other-schema":
                raise
            raise IndexExists(index, self._engine.indexes.stored_schema(index).name) from error

    def delete(self, index: IndexName) -> None:
        """Delete an index, its documents and its other generations."""
        self.require(index)
        self._engine.indexes.delete(index)

    def infer_schema(self, sources: Sequence[str], name: str, id_from: str = "") -> InferredSchema:
        """Return a schema for documents; nothing is written. The errors are those of `FileSources`."""
        found = FileSources(sources, sampling_schema(), self._max_document_bytes)
        return infer_schema(name, sampled(found), id_from)

    def load(
        self, request: LoadRequest, progress: Progress | None = None, on_choice: OnChoice | None = None
    ) -> LoadReport:
        """Add documents to an index. The errors are those of `loader.load`, `schema_for_load` and `choose_schema`.

        `on_choice` is called with the schema that is chosen for a new index, if the request names none.
        """
        known = schema_for_load(self._engine, request.index, request.schema)
        rejects = _reject_file(request)
        schema, sources = self._schema_and_sources(request, known, rejects, on_choice)
        return load(
            self._engine.indexes, request.index, schema, sources, rejects,
            ignore_unknown=request.ignore_unknown, progress=progress, describe=self._describe,
        )  # fmt: skip

    def reindex(
        self, request: ReindexRequest, progress: Progress | None = None, on_choice: OnChoice | None = None
    ) -> LoadReport:
        """Build a new generation of an index and switch to it; after an error the index stays as it was.

        The errors are those of `loader.load`, `loader.reindex_stored` and `schema_for_reindex`.
        """
        known = self._reindex_schema(request)
        rejects = _reject_file(request)
        options = RebuildOptions(request.keep, request.force_merge)
        if request.from_stored and known:
            schema = _with_id_from(known, request)
            return reindex_stored(
                self._engine.indexes, request.index, schema, rejects, options,
                ignore_unknown=request.ignore_unknown, progress=progress, describe=self._describe,
            )  # fmt: skip
        schema, sources = self._schema_and_sources(request, known, rejects, on_choice)
        return load(
            self._engine.indexes, request.index, schema, sources, rejects, options,
            ignore_unknown=request.ignore_unknown, progress=progress, describe=self._describe,
        )  # fmt: skip

    def preview_reindex(self, request: ReindexRequest, progress: Progress | None = None) -> ReindexPreview:
        """Read and check every document and return what a reindex would do; nothing is written to the index.

        Rejected documents are noted only where the request names a reject file.
        """
        known = self._reindex_schema(request)
        sources: FileSources | None = None
        if request.from_stored and known:
            schema = _with_id_from(known, request)
        else:
            schema, sources = self._schema_and_sources(request, known, request.reject_file)
        report = dry_run(
            self._engine.indexes, request.index, schema, sources, request.reject_file,
            ignore_unknown=request.ignore_unknown, progress=progress, describe=self._describe,
        )  # fmt: skip
        try:
            generations = self._engine.indexes.generations(request.index)
        except UnknownIndex:
            generations = ()
        return ReindexPreview(report, preview_rebuild(generations, request.keep))

    # Generations

    def generations(self, index: IndexName) -> Sequence[GenerationStats]:
        """Return the generations of an index, the newest first."""
        return self._engine.indexes.generations(index)

    def clean(self, index: IndexName) -> Sequence[str]:
        """Delete what an interrupted rebuild left behind and return the names of the deleted generations."""
        return self._engine.indexes.clean(index)

    def rollback(self, index: IndexName) -> GenerationStats:
        """Switch back to the kept generation before the current one and return it."""
        return self._engine.indexes.rollback(index)

    # Backups

    def backup(self, index: IndexName, target: str) -> BackupStats:
        """Copy an index to a file or snapshot; it may be searched and written meanwhile."""
        return self._engine.indexes.backup(index, target)

    def restore(self, source: str, index: IndexName | None = None, replace: bool = False) -> BackupStats:
        """Create an index from a backup, under its own name or another one; `replace` allows an index that exists."""
        return self._engine.indexes.restore(source, index, replace)

    def _reindex_schema(self, request: ReindexRequest) -> Schema | None:
        if request.from_stored == bool(request.sources):
            if request.sources:
                raise InvalidParameter("from_stored", "mutually-exclusive", other_parameter="sources")
            raise InvalidParameter("sources", "source-required", other_parameter="from_stored")
        return schema_for_reindex(self._engine, request.index, request.schema, from_stored=request.from_stored)

    def _schema_and_sources(
        self, request: LoadRequest, known: Schema | None, rejects: Path | None, on_choice: OnChoice | None = None
    ) -> tuple[Schema, FileSources]:
        """Return the schema and the sources of a load; without a known schema, the documents decide.

        A schema that is made of them is written to a file if `on_choice` is there to say so.
        """
        if known:
            schema = _with_id_from(known, request)
            return schema, self._sources(request, schema, rejects)
        read = self._sources(request, sampling_schema(), rejects)
        path = request.schema_file or Path(f"{request.index}.toml")
        choice, inferred = choose_schema(
            str(request.index), read, path, request.id_from, ignore_unknown=request.ignore_unknown
        )
        if on_choice:
            write_schema(choice, inferred)
            on_choice(choice)
        sources = read if read.is_stream else self._sources(request, choice.schema, rejects)
        return choice.schema, sources

    def _sources(self, request: LoadRequest, schema: Schema, rejects: Path | None) -> FileSources:
        exclude = [path for path in (rejects, self._index_dir) if path]
        return FileSources(request.sources, schema, self._max_document_bytes, exclude=exclude)


def _with_id_from(schema: Schema, request: LoadRequest) -> Schema:
    return replace(schema, id_from=request.id_from) if request.id_from else schema


def _reject_file(request: LoadRequest) -> Path:
    return request.reject_file or Path(f"{request.index}.rejects.jsonl")
