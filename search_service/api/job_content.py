"""Serializes jobs. Not with the other serializers: it needs Flask, which most commands do without."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from search_service.admin.job_files import Job, JobState
from search_service.api.problems import content_of
from search_service.api.schemas import responses
from search_service.core.errors import JobFailed
from search_service.messages.rendering import FrontEnd, Language


def job_content(job: Job, language: Language) -> responses.Job:
    """Return a job; its problem is in a language."""
    end = job.finished or time.time()
    seconds = end - job.started if job.started else 0.0
    content: responses.Job = {
        "id": job.id,
        "index": job.index,
        "kind": job.kind,
        "state": job.state.value,
        "dry_run": bool(job.options.get("dry_run")),
        "cancelling": job.cancelling and not job.state.is_final,
        "created": _utc(job.created),
        "started": _utc(job.started) if job.started else None,
        "finished": _utc(job.finished) if job.finished else None,
        "documents": job.documents,
        "total": job.total,
        "documents_per_second": round(job.documents / seconds, 1) if seconds > 0 else 0.0,
        "rejected": job.rejected,
        "reject_reasons": [{"count": one.count, "reason": one.reason} for one in job.reasons],
        "checks": [{"check": one.check, "ok": one.ok, "detail": one.detail} for one in job.checks],
    }
    if job.state is JobState.FAILED:
        content["problem"] = (job.problem or {}).get(language.value) or content_of(
            JobFailed("job-killed"), FrontEnd.JSON_BODY, language
        )
    return content


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
