"""Builds the engine that the settings ask for: the one place that knows every concrete engine."""

from __future__ import annotations

from index_config.table import load_table
from index_config.word_lists import default_expansions, default_protected_words, default_stopwords
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import LightStemmer
from search_service.config.settings import Settings
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine


def make_engine(settings: Settings) -> SearchEngine:
    """Build the engine with the packaged table and word lists.

    Raises:
        ConfigError: the table or a word list is wrong.
        InvalidParameter: the lexicon is not installed.

    >>> make_engine(Settings()).name
    'embedded'
    """
    analysis = make_analysis(settings)
    if settings.engine == "elasticsearch":
        # Here, for its client takes longer to load than a search of the embedded engine takes.
        from search_service.engines.elasticsearch.engine import make_elasticsearch_engine

        return make_elasticsearch_engine(settings.elasticsearch, analysis)
    return make_embedded_engine(settings.index_dir, analysis)


def make_analysis(settings: Settings) -> Analysis:
    """Build the analysis with the packaged table and word lists, and the lexicon that the settings name."""
    table = load_table()
    protected, stopwords, expansions = (
        default_protected_words(table),
        default_stopwords(table),
        default_expansions(table),
    )
    if settings.lexicon != "none":
        # Here, for only this needs SQLite.
        from search_service.query.lexicon import plurals

        expansions = (*expansions, *plurals(table.mapping, LightStemmer(protected).stem))
    return Analysis(table.mapping, protected, stopwords, expansions)
