"""Schemathesis: whatever the OpenAPI document allows or forbids, answers are as it says, on both engines.

Without `--full`, a random third of the operations on one engine and another third on the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import orjson
import pytest
from flask import Blueprint, Flask, Response

from index_config.schema import load_schema
from search_service.access.guarded_indexes import guarded
from search_service.access.key_admin import KeyAdmin
from search_service.access.key_ring import KeyRing
from search_service.admin.job_files import JobFiles
from search_service.admin.jobs import JobService
from search_service.analysis.analyzer import Analysis
from search_service.api import problems
from search_service.api.access import AccessControl
from search_service.api.endpoints import endpoint
from search_service.api.openapi.document import path_of
from search_service.api.operations import operations
from search_service.api.routes import contract
from search_service.api.schemas import responses
from search_service.config.settings import ElasticsearchSettings
from search_service.core.errors import DamagedIndex
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.ingestion.validation import DocumentChecker
from search_service.search.service import SearchService
from search_service.web.app import create_app
from tests.elasticsearch.indexes import REQUEST_SECONDS, own_prefix
from tests.rotation import Rotation
from tests.shared_data import REPOSITORY

from .fuzzing import SCRATCH, fuzz

EXAMPLES = 4
"""Random requests for each operation; some hundred more are variations of the examples of the document."""

EXAMPLES_IN_FULL = 200

LEAST_REQUESTS = 10
"""For each operation, on average."""


@pytest.fixture(params=["embedded", "elasticsearch"])
def filled_engine(request: pytest.FixtureRequest, tmp_path: Path, analysis: Analysis) -> Iterator[SearchEngine]:
    """An engine with the example collection."""
    if request.param == "embedded":
        yield fill(make_embedded_engine(tmp_path, analysis))
        return
    url = request.getfixturevalue("elasticsearch_url")
    with own_prefix(url) as prefix:
        settings = ElasticsearchSettings(urls=(url,), index_prefix=prefix, timeout=REQUEST_SECONDS)
        yield fill(make_elasticsearch_engine(settings, analysis))


def fill(engine: SearchEngine) -> SearchEngine:
    schema = load_schema("news")
    checker = DocumentChecker(schema)
    lines = (REPOSITORY / "examples" / "news.jsonl").read_bytes().splitlines()
    for index in ("news", SCRATCH):
        with engine.indexes.rebuild(IndexName(index), schema) as writer:
            for line in lines:
                writer.upsert(checker.check(orjson.loads(line)))
    return engine


def test_answers_are_as_the_document_says(filled_engine: SearchEngine, rotation: Rotation, tmp_path: Path) -> None:
    key = KeyAdmin(tmp_path / "keys.json").create(["admin"], ["*"]).secret
    control = AccessControl(keys=KeyRing(tmp_path / "keys.json"))
    jobs = JobService(JobFiles(tmp_path / "jobs"), lambda _job, _lock: 4711)  # a process that has ended
    app = create_app(
        SearchService(guarded(filled_engine)), IndexName("news"), request_seconds=REQUEST_SECONDS, control=control,
        jobs=jobs,
    )  # fmt: skip
    dice = rotation.dice("schemathesis")
    seed, language = dice.getrandbits(32), dice.choice(["en", "ar"])
    paths = app.test_client().get("/openapi.json").get_json()["paths"].values()
    every = sorted(one["operationId"] for methods in paths for one in methods.values())
    third = len(every) // 3
    chosen = rotation.some(every, 2 * third, "operations for schemathesis")
    tested = set(rotation.some(chosen, third, "operations for schemathesis on the embedded engine"))
    if filled_engine.name == "elasticsearch" and len(tested) < len(chosen):
        tested = {*chosen} - tested
    findings = fuzz(app, "news", seed, rotation.amount(EXAMPLES, EXAMPLES_IN_FULL), language, key, tested)
    assert list(findings.failures.items()) == [], f"seed {seed}"
    assert findings.requests > LEAST_REQUESTS * len(tested)
    reading = {
        f"{method} {path_of(operation)}"
        for operation in operations(app).values()
        for method in operation.methods
        if operation.scope not in ("write", "admin")  # a change finds what the one before it has left
    }
    for label in reading & findings.statuses.keys():
        assert HTTPStatus.OK in findings.statuses[label], f"{label} never succeeded"


def test_what_is_not_as_the_document_says_is_found() -> None:
    app = Flask("wrong")
    api = Blueprint("api", __name__)
    wrong = {
        "status": lambda: Response("{}", 201, mimetype="application/json"),
        "content": lambda: Response(b'{"status": "down"}', mimetype="application/json"),
        "kind": lambda: Response(b'{"status": "ok"}', mimetype="text/plain"),
        "fault": lambda: (_ for _ in ()).throw(DamagedIndex("index-damaged", index="news", problem="x")),
    }
    for name, make in wrong.items():

        def view(answer: object = make) -> Response:
            """Return what is not documented."""
            return answer()  # type: ignore[operator, no-any-return]

        view.__name__ = name
        endpoint(api, f"/{name}", tag="service", scope=None, answers=responses.Liveness)(view)
    contract.add_routes(api)
    app.register_blueprint(api)
    problems.register(app)
    found = {label for label, _ in fuzz(app, "news", 1, 1).failures}
    assert found == {f"GET /{name}" for name in wrong}
