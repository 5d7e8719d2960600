"""The shared collections with judgments: what is indexed of each, and what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index_config.schema import schema_from_dict
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.evaluation.judgments import Judgments, read_judgments
from tests.shared_data import records, shared

TEXT_ALONE = schema_from_dict({"name": "text", "fields": {"text": {"kind": "text"}}}, "tests/relevance/judged.py")
"""The headlines are queries: whatever else an article has would give it away."""


@dataclass(frozen=True)
class Collection:
    """Documents and judgments.

    Attributes:
        name: of the collection, and of its index.
        documents: gives the documents that `base` does not have.
        queries: the file of queries, as a path below the shared data.
        qrels: the file of judgments.
        base: a collection that this one extends.
    """

    name: str
    documents: Callable[[], Iterator[Document]]
    queries: tuple[str, ...]
    qrels: tuple[str, ...]
    base: Collection | None = None

    def judgments(self) -> Judgments:
        """Read the judgments."""
        queries, qrels = shared("data", *self.queries), shared("data", *self.qrels)
        return read_judgments(queries.parent, queries, qrels)

    def all_documents(self) -> Iterator[Document]:
        """Yield the documents, those of `base` first."""
        if self.base:
            yield from self.base.all_documents()
        yield from self.documents()

    def fill(self, engine: SearchEngine) -> None:
        """Index the documents."""
        with engine.indexes.rebuild(IndexName(self.name), TEXT_ALONE) as rebuild:
            for document in self.all_documents():
                rebuild.upsert(document)


def _texts(*parts: str) -> Iterator[Document]:
    for record in records("data", *parts):
        yield Document(str(record["id"]), {"text": record["text"]})


def _articles() -> Iterator[Document]:
    return _texts("news", "docs.jsonl.gz")


def _third_of_articles() -> Iterator[Document]:
    """Yield every third article, and all that a headline is asked for."""
    asked = {identifier for query in HEADLINES.judgments().queries for identifier in query.grades}
    for number, document in enumerate(_articles()):
        if number % 3 == 0 or document.id in asked:
            yield document


def _paragraphs() -> Iterator[Document]:
    return _texts("arcd", "corpus.jsonl")


HEADLINES = Collection("headlines", _articles, ("news", "queries.dev.jsonl"), ("news", "qrels.dev.tsv"))
THIRD = Collection("headlines in a third of the articles", _third_of_articles, HEADLINES.queries, HEADLINES.qrels)
"""What `make test` indexes of the articles: all of them take a minute of processor time."""

COLLECTIONS = (
    Collection("arcd-in-news", _paragraphs, ("arcd", "queries.jsonl"), ("arcd", "qrels.tsv"), HEADLINES),
    HEADLINES,
    Collection("arcd", _paragraphs, ("arcd", "queries.jsonl"), ("arcd", "qrels.tsv")),
    Collection("quran", lambda: _texts("quran", "corpus.jsonl"), ("quran", "queries.jsonl"), ("quran", "qrels.tsv")),
)
