"""The commands about jobs: `jobs start`, `jobs list`, `jobs show` and `jobs cancel`."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import get_args

import click

from index_config.schema import load_schema
from search_service.admin.job_files import Job, JobFiles, JobState
from search_service.admin.jobs import JobService
from search_service.api.job_content import job_content
from search_service.api.schemas.requests import JobKind, JobRequest
from search_service.cli import options
from search_service.cli.exit_codes import FAILED
from search_service.cli.help import Commands
from search_service.cli.output.jobs import print_job, print_jobs
from search_service.cli.output.tables import print_json
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.messages.rendering import Language
from search_service.server.job import start_process

POLL_SECONDS = 0.2
"""Time between two looks at a job that is waited for."""

KINDS = (
    ("reindex", "Build the index anew from its documents."),
    ("doctor", "Check the index."),
)

wait_option = click.option("--wait", is_flag=True, help="Return when the job has ended; the status is 5 if it failed.")


@click.group("jobs", cls=Commands)
def jobs_command() -> None:
    """Start, list, show and cancel jobs: work on an index that goes on by itself.

    They are the jobs of /v1/indexes/INDEX/jobs, wherever they were started on this machine.
    """


@jobs_command.command("start", terms=("Kinds", KINDS), epilog="arabic-search jobs start news reindex --wait")
@options.index_argument
@click.argument("kind", metavar="KIND", type=click.Choice(get_args(JobKind)))
@click.option("--schema", default="", metavar="NAME|FILE", help="Give the index this schema.")
@click.option("--keep", default=1, show_default=True, help="Earlier generations to keep for a rollback.")
@click.option("--ignore-unknown", is_flag=True, help="Drop fields that the schema does not have.")
@click.option("--dry-run", is_flag=True, help="Only count the documents that fit the schema.")
@wait_option
@options.json_option
@click.pass_context
def start_command(
    context: click.Context,
    index: IndexName,
    kind: JobKind,
    schema: str,
    keep: int,
    ignore_unknown: bool,
    dry_run: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Start a job of KIND on INDEX, and print it."""
    request = JobRequest(kind=kind, keep=keep, ignore_unknown=ignore_unknown, dry_run=dry_run)
    options.admin().require(index)
    job = _jobs().start(index, kind, request.options(load_schema(schema) if schema else None))
    _show(context, job, wait, as_json)


@jobs_command.command("list", epilog="arabic-search jobs list\narabic-search jobs list news")
@click.argument("index", required=False, callback=options.index_name)
@options.json_option
def list_command(index: IndexName | None, as_json: bool) -> None:
    """List the jobs of INDEX or of all indexes.

    The newest comes first. Ended jobs are kept for a month, at most 20 of an index.
    """
    admin, jobs = options.admin(), _jobs()
    if index:
        admin.require(index)
    names = [index] if index else [IndexName(one.name) for one in admin.indexes()]
    found = sorted((job for name in names for job in jobs.list(name)), key=lambda job: job.id, reverse=True)
    if as_json:
        print_json({"jobs": [job_content(job, Language.ENGLISH) for job in found]})
    else:
        print_jobs(found)


@jobs_command.command("show", epilog="arabic-search jobs show news\narabic-search jobs show news ID --wait")
@options.index_argument
@click.argument("job_id", metavar="[ID]", default="")
@wait_option
@options.json_option
@click.pass_context
def show_command(context: click.Context, index: IndexName, job_id: str, wait: bool, as_json: bool) -> None:
    """Show the job ID of INDEX or its newest one."""
    _show(context, _found(index, job_id), wait, as_json)


@jobs_command.command("cancel", epilog="arabic-search jobs cancel news")
@options.index_argument
@click.argument("job_id", metavar="[ID]", default="")
@options.json_option
@click.pass_context
def cancel_command(context: click.Context, index: IndexName, job_id: str, as_json: bool) -> None:
    """Cancel the job ID of INDEX or its newest one.

    It returns when the job has ended. The index stays as it was, unless it was just being switched.
    """
    job = _jobs().cancel(index, _found(index, job_id).id)
    _show(context, job, True, as_json)


def _jobs() -> JobService:
    settings = Settings.from_environment(os.environ)
    return JobService(JobFiles(settings.path_of_jobs), partial(start_process, quiet=True))


def _found(index: IndexName, job_id: str) -> Job:
    """Return a job, or the newest one of an index. Raises UnknownJob."""
    options.admin().require(index)
    newest = () if job_id else _jobs().list(index)
    return newest[0] if newest else _jobs().get(index, job_id)


def _show(context: click.Context, job: Job, wait: bool, as_json: bool) -> None:
    """Print a job; with `wait`, when it has ended."""
    jobs, index = _jobs(), IndexName(job.index)
    while wait and not job.state.is_final:
        time.sleep(POLL_SECONDS)
        job = jobs.get(index, job.id)
    content = job_content(job, Language.ENGLISH)
    if as_json:
        print_json(content)
    else:
        print_job(content)
    if wait and job.state is JobState.FAILED:
        context.exit(FAILED)
