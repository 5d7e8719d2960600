"""Every example of the OpenAPI document, sent to the service."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import TypeAdapter

from search_service.admin.job_files import ID, Job, JobFiles, JobState
from search_service.analysis.analyzer import Analysis
from search_service.api.openapi import examples
from search_service.api.openapi.document import build_document, path_of
from search_service.api.openapi.examples import EXAMPLES, JOB_ID, NOT_RECORDED, Example, answers
from search_service.api.operations import operations
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine

from .contract import copied, make_app, schema_errors

VARYING: dict[str, Any] = {
    "took_ms": 4.2, "size_bytes": 350_000, "created": "2026-01-31T08:00:00Z", "fingerprint": "9f2c1e7a",
    "next_cursor": "uP3xQmVtT0…",
    "started": "2026-01-31T08:00:01Z", "documents_per_second": 1_200.0, "generation": "g-20260131T080000000000-4711",
}  # fmt: skip
"""Members whose values differ each time, as they are recorded."""

CASES = [(name, example.name) for name, listed in EXAMPLES.items() for example in listed]


@pytest.fixture(scope="module")
def app(engine: SearchEngine, index_folder: Path, analysis: Analysis) -> Flask:  # noqa: ARG001
    return make_app(index_folder, analysis)


@pytest.fixture(scope="module")
def recorded(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, Any]]]:
    """The answers as they come; they are written to the package if golden files are to be updated."""
    seen: dict[str, dict[str, Any]] = {}
    yield seen
    if request.config.getoption("--update-golden"):
        path = Path(str(files(examples.__package__).joinpath(examples.ANSWERS)))
        kept = {**answers(), **{name: {**answers().get(name, {}), **shown} for name, shown in seen.items()}}
        ordered = {
            name: {one.name: kept[name][one.name] for one in EXAMPLES[name]} for name in EXAMPLES if name in kept
        }
        path.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def steady(value: Any) -> Any:
    """Return a value whose varying members have fixed values."""
    if isinstance(value, list):
        return [steady(one) for one in value]
    if isinstance(value, dict):
        return {name: VARYING[name] if name in VARYING and one else steady(one) for name, one in value.items()}
    return JOB_ID if isinstance(value, str) and ID.fullmatch(value) else value


@contextmanager
def a_running_job(folder: Path) -> Iterator[None]:
    """Let an index have a job that works."""
    files = JobFiles(folder / ".jobs")
    options = {"schema": None, "keep": 1, "ignore_unknown": False, "dry_run": False}
    job = Job(
        JOB_ID, "news", "reindex", options, 1_769_846_400, JobState.RUNNING, started=time.time() - 10,
        documents=12_000, total=29_904,
    )  # fmt: skip
    with files.exclusive():
        lock = files.lock(IndexName("news"))
        assert lock is not None
        files.write(job)
        files.write_holder(lock, job, 4711)
    try:
        yield
    finally:
        os.close(lock)


def test_every_operation_has_an_example(app: Flask) -> None:
    known = {operation.name: operation for operation in operations(app).values()}
    assert set(EXAMPLES) == set(known)
    for name, listed in EXAMPLES.items():
        assert {one.method for one in listed} == set(known[name].methods), name
        assert len({one.name for one in listed}) == len(listed), name


@pytest.mark.parametrize(("name", "example_name"), CASES)
def test_an_example_has_an_answer_of_the_documented_shape(
    name: str,
    example_name: str,
    app: Flask,
    index_folder: Path,
    analysis: Analysis,
    tmp_path: Path,
    recorded: dict[str, dict[str, Any]],
    pytestconfig: pytest.Config,
) -> None:
    operation = operations(app)[next(key for key, one in operations(app).items() if one.name == name)]
    if operation.scope in ("write", "admin"):
        app = make_app(copied(index_folder, tmp_path / "indexes"), analysis)
    example: Example = next(one for one in EXAMPLES[name] if one.name == example_name)
    document = build_document(operations(app).values())
    path = path_of(operation)
    if name == "delete_index":
        assert app.test_client().put("/v1/indexes/archive", json={"schema": "news"}).status_code == 201
    has_job = operation.tag == "jobs" and name != "start_job"
    with a_running_job(tmp_path / "indexes") if has_job else nullcontext():
        response = app.test_client().open(
            example.url(path),
            method=example.method,
            data=example.data(),
            content_type=example.content_type,
            headers=example.headers,
        )
    described = document["paths"][path][example.method.lower()]["responses"]
    assert str(response.status_code) in described
    assert response.status_code < 400, response.text
    if name in NOT_RECORDED or not response.data:
        return
    schema = described[str(response.status_code)]["content"][response.mimetype]["schema"]
    is_lines = "x-line" in schema
    content = response.text if is_lines else response.get_json()
    for line in content.splitlines() if is_lines else ():
        assert schema_errors(document, schema["x-line"], json.loads(line)) == []
    if not is_lines:
        kind = TypeAdapter(operation.content)
        assert kind.validate_python(content, strict=True, extra="forbid") == content
    assert schema_errors(document, schema, content) == []
    recorded.setdefault(name, {})[example_name] = {"status": response.status_code, "content": steady(content)}
    if not pytestconfig.getoption("--update-golden"):
        shown = answers()[name][example_name]
        assert schema_errors(document, schema, shown["content"]) == []
        assert shown["status"] == response.status_code
        assert content == shown["content"] or {*content} == {*shown["content"]}


def test_an_example_finds_something() -> None:
    """An empty answer explains nothing."""
    for name, member in (
        ("search", "hits"), ("facet_values", "values"), ("suggest", "suggestions"), ("similar_documents", "hits"),
        ("highlight", "fragments"), ("explain", "reasons"),
    ):  # fmt: skip
        contents = [answer["content"] for answer in answers()[name].values()]
        assert all(content.get("groups") or content[member] for content in contents), name
