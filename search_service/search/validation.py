"""The first step of a search: checks a request against the schema, without reading the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index_config.field_kinds import FieldKind, ValueType
from index_config.schema import UNDERSTANDING_STEPS, Field, Schema
from search_service.core.dates import InvalidDate, date_range
from search_service.core.errors import InvalidParameter
from search_service.core.filters import FacetRequest, Filters, Interval, RangeFilter, Sort
from search_service.engines.base import MAX_WINDOW
from search_service.search.grouping import MAX_GROUPS, GroupBy
from search_service.search.request import MAX_SIZE, SearchRequest

MAX_QUERY_LENGTH = 2_000


MAX_FILTER_VALUES = 1_000


MAX_FILTER_BYTES = 32_766
"""Limits of one filter, and of one of its values: Lucene's longest term. Above them each engine fails differently."""


def check_length(text: str, parameter: str = "q") -> None:
    """Raise InvalidParameter if the text of a query is too long."""
    if len(text) > MAX_QUERY_LENGTH:
        raise InvalidParameter(parameter, "too-long", count=len(text), limit=MAX_QUERY_LENGTH, unit="characters")


@dataclass(frozen=True, slots=True)
class ValidRequest:
    """A search request that is valid for a schema.

    Attributes:
        fields: the weight of each field to search.
        all_fields: whether `fields` are all searched fields of the schema.
        sort: the requested order; None for the default, which depends on the query.
        highlight: the fields to highlight.
        understanding: the steps of query understanding to run.
        group_by: how hits are grouped; None if they are not.
    """

    schema: Schema
    fields: Mapping[str, float]
    all_fields: bool
    filters: Filters
    sort: Sort | None
    offset: int
    size: int
    facets: tuple[FacetRequest, ...]
    histogram: tuple[str, Interval] | None
    highlight: tuple[str, ...]
    understanding: tuple[str, ...]
    group_by: GroupBy | None


def validate(request: SearchRequest, schema: Schema) -> ValidRequest:
    """Return the request with its names and values checked.

    Raises:
        InvalidParameter: the schema or a limit does not allow a value.
    """
    check_range("offset", request.start, 0, MAX_WINDOW - request.size)
    check_length(request.q)
    check_length(" ".join(request.as_typed), "as_typed")
    _check_source(schema, request.source)
    return ValidRequest(
        schema=schema,
        fields=_search_fields(schema, request.fields),
        all_fields=request.fields is None or set(request.fields) == {field.name for field in schema.searched},
        filters=_filters(schema, request),
        sort=_sort(schema, request.sort),
        offset=request.start,
        size=request.size,
        facets=_facets(schema, request),
        histogram=_histogram(schema, request.histogram),
        highlight=_highlight_fields(schema, request.highlight),
        understanding=steps_of(schema, request.understanding),
        group_by=_group_by(schema, request),
    )


def check_range(parameter: str, value: int, low: int, high: int) -> None:
    """Raise InvalidParameter if a number is out of range."""
    if not low <= value <= high:
        raise InvalidParameter(parameter, "out-of-range", value=value, low=low, high=high)


def default_steps(schema: Schema) -> tuple[str, ...]:
    """Return the steps of query understanding that the schema enables."""
    return UNDERSTANDING_STEPS if schema.understanding is None else schema.understanding


def steps_of(schema: Schema, steps: bool | Sequence[str]) -> tuple[str, ...]:
    """Return the steps of query understanding that a request asks for, as far as the schema enables them.

    Raises:
        InvalidParameter: one is unknown.
    """
    if isinstance(steps, bool):
        return default_steps(schema) if steps else ()
    for name in steps:
        if name not in UNDERSTANDING_STEPS:
            raise InvalidParameter("understanding", "unknown-step", value=name, allowed=UNDERSTANDING_STEPS)
    return tuple(name for name in default_steps(schema) if name in steps)


def _search_fields(schema: Schema, names: Sequence[str] | None) -> dict[str, float]:
    known = {field.name: field.weight for field in schema.searched}
    if names is None:
        return known
    for name in names:
        if name not in known:
            raise InvalidParameter("fields", "not-searchable", value=name, allowed=tuple(known))
    if not names:
        raise InvalidParameter("fields", "empty-list", allowed=tuple(known))
    return {name: weight for name, weight in known.items() if name in names}


def _highlight_fields(schema: Schema, names: bool | Sequence[str]) -> tuple[str, ...]:
    known = [field.name for field in schema.searched]
    if isinstance(names, bool):
        return tuple(known) if names else ()
    for name in names:
        if name not in known:
            raise InvalidParameter("highlight", "not-searchable", value=name, allowed=tuple(known))
    return tuple(names)


def _check_source(schema: Schema, names: Sequence[str] | None) -> None:
    known = tuple(field.name for field in schema.fields)
    for name in names or ():
        if name not in known:
            raise InvalidParameter("source", "unknown-field", value=name, allowed=known)


def facet_names(schema: Schema) -> list[str]:
    """Return the names of the fields whose values can be counted; dates are counted by histograms."""
    return [field.name for field in schema.fields if field.facet and field.kind.value_type is not ValueType.DATE]


def check_facets(schema: Schema, names: Sequence[str], parameter: str = "facets") -> None:
    """Raise InvalidParameter if a name is not a facet of the schema."""
    known = facet_names(schema)
    for name in names:
        if name not in known:
            raise InvalidParameter(parameter, "not-a-facet", value=name, allowed=tuple(known))


def _facets(schema: Schema, request: SearchRequest) -> tuple[FacetRequest, ...]:
    check_facets(schema, request.facets)
    return tuple(FacetRequest(name, request.facet_size) for name in dict.fromkeys(request.facets))


def groupable(schema: Schema) -> Mapping[str, Field]:
    """Return the fields by which hits can be grouped, by name: the keyword facets with one value."""
    return {
        field.name: field
        for field in schema.fields
        if field.kind is FieldKind.KEYWORD and field.facet and not field.multi
    }


def _group_by(schema: Schema, request: SearchRequest) -> GroupBy | None:
    if not request.group_by:
        return None
    known = groupable(schema)
    if request.group_by not in known:
        raise InvalidParameter("group_by", "not-groupable", value=request.group_by, allowed=tuple(known))
    check_range("offset", request.start, 0, MAX_GROUPS - request.size)
    check_range("group_size", request.group_size, 1, MAX_SIZE // max(1, request.size))
    return GroupBy(known[request.group_by], request.group_size)


def _histogram(schema: Schema, interval: str) -> tuple[str, Interval] | None:
    if not interval:
        return None
    intervals = [one.value for one in Interval]
    if interval not in intervals:
        raise InvalidParameter("histogram", "unknown-interval", value=interval, allowed=tuple(intervals))
    field = schema.field(schema.date) if schema.date else None
    if field is None or not field.facet:
        raise InvalidParameter("histogram", "no-date-facet")
    return field.name, Interval(interval)


def _sort(schema: Schema, order: str) -> Sort | None:
    if order in ("", "relevance"):
        return None
    known = [field.name for field in schema.fields if field.sort]
    name = order.removeprefix("-")
    if name not in known:
        options = ("relevance", *known, *(f"-{name}" for name in known))
        raise InvalidParameter("sort", "not-sortable", value=order, allowed=options)
    return Sort(name, order.startswith("-"))


def _filters(schema: Schema, request: SearchRequest) -> Filters:
    checked = {name: check_filter_values(schema, name, values) for name, values in request.filters.items() if values}
    ranges = [_range(schema, name, low, high) for name, (low, high) in request.ranges.items()]
    if request.date_from or request.date_to:
        if not schema.date:
            parameter = "date_from" if request.date_from else "date_to"
            raise InvalidParameter(parameter, "no-date-field")
        low, high = _date("date_from", request.date_from), _date("date_to", request.date_to)
        dates = RangeFilter(schema.date, low and low[0], high and high[1])
        ranges.append(_in_order("date_from", dates, request.date_from, request.date_to))
    return Filters(checked, tuple(ranges))


def check_filter_values(schema: Schema, name: str, values: Sequence[str]) -> tuple[str, ...]:
    """Return the different values of a filter. Raises InvalidParameter if the field or a value is not possible."""
    parameter = f"filters.{name}"
    known = [field.name for field in schema.fields if field.kind.filter]
    field = schema.field(name)
    if field is None or name not in known:
        raise InvalidParameter(parameter, "not-filterable", field=name, allowed=tuple(known))
    if len(values) > MAX_FILTER_VALUES:
        raise InvalidParameter(parameter, "too-long", count=len(values), limit=MAX_FILTER_VALUES, unit="values")
    for value in values:
        if not _is_unicode(value):
            raise InvalidParameter(parameter, "lone-surrogate")
        if (length := len(value.encode())) > MAX_FILTER_BYTES:
            raise InvalidParameter(parameter, "value-too-long", count=length, limit=MAX_FILTER_BYTES)
        if field.kind.value_type is ValueType.BOOLEAN and value not in ("true", "false"):
            raise InvalidParameter(parameter, "not-a-boolean", value=value)
    if field.kind.value_type is ValueType.INTEGER:
        # Python reads ٥ and 1_000, too; Elasticsearch does not.
        values = [str(_number(parameter, value, field)) for value in values]
    return tuple(dict.fromkeys(values))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _range(schema: Schema, name: str, low: str, high: str) -> RangeFilter:
    parameter = f"ranges.{name}"
    known = [field.name for field in schema.fields if field.kind.range]
    field = schema.field(name)
    if field is None or name not in known:
        raise InvalidParameter(parameter, "not-rangeable", field=name, allowed=tuple(known))
    if field.kind.value_type is ValueType.DATE:
        first, last = _date(parameter, low), _date(parameter, high)
        return _in_order(parameter, RangeFilter(name, first and first[0], last and last[1]), low, high)
    numbers = (_number(parameter, bound, field) if bound else None for bound in (low, high))
    return _in_order(parameter, RangeFilter(name, *numbers), low, high)


def _in_order(parameter: str, wanted: RangeFilter, low: str, high: str) -> RangeFilter:
    """Return a range. Raises InvalidParameter if it begins after its end: no document can be in it."""
    if wanted.low is not None and wanted.high is not None and wanted.low > wanted.high:
        raise InvalidParameter(parameter, "range-reversed", low=low, high=high)
    return wanted


def _number(parameter: str, text: str, field: Field) -> int | float:
    try:
        number = int(text) if field.kind.value_type is ValueType.INTEGER else float(text)
        if abs(number) < 2**63:  # also false for nan and infinity
            return number
    except ValueError:
        pass
    raise InvalidParameter(parameter, "not-a-number", value=text, kind=field.kind.name)


def _date(parameter: str, text: str) -> tuple[int, int] | None:
    if not text:
        return None
    try:
        return date_range(text)
    except InvalidDate as error:
        raise InvalidParameter(parameter, "not-a-date", value=text, reason=error.message) from None
