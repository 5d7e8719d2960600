"""Completes what is typed: reads some of the documents that have it, and counts what a search for each offer finds.

Everything comes from documents that pass the filters of the request and the restriction of the caller, so nothing is
offered that the caller could not find (ADR 22).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Protocol

from index_config.morphology import ARTICLE
from index_config.schema import Schema
from search_service.analysis.filters import strip_article
from search_service.core.deadline import check_deadline
from search_service.core.document import values_of
from search_service.core.filters import NO_FILTERS, Filters
from search_service.core.index_name import IndexName
from search_service.core.message import Message
from search_service.core.results import Partial
from search_service.engines.base import Searcher, Selection
from search_service.highlight.matcher import ChunkCache, Matcher
from search_service.query.clauses import Condition, Operand, WordPrefix
from search_service.query.keyboard_layouts import in_other_layout
from search_service.query.plan import SearchPlan
from search_service.query.query import Query
from search_service.query.resources import QueryResources
from search_service.query.tree import Field, Node, all_of
from search_service.query.understanding.context import DocumentFrequencies
from search_service.ranking.match_rules import min_hits_in
from search_service.search.completion.candidates import Candidates
from search_service.search.completion.correction import corrected
from search_service.search.completion.offers import SuggestionBuilder
from search_service.search.completion.suggestion import Suggestion, shared
from search_service.search.completion.typed import Beginning, Typed, read_typed
from search_service.search.planner import parse

SAMPLE = 100
"""Documents that are read for words, phrases and values. A word that one in twenty of them has is missing from
the sample one time in 170. Reading and splitting the titles takes 4 ms."""

NEWEST = 40
"""Documents that are read for titles: the newest ones."""

TEXT_SAMPLE = 20
"""Documents whose texts are read if the suggest fields have too few words."""

MAX_TEXT_READ = 20_000
"""Code points of such a text that are read."""

CONTEXT_LENGTH = 100
"""Code points before and after a word of a text in which phrases with it are looked for."""

MIN_LETTERS_IN_TEXTS = 3
"""Letters of the shortest beginning that is looked for in texts. Of 100,000 documents, two letters begin thousands of
words, which take up to 300 ms to search for."""

MAX_PLACES = 5
"""Matches of a text whose surroundings are read."""

MIN_STRICT_OFFERS = 3
"""Searches with a looser match rule are suggested only to reach this many words and phrases, less one for each further
typed word, and at least one. The search of such a phrase finds the documents with any of its words. Counting them takes
5 ms in 100,000 documents if one of the words is a stop word."""


class MakePlan(Protocol):
    """Makes the plan of a search under the filters of a request."""

    def __call__(self, *, q: str = "", value: tuple[str, str] | None = None) -> SearchPlan:
        """Return the plan of a search for a text, or for a value of a field: its name, and the value."""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A request for completions.

    Attributes:
        filters: those of the request.
        plan: makes the plan of a search under these filters.
        frequencies: returns document frequencies in the whole index, ignoring these filters; the plans use the
            same function.
        size: the number of suggestions.
    """

    index: IndexName
    schema: Schema
    resources: QueryResources
    filters: Filters
    plan: MakePlan
    frequencies: DocumentFrequencies
    size: int


class Completer:
    """Completes inputs from the documents of a searcher."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._analysis = searcher.analysis
        self._cache = ChunkCache(searcher.analysis)

    def suggest(self, q: str, request: CompletionRequest) -> Partial[Suggestion]:
        """Return what completes an input: words and phrases, then titles, then values.

        If nothing does, the input is read as typed in the other keyboard layout, then as typed with an error.
        """
        degraded: tuple[Message, ...] = ()
        if not any(field.suggest for field in request.schema.fields):
            return Partial()
        for typed in self._readings(q, request):
            answer = self._complete(typed, request)
            degraded = degraded or answer.degraded
            if answer.items:
                return Partial(answer.items, degraded)
        return Partial((), degraded)

    def _readings(self, q: str, request: CompletionRequest) -> Iterator[Typed]:
        read = []
        for text in (q, in_other_layout(q)):
            if typed := self._read(text, request):
                read.append(typed)
                yield typed
        frequencies = request.frequencies
        if request.filters:
            frequencies = partial(self._searcher.document_frequencies, request.index, filters=request.filters)
        yield from (right for typed in read if (right := corrected(typed, frequencies)))

    def _read(self, text: str, request: CompletionRequest) -> Typed | None:
        query = parse(text, self._analysis, request.resources, request.schema)
        # A completion cannot contain what an operator says.
        return None if query.conditions else read_typed(query.words, self._analysis)

    def _complete(self, typed: Typed, request: CompletionRequest) -> Partial[Suggestion]:
        fields = [field for field in request.schema.fields if field.suggest]
        titled = [field for field in fields if not field.facet]
        selections = [Selection(typed.node(field.name), SAMPLE, (field.name,)) for field in fields]
        newest = [Selection(typed.node(field.name), NEWEST, (field.name,), newest=True) for field in titled]
        read = self._searcher.select(request.index, [*selections, *newest], request.filters)
        samples = dict(zip((field.name for field in fields), read.items, strict=False))
        candidates = Candidates(typed, request.resources.stopwords, self._cache)
        for field in fields:
            for document in samples[field.name] if field.is_searched else ():
                candidates.add(field.name, document.id, values_of(document.source, field.name))
        check_deadline()
        if candidates.count < request.size:
            self._read_texts(typed, candidates, request)
        builder = SuggestionBuilder(typed, self._analysis, self._cache)
        titles = [
            title
            for field, documents in zip(titled, read.items[len(fields) :], strict=True)
            for title in builder.titles(field, documents, request.size)
        ]
        values = [
            value
            for field in fields
            if field.facet
            for value in builder.values(field, samples[field.name], request.size)
        ]
        min_offers = max(1, MIN_STRICT_OFFERS + 1 - len(typed.words))
        searches = self._searches(builder.searches(candidates, (3 * request.size + 3) // 4), request, min_offers)
        searches, titles, values = shared([searches, titles, values], request.size)
        chosen = [*searches, *titles, *self._values(values, request)]
        return Partial([builder.marked(one) for one in chosen], read.degraded)

    def _read_texts(self, typed: Typed, candidates: Candidates, request: CompletionRequest) -> None:
        """Add words and phrases of texts that are searched, but do not complete what is typed themselves."""
        names = tuple(field.name for field in request.schema.searched if not field.suggest)
        words = [word for word in typed.words if not word.is_article]
        prefixes = [_word_prefix(word) for word in words]
        if prefixes and min(map(len, prefixes[-1].beginnings)) < MIN_LETTERS_IN_TEXTS:
            prefixes.pop()  # the word before it is looked for
        if not names or not prefixes:
            return
        nodes: list[Node] = [*parse(_text(words[:-1]), self._analysis, request.resources).words]
        if len(prefixes) == len(words):
            nodes.append(Field(names, prefixes[-1]))
        selection = Selection(all_of(nodes), TEXT_SAMPLE, names)
        [documents] = self._searcher.select(request.index, [selection], request.filters).items
        matcher = Matcher(Query("", (Condition((Operand(prefixes[-1]),)),)), self._analysis, self._cache)
        for document in documents:
            for name in names:
                for text in values_of(document.source, name):
                    candidates.add(name, document.id, _around(text[:MAX_TEXT_READ], matcher))

    def _searches(
        self, suggestions: Sequence[Suggestion], request: CompletionRequest, min_offers: int
    ) -> list[Suggestion]:
        """Return words and phrases with the number of documents that a search for each finds.

        Those come first that need no looser match rule. A search for any other one also finds
        documents with some of the words: they are returned if there are fewer than `min_offers` others.
        """
        words = list(dict.fromkeys(word for one in suggestions for word in self._analysis.exact_words(one.text)))
        if words:  # read together, for each request to Elasticsearch takes time
            request.frequencies(words, "exact")
        plans = [request.plan(q=one.text) for one in suggestions]
        strict = [plan.choose(plan.step) for plan in plans]
        counts = self._searcher.count(request.index, strict)
        decisive = counts
        if request.filters:  # which do not decide how strict a search is
            decisive = self._searcher.count(request.index, [replace(plan, filters=NO_FILTERS) for plan in strict])
        documents = self._searcher.document_count(request.index)
        offered: list[Suggestion] = []
        relaxed: list[tuple[Suggestion, SearchPlan]] = []
        for one, plan, count, hits in zip(suggestions, plans, counts, decisive, strict=True):
            if all(hits >= min_hits_in(step, documents) for step in plan.looser[:1]):
                offered.append(replace(one, count=count))
            else:
                relaxed.append((one, plan))
        relaxed = relaxed[: max(0, min_offers - len(offered))]
        totals = self._searcher.count(request.index, [plan for _, plan in relaxed])
        offered += [replace(one, count=total) for (one, _), total in zip(relaxed, totals, strict=True)]
        return [one for one in offered if one.count]

    def _values(self, suggestions: Sequence[Suggestion], request: CompletionRequest) -> list[Suggestion]:
        """Return values with the number of documents that have them."""
        counts = self._searcher.count(request.index, [request.plan(value=(one.field, one.text)) for one in suggestions])
        return [replace(one, count=count) for one, count in zip(suggestions, counts, strict=True) if count]


def _text(words: Sequence[Beginning]) -> str:
    return " ".join(word.surface for word in words)


def _word_prefix(word: Beginning) -> WordPrefix:
    """Return the node for words of texts that begin with a typed one."""
    return WordPrefix(word.surface, tuple(dict.fromkeys(chain(*map(_in_texts, word.exact)))))


def _in_texts(form: str) -> tuple[str, ...]:
    """Return how words in texts begin that begin with a form: with and without the article."""
    bare = strip_article(form)
    return (form, bare) if form != bare else (form, ARTICLE + form)


def _around(text: str, matcher: Matcher) -> Iterator[str]:
    """Yield the parts of a text around its matches, without the words that are cut."""
    end = 0
    for found in matcher.find_marks(text)[:MAX_PLACES]:
        if found.end <= end:
            continue
        start = max(end, found.start - CONTEXT_LENGTH)
        end = min(len(text), found.end + CONTEXT_LENGTH)
        part = text[start:end]
        if start and not text[start - 1].isspace():
            part = part.partition(" ")[2]
        yield part if end == len(text) or text[end].isspace() else part.rpartition(" ")[0]
