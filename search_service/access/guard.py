"""An engine that shows each caller what it may see, and nothing else.

Everything that reads or changes an index goes through the interfaces of an engine, which are wrapped here and in
`guarded_indexes.py`. So whatever is built on them is restricted, and a new method of theirs has to be added here, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace

from index_config.schema import Schema
from search_service.access.caller import EVERY_INDEX, current_caller
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import Forbidden, InvalidParameter, UnknownIndex
from search_service.core.filters import NO_FILTERS, FacetOrder, Filters, ValueFilter
from search_service.core.index_name import IndexName
from search_service.core.index_state import Health
from search_service.core.results import EngineHit, EngineResult, Explanation, FacetValues, Partial
from search_service.engines.base import Searcher, Selection
from search_service.query.plan import SearchPlan
from search_service.search.validation import check_filter_values


class GuardedSearcher:
    """A searcher that checks the index of each call and adds the filters of the caller's key.

    Each method raises Forbidden if the caller does not see the index, or if the filters of its key do not fit it.

    Args:
        searcher: the one of the engine.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    @property
    def analysis(self) -> Analysis:
        """The analysis of the engine."""
        return self._searcher.analysis

    def schema(self, index: IndexName) -> Schema:
        """Return the schema of an index."""
        with visible(index):
            return self._searcher.schema(index)

    def version(self, index: IndexName) -> str:
        """Return what changes whenever the caller may find something else; callers with other filters have others."""
        with visible(index):
            version = self._searcher.version(index)
            restriction = self._restricted(index, NO_FILTERS).restriction
            return f"{version} {restriction}" if version else ""

    def health(self, index: IndexName) -> Health:
        """Return the health of an index."""
        with visible(index):
            return self._searcher.health(index)

    def get(self, index: IndexName, document_id: str, filters: Filters = NO_FILTERS) -> Document:
        """Return a document."""
        with visible(index):
            return self._searcher.get(index, document_id, self._restricted(index, filters))

    def document_frequencies(
        self, index: IndexName, terms: Sequence[str], analyzer: str, filters: Filters = NO_FILTERS
    ) -> Mapping[str, int]:
        """Return the document frequency of each term."""
        with visible(index):
            return self._searcher.document_frequencies(index, terms, analyzer, self._restricted(index, filters))

    def document_count(self, index: IndexName, filters: Filters = NO_FILTERS) -> int:
        """Return the number of documents."""
        with visible(index):
            return self._searcher.document_count(index, self._restricted(index, filters))

    def field_counts(self, index: IndexName, filters: Filters = NO_FILTERS) -> Mapping[str, int]:
        """Return how many documents have each field."""
        with visible(index):
            return self._searcher.field_counts(index, self._restricted(index, filters))

    def written_forms(self, index: IndexName, words: Sequence[str], filters: Filters = NO_FILTERS) -> Mapping[str, str]:
        """Return how documents most often write each of some folded words."""
        with visible(index):
            return self._searcher.written_forms(index, words, self._restricted(index, filters))

    def search(self, index: IndexName, plan: SearchPlan) -> EngineResult:
        """Return one page of hits."""
        with visible(index):
            return self._searcher.search(index, self._plan(index, plan))

    def scan(self, index: IndexName, plan: SearchPlan) -> Iterator[Document]:
        """Yield every document that a plan matches."""
        with visible(index):
            return self._searcher.scan(index, self._plan(index, plan))

    def facet(
        self,
        index: IndexName,
        plan: SearchPlan,
        field: str,
        contains: str,
        size: int,
        order: FacetOrder = FacetOrder.COUNT,
    ) -> FacetValues:
        """Count the values of one facet."""
        with visible(index):
            return self._searcher.facet(index, self._plan(index, plan), field, contains, size, order)

    def count_groups(self, index: IndexName, plan: SearchPlan, field: str) -> int:
        """Return the number of different values that matches have in a field."""
        with visible(index):
            return self._searcher.count_groups(index, self._plan(index, plan), field)

    def select(
        self, index: IndexName, selections: Sequence[Selection], filters: Filters = NO_FILTERS
    ) -> Partial[Sequence[Document]]:
        """Return some documents of each selection."""
        with visible(index):
            return self._searcher.select(index, selections, self._restricted(index, filters))

    def count(self, index: IndexName, plans: Sequence[SearchPlan]) -> Sequence[int]:
        """Return the total of each search."""
        with visible(index):
            return self._searcher.count(index, [self._plan(index, plan) for plan in plans])

    def explain(self, index: IndexName, plan: SearchPlan, document_id: str) -> Explanation:
        """Return what adds to the score of a document."""
        with visible(index):
            return self._searcher.explain(index, self._plan(index, plan), document_id)

    def similar(
        self, index: IndexName, document_id: str, filters: Filters, size: int, stopwords: AbstractSet[str]
    ) -> Partial[EngineHit]:
        """Return the documents most like one."""
        with visible(index):
            return self._searcher.similar(index, document_id, self._restricted(index, filters), size, stopwords)

    def _plan(self, index: IndexName, plan: SearchPlan) -> SearchPlan:
        filters = self._restricted(index, plan.filters)
        return plan if filters is plan.filters else replace(plan, filters=filters)

    def _restricted(self, index: IndexName, filters: Filters) -> Filters:
        """Return filters with those of the caller's key.

        Raises:
            Forbidden: the index has no such field or value. To leave them out would show everything.
        """
        caller = current_caller()
        if not caller.filters:
            return filters
        restriction = caller.restrictions.get(index)
        if restriction is None:
            restriction = caller.restrictions[index] = _checked(index, caller.filters, self._searcher.schema(index))
        return replace(filters, restriction=restriction)


def _checked(index: IndexName, filters: Iterable[ValueFilter], schema: Schema) -> tuple[ValueFilter, ...]:
    """Return the filters of a key, checked against the schema of an index."""
    try:
        return tuple(ValueFilter(one.field, check_filter_values(schema, one.field, one.values)) for one in filters)
    except InvalidParameter as error:
        raise Forbidden("filter-not-applicable", index=index, reason=error.message) from error


@contextmanager
def visible(index: IndexName) -> Iterator[None]:
    """Check that the caller sees an index; an error about an unknown one names only those that it sees.

    Raises:
        Forbidden: it does not, whether there is one or not.
    """
    caller = current_caller()
    caller.require_index(index)
    try:
        yield
    except UnknownIndex as error:
        known = error.message.params.get("known")
        if caller.indexes == EVERY_INDEX or not isinstance(known, tuple):
            raise
        names = tuple(name for name in known if isinstance(name, str) and caller.sees(name))
        raise UnknownIndex(error.index, names) from error
