"""Jobs under a real server: they outlive clients and workers, and a killed one leaves the index as it was."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
from click.testing import CliRunner

from index_config.schema import load_schema
from search_service.admin.job_files import JobFiles
from search_service.admin.jobs import KEPT_JOBS, JobService
from search_service.analysis.analyzer import Analysis
from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.core.errors import JobRunning, StorageUnavailable, UnknownJob
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.ingestion.validation import DocumentChecker
from tests.hostile.conftest import EXAMPLES
from tests.hostile.raw_http import SECONDS, Server, server
from tests.waiting import wait_for

NEWS = IndexName("news")
INDEX = "/v1/indexes/news"
REINDEX = {"kind": "reindex"}
TITLES_ONLY = {"name": "titles", "fields": {"title": {"kind": "text"}, "category": {"kind": "keyword", "facet": True}}}
OPTIONS = {"schema": None, "keep": 1, "ignore_unknown": False, "dry_run": False}


class Site:
    """A server with two workers over an index."""

    def __init__(self, served: Server, folder: Path) -> None:
        self._served = served
        self.folder = folder

    def ask(self, method: str, path: str, body: object = None, language: str = "en") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Accept-Language": language, "Connection": "close"}
        with closing(HTTPConnection("127.0.0.1", self._served.port, timeout=SECONDS)) as http:
            http.request(method, path, None if body is None else json.dumps(body), headers)
            answer = http.getresponse()
            data = answer.read()
        return answer.status, json.loads(data) if data else None

    def start(self, body: object = None) -> str:
        status, job = self.ask("POST", f"{INDEX}/jobs", body or REINDEX)
        assert status == 202, job
        return str(job["id"])

    def job(self, job_id: str, language: str = "en") -> Any:
        status, job = self.ask("GET", f"{INDEX}/jobs/{job_id}", language=language)
        assert status == 200, job
        return job

    def ended(self, job_id: str) -> Any:
        wait_for(lambda: self.job(job_id)["state"] not in ("queued", "running"), what=lambda: str(self.job(job_id)))
        return self.job(job_id)

    def describe(self) -> Any:
        return self.ask("GET", INDEX)[1]

    def process(self) -> psutil.Process:
        """Return the process of the last job."""
        return psutil.Process(int((self.folder / ".jobs" / "news.lock").read_text().split()[1]))

    def workers(self) -> list[psutil.Process]:
        master = next(
            one
            for one in psutil.process_iter()
            if (line := command_of(one)) and "gunicorn" in line and f"127.0.0.1:{self._served.port}" in line
            and f"127.0.0.1:{self._served.port}" not in (command_of(one.parent()) or "")
        )  # fmt: skip
        return [one for one in master.children() if "gunicorn" in (command_of(one) or "")]


def command_of(process: psutil.Process | None) -> str | None:
    try:
        return " ".join(process.cmdline()) if process else None
    except psutil.Error:
        return None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, analysis: Analysis) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("jobs")
    schema = load_schema("news")
    checker = DocumentChecker(schema)
    with make_embedded_engine(folder / "indexes", analysis).indexes.rebuild(NEWS, schema) as writer:
        for line in EXAMPLES.read_bytes().splitlines():
            writer.upsert(checker.check(json.loads(line)))
    environment = {"INDEX_DIR": str(folder / "indexes"), "LOOPBACK_ADMIN": "true"}
    with server(folder, "--workers", "2", environment=environment) as served:
        made = Site(served, folder / "indexes")
        yield made
        with suppress(OSError, psutil.Error, IndexError):
            made.process().kill()


@pytest.fixture
def paused(site: Site) -> Iterator[tuple[str, psutil.Process]]:
    """A job whose process is paused before it has begun."""
    job_id = site.start()
    process = site.process()
    process.suspend()
    yield job_id, process
    with suppress(psutil.Error):
        process.kill()
    site.ended(job_id)


def test_a_job_builds_the_index_anew(site: Site) -> None:
    before = site.describe()
    job = site.ended(site.start())
    assert job["state"] == "done", job
    assert (job["documents"], job["total"], job["rejected"]) == (104, 104, 0)
    assert job["started"] <= job["finished"]
    assert job["documents_per_second"] > 0
    assert "problem" not in job
    after = site.describe()
    assert (after["documents"], after["generation"] != before["generation"]) == (104, True)
    assert site.ask("GET", f"{INDEX}/jobs")[1]["jobs"][0] == job


def test_a_job_outlives_all_workers(site: Site, paused: tuple[str, psutil.Process]) -> None:
    job_id, process = paused
    before = site.describe()["generation"]
    workers = site.workers()
    assert workers
    for worker in workers:
        worker.kill()
    psutil.wait_procs(workers)
    wait_for(lambda: len({one.pid for one in site.workers()} - {one.pid for one in workers}) == 2)
    assert site.job(job_id)["state"] in ("queued", "running")
    assert process.status() == psutil.STATUS_STOPPED
    process.resume()
    assert site.ended(job_id)["state"] == "done"
    assert site.describe()["generation"] != before


def test_a_killed_job_has_failed_and_the_index_is_as_it_was(site: Site, paused: tuple[str, psutil.Process]) -> None:
    job_id, process = paused
    before = site.describe()
    process.kill()
    process.wait(SECONDS)
    job = site.job(job_id)
    assert (job["state"], job["finished"], job["problem"]["code"]) == ("failed", None, "job-killed")
    assert re.search("[ء-ي]", site.job(job_id, "ar")["problem"]["detail"])
    assert site.describe() == before
    assert site.ask("GET", f"{INDEX}/search?q={quote('المياه')}")[1]["total"] > 0
    assert site.ended(site.start())["state"] == "done"


def test_a_job_that_is_asked_to_end_from_outside_says_so(site: Site) -> None:
    before = site.describe()["generation"]
    job_id = site.start()
    wait_for(lambda: site.job(job_id)["state"] != "queued")
    with suppress(psutil.Error):
        site.process().terminate()
    job = site.ended(job_id)
    if job["state"] == "failed":
        assert job["problem"]["code"] in ("job-interrupted", "job-killed")
        assert site.describe()["generation"] == before


def test_an_index_has_one_job_at_a_time(site: Site, paused: tuple[str, psutil.Process]) -> None:
    job_id, _ = paused
    for _ in range(4):  # whichever worker is asked
        status, problem = site.ask("POST", f"{INDEX}/jobs", {"kind": "doctor"})
        assert (status, problem["code"]) == (409, "job-running")
        assert job_id in problem["detail"]


def test_a_job_is_cancelled(site: Site, paused: tuple[str, psutil.Process]) -> None:
    job_id, process = paused
    before = site.describe()
    status, job = site.ask("DELETE", f"{INDEX}/jobs/{job_id}")
    assert (status, job["cancelling"]) == (202, True)
    process.resume()
    job = site.ended(job_id)
    assert (job["state"], job["cancelling"], "problem" in job) == ("cancelled", False, False)
    assert site.describe() == before
    assert site.ask("DELETE", f"{INDEX}/jobs/{job_id}") == (200, job)


def test_a_job_with_another_schema(site: Site) -> None:
    news = site.describe()
    counted = site.ended(site.start({**REINDEX, "schema": TITLES_ONLY, "dry_run": True}))
    assert (counted["state"], counted["rejected"], counted["dry_run"]) == ("done", 104, True)
    assert sum(reason["count"] for reason in counted["reject_reasons"]) >= 104
    assert site.describe() == news

    refused = site.ended(site.start({**REINDEX, "schema": TITLES_ONLY}))
    assert (refused["state"], refused["problem"]["code"]) == ("failed", "all-rejected")
    assert str(site.folder) not in json.dumps(refused)
    assert site.describe() == news

    done = site.ended(site.start({**REINDEX, "schema": TITLES_ONLY, "ignore_unknown": True}))
    assert (done["state"], done["rejected"]) == ("done", 0)
    assert site.describe()["definition"]["name"] == "titles"
    assert site.ended(site.start({**REINDEX, "schema": "news"}))["state"] == "done"
    assert site.describe()["schema"] == "news"


def test_a_doctor_is_a_job(site: Site) -> None:
    job = site.ended(site.start({"kind": "doctor"}))
    assert job["state"] == "done"
    assert job["checks"]
    assert all(check["ok"] for check in job["checks"])


def test_what_is_no_job_is_refused(site: Site) -> None:
    for body, code, parameter in (
        ({}, "missing-parameter", "kind"),
        ({"kind": "vacuum"}, "not-one-of", "kind"),
        ({"kind": "reindex", "keep": -1}, "out-of-range", "keep"),
        ({"kind": "reindex", "keep": "1"}, "wrong-type", "keep"),
        ({"kind": "reindex", "schema": "/etc/passwd"}, "unknown-schema", "schema"),
        ({"kind": "reindex", "sources": ["/etc/passwd"]}, "unknown-parameter", "sources"),
    ):
        status, problem = site.ask("POST", f"{INDEX}/jobs", body)
        assert (status, problem["code"], problem["parameter"]) == (400, code, parameter)
    assert site.ask("POST", "/v1/indexes/missing/jobs", REINDEX)[0] == 404
    assert site.ask("GET", "/v1/indexes/missing/jobs")[0] == 404
    for wrong in ("20260131T080000-1a2b3c4d", "nothing", "..%2f..%2fkeys"):
        assert site.ask("GET", f"{INDEX}/jobs/{wrong}")[0] == 404
    job_id = site.start({"kind": "doctor"})
    assert site.ask("GET", f"/v1/indexes/other/jobs/{job_id}")[0] == 404
    site.ended(job_id)


# Without a server


def ends_at_once(_job: object, _lock: int) -> int:
    return os.getpid()


def test_ended_jobs_are_kept_for_a_while(tmp_path: Path) -> None:
    now = [1_769_846_400.0]
    jobs = JobService(JobFiles(tmp_path / "jobs"), ends_at_once, clock=lambda: now[0])
    first = jobs.start(NEWS, "reindex", OPTIONS)
    other = jobs.start(IndexName("other"), "reindex", OPTIONS)
    for _ in range(KEPT_JOBS + 5):
        now[0] += 1
        last = jobs.start(NEWS, "reindex", OPTIONS)
    kept = jobs.list(NEWS)
    assert (len(kept), kept[0].id) == (KEPT_JOBS + 1, last.id)
    with pytest.raises(UnknownJob):
        jobs.get(NEWS, first.id)
    now[0] += 31 * 86_400
    jobs.start(NEWS, "reindex", OPTIONS)
    assert len(jobs.list(NEWS)) == 1
    assert [job.id for job in jobs.list(IndexName("other"))] == [other.id]


def test_a_job_that_cannot_be_started_is_no_job(tmp_path: Path) -> None:
    def fails(_job: object, _lock: int) -> int:
        raise OSError(12, "Cannot allocate memory")

    jobs = JobService(JobFiles(tmp_path / "jobs"), fails)
    with pytest.raises(StorageUnavailable, match="job-not-started"):
        jobs.start(NEWS, "reindex", OPTIONS)
    assert jobs.list(NEWS) == []


def test_a_folder_that_cannot_be_written_is_named_in_the_log_only(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file")
    with pytest.raises(StorageUnavailable, match="jobs-unwritable"):
        JobService(JobFiles(tmp_path / "jobs"), ends_at_once).start(NEWS, "reindex", OPTIONS)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "an empty object": lambda _: b"{}",
    "a list": lambda _: b"[]",
    "null": lambda _: b"null",
    "no JSON": lambda _: bytes(range(128, 256)),
    "nested": lambda _: b"[" * 100_000,
    "half": lambda good: good[: len(good) // 2],
    "an unknown state": lambda good: good.replace(b'"queued"', b'"odd"'),
    "a text as time": lambda good: re.sub(rb'"created":[0-9.]+', b'"created":"x"', good),
    "no possible time": lambda good: re.sub(rb'"created":', b'"created":9999999999', good),
    "checks that are none": lambda good: good.replace(b'"checks":[]', b'"checks":[{"a":1}]'),
    "reasons that are none": lambda good: good.replace(b'"reasons":[]', b'"reasons":[5]'),
    "options that are none": lambda good: re.sub(rb'"options":{[^}]*}', b'"options":[]', good),
    "another id": lambda good: re.sub(rb'"id":"[^"]*"', b'"id":"../../x"', good),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_of_a_job_hides_that_job_only(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    jobs = JobService(JobFiles(tmp_path), ends_at_once)
    bad, good = jobs.start(NEWS, "doctor", OPTIONS), jobs.start(NEWS, "doctor", OPTIONS)
    file = tmp_path / f"{bad.id}.json"
    before = file.read_bytes()
    file.write_bytes(damage(before))
    assert file.read_bytes() != before
    with pytest.raises(UnknownJob):
        jobs.get(NEWS, bad.id)
    with pytest.raises(UnknownJob):
        jobs.cancel(NEWS, bad.id)
    assert [job.id for job in jobs.list(NEWS)] == [good.id]
    started = jobs.start(NEWS, "doctor", OPTIONS)
    assert {job.id for job in jobs.list(NEWS)} == {good.id, started.id}


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"x" * 100_000])
def test_a_damaged_lock_that_is_held_names_the_job_that_works(content: bytes, tmp_path: Path) -> None:
    held: list[int] = []

    def goes_on(_job: object, lock: int) -> int:
        held.append(os.dup(lock))
        return os.getpid()

    jobs = JobService(JobFiles(tmp_path), goes_on)
    job = jobs.start(NEWS, "doctor", OPTIONS)
    (tmp_path / "news.lock").write_bytes(content)
    assert jobs.get(NEWS, job.id).state == "queued"
    with pytest.raises(JobRunning, match=job.id):
        jobs.start(NEWS, "doctor", OPTIONS)
    os.close(held[0])
    assert jobs.get(NEWS, job.id).state == "failed"


def test_a_lock_that_is_held_names_the_job(tmp_path: Path) -> None:
    held: list[int] = []

    def goes_on(_job: object, lock: int) -> int:
        held.append(os.dup(lock))  # as a process that inherits it
        return os.getpid()

    jobs = JobService(JobFiles(tmp_path / "jobs"), goes_on)
    first = jobs.start(NEWS, "reindex", OPTIONS)
    with pytest.raises(JobRunning, match=first.id):
        jobs.start(NEWS, "reindex", OPTIONS)
    assert jobs.start(IndexName("other"), "reindex", OPTIONS).state == "queued"
    for lock in held:
        os.close(lock)
    assert jobs.get(NEWS, first.id).state == "failed"
    assert jobs.start(NEWS, "reindex", OPTIONS).state == "queued"
    os.close(held[-1])


def test_the_command_line_has_the_jobs_of_the_service(
    site: Site, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("INDEX_DIR", str(site.folder))

    def run(*arguments: str, status: int = 0) -> Any:
        result = CliRunner().invoke(main, ["jobs", *arguments, "--json"])
        assert result.exit_code == status, result.output
        return json.loads(result.stdout) if status == 0 else result.stderr

    by_http = site.start({"kind": "doctor"})
    assert [one["check"] for one in run("show", "news", by_http, "--wait")["checks"]][:1] == ["files"]
    by_command = run("start", "news", "reindex", "--wait", "--keep", "0")
    assert (by_command["state"], site.job(by_command["id"])["state"]) == ("done", "done")
    assert run("show", "news") == by_command
    assert {by_command["id"], by_http} <= {one["id"] for one in run("list")["jobs"]}
    assert run("list", "news") == site.ask("GET", f"{INDEX}/jobs")[1]
    running, process = request.getfixturevalue("paused")
    assert f"The job {running} works at the index 'news'" in run("start", "news", "doctor", status=exit_codes.BUSY)
    process.resume()
    assert run("cancel", "news")["state"] in ("cancelled", "done")
    assert "has no job 'x'" in run("show", "news", "x", status=exit_codes.NOT_FOUND)
    assert "no index 'nope'" in run("list", "nope", status=exit_codes.NOT_FOUND)
    assert "`--keep` is 1000" in run("start", "news", "reindex", "--keep", "1000", status=exit_codes.WRONG_USAGE)
    shown = CliRunner().invoke(main, ["jobs", "list"]).stdout.splitlines()
    assert shown[0].split() == ["job", "index", "kind", "state", "documents", "rejected", "created"]
    assert any(line.startswith(running) for line in shown)
