"""The libraries of evaluation: they are heavy, and searching goes without them, so they are imported when needed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from search_service.core.errors import SearchServiceError


def library(name: str) -> ModuleType:
    """Import a library of evaluation.

    Raises:
        SearchServiceError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise SearchServiceError("library-missing", library=name.partition(".")[0]) from error
