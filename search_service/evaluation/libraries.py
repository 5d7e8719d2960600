"""Imports the libraries of evaluation when they are needed: they are large, and optional for a search service."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from search_service.core.errors import SearchServiceError


def import_library(name: str) -> ModuleType:
    """Import a library of the extra `evaluation`.

    Raises:
        SearchServiceError: the library is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise SearchServiceError("library-missing", library=name.partition(".")[0]) from error
