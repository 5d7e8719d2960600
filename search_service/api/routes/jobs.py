"""Jobs: work on an index that outlives the request that asks for it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Blueprint

from search_service.admin.jobs import JobService
from search_service.admin.schemas import schema_of_request
from search_service.admin.service import AdminService
from search_service.api.endpoints import Answer, endpoint
from search_service.api.job_content import job_content
from search_service.api.problems import language
from search_service.api.schemas import responses
from search_service.api.schemas.definitions import JobDefinition
from search_service.api.schemas.requests import JobRequest
from search_service.core.errors import InvalidParameter, JobRunning, UnknownJob
from search_service.core.index_name import IndexName

JOBS = "/v1/indexes/<index>/jobs"
MEMBERS = ("kind", "schema", "keep", "ignore_unknown", "dry_run")


def add_routes(api: Blueprint, admin: AdminService, jobs: JobService) -> None:
    """Add the routes of this subject."""

    @endpoint(
        api,
        JOBS,
        "POST",
        tag="jobs",
        scope="admin",
        statuses={HTTPStatus.ACCEPTED: "The job was started"},
        headers={"Location": "The address of the job."},
        raises=(JobRunning,),
    )
    def start_job(index: IndexName, body: JobDefinition) -> Answer[responses.Job]:
        """Start a job.

        It runs in a process of its own, which goes on when the client goes away and when the server restarts its
        workers. An index has one job at a time. A `reindex` that fails or is cancelled leaves the index as it was, and
        searches use it until the new one is complete.
        """
        admin.require(index)
        job = jobs.start(index, *_checked(body))
        return Answer(job_content(job, language()), HTTPStatus.ACCEPTED, {"Location": _address(index, job.id)})

    @endpoint(api, JOBS, tag="jobs", scope="admin")
    def list_jobs(index: IndexName) -> responses.Jobs:
        """Return the jobs of an index, the newest first. Ended jobs are kept for a month, and 20 of them at most."""
        admin.require(index)
        return {"jobs": [job_content(job, language()) for job in jobs.list(index)]}

    @endpoint(api, f"{JOBS}/<job_id>", tag="jobs", scope="admin", raises=(UnknownJob,))
    def get_job(index: IndexName, job_id: str) -> responses.Job:
        """Return a job: its state and progress, and the problem if it failed."""
        return job_content(jobs.get(index, job_id), language())

    @endpoint(
        api,
        f"{JOBS}/<job_id>",
        "DELETE",
        tag="jobs",
        scope="admin",
        statuses={HTTPStatus.ACCEPTED: "The job is asked to end", HTTPStatus.OK: "It had ended before"},
        raises=(UnknownJob,),
    )
    def cancel_job(index: IndexName, job_id: str) -> Answer[responses.Job]:
        """Cancel a job.

        It ends within a second, or a little more while it writes. If the index is just being switched, the job is done
        instead.
        """
        job = jobs.cancel(index, job_id)
        status = HTTPStatus.OK if job.state.is_final else HTTPStatus.ACCEPTED
        return Answer(job_content(job, language()), status)


def _checked(body: JobDefinition) -> tuple[str, dict[str, Any]]:
    """Return the kind of a job and its options.

    Raises:
        InvalidParameter: a member is unknown, missing or invalid.
    """
    members: dict[str, Any] = {**body}
    if unknown := members.keys() - {*MEMBERS}:
        raise InvalidParameter(min(unknown), "unknown-parameter", allowed=MEMBERS)
    schema = schema_of_request(members.pop("schema")) if "schema" in members else None
    request = JobRequest(**members)
    return request.kind, request.options(schema)


def _address(index: IndexName, job_id: str) -> str:
    return f"/v1/indexes/{quote(index)}/jobs/{job_id}"
