"""Operations on indexes and jobs, and on the service itself. What changes an index needs a key of scope `admin`."""

from __future__ import annotations

from typing import Any, Literal, Unpack

from arabic_search_client.answers.indexes import Index, IndexDescription, Indexes, Liveness, Readiness
from arabic_search_client.answers.jobs import Job, Jobs
from arabic_search_client.answers.problems import ProblemType
from arabic_search_client.calls import (
    Call,
    content_of,
    json_bytes,
    members_of,
    nothing_of,
    path_of,
    query_string,
    reading,
)
from arabic_search_client.parameters import CommonParameters, DescribeParameters, JobParameters
from arabic_search_client.schemas import SchemaDefinition


def list_indexes(**parameters: Unpack[CommonParameters]) -> Call[Indexes]:
    """Return all indexes with their state."""
    return reading("/v1/indexes", parameters, content_of)


def describe_index(index: str, **parameters: Unpack[DescribeParameters]) -> Call[IndexDescription]:
    """Return the state of an index, its schema, and what its documents have in each field."""
    return reading(path_of("v1", "indexes", index), parameters, content_of)


def create_index(index: str, schema: str | SchemaDefinition, **parameters: Unpack[CommonParameters]) -> Call[Index]:
    """Create an empty index with a packaged schema, such as `news`, or another one.

    Raises:
        IndexExists: it exists with another schema; one with this schema is left as it is.
    """
    path = path_of("v1", "indexes", index) + query_string(parameters)
    return Call(method="PUT", path=path, body=json_bytes({"schema": schema}), read=content_of)


def delete_index(index: str, **parameters: Unpack[CommonParameters]) -> Call[None]:
    """Delete an index with all of its documents and generations."""
    path = path_of("v1", "indexes", index) + query_string(parameters)
    return Call(method="DELETE", path=path, read=nothing_of)


def start_job(index: str, kind: Literal["reindex", "doctor"], **parameters: Unpack[JobParameters]) -> Call[Job]:
    """Start a job: build an index anew from its documents, also with another schema, or check it."""
    members = members_of(parameters)
    query = query_string({"timeout_ms": members.pop("timeout_ms", None)})
    path = path_of("v1", "indexes", index, "jobs") + query
    body = json_bytes({"kind": kind, **members})
    return Call(method="POST", path=path, body=body, read=content_of, is_repeatable=False)


def list_jobs(index: str, **parameters: Unpack[CommonParameters]) -> Call[Jobs]:
    """Return the jobs of an index, the newest first."""
    return reading(path_of("v1", "indexes", index, "jobs"), parameters, content_of)


def get_job(index: str, job_id: str, **parameters: Unpack[CommonParameters]) -> Call[Job]:
    """Return a job: its state and progress, and the problem if it failed."""
    return reading(path_of("v1", "indexes", index, "jobs", job_id), parameters, content_of)


def cancel_job(index: str, job_id: str, **parameters: Unpack[CommonParameters]) -> Call[Job]:
    """Ask a job to end; it does within a second or so."""
    path = path_of("v1", "indexes", index, "jobs", job_id) + query_string(parameters)
    return Call(method="DELETE", path=path, read=content_of)


def healthz() -> Call[Liveness]:
    """Return whether the service answers."""
    return reading("/healthz", {}, content_of)


def readyz() -> Call[Readiness]:
    """Return whether the default index can be searched.

    Raises:
        Unavailable: it cannot; the code says why.
    """
    return reading("/readyz", {}, content_of)


def openapi() -> Call[dict[str, Any]]:
    """Return the OpenAPI document of the service."""
    return reading("/openapi.json", {}, content_of)


def problem(code: str) -> Call[ProblemType]:
    """Return what a code of problems means, and what to do."""
    return reading(path_of("problems", code), {}, content_of)
