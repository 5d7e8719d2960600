"""An example or several of each operation. Their answers over the example collection are recorded in `answers.json`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from search_service.api.operations import JSON, NDJSON

MAX_LINE = 60
"""Characters of a body that a command has in one line."""

ANSWERS = "answers.json"
"""The recorded answers by operation and example; `pytest tests/api/test_examples.py --update-golden` writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request to an operation.

    Attributes:
        name: kebab-case, unique in its operation.
        summary: what it shows.
        path: the values of the variables of the path.
        query: the names and values of the query string.
        headers: the header fields.
        body: the JSON value of the body; None without one.
        lines: those of the body, if it has lines of JSON.
    """

    name: str
    summary: str
    method: str = "GET"
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    lines: Sequence[Any] = ()

    def url(self, path: str) -> str:
        """Return the path and the query string; `path` has its variables in braces."""
        filled = path.format(**{name: quote(value, safe="") for name, value in self.path.items()})
        return f"{filled}?{urlencode(self.query)}" if self.query else filled

    def data(self) -> bytes | None:
        """Return the body as it is sent."""
        if self.lines:
            return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in self.lines).encode()
        return None if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def content_type(self) -> str | None:
        """The type of the body."""
        return NDJSON if self.lines else None if self.body is None else JSON

    def curl(self, path: str, host: str) -> str:
        """Return the command that sends it, readable: curl encodes what an address cannot contain."""
        filled = path.format(**{name: quote(value, safe="") for name, value in self.path.items()})
        has_body = self.content_type is not None
        parts = ["curl"]
        if self.method != ("POST" if has_body else "GET"):
            parts.append(f"-X {self.method}")
        if self.query and not has_body:
            parts.append("--get")
        parts = [" ".join([*parts, shlex.quote(host + (self.url(path) if has_body else filled))])]
        if not has_body:
            parts += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in self.query.items()]
        parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers.items()]
        if has_body:
            parts.append(f"-H 'Content-Type: {self.content_type}'")
        if self.lines:
            parts.append(f"--data-binary {shlex.quote((self.data() or b'').decode())}")
        elif has_body:
            text = json.dumps(self.body, ensure_ascii=False)
            text = text if len(text) <= MAX_LINE else json.dumps(self.body, ensure_ascii=False, indent=2)
            parts.append(f"--data {shlex.quote(text)}")
        return " \\\n  ".join(parts)


NEWS = {"index": "news"}
JOB_ID = "20260131T080000-1a2b3c4d"

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "search": (
        Example(
            name="words",
            summary="Two words, with a facet",
            path=NEWS,
            query={
                "q": "ائتلاف لاهاي",
                "size": "1",
                "facets": "category",
                "highlight": "title",
                "source": "title,date",
            },
        ),
        Example(
            name="filters",
            summary="Filters, a range and an order",
            path=NEWS,
            query={
                "q": "المياه",
                "filter.category": "بيئة",
                "range.date": "2023..2024",
                "sort": "-date",
                "size": "1",
                "source": "title",
            },
        ),
        Example(
            name="cursor",
            summary="The first page of a listing of all hits",
            path=NEWS,
            query={"q": "المياه", "cursor": "*", "sort": "-date", "size": "1", "highlight": "false", "source": "title"},
        ),
        Example(
            name="highlighting",
            summary="One short fragment of a field, with a tag of one's own",
            path=NEWS,
            query={
                "q": "المياه",
                "size": "1",
                "source": "title",
                "highlight_before": '<em class="hit">',
                "highlight_after": "</em>",
                "fragment_length": "60",
                "fragments": "1",
            },
        ),
        Example(
            name="groups",
            summary="The best article of each category",
            path=NEWS,
            query={
                "q": "المياه",
                "group_by": "category",
                "size": "2",
                "highlight": "false",
                "source": "title,category",
            },
        ),
        Example(
            name="correction",
            summary="A misspelt word, which is corrected",
            path=NEWS,
            query={"q": "الائتلاق", "size": "1", "highlight": "title", "source": "title"},
        ),
        Example(
            name="body",
            summary="A search with a JSON body",
            method="POST",
            path=NEWS,
            body={
                "q": "المياه",
                "filters": {"category": ["بيئة", "اقتصاد"]},
                "ranges": {"date": {"from": "2023"}},
                "histogram": "year",
                "size": 1,
                "source": ["title", "category"],
            },
        ),
    ),
    "multi_search": (
        Example(
            name="outcomes",
            summary="Two searches, of which one has a problem",
            method="POST",
            body={
                "searches": [
                    {"index": "news", "q": "المياه", "size": 1, "highlight": False, "source": ["title"]},
                    {"index": "news", "q": "المياه", "sort": "title"},
                ]
            },
        ),
    ),
    "facet_values": (
        Example(
            name="values",
            summary="The most frequent values",
            path={**NEWS, "field": "category"},
            query={"size": "3"},
        ),
        Example(
            name="sorted",
            summary="Values in their order",
            path={**NEWS, "field": "category"},
            query={"sort": "value", "size": "3"},
        ),
        Example(
            name="contains",
            summary="Values that contain a text, among the documents of a query",
            path={**NEWS, "field": "tags"},
            query={"q": "المياه", "contains": "المياه", "size": "3"},
        ),
        Example(
            name="body",
            summary="The same with a JSON body, which can have long filters",
            method="POST",
            path={**NEWS, "field": "tags"},
            body={"q": "المياه", "filters": {"category": ["بيئة", "اقتصاد"]}, "size": 3},
        ),
    ),
    "suggest": (
        Example(name="prefix", summary="Completions", path=NEWS, query={"q": "الميا", "size": "3"}),
        Example(
            name="body", summary="The same with a JSON body", method="POST", path=NEWS, body={"q": "الميا", "size": 3}
        ),
    ),
    "explain": (
        Example(
            name="document",
            summary="Why a document matches",
            path={**NEWS, "document_id": "ex-020"},
            query={"q": "لاهاي", "fields": "title"},
        ),
        Example(
            name="body",
            summary="The same with a JSON body",
            method="POST",
            path={**NEWS, "document_id": "ex-020"},
            body={"q": "لاهاي", "fields": ["title"]},
        ),
    ),
    "get_document": (Example(name="document", summary="A document", path={**NEWS, "document_id": "ex-020"}),),
    "put_document": (
        Example(
            name="document",
            summary="Add a document, or replace it",
            method="PUT",
            path={**NEWS, "document_id": "my-1"},
            query={"refresh": "wait_for"},
            body={"title": "افتتاح مكتبة عامة في الحي القديم", "category": "ثقافة", "date": "2026-01-31"},
        ),
        Example(
            name="condition",
            summary="Add a document only if there is none of this id",
            method="PUT",
            path={**NEWS, "document_id": "my-2"},
            headers={"If-None-Match": "*"},
            body={"title": "افتتاح مكتبة عامة"},
        ),
    ),
    "patch_document": (
        Example(
            name="fields",
            summary="Change a field and remove another",
            method="PATCH",
            path={**NEWS, "document_id": "ex-020"},
            body={"category": "سياسة", "author": None},
        ),
    ),
    "delete_document": (
        Example(name="document", summary="Remove a document", method="DELETE", path={**NEWS, "document_id": "ex-020"}),
    ),
    "change_documents": (
        Example(
            name="lines",
            summary="A document, another one, and a removal",
            method="POST",
            path=NEWS,
            lines=(
                {"id": "my-1", "title": "افتتاح مكتبة عامة"},
                {"upsert": {"id": "my-2", "title": "معرض للكتاب"}},
                {"delete": "ex-020"},
            ),
        ),
    ),
    "delete_documents": (
        Example(
            name="dry-run",
            summary="Count the documents that would be removed",
            method="DELETE",
            path=NEWS,
            query={"filter.category": "بيئة", "range.date": "..2023", "dry_run": "true"},
        ),
    ),
    "similar_documents": (
        Example(
            name="similar",
            summary="The most similar document",
            path={**NEWS, "document_id": "ex-035"},
            query={"size": "1", "source": "title"},
        ),
        Example(
            name="body",
            summary="The same with a JSON body",
            method="POST",
            path={**NEWS, "document_id": "ex-035"},
            body={"size": 1, "source": ["title"]},
        ),
    ),
    "analyze": (
        Example(
            name="lemmas",
            summary="The lemmas of a vocalised word",
            method="POST",
            path=NEWS,
            body={"text": "وَالمَدْرَسَة", "analyzer": "lemma"},
        ),
    ),
    "highlight": (
        Example(
            name="text",
            summary="A text with a match",
            method="POST",
            path=NEWS,
            body={"text": "في وَالمَدْرَسَةِ", "q": "مدرسة"},
        ),
    ),
    "list_indexes": (Example(name="indexes", summary="All indexes"),),
    "describe_index": (Example(name="index", summary="An index and its fields", path=NEWS, query={"values": "2"}),),
    "create_index": (
        Example(
            name="packaged",
            summary="An index with a packaged schema",
            method="PUT",
            path={"index": "archive"},
            body={"schema": "news"},
        ),
        Example(
            name="own",
            summary="An index with a schema of its own",
            method="PUT",
            path={"index": "books"},
            body={
                "schema": {
                    "name": "books",
                    "default_sort": "-year",
                    "fields": {
                        "title": {"kind": "text", "weight": 3, "suggest": True},
                        "subject": {"kind": "keyword", "facet": True},
                        "year": {"kind": "integer", "sort": True},
                    },
                }
            },
        ),
    ),
    "delete_index": (Example(name="index", summary="Delete an index", method="DELETE", path={"index": "archive"}),),
    "start_job": (
        Example(
            name="reindex",
            summary="Build an index anew from its documents",
            method="POST",
            path=NEWS,
            body={"kind": "reindex", "schema": "news"},
        ),
    ),
    "list_jobs": (Example(name="jobs", summary="The jobs of an index", path=NEWS),),
    "get_job": (Example(name="job", summary="A job and its progress", path={**NEWS, "job_id": JOB_ID}),),
    "cancel_job": (Example(name="job", summary="Cancel a job", method="DELETE", path={**NEWS, "job_id": JOB_ID}),),
    "healthz": (Example(name="alive", summary="The process answers"),),
    "readyz": (Example(name="ready", summary="The default index can be searched"),),
    "problem": (
        Example(
            name="parameter",
            summary="A number that is out of range",
            path={"code": "out-of-range"},
            headers={"Accept": "application/json"},
        ),
    ),
    "openapi": (Example(name="document", summary="This document"),),
}
"""The examples of each operation by its name."""

NOT_RECORDED = frozenset({"openapi"})
"""Operations whose answer is not in the document: it would contain itself."""


@cache
def answers() -> Mapping[str, Mapping[str, Any]]:
    """Return the recorded answers by operation and example: their status, and their content if they have any."""
    recorded: Mapping[str, Mapping[str, Any]] = json.loads(
        files(__package__).joinpath(ANSWERS).read_text(encoding="utf-8")
    )
    return recorded
