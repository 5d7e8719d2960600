"""An application whose searches take until a file appears: `gunicorn 'tests.hostile.blocked_app:create_app()'`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flask import Flask

from search_service.api.admission import Admission
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app as create_web_app
from tests.waiting import wait_for

CONCURRENT = 2
QUEUED = 3
WAIT = 600.0
"""Seconds that a request may wait, and take: longer than the test."""


class BlockedService(SearchService):
    """Searches like the service, after a wait; each leaves a file in the folder `begun`."""

    folder: Path

    def search(self, index: Any, request: Any) -> Any:
        (self.folder / "begun" / request.q).touch()
        wait_for((self.folder / "released").exists)
        return super().search(index, request)


def create_app() -> Flask:
    folder = Path(os.environ["BLOCKED"])
    service = BlockedService(make_engine(Settings(index_dir=Path(os.environ["INDEX_DIR"]))))
    service.folder = folder
    return create_web_app(service, IndexName("news"), WAIT, Admission(CONCURRENT, QUEUED, WAIT))
