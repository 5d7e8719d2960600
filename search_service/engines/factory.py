"""Builds the engine that the settings name: the only module that imports every engine."""

from __future__ import annotations

from index_config.table import load_table
from index_config.word_lists import default_protected_words
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import Settings
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.query.resources import ResourceProvider, packaged_resources


def make_engine(settings: Settings) -> SearchEngine:
    """Build the engine with the packaged table and protected words.

    Raises:
        ConfigError: the table or the list is wrong.

    >>> make_engine(Settings()).name
    'embedded'
    """
    analysis = make_analysis()
    if settings.engine == "elasticsearch":
        # Here, for its client takes longer to load than a search of the embedded engine takes.
        from search_service.engines.elasticsearch.engine import make_elasticsearch_engine

        return make_elasticsearch_engine(settings.elasticsearch, analysis)
    return make_embedded_engine(settings.index_dir, analysis)


def make_analysis() -> Analysis:
    """Build the analysis with the packaged table and protected words."""
    table = load_table()
    return Analysis(table.mapping, default_protected_words(table))


def make_resources(settings: Settings, analysis: Analysis) -> ResourceProvider:
    """Load the packaged word lists, and the lexicon that the settings name.

    Raises:
        ConfigError: a word list is wrong.
        InvalidParameter: the lexicon is not installed.
    """
    return packaged_resources(analysis, settings.lexicon)
