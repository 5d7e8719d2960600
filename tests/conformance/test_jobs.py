"""Jobs in processes of their own, on every engine."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from index_config.schema import Schema
from search_service.admin.job_files import Job, JobFiles
from search_service.admin.jobs import JobService
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.server.job import start_process
from tests.conformance.conftest import fill_index
from tests.elasticsearch.indexes import REQUEST_SECONDS
from tests.waiting import wait_for

THINGS = IndexName("things")
OPTIONS: dict[str, Any] = {"schema": None, "keep": 1, "ignore_unknown": False, "dry_run": False}
DOCUMENTS = [{"id": str(number), "title": f"كتاب {number}", "category": "أ"} for number in range(300)]


@pytest.fixture
def jobs(
    engine: SearchEngine, tmp_path: Path, news_schema: Schema, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> JobService:  # fmt: skip
    """The jobs of an index with documents."""
    fill_index(engine, THINGS, news_schema, DOCUMENTS)
    environment = {"INDEX_DIR": str(tmp_path), "ENGINE": engine.name}
    if engine.name == "elasticsearch":
        prefix = request.getfixturevalue("prefix")
        environment |= {"ELASTICSEARCH_URL": request.getfixturevalue("elasticsearch_url")}
        environment |= {"ELASTICSEARCH_INDEX_PREFIX": prefix, "ELASTICSEARCH_TIMEOUT": f"{REQUEST_SECONDS:g}"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return JobService(JobFiles(tmp_path / ".jobs"), start_process)


def ended(jobs: JobService, job: Job) -> Job:
    wait_for(lambda: jobs.get(THINGS, job.id).state.is_final, what=lambda: str(jobs.get(THINGS, job.id)))
    return jobs.get(THINGS, job.id)


def test_an_index_is_built_anew_with_its_schema_and_with_another(
    jobs: JobService, engine: SearchEngine, news_schema: Schema
) -> None:
    before = engine.indexes.stats(THINGS)
    copied = ended(jobs, jobs.start(THINGS, "reindex", OPTIONS))
    assert (copied.state, copied.documents, copied.rejected) == ("done", 300, 0), copied
    after = engine.indexes.stats(THINGS)
    assert (after.documents, after.generation != before.generation) == (300, True)
    other = {**news_schema.to_dict(), "name": "other", "default_sort": ""}
    rebuilt = ended(jobs, jobs.start(THINGS, "reindex", {**OPTIONS, "schema": other}))
    assert (rebuilt.state, rebuilt.documents, rebuilt.total) == ("done", 300, 300), rebuilt
    assert engine.indexes.stored_schema(THINGS).name == "other"


def test_a_job_that_is_cancelled_or_killed_leaves_the_index_as_it_was(
    jobs: JobService, engine: SearchEngine, tmp_path: Path
) -> None:
    before = engine.indexes.stats(THINGS).generation
    cancelled = jobs.start(THINGS, "reindex", OPTIONS)
    jobs.cancel(THINGS, cancelled.id)
    assert ended(jobs, cancelled).state == "cancelled"
    killed = jobs.start(THINGS, "reindex", OPTIONS)
    os.kill(int((tmp_path / ".jobs" / "things.lock").read_text().split()[1]), signal.SIGKILL)
    job = ended(jobs, killed)
    assert (job.state, job.problem) == ("failed", None)
    stats = engine.indexes.stats(THINGS)
    assert (stats.generation, stats.documents) == (before, 300)
    assert ended(jobs, jobs.start(THINGS, "doctor", OPTIONS)).state == "done"
