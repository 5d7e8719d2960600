"""The embedded engine: indexes in a folder, no server."""

from __future__ import annotations

import math
from collections import Counter
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
from search_service.analysis.filters import lower
from search_service.engines.base import Completion, Writer
from search_service.engines.embedded import counting, fields, ordering
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.layout import META, TANTIVY, Layout, size_of
from search_service.engines.embedded.ordering import Row
from search_service.engines.embedded.queries import analyzers_in
from search_service.engines.embedded.reader import OpenIndex, Readers, read_meta, schema_of
from search_service.engines.embedded.writer import EmbeddedWriter
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
)
from search_service.query import Query

FORMAT = 1
"""Version of what this engine writes; a change makes older indexes stale."""

LIKE_TERMS = 25
"""Stems of a document that stand for it when similar ones are sought; Lucene's more-like-this takes as many."""

LIKE_SHARED = 0.2
"""The part of them a similar document must have; Lucene takes 0.3, which leaves short items without neighbours."""

LIKE_LENGTH = 20_000
"""Code points of a text that are read for them: its beginning says what it is about, a whole book takes seconds."""

COMPLETION_POOL = 50
"""Documents looked at for completions, the newest ones: enough for ten different values."""


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
        beginnings = [form for word in query.words for form in [self.analysis.completed(word.exact)]]
        found: dict[str, Completion] = {}
        order = opened.schema.default_sort.removeprefix("-") or None
        for name in fields_ if beginnings else ():
            wanted = opened.queries.completion(name, beginnings)
            for _, address in searcher.search(wanted, COMPLETION_POOL, count=False, order_by_field=order).hits:
                stored = ordering.load(searcher, address)
                for text in _values(stored.get(name)):
                    if self._completes(text, beginnings):
                        found.setdefault(self.analysis.fold(text), Completion(text, name, stored["id"]))
        return list(found.values())[:size]

    def similar(self, index: str, document_id: str, filters: Filters, size: int) -> Sequence[EngineHit]:
        """Return the documents most like one."""
        opened, searcher = self._readers.open(index)
        stored = self._stored(index, opened, searcher, document_id)
        stems = self._telling_stems(opened.schema, searcher, stored)
        if not stems:
            return []
        required = max(1, round(len(stems) * LIKE_SHARED))
        query = opened.queries.like(stems, required, document_id, filters)
        _, page = ordering.page_by_score(searcher, query, 0, size)
        return [_hit(row) for row in page]

    def _telling_stems(self, schema: Schema, searcher: tantivy.Searcher, stored: dict[str, Any]) -> dict[str, float]:
        """Return the stems that tell a document from others, each with its idf."""
        counts: Counter[str] = Counter()
        for field in schema.searched:
            for text in _values(stored.get(field.name)):
                words = (lower(token.text) for token in self.analysis.words(text[:LIKE_LENGTH]))
                counts.update(self.analysis.stemmer.stem(w) for w in words if w not in self.analysis.stopwords)
        documents = searcher.num_docs
        weights: dict[str, float] = {}
        for stem in counts:
            frequency = searcher.doc_freq(fields.ALL_STEM, stem)
            if 1 < frequency <= max(2, documents // 2):
                weights[stem] = math.log(1 + documents / frequency)
        best = sorted(weights, key=lambda stem: (-weights[stem] * min(counts[stem], 10), stem))[:LIKE_TERMS]
        return {stem: weights[stem] for stem in best}

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

    def _completes(self, text: str, beginnings: Sequence[str]) -> bool:
        words = [self.analysis.completed(lower(token.text)) for token in self.analysis.words(text)]
        return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)


def _hit(row: Row, matched_by: tuple[str, ...] = (), marks: dict[str, tuple[Mark, ...]] | None = None) -> EngineHit:
    source = {name: value for name, value in row.stored.items() if name != "id"}
    return EngineHit(row.stored["id"], row.score, source, matched_by, marks or {})


def _place(address: tantivy.DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc


def _marks(matcher: Matcher, names: Sequence[str], stored: dict[str, Any]) -> dict[str, tuple[Mark, ...]]:
    found: dict[str, tuple[Mark, ...]] = {}
    for name in names:
        marks = [mark for number, text in enumerate(_values(stored.get(name))) for mark in matcher.marks(text, number)]
        if marks:
            found[name] = tuple(marks)
    return found


def _values(value: Any) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _settled(opened: OpenIndex, searcher: tantivy.Searcher, plan: SearchPlan) -> SearchPlan:
    def count(tried: SearchPlan) -> int:
        found: int = searcher.search(opened.queries.matching(tried, tried.filters), 1).count  # type: ignore[attr-defined]
        return found

    return settle(plan, lambda: searcher.num_docs, count)
