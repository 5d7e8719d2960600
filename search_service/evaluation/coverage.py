"""Checks that an index holds the documents that judgments are about; without them every measure is 0."""

from __future__ import annotations

from dataclasses import dataclass

from search_service.core.errors import UnknownDocument, UnreadableSource
from search_service.core.index_name import IndexName
from search_service.core.message import Message, message
from search_service.evaluation.judgments import Judgments
from search_service.search.service import SearchService

MAX_LOOKED_UP = 1_000
"""Documents that are looked up: 0.1 s on the embedded engine, 2 s on Elasticsearch, where running as many queries takes
ten times as long. Of more documents, evenly spread ones are looked up."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the relevant documents are in the index.

    Attributes:
        relevant: documents that are relevant to some query.
        looked_up: those of them that were looked up.
        missing: those of the latter that are not in the index.
        example: the id of one that is missing; empty if there is none.
    """

    relevant: int
    looked_up: int
    missing: int
    example: str

    def warning(self, index: IndexName) -> Message | None:
        """Return that documents are missing, if there are any."""
        if not self.missing:
            return None
        return message(
            "relevant-documents-missing",
            index=index, missing=self.missing, looked_up=self.looked_up, relevant=self.relevant, example=self.example,
        )  # fmt: skip


def check_coverage(service: SearchService, index: IndexName, judgments: Judgments) -> Coverage:
    """Look up the relevant documents.

    Raises:
        UnreadableSource: none is in the index; the judgments are of another collection, or have other ids.
        UnknownIndex: the index does not exist.
    """
    relevant = list(
        dict.fromkeys(id_ for query in judgments.queries for id_, grade in query.grades.items() if grade > 0)
    )
    step = max(1, -(-len(relevant) // MAX_LOOKED_UP))
    looked_up = relevant[::step]
    missing = [id_ for id_ in looked_up if not _exists(service, index, id_)]
    if len(missing) == len(looked_up):
        raise UnreadableSource("no-relevant-document-indexed", index=index, count=len(missing), example=missing[0])
    return Coverage(len(relevant), len(looked_up), len(missing), missing[0] if missing else "")


def _exists(service: SearchService, index: IndexName, document_id: str) -> bool:
    try:
        service.document(index, document_id)
    except UnknownDocument:
        return False
    return True
