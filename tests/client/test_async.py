"""The client for asyncio does the same; what differs is how it waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from arabic_search_client import AsyncClient, JobFailed, UnknownIndex, batches, error_of
from arabic_search_client.answers.jobs import Job
from tests.event_loop import run_async

from .conftest import TIMEOUT, Site, examples


def asking(site: Site) -> AsyncClient:
    return AsyncClient(site.url, key=site.key, timeout=TIMEOUT)


def test_searches_at_the_same_time(embedded: Site) -> None:
    async def search() -> None:
        async with asking(embedded) as client:
            queries = ("لاهاي", "الحكومة", "بحر")
            results = await asyncio.gather(*(client.search("news", one) for one in queries))
            assert [one["total"] > 0 for one in results] == [True] * 3
            ids = [hit["id"] async for hit in client.scan("news", size=40, source=())]
            assert sorted(ids) == sorted(str(one["id"]) for one in examples())
            with pytest.raises(UnknownIndex):
                await client.with_options(retries=0).search("none")

    run_async(search())


def test_documents_are_changed_and_jobs_awaited(embedded: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_LINES", 4)

    async def documents() -> AsyncIterator[batches.Change]:
        for number in range(10):
            yield {"id": str(number), "title": f"خبر {number}"}

    async def change() -> None:
        async with asking(embedded) as client:
            await client.create_index("async", "news")
            results = [one async for one in client.change_documents("async", documents(), refresh="wait_for")]
            assert [(one["line"], one["result"]) for one in results] == [(line, "created") for line in range(1, 11)]
            deleted = [one async for one in client.change_documents("async", [{"delete": "3"}])]
            assert deleted[0]["status"] == 200
            unfit = await client.start_job("async", "reindex", schema={"name": "n", "fields": {"o": {"kind": "text"}}})
            seen: list[Job] = []
            with pytest.raises(JobFailed) as caught:
                await client.wait_for_job(
                    "async", unfit["id"], timeout=TIMEOUT, poll_seconds=0.02, on_progress=seen.append
                )
            assert error_of(caught.value.job["problem"]).code == "all-rejected"
            assert seen[-1] == caught.value.job
            with pytest.raises(TimeoutError, match="goes on"):
                running = await client.start_job("async", "doctor")
                await client.wait_for_job("async", running["id"], timeout=0)
            await client.cancel_job("async", running["id"])

    run_async(change())
