"""The embedded engine: indexes in a folder, no server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import tantivy

from index_config.fingerprint import fingerprint
from index_config.schema import Schema
from search_service.analysis.analyzer import ANALYSIS_VERSION, Analysis
from search_service.engines.base import Completion, Writer
from search_service.engines.completion import COMPLETION_POOL, Completions, beginnings_of
from search_service.engines.embedded import counting, fields, ordering
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.layout import META, TANTIVY, Layout, size_of
from search_service.engines.embedded.ordering import Row
from search_service.engines.embedded.queries import analyzers_in
from search_service.engines.embedded.reader import OpenIndex, Readers, read_meta, schema_of
from search_service.engines.embedded.writer import EmbeddedWriter
from search_service.engines.likeness import required_of, stem_counts, telling_stems
from search_service.engines.rules import settle
from search_service.errors import EngineUnavailable, StaleIndex, UnknownDocument
from search_service.highlight.matcher import KnownStretches, Matcher
from search_service.model import (
    Document,
    EngineHit,
    EngineResult,
    FacetBucket,
    Filters,
    IndexStats,
    Mark,
    SearchPlan,
    values_of,
)
from search_service.query import Query

FORMAT = 1
"""Version of what this engine writes; a change makes older indexes stale."""


class EmbeddedEngine:
    """Keeps indexes under one folder with tantivy.

    Args:
        root: the folder; made when the first index is.
        analysis: how texts are read.
    """

    name = "embedded"

    def __init__(self, root: Path, analysis: Analysis) -> None:
        self.analysis = analysis
        self._layout = Layout(root)
        parts = {"analysis": ANALYSIS_VERSION, "format": FORMAT, **analysis.configuration()}
        self._fingerprint = fingerprint(parts)
        self._readers = Readers(self._layout, self._fingerprint)
        self._known = KnownStretches(analysis)

    # What there is

    def indexes(self) -> tuple[str, ...]:
        """Return the names of the indexes in order."""
        return self._layout.indexes()

    def schema(self, index: str) -> Schema:
        """Return the schema an index was made with."""
        return self._readers.open(index)[0].schema

    def stats(self, index: str) -> IndexStats:
        """Return the state of an index."""
        generation = self._layout.current(index)
        meta = read_meta(index, generation)
        try:
            documents = tantivy.Index.open(str(generation / TANTIVY)).searcher().num_docs
        except ValueError as error:
            raise EngineUnavailable(f"index {index!r} is damaged: {error}") from error
        return IndexStats(
            name=index,
            schema=meta["schema"]["name"],
            documents=documents,
            size_bytes=size_of(generation),
            fingerprint=meta["fingerprint"],
            current=meta["fingerprint"] == self._fingerprint,
            created=meta["created"],
        )

    def ping(self, index: str) -> None:
        """Raise unless the index can be searched."""
        _, searcher = self._readers.open(index)
        searcher.search(tantivy.Query.all_query(), 1)

    # Writing

    def create(self, index: str, schema: Schema) -> None:
        """Make an empty index, or make sure that the existing one has this schema."""
        with self._layout.lock(index):
            if self._layout.exists(index):
                self._check_schema(index, schema)
            else:
                self._layout.clean(index)
                self._layout.switch(index, self._begin(index, schema))

    @contextmanager
    def writer(self, index: str) -> Iterator[Writer]:
        """Open the index for writing."""
        with self._layout.lock(index):
            opened, _ = self._readers.open(index)
            self._layout.clean(index)
            with self._writing(opened.generation, opened.schema) as writer:
                yield writer

    @contextmanager
    def rebuild(self, index: str, schema: Schema) -> Iterator[Writer]:
        """Fill a new generation and switch to it."""
        with self._layout.lock(index):
            self._layout.clean(index)
            generation = self._begin(index, schema)
            try:
                with self._writing(generation, schema) as writer:
                    yield writer
                self._layout.switch(index, generation)
            finally:
                self._layout.clean(index)

    def delete_index(self, index: str) -> None:
        """Remove an index."""
        self._layout.current(index)
        with self._layout.lock(index):
            self._layout.remove(index)

    def _begin(self, index: str, schema: Schema) -> Path:
        generation = self._layout.new_generation(index)
        meta = {
            "schema": schema.to_dict(),
            "fingerprint": self._fingerprint,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (generation / META).write_bytes(orjson.dumps(meta, option=orjson.OPT_INDENT_2))
        tantivy.Index(fields.tantivy_schema(schema), path=str(generation / TANTIVY))
        return generation

    @contextmanager
    def _writing(self, generation: Path, schema: Schema) -> Iterator[Writer]:
        index = tantivy.Index.open(str(generation / TANTIVY))
        writer = EmbeddedWriter(index, DocumentMaker(schema, self.analysis))
        failed = True
        try:
            yield writer
            failed = False
        finally:
            writer.finish(failed)

    def _check_schema(self, index: str, schema: Schema) -> None:
        meta = read_meta(index, self._layout.current(index))
        if meta["fingerprint"] != self._fingerprint:
            raise StaleIndex(index, "was made with another configuration of the analysis")
        if schema_of(index, meta) != schema:
            raise StaleIndex(index, f"was made with another schema than {schema.name!r} as it is now")

    # Reading

    def get(self, index: str, document_id: str) -> Document:
        """Return a document."""
        opened, searcher = self._readers.open(index)
        stored = self._stored(index, opened, searcher, document_id)
        return Document(document_id, {name: value for name, value in stored.items() if name != "id"})

    def search(self, index: str, plan: SearchPlan) -> EngineResult:
        """Search."""
        opened, searcher = self._readers.open(index)
        plan = _settled(opened, searcher, plan)
        if plan.sort.by_relevance and not plan.query.matches_everything:
            query = opened.queries.scored(plan)
            total, page = ordering.page_by_score(searcher, query, plan.offset, plan.size)
        else:
            query = opened.queries.matching(plan, plan.filters)
            total, page = ordering.page_by_field(searcher, opened.queries, query, plan.sort, plan.offset, plan.size)
        return EngineResult(
            rule=plan.rule,
            total=total,
            hits=self._hits(opened, searcher, plan, page),
            facets=counting.facet_counts(searcher, opened.queries, opened.schema, plan),
            histogram=counting.histogram(searcher, opened.queries, plan, *plan.histogram) if plan.histogram else None,
        )

    def facet(self, index: str, plan: SearchPlan, field: str, contains: str, size: int) -> Sequence[FacetBucket]:
        """Count the values of one facet."""
        opened, searcher = self._readers.open(index)
        plan = _settled(opened, searcher, plan)
        values = counting.values_of(searcher, opened.queries, opened.schema, plan, field)
        wanted = self.analysis.fold(contains.strip())
        return [bucket for bucket in values if wanted in self.analysis.fold(bucket.value)][:size]

    def complete(self, index: str, query: Query, fields_: Sequence[str], size: int) -> Sequence[Completion]:
        """Return values that complete what was typed, newest documents first."""
        opened, searcher = self._readers.open(index)
        beginnings = beginnings_of(query, self.analysis)
        found = Completions(beginnings, self.analysis)
        order = opened.schema.default_sort.removeprefix("-") or None
        for name in fields_ if beginnings else ():
            wanted = opened.queries.completion(name, beginnings)
            for _, address in searcher.search(wanted, COMPLETION_POOL, count=False, order_by_field=order).hits:
                stored = ordering.load(searcher, address)
                found.add(name, stored["id"], values_of(stored, name))
        return found.first(size)

    def similar(self, index: str, document_id: str, filters: Filters, size: int) -> Sequence[EngineHit]:
        """Return the documents most like one."""
        opened, searcher = self._readers.open(index)
        stored = self._stored(index, opened, searcher, document_id)
        counts = stem_counts(opened.schema, self.analysis, stored)
        stems = telling_stems(counts, lambda stem: searcher.doc_freq(fields.ALL_STEM, stem), searcher.num_docs)
        if not stems:
            return []
        query = opened.queries.like(stems, required_of(len(stems)), document_id, filters)
        _, page = ordering.page_by_score(searcher, query, 0, size)
        return [_hit(row) for row in page]

    def _stored(self, index: str, opened: OpenIndex, searcher: tantivy.Searcher, document_id: str) -> dict[str, Any]:
        hits = searcher.search(opened.queries.by_id(document_id), 1, count=False).hits
        if not hits:
            raise UnknownDocument(index, document_id)
        return ordering.load(searcher, hits[0][1])

    def _hits(
        self, opened: OpenIndex, searcher: tantivy.Searcher, plan: SearchPlan, page: list[Row]
    ) -> list[EngineHit]:
        if plan.query.matches_everything or not page:
            return [_hit(row) for row in page]
        flags = opened.queries.flags(plan, [row.stored["id"] for row in page])
        found = searcher.search(flags, len(page), count=False).hits
        matched = {_place(address): analyzers_in(score) for score, address in found}
        matcher = Matcher(plan.query, self.analysis, self._known)
        return [_hit(row, matched[_place(row.address)], _marks(matcher, plan.highlight, row.stored)) for row in page]


def _hit(row: Row, matched_by: tuple[str, ...] = (), marks: dict[str, tuple[Mark, ...]] | None = None) -> EngineHit:
    source = {name: value for name, value in row.stored.items() if name != "id"}
    return EngineHit(row.stored["id"], row.score, source, matched_by, marks or {})


def _place(address: tantivy.DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc


def _marks(matcher: Matcher, names: Sequence[str], stored: dict[str, Any]) -> dict[str, tuple[Mark, ...]]:
    found: dict[str, tuple[Mark, ...]] = {}
    for name in names:
        marks = [mark for number, text in enumerate(values_of(stored, name)) for mark in matcher.marks(text, number)]
        if marks:
            found[name] = tuple(marks)
    return found


def _settled(opened: OpenIndex, searcher: tantivy.Searcher, plan: SearchPlan) -> SearchPlan:
    def count(tried: SearchPlan) -> int:
        found: int = searcher.search(opened.queries.matching(tried, tried.filters), 1).count  # type: ignore[attr-defined]
        return found

    return settle(plan, lambda: searcher.num_docs, count)
