"""Python and Elasticsearch make the same tokens of a text: the same words, offsets and positions.

Fix a difference in the Python analysis, or in the configuration of both; `docs/adr/0006-parity.md` lists the known
limits.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from index_config.analyzers import ANALYZERS, Analyzer
from index_config.elasticsearch_analysis import ELASTICSEARCH_ANALYZERS, copying_analyzer
from index_config.table import load_table
from index_config.word_lists import default_protected_words, default_stopwords
from search_service.analysis.analyzer import Analysis
from tests.parity import texts
from tests.parity.conftest import index_with
from tests.parity.elasticsearch_side import ElasticsearchSide
from tests.rotation import Rotation

SHOWN = 5
"""Differing texts that a failure shows, shortest first."""

every_analyzer = pytest.mark.parametrize("analyzer", [analyzer.name for analyzer in ELASTICSEARCH_ANALYZERS])

CORPORA: dict[str, Callable[[], list[str]]] = {
    "written texts": lambda: list(texts.WRITTEN),
    "rows of the table": lambda: texts.table_rows(load_table()),
    "Arabic blocks": texts.arabic_characters,
    "news": texts.articles,
    "vocalised verses": texts.verses,
    "scraped pages": texts.pages,
}

LARGE = {"news": 120, "vocalised verses": 150}
"""Texts of each large corpus in a run without `--full`; the same ones for every analyzer."""

WORDS = 4_000
"""Words with affixes in a run without `--full`, which has some ten times as many."""


def differences(side: ElasticsearchSide, analysis: Analysis, analyzer: str, given: list[str]) -> str:
    """Describe the texts whose tokens differ; empty when there are none."""
    differing = [
        (text, ours, theirs)
        for text, theirs in zip(given, side.tokens(analyzer, given), strict=True)
        if (ours := analysis.tokens(analyzer, text)) != theirs
    ]
    lines = [f"{len(differing)} of {len(given)} texts differ" if differing else ""]
    for text, ours, theirs in sorted(differing, key=lambda case: len(case[0]))[:SHOWN]:
        lines.append(f"{text[:300]!a}\n  only Python:        {[tuple(t) for t in ours if t not in theirs][:SHOWN]}")
        lines.append(f"  only Elasticsearch: {[t for t in theirs if t not in ours][:SHOWN]}")
    return "\n".join(lines)


@every_analyzer
@pytest.mark.parametrize("corpus", CORPORA)
def test_texts(elastic: ElasticsearchSide, analysis: Analysis, analyzer: str, corpus: str, rotation: Rotation) -> None:
    given = CORPORA[corpus]()
    if corpus in LARGE:
        given = rotation.some(given, LARGE[corpus], corpus)
    assert differences(elastic, analysis, analyzer, given) == ""


@every_analyzer
def test_words_of_the_lists(
    elastic: ElasticsearchSide, analysis: Analysis, analyzer: str, dice: random.Random, rotation: Rotation
) -> None:
    table = load_table()
    words = texts.words_with_affixes(default_protected_words(table), dice)
    given = [*rotation.some(words, WORDS, f"words for {analyzer}"), *sorted(default_stopwords(table))]
    assert differences(elastic, analysis, analyzer, given) == ""


def test_protected_words_of_every_kind(elasticsearch_url: str) -> None:
    # None of the packaged words has a digit.
    words = dict.fromkeys(("2015م", "ب15", "شيء", "والمدرسه", "مساءا", "1", "brexit"), "ب15")
    given = [f"{before}{word}{behind}" for word in words for before in ("", "و", "ال") for behind in ("", "ه", "ء")]
    with index_with(elasticsearch_url, words) as side:
        assert differences(side, Analysis(load_table().mapping, words), "stem", given) == ""


@every_analyzer
def test_random_texts(
    elastic: ElasticsearchSide, analysis: Analysis, analyzer: str, dice: random.Random, rotation: Rotation
) -> None:
    given = [texts.random_text(dice) for _ in range(rotation.amount(3_000, whole=10_000))]
    assert differences(elastic, analysis, analyzer, given) == ""


def test_words_that_are_respelt(
    elastic: ElasticsearchSide, analysis: Analysis, dice: random.Random, rotation: Rotation
) -> None:
    given = texts.respelt_words(dice, rotation.amount(4_000, whole=10_000))
    assert differences(elastic, analysis, "exact", given) == ""


@every_analyzer
def test_words_past_the_limit(
    elastic: ElasticsearchSide, analysis: Analysis, analyzer: str, dice: random.Random, rotation: Rotation
) -> None:
    given = [texts.random_long_word(dice) for _ in range(rotation.amount(150, whole=500))]
    assert differences(elastic, analysis, analyzer, given) == ""


@pytest.mark.parametrize("analyzer", [one for one in ANALYZERS if one.copied_from], ids=lambda one: one.name)
def test_terms_of_all_fields_are_those_of_the_analyzer(
    elastic: ElasticsearchSide, analysis: Analysis, analyzer: Analyzer, dice: random.Random, rotation: Rotation
) -> None:
    articles = rotation.some(texts.articles(), LARGE["news"], "articles for all fields")
    given = [*texts.WRITTEN, *articles, *(texts.random_text(dice) for _ in range(rotation.amount(600, whole=2_000)))]

    def terms(name: str, text: str) -> list[str]:
        return [token.text for token in analysis.tokens(name, text)]

    copied = [" ".join(terms(analyzer.copied_from, text)) for text in given]
    for text, made in zip(given, elastic.tokens(copying_analyzer(analyzer), copied), strict=True):
        assert [token[0] for token in made] == terms(analyzer.name, text), text


def test_every_character(elastic: ElasticsearchSide, analysis: Analysis) -> None:
    assert differences(elastic, analysis, "exact", texts.characters_of_words()) == ""
