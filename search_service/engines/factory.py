"""Builds the engine that the settings name: the only module that imports every engine."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from index_config.table import load_table
from index_config.word_lists import default_names, default_protected_words
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import Settings
from search_service.core.errors import InvalidParameter
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine


def make_engine(settings: Settings, wake: Callable[[], None] | None = None) -> SearchEngine:
    """Build the engine with the packaged table and protected words.

    Args:
        settings: name it.
        wake: sees to it that somebody applies the changes of documents, for the embedded engine.

    Raises:
        ConfigError: the table or the list is wrong.
        InvalidParameter: `INDEX_DIR` is not a folder, or its files cannot be listed.

    >>> make_engine(Settings()).name
    'embedded'
    """
    analysis = make_analysis()
    if settings.engine == "elasticsearch":
        # Here, for its client takes longer to load than a search of the embedded engine takes.
        from search_service.engines.elasticsearch.engine import make_elasticsearch_engine

        return make_elasticsearch_engine(settings.elasticsearch, analysis)
    _check_index_dir(settings.index_dir)
    return make_embedded_engine(settings.index_dir, analysis, wake)


def _check_index_dir(folder: Path) -> None:
    """Check the folder of the indexes, which need not exist yet."""
    try:
        os.fspath(folder).encode()
    except UnicodeEncodeError:
        # tantivy takes paths as Unicode only, and Python decodes them by the locale.
        shown = os.fsencode(folder).decode(errors="backslashreplace")
        raise InvalidParameter("INDEX_DIR", "index-dir-not-unicode", path=shown) from None
    path = str(folder.absolute())
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise InvalidParameter("INDEX_DIR", "index-dir-unreadable", path=path, reason=error.strerror or "") from error
    if not stat.S_ISDIR(mode):
        raise InvalidParameter("INDEX_DIR", "index-dir-not-a-folder", path=path)
    if not os.access(folder, os.R_OK | os.X_OK):
        reason = os.strerror(errno.EACCES)
        raise InvalidParameter("INDEX_DIR", "index-dir-unreadable", path=path, reason=reason)


def make_analysis() -> Analysis:
    """Build the analysis with the packaged table, protected words and names."""
    table = load_table()
    return Analysis(table.mapping, default_protected_words(table), default_names(table))
