"""Arguments and options that several commands share, and the services they call."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from search_service.admin.service import AdminService
from search_service.cli.output.messages import describe
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.factory import make_engine
from search_service.ranking.match_rules import ChosenRule
from search_service.search.service import SearchService


def index_name(_context: click.Context, _parameter: click.Parameter, value: str | None) -> IndexName | None:
    """Return the name of an index. Raises InvalidParameter if no index can have it."""
    return None if value is None else IndexName(value)


index_argument = click.argument("index", callback=index_name)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings_and_engine() -> tuple[Settings, SearchEngine]:
    """Read the settings and build the engine they name."""
    settings = Settings.from_environment(os.environ)
    return settings, make_engine(settings)


def missing_folder() -> str:
    """Return the folder that `INDEX_DIR` names if the engine needs it and it does not exist, else an empty string."""
    settings = Settings.from_environment(os.environ)
    missing = settings.engine == "embedded" and not settings.index_dir.exists()
    return str(settings.index_dir.absolute()) if missing else ""


def service(weights: Mapping[str, float] | None = None, match_rule: ChosenRule | None = None) -> SearchService:
    """Build the use cases of searching over the engine of the settings, with other weights or one match rule."""
    _, engine = settings_and_engine()
    return SearchService(engine, weights=weights, match_rule=match_rule)


def admin() -> AdminService:
    """Build the use cases of administration over the engine of the settings."""
    settings, engine = settings_and_engine()
    return AdminService(engine, settings.max_document_bytes, settings.index_dir, describe)
