"""Whether a word finds its own forms and only those: by gold lemmas of a treebank, and by names in the news.

Each word or name is searched for alone; everything that the index finds for it counts, in any order.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

from index_config.schema import load_schema
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.ingestion.validation import DocumentChecker
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.relevance.judged import TEXT_ALONE
from tests.shared_data import records, shared

PAGE = 100
MIN_LETTERS = 3
LOW_PRECISION = 0.9

FORMS, NEWS = IndexName("forms"), IndexName("news")

Figures = dict[str, float]


def evaluate_forms(engine: SearchEngine) -> Figures:
    """Search for each form of the treebank; return precision and recall of its other forms, weighted by frequency."""
    fold = engine.searcher.analysis.fold
    counts, lemmas = Counter[str](), defaultdict[str, set[tuple[str, str]]](set)
    with shared("data", "lemmas", "dev.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            form = fold(row["form"])
            counts[form] += int(row["count"])
            lemmas[form].add((fold(row["lemma"]), row["class"]))
    forms_of = defaultdict[tuple[str, str], set[str]](set)
    for form, own in lemmas.items():
        for lemma in own:
            forms_of[lemma].add(form)
    with engine.indexes.rebuild(FORMS, TEXT_ALONE) as rebuild:
        for form in counts:
            rebuild.upsert(Document(form, {"text": form}))
    service = SearchService(engine)
    found = right = wanted = 0
    for form in (form for form in counts if len(form) >= MIN_LETTERS):
        others = _ids(service, FORMS, form) - {form}
        relevant = set().union(*(forms_of[lemma] for lemma in lemmas[form])) - {form}
        found += sum(counts[one] for one in others)
        right += sum(counts[one] for one in others & relevant)
        wanted += sum(counts[one] for one in relevant)
    return {"precision": round(right / found, 3), "recall": round(right / wanted, 3)}


def evaluate_names(engine: SearchEngine) -> Figures:
    """Search the news for each name; return mean precision and recall, and how many names have a low precision.

    A document has a name if it stands in a searched field, bare or behind particles. Documents that have only its
    adjective (تونسي for تونس) count neither way.
    """
    schema = load_schema("news")
    checker = DocumentChecker(schema)
    with engine.indexes.rebuild(NEWS, schema) as rebuild:
        for record in records("data", "news", "docs.jsonl.gz"):
            rebuild.upsert(checker.check(record))
    lines = shared("data", "names", "dev.txt").read_text(encoding="utf-8").split("\n")
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    fold = engine.searcher.analysis.fold
    having = _documents_with({name: _name_pattern(fold(name)) for name in names}, fold)
    adjectives = _documents_with(
        {name: _adjective_pattern(fold(name)) for name in names if not fold(name).endswith("ي")}, fold
    )
    service = SearchService(engine)
    precisions, recalls = [], []
    for name in (name for name in names if having[name]):
        found = _ids(service, NEWS, name) - (adjectives.get(name, set()) - having[name])
        right = len(found & having[name])
        precisions.append(right / max(1, len(found)))
        recalls.append(right / len(having[name]))
    return {
        "precision": round(sum(precisions) / len(precisions), 3),
        "recall": round(sum(recalls) / len(recalls), 3),
        "below .9": sum(precision < LOW_PRECISION for precision in precisions),
    }


def _ids(service: SearchService, index: IndexName, query: str) -> set[str]:
    ids: set[str] = set()
    offset, total = 0, 1
    while offset < total:
        request = SearchRequest(q=query, size=PAGE, offset=offset, highlight=False)
        response = service.search(index, request)
        ids.update(hit.id for hit in response.hits)
        total, offset = min(response.total, 10_000), offset + PAGE
    return ids


def _documents_with(
    patterns: Mapping[str, tuple[str, re.Pattern[str]]], fold: Callable[[str], str]
) -> Mapping[str, AbstractSet[str]]:
    found: dict[str, set[str]] = {name: set() for name in patterns}
    for record in records("data", "news", "docs.jsonl.gz"):
        text = fold("\n".join(_texts(record)))
        for name, (part, pattern) in patterns.items():
            if part in text and pattern.search(text):
                found[name].add(str(record["id"]))
    return found


def _texts(record: Mapping[str, object]) -> Iterable[str]:
    return (str(record.get(name) or "") for name in ("title", "abstract", "text", "author"))


def _name_pattern(name: str) -> tuple[str, re.Pattern[str]]:
    """Return a part of every form of a folded name, and the pattern of its forms."""
    bare = name.removeprefix("ال")
    before = "[وف]?[بلك]?" if bare == name else "(?:[وف]?[بك]?ال|[وف]?لل)"
    return bare, re.compile(rf"(?<![\u0621-\u064a0-9]){before}{bare}(?![\u0621-\u064a0-9])")


def _adjective_pattern(name: str) -> tuple[str, re.Pattern[str]]:
    """Return the same for its adjective."""
    bare = re.sub("(?:يا|[اه])$", "", name.removeprefix("ال"))
    before, after = "[وف]?(?:[بك]?ال|لل|[بلك])?", "ي(?:ه|ين|ون|ات|ا)?"
    return bare, re.compile(rf"(?<![\u0621-\u064a]){before}{bare}{after}(?![\u0621-\u064a])")
