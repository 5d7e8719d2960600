"""View models of facets and of the active filters, each choice with its URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index_config.field_kinds import ValueType
from index_config.schema import Field, Schema
from search_service.core.results import FacetBucket
from search_service.search.response import SearchResponse
from search_service.web.links import Choice
from search_service.web.messages.wording import Wording
from search_service.web.url_state import State

FACET_VALUES = 30
"""Values requested for each facet."""

SHOWN_VALUES = 6
"""Values of a facet that are visible; the others are collapsed under "more"."""

KeyOf = Callable[[Field, str], str]
"""Returns the key of a value of a field: values with equal keys are one value."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: the visible values and those collapsed under "more"; `is_cut` if there may be others."""

    name: str
    label: str
    shown: Sequence[Choice]
    more: Sequence[Choice]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the URL of the search without it."""

    label: str
    text: str
    href: str


def facets(response: SearchResponse, fields: Sequence[Field], state: State, words: Wording, key: KeyOf) -> list[Facet]:
    """Return the facets that have values to choose from."""
    counted = [_facet(field, response.facets.get(field.name, ()), state, words, key) for field in fields]
    return [facet for facet in counted if facet.shown]


def facet_fields(schema: Schema, shown: Sequence[str] | None = None) -> tuple[Field, ...]:
    """Return the fields whose values are counted as facets: all that can be, or those of a site, in its order."""
    fields = [field for field in schema.fields if field.facet and field.kind.value_type is not ValueType.DATE]
    if shown is None:
        return tuple(fields)
    return tuple(field for name in shown for field in fields if field.name == name)


def _facet(field: Field, buckets: Sequence[FacetBucket], state: State, words: Wording, key: KeyOf) -> Facet:
    """Return a facet, selected values first: they can be deselected even if they are not among the counted values."""
    counted = {key(field, bucket.value): bucket for bucket in buckets}
    chosen = _chosen(field, state, key)
    choices = []
    for value_key, spellings in {**chosen, **{other: () for other in counted if other not in chosen}}.items():
        bucket = counted.get(value_key)
        value = bucket.value if bucket else spellings[0]
        href = _toggled(field, state, spellings or (value,)).href()
        choices.append(Choice(words.value(field, value), href, bool(spellings), bucket.count if bucket else None))
    seen = max(SHOWN_VALUES, len(chosen))
    is_cut = len(buckets) >= FACET_VALUES
    return Facet(field.name, words.label(field.name), choices[:seen], choices[seen:], is_cut)


def chips(schema: Schema, state: State, words: Wording, key: KeyOf) -> list[Chip]:
    """Return the active filters."""
    fields = [schema.field(name.removeprefix("filter.")) for name in state.names("filter.")]
    active = [
        Chip(words.label(field.name), words.value(field, spellings[0]), _toggled(field, state, spellings).href())
        for field in fields
        if field
        for spellings in _chosen(field, state, key).values()
    ]
    low, high = state.get("date_from"), state.get("date_to")
    if low or high:
        active.append(
            Chip(words.label(schema.date), words.range(low, high), state.without("date_from", "date_to").href())
        )
    return active


def _chosen(field: Field, state: State, key: KeyOf) -> dict[str, tuple[str, ...]]:
    """Return the selected values of a field, each by its key with the spellings that the URL has of it."""
    chosen: dict[str, tuple[str, ...]] = {}
    for value in state.all(f"filter.{field.name}"):
        chosen[key(field, value)] = (*chosen.get(key(field, value), ()), value)
    return chosen


def _toggled(field: Field, state: State, spellings: Sequence[str]) -> State:
    """Return the state with a value selected, or with none of its spellings if it is."""
    for spelling in dict.fromkeys(spellings):
        state = state.toggled(f"filter.{field.name}", spelling)
    return state
