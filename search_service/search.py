"""The use cases of searching: what the HTTP layer, the command line and the evaluation all call."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index_config.schema import RANGEABLE, Field, Kind, Schema
from search_service.analysis.analyzer import ANALYZERS, Token
from search_service.analysis.queries import parse_query, without_quotes
from search_service.dates import DATE_FORMS, date_range
from search_service.engines.base import MAX_FACET_VALUES, MAX_WINDOW, Completion, SearchEngine
from search_service.errors import InvalidParameter
from search_service.highlight.fragmenter import Fragment, fragments
from search_service.highlight.matcher import Matcher
from search_service.model import (
    Document,
    EngineHit,
    FacetBucket,
    FacetRequest,
    Filters,
    IndexStats,
    Interval,
    RangeFilter,
    SearchPlan,
    Sort,
    Source,
)
from search_service.query import EVERYTHING, MatchRule, Query

MAX_SIZE = 100
"""Hits on one page."""

MAX_QUERY_LENGTH = 2_000
MAX_QUERY_WORDS = 100
"""Longer queries are refused: a hundred words take some 20 ms on 30,000 articles."""

MAX_TEXT_LENGTH = 100_000
"""Code points of a text that is analysed or highlighted on request."""

MAX_SUGGESTIONS = 20
DEFAULT_FACET_SIZE = 20

ALL_UP_TO = 3
"""Up to this many counted words all are required, above it half of them: the rule `3<50%`."""

ENOUGH = 50
"""A rule that yields fewer documents is loosened to any word. On 30,000 articles and the ARCD questions this costs next
to nothing of nDCG@10, where the bare rule costs up to 9 points and leaves 8 % of the questions without a result."""

FULL_PAGE = 10
"""Quotes beside other words are taken as plain words when fewer documents have them. Held to at any price they cost
headlines two points of nDCG@10, not held to at all they would not be quotes."""

ENOUGH_OF_SMALL = 0.05
"""In a small collection a twentieth of its documents is enough: of 104 articles 50 would be half."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as a caller asks for it; names and values are checked by `SearchService.search`.

    Attributes:
        q: the query; empty matches everything.
        filters: the wanted values of each field.
        date_from: first day or moment of the schema's date, included.
        date_to: last day or moment, included.
        ranges: lowest and highest value of further fields, as texts, each empty for no bound.
        fields: the fields to search; None for all searched fields of the schema.
        facets: the fields whose values are counted.
        facet_size: values of each facet.
        histogram: `day`, `month` or `year` of the schema's date, or empty.
        sort: `relevance` or a sortable field, `-` before it for descending; empty for relevance when there is a query
            and for the schema's default order when there is none.
        highlight: the fields to highlight; None for all searched fields, empty for none.
    """

    q: str = ""
    filters: Mapping[str, Sequence[str]] | None = None
    date_from: str = ""
    date_to: str = ""
    ranges: Mapping[str, tuple[str, str]] | None = None
    fields: Sequence[str] | None = None
    facets: Sequence[str] = ()
    facet_size: int = DEFAULT_FACET_SIZE
    histogram: str = ""
    sort: str = ""
    offset: int = 0
    size: int = 10
    highlight: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document and the fragments that show why."""

    id: str
    score: float
    matched_by: tuple[str, ...]
    source: Source
    highlights: Mapping[str, Sequence[Fragment]]


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """The answer to a search."""

    total: int
    match_rule: str
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[FacetBucket]]
    histogram: Sequence[FacetBucket] | None
    took_ms: float


class SearchService:
    """Searches the indexes of an engine."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._analysis = engine.analysis

    def search(self, index: str, request: SearchRequest) -> SearchResponse:
        """Search an index.

        Raises:
            InvalidParameter: something asked for is not possible; the message names the parameter.
            UnknownIndex: there is no such index.
        """
        began = time.perf_counter()
        plan = self._plan(index, request)
        result = self._engine.search(index, plan)
        return SearchResponse(
            total=result.total,
            match_rule=plan.rule.name,
            hits=[_hit(hit) for hit in result.hits],
            facets=result.facets,
            histogram=result.histogram,
            took_ms=round((time.perf_counter() - began) * 1000, 2),
        )

    def facet(
        self, index: str, request: SearchRequest, field: str, contains: str = "", size: int = DEFAULT_FACET_SIZE
    ) -> Sequence[FacetBucket]:
        """Count the values of one facet under the query and every filter but its own."""
        _bounded("size", size, 1, MAX_FACET_VALUES)
        plan = self._plan(index, request)
        _facet_fields(self._engine.schema(index), [field], "field")
        return self._engine.facet(index, plan, field, contains, size)

    def suggest(self, index: str, q: str, size: int = 8) -> Sequence[Completion]:
        """Return values that complete what was typed so far."""
        _bounded("size", size, 1, MAX_SUGGESTIONS)
        query = self._query(q)
        schema = self._engine.schema(index)
        names = [field.name for field in schema.fields if field.suggest]
        if not names or not query.words:
            return []
        return self._engine.complete(index, query, names, size)

    def similar(self, index: str, document_id: str, size: int = 10) -> Sequence[Hit]:
        """Return the documents most like one, without it."""
        _bounded("size", size, 1, MAX_SIZE)
        return [_hit(hit) for hit in self._engine.similar(index, document_id, Filters(), size)]

    def highlight(self, text: str, q: str) -> Sequence[Fragment]:
        """Return the fragments of a text that a query matches."""
        if len(text) > MAX_TEXT_LENGTH:
            raise InvalidParameter("text", f"has {len(text)} characters", f"at most {MAX_TEXT_LENGTH}")
        return fragments([text], Matcher(self._query(q), self._analysis).marks(text))

    def analyze(self, text: str, analyzer: str = "") -> Mapping[str, Sequence[Token]]:
        """Return the tokens of a text by one analyzer or by all."""
        if len(text) > MAX_TEXT_LENGTH:
            raise InvalidParameter("text", f"has {len(text)} characters", f"at most {MAX_TEXT_LENGTH}")
        names = [known.name for known in ANALYZERS]
        if analyzer and analyzer not in names:
            raise InvalidParameter("analyzer", f"{analyzer!r} is not an analyzer", ", ".join(names))
        return {name: self._analysis.tokens(name, text) for name in names if analyzer in ("", name)}

    def document(self, index: str, document_id: str) -> Document:
        """Return a document as it was indexed."""
        return self._engine.get(index, document_id)

    def indexes(self) -> Sequence[IndexStats]:
        """Return the state of every index."""
        return [self._engine.stats(index) for index in self._engine.indexes()]

    def schema(self, index: str) -> Schema:
        """Return the schema of an index."""
        return self._engine.schema(index)

    def ping(self, index: str) -> None:
        """Raise unless the index can be searched."""
        self._engine.ping(index)

    # From a request to a plan

    def _query(self, text: str) -> Query:
        if len(text) > MAX_QUERY_LENGTH:
            raise InvalidParameter("q", f"has {len(text)} characters", f"at most {MAX_QUERY_LENGTH}")
        query = parse_query(text, self._analysis)
        if len(query.words) > MAX_QUERY_WORDS:
            raise InvalidParameter("q", f"has {len(query.words)} words", f"at most {MAX_QUERY_WORDS}")
        return query

    def _plan(self, index: str, request: SearchRequest) -> SearchPlan:
        schema = self._engine.schema(index)
        _bounded("size", request.size, 0, MAX_SIZE)
        _bounded("offset", request.offset, 0, MAX_WINDOW - request.size)
        weights = _search_fields(schema, request.fields)
        query = self._query(request.q)
        plan = SearchPlan(
            query=query,
            rule=EVERYTHING,
            fields=weights,
            whole=request.fields is None,
            filters=_filters(schema, request),
            sort=_sort(schema, request.sort, query),
            offset=request.offset,
            size=request.size,
            facets=_facets(schema, request),
            histogram=_histogram(schema, request.histogram),
            highlight=_highlight_fields(schema, request.highlight),
        )
        return self._with_rule(index, plan)

    def _with_rule(self, index: str, plan: SearchPlan) -> SearchPlan:
        """Choose the match rule: the strictest that yields enough, whatever the filters, the order or the page."""
        if plan.query.matches_everything:
            return plan
        enough = self._enough(index)
        for query, rule, least in _rules(plan.query, enough):
            if not least or self._engine.count(index, replace(plan, query=query, rule=rule, filters=Filters())) >= least:
                break
        return replace(plan, query=query, rule=rule)

    def _enough(self, index: str) -> int:
        documents = self._engine.count(index, SearchPlan(Query(), EVERYTHING, {}))
        return min(ENOUGH, max(1, round(documents * ENOUGH_OF_SMALL)))


def _rules(query: Query, enough: int) -> Iterator[tuple[Query, MatchRule, int]]:
    """Yield the rules from strict to loose, each with the number of documents below which the next one is tried."""
    plain = without_quotes(query)
    if query.phrases and query.loose:
        # Quotes among other words are held to while they fill a page: a third of all headlines quote somebody.
        yield query, _most(query), min(FULL_PAGE, enough)
    elif query.phrases:
        # Nothing but quotes: they are what is wanted, however few documents have them.
        yield query, MatchRule("phrase", 0), 1
    yield plain, _most(plain), enough
    yield plain, MatchRule("any", 1), 0


def _most(query: Query) -> MatchRule:
    words = len(query.counted)
    if words <= ALL_UP_TO:
        return MatchRule("all", words)
    return MatchRule("3<50%", words // 2)


def _bounded(parameter: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidParameter(parameter, f"is {value}", f"{low} to {high}")


def _search_fields(schema: Schema, names: Sequence[str] | None) -> dict[str, float]:
    known = {field.name: field.weight for field in schema.searched}
    if names is None:
        return known
    for name in names:
        if name not in known:
            raise InvalidParameter("fields", f"{name!r} is not a searched field", ", ".join(known))
    if not names:
        raise InvalidParameter("fields", "is empty", ", ".join(known))
    return {name: known[name] for name in names}


def _highlight_fields(schema: Schema, names: Sequence[str] | None) -> tuple[str, ...]:
    known = [field.name for field in schema.searched]
    for name in names or ():
        if name not in known:
            raise InvalidParameter("highlight", f"{name!r} is not a searched field", ", ".join([*known, "true", "false"]))
    return tuple(known if names is None else names)


def _facet_fields(schema: Schema, names: Sequence[str], parameter: str = "facets") -> None:
    known = [field.name for field in schema.fields if field.facet and field.kind is not Kind.DATE]
    for name in names:
        if name not in known:
            hint = ", ".join(known) or "none: the schema has no field with facet = true"
            raise InvalidParameter(parameter, f"{name!r} is not a facet", hint)


def _facets(schema: Schema, request: SearchRequest) -> tuple[FacetRequest, ...]:
    _facet_fields(schema, request.facets)
    _bounded("facet_size", request.facet_size, 1, MAX_FACET_VALUES)
    return tuple(FacetRequest(name, request.facet_size) for name in dict.fromkeys(request.facets))


def _histogram(schema: Schema, width: str) -> tuple[str, Interval] | None:
    if not width:
        return None
    widths = [interval.value for interval in Interval]
    if width not in widths:
        raise InvalidParameter("histogram", f"{width!r} is not an interval", ", ".join(widths))
    field = schema.field(schema.date) if schema.date else None
    if field is None or not field.facet:
        raise InvalidParameter("histogram", "the schema has no date with facet = true", "a search without it")
    return field.name, Interval(width)


def _sort(schema: Schema, wanted: str, query: Query) -> Sort:
    if wanted == "relevance" or (not wanted and not query.matches_everything):
        if not query.matches_everything:
            return Sort()
        wanted = ""
    wanted = wanted or schema.default_sort
    name = wanted.removeprefix("-")
    known = [field.name for field in schema.fields if field.sort]
    if name and name not in known:
        options = ["relevance", *known, *(f"-{name}" for name in known)]
        raise InvalidParameter("sort", f"{wanted!r} is not an order", ", ".join(options))
    return Sort(name, wanted.startswith("-"))


def _filters(schema: Schema, request: SearchRequest) -> Filters:
    values = {name: _filter_values(schema, name, wanted) for name, wanted in (request.filters or {}).items() if wanted}
    ranges = [_range(schema, name, low, high) for name, (low, high) in (request.ranges or {}).items()]
    if request.date_from or request.date_to:
        if not schema.date:
            parameter = "date_from" if request.date_from else "date_to"
            raise InvalidParameter(parameter, "the schema has no date", "a search without it")
        low, high = _date("date_from", request.date_from), _date("date_to", request.date_to)
        ranges.append(RangeFilter(schema.date, low and low[0], high and high[1]))
    return Filters(values, tuple(ranges))


def _filter_values(schema: Schema, name: str, wanted: Sequence[str]) -> tuple[str, ...]:
    parameter = f"filter.{name}"
    kinds = (Kind.KEYWORD, Kind.BOOLEAN, Kind.INTEGER)
    known = [field.name for field in schema.fields if field.kind in kinds]
    field = schema.field(name)
    if field is None or name not in known:
        raise InvalidParameter(parameter, "is not a field to filter by", ", ".join(known) or "none")
    for value in wanted:
        if field.kind is Kind.BOOLEAN and value not in ("true", "false"):
            raise InvalidParameter(parameter, f"{value!r} is not a boolean", "true, false")
        if field.kind is Kind.INTEGER:
            _number(parameter, value, field)
    return tuple(dict.fromkeys(wanted))


def _range(schema: Schema, name: str, low: str, high: str) -> RangeFilter:
    parameter = f"range.{name}"
    known = [field.name for field in schema.fields if field.kind in RANGEABLE]
    field = schema.field(name)
    if field is None or name not in known:
        raise InvalidParameter(parameter, "is not a field with an order", ", ".join(known) or "none")
    if field.kind is Kind.DATE:
        first, last = _date(parameter, low), _date(parameter, high)
        return RangeFilter(name, first and first[0], last and last[1])
    return RangeFilter(name, *(_number(parameter, bound, field) if bound else None for bound in (low, high)))


def _number(parameter: str, text: str, field: Field) -> float:
    try:
        number = int(text) if field.kind is Kind.INTEGER else float(text)
        if abs(number) < 2**63:  # also false for nan and infinity
            return number
    except ValueError:
        pass
    raise InvalidParameter(parameter, f"{text!r} is not a number", f"a value of kind {field.kind}")


def _date(parameter: str, text: str) -> tuple[int, int] | None:
    if not text:
        return None
    try:
        return date_range(text)
    except ValueError as error:
        raise InvalidParameter(parameter, f"{text!r} is not a date ({error})", DATE_FORMS) from None


def _hit(hit: EngineHit) -> Hit:
    highlights = {name: fragments(_texts(hit.source.get(name)), marks) for name, marks in hit.marks.items()}
    return Hit(hit.id, round(hit.score, 4), hit.matched_by, hit.source, highlights)


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
