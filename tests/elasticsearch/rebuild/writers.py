"""Threads and processes that change or rebuild an index meanwhile."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import search_service
from search_service.core.document import Document
from search_service.core.index_name import IndexName
from tests.elasticsearch.conftest import WAIT_SECONDS, NewsIndex
from tests.elasticsearch.indexes import REQUEST_SECONDS
from tests.waiting import wait_for

ROOT = Path(search_service.__file__).parents[1]


class Changer(threading.Thread):
    """Writes and deletes documents of its own until it is told to stop, and knows what must be there."""

    def __init__(self, news_index: NewsIndex, name: str, seed: int) -> None:
        super().__init__(name=name)
        self.expected: dict[str, str] = {}
        self.changes = 0
        self.failure: BaseException | None = None
        self._news_index = news_index
        self._random = random.Random(seed)
        self._end = threading.Event()

    def run(self) -> None:
        try:
            with self._news_index.another_engine().indexes.writer(IndexName("news")) as writer:
                while not self._end.is_set():
                    for _ in range(self._random.randrange(1, 20)):
                        document_id = f"{self.name}-{self._random.randrange(200)}"
                        self.changes += 1
                        if self._random.random() < 0.4:
                            writer.delete(document_id)
                            self.expected.pop(document_id, None)
                        else:
                            self.expected[document_id] = f"خبر {self.changes}"
                            writer.upsert(Document(document_id, {"title": self.expected[document_id]}))
                    writer.commit()
        except BaseException as error:
            self.failure = error

    def stop(self) -> dict[str, str]:
        self._end.set()
        self.join(WAIT_SECONDS)
        assert not self.is_alive()
        if self.failure:
            raise self.failure
        return self.expected


def wait_for_changes(changers: list[Changer]) -> None:
    """Wait until each of them has written some more."""
    before = [one.changes for one in changers]
    wait_for(
        lambda: all(one.changes > number + 50 or one.failure for one, number in zip(changers, before, strict=True))
    )


class Processes:
    """Real processes of the service, with the indexes of one prefix."""

    def __init__(self, news_index: NewsIndex, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ENGINE": "elasticsearch",
            "ELASTICSEARCH_URL": news_index.settings.urls[0],
            "ELASTICSEARCH_INDEX_PREFIX": news_index.settings.index_prefix,
            "ELASTICSEARCH_TIMEOUT": f"{REQUEST_SECONDS:g}",
        }
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *command: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder, env=self._environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True,
        )  # fmt: skip
        self._started.append(process)
        return process

    def command(self, *arguments: str, status: int = 0) -> str:
        """Run a command to its end and return what it printed."""
        process = self.start("-m", "search_service.cli", *arguments)
        output, errors = process.communicate(timeout=2 * WAIT_SECONDS)
        assert process.returncode == status, errors
        return output + errors

    def source(self, *documents: Document) -> str:
        lines = (json.dumps({"id": one.id, **one.source}, ensure_ascii=False) for one in documents)
        (self.folder / "source.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return "source.jsonl"

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()
