"""Groups hits by the value of a keyword field.

Groups are in the order of their best hits. Those of a page are found by searching: the best hits, then the best ones
without the groups seen so far, and so on. So a group hides no other, however many hits it has, and both engines return
what they rank anyway. (Elasticsearch can collapse hits itself. It then rescores of each group only the best hit of the
first stage, and puts all documents without a value into one group.)

A document without a value is a group of its own: it has nothing in common with others that would make it one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from index_config.schema import Field
from search_service.core.filters import FacetRequest, ValueFilter
from search_service.core.index_name import IndexName
from search_service.core.results import EngineHit, EngineResult
from search_service.engines.base import Searcher
from search_service.query.plan import SearchPlan
from search_service.query.tree import Ids, Node, Not, all_of

MAX_GROUPS = 1_000
"""Groups that can be paged through: each round of searching excludes those before."""

ROUND = 100
"""Hits of a round. It never depends on the page: Elasticsearch rescores the best hits of each round, and all pages need
one order. Most first pages of ten groups need one round."""


@dataclass(frozen=True, slots=True)
class GroupBy:
    """How to group: by the values of a field, with so many hits of each group."""

    field: Field
    size: int


@dataclass(slots=True)
class Group:
    """The hits of a value.

    Attributes:
        value: the value, as the best hit writes it; None for a document without one.
        hits: the best hits, the best one first.
        total: the matches that have the value.
    """

    value: str | None
    hits: list[EngineHit] = field(default_factory=list)
    total: int = 1


@dataclass(frozen=True, slots=True)
class Grouped:
    """A page of groups.

    Attributes:
        result: the result of the search, without its hits.
        groups: those of the page.
        total: the groups of all matches; an estimate if there are more than some 40,000.
    """

    result: EngineResult
    groups: Sequence[Group]
    total: int


def search_groups(
    searcher: Searcher, index: IndexName, plan: SearchPlan, by: GroupBy, key: Callable[[Field, str], str]
) -> Grouped:
    """Return a page of groups; `key` returns the key of a value."""
    best = replace(plan, offset=0, size=min(plan.size, 1) * ROUND, highlight=())
    result = searcher.search(index, best)
    chosen = next(step for step in (plan.step, *plan.looser) if step.rule == result.rule)
    search = _Search(searcher, index, replace(best.choose(chosen), facets=(), histogram=None), by, key)
    total = searcher.count_groups(index, search.plan, by.field.name)
    page = search.groups(result.hits, plan.offset + plan.size)[plan.offset :]
    if page:
        search.count(page)
        search.complete(page)
        search.read(page, plan.highlight)
    return Grouped(replace(result, hits=()), page, total)


@dataclass(frozen=True, slots=True)
class _Search:
    """Searches the matches of a plan with a selected match rule, or some of them."""

    searcher: Searcher
    index: IndexName
    plan: SearchPlan
    by: GroupBy
    key: Callable[[Field, str], str]

    def among(self, *nodes: Node, size: int, **changes: object) -> EngineResult:
        """Return the best matches that also match some nodes."""
        step = self.plan.step
        within = replace(step, match=all_of((step.match, *nodes)), scoring=lambda: step.scores)
        return self.searcher.search(self.index, replace(self.plan, step=within, size=size, **changes))  # type: ignore[arg-type]

    def groups(self, hits: Sequence[EngineHit], needed: int) -> list[Group]:
        """Return the best groups, with the hits that were found on the way."""
        known: dict[str, Group] = {}
        while True:
            for hit in hits:
                value = self._value(hit)
                name = f"value {self.key(self.by.field, value)}" if value else f"document {hit.id}"
                known.setdefault(name, Group(value or None)).hits.append(hit)
            if len(known) >= needed or len(hits) < ROUND:
                return list(known.values())[:needed]
            hits = self.among(*self._others(known.values()), size=ROUND).hits

    def _others(self, known: Iterable[Group]) -> list[Node]:
        """Return nodes for the documents of no group so far."""
        values = tuple(group.value for group in known if group.value is not None)
        ids = tuple(group.hits[0].id for group in known if group.value is None)
        nodes: list[Node] = []
        if values:
            nodes.append(Not(ValueFilter(self.by.field.name, values)))
        if ids:
            nodes.append(Not(Ids(ids)))
        return nodes

    def _value(self, hit: EngineHit) -> str:
        value = hit.source.get(self.by.field.name)
        return value if isinstance(value, str) and self.key(self.by.field, value) else ""

    def count(self, page: Sequence[Group]) -> None:
        """Count the matches of each group."""
        values = tuple(group.value for group in page if group.value is not None)
        if not values:
            return
        name = self.by.field.name
        facets = (FacetRequest(name, len(values)),)
        counted = self.among(ValueFilter(name, values), size=0, facets=facets).facets[name].buckets
        counts = {self.key(self.by.field, bucket.value): bucket.count for bucket in counted}
        for group in page:
            if group.value is not None:
                group.total = counts.get(self.key(self.by.field, group.value), len(group.hits))

    def complete(self, page: Sequence[Group]) -> None:
        """Leave each group the hits that are asked for; search for those that were not among the best."""
        for group in page:
            wanted = min(self.by.size, group.total)
            if len(group.hits) < wanted and group.value is not None:
                found = self.among(ValueFilter(self.by.field.name, (group.value,)), size=self.by.size).hits
                group.hits[1:] = [hit for hit in found if hit.id != group.hits[0].id]
            del group.hits[self.by.size :]

    def read(self, page: Sequence[Group], highlight: tuple[str, ...]) -> None:
        """Replace the hits by those with highlights; the scores remain those of their order."""
        if not highlight:
            return
        ids = tuple(hit.id for group in page for hit in group.hits)
        read = {hit.id: hit for hit in self.among(Ids(ids), size=len(ids), highlight=highlight).hits}
        for group in page:
            # One that was deleted meanwhile has none.
            group.hits[:] = [replace(read.get(hit.id, hit), score=hit.score) for hit in group.hits]
