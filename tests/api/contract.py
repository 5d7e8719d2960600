"""What the tests of the contract share: the applications that serve it, and its document."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
from flask import Flask

from search_service.admin.job_files import JobFiles
from search_service.admin.jobs import JobService
from search_service.analysis.analyzer import Analysis
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from tests.shared_data import REPOSITORY

COMMITTED = REPOSITORY / "docs" / "openapi.json"
RELEASED = REPOSITORY / "docs" / "openapi-released.json"


def make_app(folder: Path, analysis: Analysis) -> Flask:
    """Return the whole application over the indexes in a folder."""
    jobs = JobService(JobFiles(folder / ".jobs"), lambda _job, _lock: 4711)  # a process that has ended
    return create_app(SearchService(make_embedded_engine(folder, analysis)), IndexName("news"), jobs=jobs)


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of a folder of indexes, which a test may change."""
    return shutil.copytree(folder, to, symlinks=True)


def schema_errors(document: Mapping[str, Any], schema: Mapping[str, Any], value: object) -> list[str]:
    """Return what of a value does not match a schema of the document."""
    validator = jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)]
