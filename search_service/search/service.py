"""The use cases of searching, which the HTTP interface, the page, the command line and the evaluation call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from index_config.analyzers import ANALYZERS
from index_config.schema import Field, Schema
from search_service.analysis.analyzer import Token
from search_service.core.dates import today
from search_service.core.deadline import check_deadline
from search_service.core.document import Document
from search_service.core.errors import DamagedIndex, ForeignIndex, InvalidParameter, StaleIndex
from search_service.core.filters import FacetOrder, Filters
from search_service.core.index_name import IndexName
from search_service.core.index_state import Health, IndexState, IndexStats
from search_service.core.results import (
    EngineHit,
    EngineResult,
    FacetValues,
    Partial,
)
from search_service.engines.base import MAX_FACET_VALUES, SearchEngine
from search_service.engines.status import all_indexes, index_status
from search_service.highlight.fragmenter import (
    DEFAULT_OPTIONS,
    Fragment,
    FragmentOptions,
    cut_fragments,
    mark_whole_text,
)
from search_service.highlight.matched_words import MatchedWord, matched_words
from search_service.highlight.matcher import Matcher
from search_service.highlight.passages import Passage, choose_passages
from search_service.highlight.wording import MAX_DATELINE, begins_with, words_of
from search_service.query.plan import Listing, SearchPlan
from search_service.query.resources import ResourceProvider, packaged_resources
from search_service.query.understanding.context import DocumentFrequencies
from search_service.query.understanding.pipeline import UnderstoodQuery
from search_service.ranking.match_rules import ChosenRule
from search_service.search.completion.completer import Completer, CompletionRequest
from search_service.search.completion.frequencies import CachedFrequencies
from search_service.search.completion.suggestion import Suggestion
from search_service.search.cursors import FIRST, Bookmark, Cursors, reading_of
from search_service.search.explain import reasons
from search_service.search.grouping import Group, search_groups
from search_service.search.planner import make_plan, understand
from search_service.search.request import MAX_SIZE, QueryRequest, SearchRequest
from search_service.search.response import Explained, FieldStatistics, Hit, HitGroup, IndexDescription, SearchResponse
from search_service.search.validation import (
    ValidRequest,
    check_facets,
    check_length,
    check_range,
    facet_names,
    steps_of,
    validate,
)

MAX_TEXT_LENGTH = 100_000
"""Longest text, in code points, that is analysed or highlighted on request."""

MAX_TOKENS = 100_000
"""Tokens of one answer, of all analyzers together: some 8 MB of JSON."""

MAX_SUGGESTIONS = 20

UNFILTERED = SearchRequest()
"""A search without filters."""


class Shape(NamedTuple):
    """What of a hit is returned: the fields, None for all, and how fragments are cut."""

    source: Sequence[str] | None
    fragments: FragmentOptions = DEFAULT_OPTIONS


class SearchService:
    """Searches the indexes of an engine.

    Args:
        engine: the engine.
        resources: stop words and expansions; None for the packaged word lists.
        weights: weights of tiers for experiments; None for the default weights.
        match_rule: the only match rule for experiments; None for the default rules.
        cursors: makes and reads cursors; without it, they are valid in this process only.

    Attributes:
        engine: as it was given.
    """

    def __init__(
        self,
        engine: SearchEngine,
        resources: ResourceProvider | None = None,
        weights: Mapping[str, float] | None = None,
        match_rule: ChosenRule | None = None,
        cursors: Cursors | None = None,
    ) -> None:
        self.engine = engine
        self._searcher = engine.searcher
        self._indexes = engine.indexes
        self._weights = weights
        self._match_rule = match_rule
        self._cursors = cursors or Cursors()
        self._analysis = engine.searcher.analysis
        self._resources = resources or packaged_resources(engine.searcher.analysis)
        self._completer = Completer(engine.searcher)

    def search(self, index: IndexName, request: SearchRequest) -> SearchResponse:
        """Return the result of a search.

        Raises:
            InvalidParameter: a parameter is invalid.
            UnknownIndex: the index does not exist.
        """
        start = time.perf_counter()
        valid = validate(request, self._searcher.schema(index))
        plan, understood = self._plan_valid(index, request, valid)
        if request.cursor:
            plan = self._listing(index, request, plan, understood)
        grouped = None
        if valid.group_by:
            keys = self._analysis.value_keys
            grouped = search_groups(self._searcher, index, plan, valid.group_by, keys.of)
        result = grouped.result if grouped else self._searcher.search(index, plan)
        shape = Shape(request.source, request.fragment_options)
        hits = [self._hit(hit, shape) for hit in result.hits]
        return SearchResponse(
            total=result.total,
            match_rule=result.rule.name,
            minimum_should_match=result.rule.minimum_should_match,
            relaxed=result.rule.relaxed,
            corrections=list(understood.corrections),
            absent_words=list(understood.absent_words),
            unmatched_words=list(understood.unmatched_words),
            warnings=plan.query.warnings,
            is_ranked=not plan.query.is_unranked,
            degraded=result.degraded,
            groups=[self._group(group, shape) for group in grouped.groups] if grouped else None,
            total_groups=grouped.total if grouped else 0,
            is_listing=bool(request.cursor),
            next_cursor=self._next_cursor(index, request, result, understood),
            hits=hits,
            facets={name: counts.buckets for name, counts in result.facets.items()},
            facet_error_bounds={
                name: counts.error_bound for name, counts in result.facets.items() if counts.error_bound
            },
            histogram=result.histogram,
            took_ms=round((time.perf_counter() - start) * 1000, 2),
        )

    def version(self, index: IndexName) -> str:
        """Return what changes whenever a search may return something else; empty if the engine does not know it."""
        resources = self._resources.version
        version = self._searcher.version(index)
        return f"{version} {resources} {today()}" if version else ""

    def facet(
        self,
        index: IndexName,
        request: SearchRequest,
        field: str,
        contains: str = "",
        size: int = 20,
        order: FacetOrder = FacetOrder.COUNT,
    ) -> FacetValues:
        """Return the values of one facet, counted under the query and every other filter."""
        check_range("size", size, 1, MAX_FACET_VALUES)
        check_facets(self._searcher.schema(index), [field], "field")
        plan = self.plan(index, request)
        return self._searcher.facet(index, plan, field, contains, size, order)

    def value_key(self, field: Field, value: str) -> str:
        """Return the key of a value of a field: values with equal keys are one value."""
        return self._analysis.value_keys.of(field, value)

    def suggest(
        self, index: IndexName, q: str, size: int = 8, among: SearchRequest = UNFILTERED
    ) -> Partial[Suggestion]:
        """Return what completes the input `q`: words, phrases, titles and values of suggest fields.

        Args:
            index: where.
            q: what is typed.
            size: the number of suggestions.
            among: the filters under which counts are made; its query does not count.
        """
        check_range("size", size, 1, MAX_SUGGESTIONS)
        check_length(q)
        schema = self._searcher.schema(index)
        filters = validate(among, schema).filters
        frequencies = CachedFrequencies(partial(self._searcher.document_frequencies, index))

        def plan(*, q: str = "", value: tuple[str, str] | None = None) -> SearchPlan:
            changed: dict[str, Any] = {"q": q, "size": 0, "highlight": False}
            if value:
                changed["filters"] = {**among.filters, value[0]: (value[1],)}
            request = among.model_copy(update=changed)
            return self._plan_valid(index, request, validate(request, schema), frequencies)[0]

        completion = CompletionRequest(index, schema, self._resources.get(), filters, plan, frequencies, size)
        return self._completer.suggest(q, completion)

    def similar(
        self, index: IndexName, document_id: str, size: int = 10, source: Sequence[str] | None = None
    ) -> Partial[Hit]:
        """Return the documents most similar to one; `source` restricts their fields."""
        check_range("size", size, 1, MAX_SIZE)
        similar = self._searcher.similar(index, document_id, Filters(), size, self._resources.get().stopwords)
        return Partial([self._hit(hit, Shape(source)) for hit in similar.items], similar.degraded)

    def export(self, index: IndexName, request: SearchRequest) -> Iterator[Document]:
        """Return every document that matches, in the order of the search."""
        return self._searcher.scan(index, self.plan(index, request))

    def explain(self, index: IndexName, request: SearchRequest, document_id: str) -> Explained:
        """Return the explanation of a document's score in a search."""
        plan, understood = self._validate_and_plan(index, request)
        explanation = self._searcher.explain(index, plan, document_id)
        parts = reasons(plan.query, explanation.parts)
        return Explained(
            explanation,
            parts,
            understood.corrections,
            understood.absent_words,
            understood.unmatched_words,
            plan.query.warnings,
        )

    def plan(self, index: IndexName, request: SearchRequest) -> SearchPlan:
        """Return the plan of a search.

        Raises:
            InvalidParameter: a parameter is invalid.
            UnknownIndex: the index does not exist.
        """
        return self._validate_and_plan(index, request)[0]

    def _validate_and_plan(self, index: IndexName, request: SearchRequest) -> tuple[SearchPlan, UnderstoodQuery]:
        return self._plan_valid(index, request, validate(request, self._searcher.schema(index)))

    def _plan_valid(
        self,
        index: IndexName,
        request: SearchRequest,
        valid: ValidRequest,
        frequencies: DocumentFrequencies | None = None,
    ) -> tuple[SearchPlan, UnderstoodQuery]:
        understood = self._understand(
            index, request.q, valid.understanding, request.advanced, frequencies, request.as_typed
        )
        return make_plan(valid, understood.query, self._weights, self._match_rule), understood

    def _listing(
        self, index: IndexName, request: SearchRequest, plan: SearchPlan, understood: UnderstoodQuery
    ) -> SearchPlan:
        """Return the plan of a page of a listing."""
        if request.cursor == FIRST:
            return replace(plan, listing=Listing())
        bookmark = self._cursors.read(self.engine.name, index, request)
        return replace(plan.choose(bookmark.step(plan, understood)), listing=Listing(bookmark.position))

    def _next_cursor(
        self, index: IndexName, request: SearchRequest, result: EngineResult, understood: UnderstoodQuery
    ) -> str | None:
        if result.end is None:
            return None
        bookmark = Bookmark(result.rule, reading_of(understood), result.end)
        return self._cursors.write(self.engine.name, index, request, bookmark)

    def _group(self, group: Group, shape: Shape) -> HitGroup:
        return HitGroup(group.value, group.total, [self._hit(hit, shape) for hit in group.hits])

    def _hit(self, hit: EngineHit, shape: Shape) -> Hit:
        check_deadline()
        fold = self._analysis.fold
        highlights = {
            name: cut_fragments(_texts(hit.source.get(name)), marks, shape.fragments, fold)
            for name, marks in hit.marks.items()
        }
        names = shape.source
        shown = hit.source if names is None else {name: value for name, value in hit.source.items() if name in names}
        return Hit(hit.id, round(hit.score, 4), hit.matched_by, shown, highlights)

    def _understand(
        self,
        index: IndexName,
        text: str,
        steps: Sequence[str],
        advanced: bool = False,
        frequencies: DocumentFrequencies | None = None,
        as_typed: Sequence[str] = (),
    ) -> UnderstoodQuery:
        return understand(self._searcher, index, text, self._resources.get(), steps, advanced, frequencies, as_typed)

    def highlight(
        self, index: IndexName, text: str, q: str, options: FragmentOptions = DEFAULT_OPTIONS
    ) -> Sequence[Fragment]:
        """Return the fragments of a text that a query of an index matches."""
        if len(text) > MAX_TEXT_LENGTH:
            raise InvalidParameter("text", "too-long", count=len(text), limit=MAX_TEXT_LENGTH, unit="characters")
        marks = self._matcher(index, QueryRequest(q=q)).find_marks(text)
        return cut_fragments([text], marks, options, self._analysis.fold)

    def marker(self, index: IndexName, request: QueryRequest) -> Callable[[str], Fragment]:
        """Return a function that marks in a whole text what the query of a request matches, as it is to be read."""
        matcher = self._matcher(index, request)
        return lambda text: mark_whole_text(text, matcher.find_marks(text))

    def _matcher(self, index: IndexName, request: QueryRequest) -> Matcher:
        steps = steps_of(self._searcher.schema(index), request.understanding)
        understood = self._understand(index, request.q, steps, request.advanced, as_typed=request.as_typed)
        return Matcher(understood.query, self._analysis)

    def matched_words(self, index: IndexName, request: SearchRequest, document: Document) -> Sequence[MatchedWord]:
        """Return how a document of an index matches the words of a search."""
        plan, understood = self._validate_and_plan(index, request)
        corrected = {one.word for one in understood.corrections}
        return matched_words(plan.query, corrected, self._analysis, document.source, plan.highlight)

    def passages(self, passages: Iterable[Passage], limit: int, shown: Sequence[str] = ()) -> list[Passage]:
        """Return the best passages of a hit, each wording once; see `choose_passages`."""
        return choose_passages(passages, self._analysis.fold, limit, shown)

    def begins_with(self, text: str, beginning: str) -> bool:
        """Return whether a text begins with the words of another one, in any spelling; the last may be cut short.

        A few words may precede them, such as a place and the name of an agency.
        """
        fold = self._analysis.fold
        return begins_with(words_of(text[: 2 * len(beginning) + MAX_DATELINE], fold), words_of(beginning, fold))

    def analyze(self, text: str, analyzer: str = "") -> Mapping[str, Sequence[Token]]:
        """Return the tokens of a text by analyzer; all analyzers if `analyzer` is empty."""
        if len(text) > MAX_TEXT_LENGTH:
            raise InvalidParameter("text", "too-long", count=len(text), limit=MAX_TEXT_LENGTH, unit="characters")
        names = [known.name for known in ANALYZERS]
        if analyzer and analyzer not in names:
            raise InvalidParameter("analyzer", "unknown-analyzer", value=analyzer, allowed=tuple(names))
        tokens: dict[str, Sequence[Token]] = {}
        for name in names:
            if analyzer in ("", name):
                check_deadline()
                tokens[name] = self._analysis.tokens(name, text)
                if (count := sum(map(len, tokens.values()))) > MAX_TOKENS:
                    raise InvalidParameter("text", "too-long", count=count, limit=MAX_TOKENS, unit="tokens")
        return tokens

    def document(self, index: IndexName, document_id: str) -> Document:
        """Return a document as it was indexed."""
        return self._searcher.get(index, document_id)

    def names(self) -> Sequence[IndexName]:
        """Return the names of the indexes, sorted."""
        return self._indexes.names()

    def indexes(self) -> Sequence[IndexStats]:
        """Return the state of every index; one that is damaged does not hide the others."""
        return list(all_indexes(self._indexes))

    def describe(self, index: IndexName, values: int = 10) -> IndexDescription:
        """Return the state of an index and its schema, with what the documents have in each field.

        An index that cannot be searched is described as far as it can be read.

        Args:
            index: its name.
            values: the number of values of each facet.
        """
        stats = index_status(self._indexes, index)
        schema = self._readable_schema(index)
        if schema is None or stats.state not in (IndexState.CURRENT, IndexState.PARTIAL):
            names = [field.name for field in schema.fields] if schema else []
            return IndexDescription(stats, schema, dict.fromkeys(names, FieldStatistics()))
        counts = self._searcher.field_counts(index)
        facets = facet_names(schema)
        found = self.search(index, SearchRequest(facets=facets, facet_size=values, size=0, highlight=False))
        fields = {
            field.name: FieldStatistics(
                counts.get(field.name), found.facets.get(field.name), found.facet_error_bounds.get(field.name, 0)
            )
            for field in schema.fields
        }
        return IndexDescription(stats, schema, fields, found.degraded)

    def _readable_schema(self, index: IndexName) -> Schema | None:
        try:
            return self._indexes.stored_schema(index)
        except (StaleIndex, DamagedIndex, ForeignIndex):
            return None

    def schema(self, index: IndexName) -> Schema:
        """Return the schema of an index."""
        return self._searcher.schema(index)

    def health(self, index: IndexName) -> Health:
        """Return the health of an index; raises an error if the index is not searchable."""
        return self._searcher.health(index)


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
