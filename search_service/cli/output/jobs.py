"""Prints jobs."""

from __future__ import annotations

from collections.abc import Sequence

import click

from search_service.admin.job_files import Job
from search_service.api.job_content import job_content
from search_service.api.schemas import responses
from search_service.cli.output.tables import clean, print_table
from search_service.messages.rendering import Language


def print_jobs(found: Sequence[Job]) -> None:
    """Print a line for each job."""
    if not found:
        click.echo("There is no job. Start one: arabic-search jobs start INDEX reindex")
        return
    header = ("job", "index", "kind", "state", "documents", "rejected", "created")
    contents = [job_content(job, Language.ENGLISH) for job in found]
    rows = [
        (one["id"], one["index"], _kind(one), _state(one), _documents(one), f"{one['rejected']:,}", one["created"])
        for one in contents
    ]
    print_table(header, rows)


def print_job(job: responses.Job) -> None:
    """Print everything about a job."""
    lines = [
        ("job", job["id"]),
        ("index", job["index"]),
        ("kind", _kind(job)),
        ("state", _state(job)),
        *_progress(job),
        *((name, str(job[name])) for name in ("created", "started", "finished") if job[name]),
    ]
    if "problem" in job:
        lines.append(("problem", job["problem"]["detail"]))
    for name, text in lines:
        click.echo(f"{name:<10} {clean(text)}")
    for reason in job["reject_reasons"]:
        click.echo(f"  {reason['count']:,} rejected: {clean(reason['reason'])}")
    if job["checks"]:
        rows = [(one["check"], "ok" if one["ok"] else "NOT OK", clean(one["detail"])) for one in job["checks"]]
        print_table(("check", "", "detail"), rows)


def _progress(job: responses.Job) -> Sequence[tuple[str, str]]:
    """Return how many documents are done; a check has none."""
    if not job["documents"] and job["total"] is None:
        return ()
    rate = f"{job['documents_per_second']:,.0f} a second"
    return ("documents", f"{_documents(job)} ({rate})"), ("rejected", f"{job['rejected']:,}")


def _kind(job: responses.Job) -> str:
    return f"{job['kind']} (dry run)" if job["dry_run"] else job["kind"]


def _state(job: responses.Job) -> str:
    return f"{job['state']}, cancelling" if job["cancelling"] else job["state"]


def _documents(job: responses.Job) -> str:
    return f"{job['documents']:,}" if job["total"] is None else f"{job['documents']:,} of {job['total']:,}"
