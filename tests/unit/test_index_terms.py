"""The term cache gives the same index terms as the analyzers."""

from __future__ import annotations

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.analysis.index_terms import CACHE_ENTRIES, MAX_CACHED_LENGTH, TermCache
from tests.rotation import Rotation
from tests.shared_data import records, seed_pages

Terms = tuple[list[str], list[str], list[str], list[str], list[str]]


def terms_of_the_analyzers(text: str, analysis: Analysis) -> Terms:
    def texts(analyzer: str) -> list[str]:
        return [token.text for token in analysis.tokens(analyzer, text)]

    return texts("exact"), texts("lemma"), texts("lead"), sorted(texts("ngram")), list(dict.fromkeys(texts("prefix")))


def terms_of_the_cache(text: str, cache: TermCache) -> Terms:
    """Return the terms as a whitespace tokenizer reads them back."""
    terms = {name: [term for term in joined.split(" ") if term] for name, joined in cache.of(text).items()}
    prefixes = list(dict.fromkeys(cache.suggest(text)["prefix"].split()))
    return terms["exact"], terms["lemma"], terms["lead"], sorted(terms["ngram"]), prefixes


@pytest.fixture
def cache(analysis: Analysis) -> TermCache:
    return TermCache(analysis)


WHITE_SPACE = [character for character in map(chr, range(0x110000)) if character.isspace()]


@pytest.mark.parametrize("space", WHITE_SPACE, ids=[f"U+{ord(space):04X}" for space in WHITE_SPACE])
def test_every_white_space_character_separates_words(space: str, analysis: Analysis, cache: TermCache) -> None:
    text = f"{space}قال{space}{space}10{space}000{space}a{space}"
    assert terms_of_the_cache(text, cache) == terms_of_the_analyzers(text, analysis)
    assert cache.of(text)["exact"] == "قال 10 000 a"


CHUNKS = {
    "quoted": '«"(الكُبرى)"»،',
    "nothing but punctuation": '"«»()[]{}.,،:;؛!؟?…-–—“”*#',
    "Hebrew in quotation marks": '"צה"ל"',
    "Hebrew with a last quote": "ז'",
    "keycaps": "#\ufe0f\u20e3 *\ufe0f\u20e3",
    "apostrophes": "'don't' ’90s",
    "zero-width space": "قال\u200bنعم",
    "marks at the edges": "\u064bقال\u064b .\u064bنعم\u064b.",
    "marks of other scripts at the edges": "\u0301a\u0301 .\u093fक.",
    "glued full stop": "بروكسل.وأعلن .وقال. نعم:",
    "decimal": ".5 5. -5 +5 5,",
    "underscores": "_a_ #اليوم_الوطني_",
    "the same words again": "قال.وقال قال وقال، وقال:قال",
    "long": "ا" * 300 + " " + "http://example.com/" + "a" * 300,
    "sign that becomes a space": "محمدﷺقال",
    "control characters": "a\x01b\x7fc",
}


@pytest.mark.parametrize("text", CHUNKS.values(), ids=CHUNKS.keys())
def test_chunks_have_the_terms_of_the_analyzers(text: str, analysis: Analysis, cache: TermCache) -> None:
    assert terms_of_the_cache(text, cache) == terms_of_the_analyzers(text, analysis)


@pytest.mark.parametrize("text", ["", " \n", "؟!", "\u064b"])
def test_a_text_without_words_has_no_terms(text: str, cache: TermCache) -> None:
    assert terms_of_the_cache(text, cache) == ([], [], [], [], [])


def test_an_empty_text_has_empty_terms(cache: TermCache) -> None:
    assert cache.of("") == dict.fromkeys(("exact", "lemma", "lead", "ngram"), "")


SAMPLE = 150
"""Of 600 real texts, unless the run is a full one."""


@pytest.fixture(scope="module")
def real_texts(analysis: Analysis, rotation: Rotation) -> dict[str, Terms]:
    """Real texts, each with the terms that the analyzers give."""
    articles = records("data", "news", "docs.jsonl.gz", limit=300)
    verses = records("data", "quran", "corpus.jsonl", limit=300)
    texts = [f"{article['title']}\n{article['text']}" for article in articles]
    texts += [verse["text"] for verse in verses]
    texts = [*rotation.some(texts, SAMPLE, "index terms"), *seed_pages().values()]
    return {text: terms_of_the_analyzers(text, analysis) for text in texts}


@pytest.mark.parametrize("entries", [CACHE_ENTRIES, 50, 1], ids=["large", "overflowing", "a single entry"])
def test_real_texts_have_the_terms_of_the_analyzers(
    entries: int, real_texts: dict[str, Terms], analysis: Analysis
) -> None:
    cache = TermCache(analysis, entries)
    differing = [text[:60] for text, expected in real_texts.items() if terms_of_the_cache(text, cache) != expected]
    assert differing == []


def test_the_cache_is_limited(analysis: Analysis) -> None:
    cache = TermCache(analysis, 100)
    for number in range(1000):
        cache.of(f"كلمة{number}")
    assert 0 < len(cache) <= 100


def test_used_chunks_survive_an_overflow() -> None:
    class Counting(Analysis):
        parsed = 0

        def exact_words(self, text: str) -> list[str]:
            self.parsed += text == "قال"
            return super().exact_words(text)

    counting = Counting({})
    cache = TermCache(counting, 10)
    for number in range(100):
        cache.of(f"قال كلمة{number}")
    assert counting.parsed == 1


def test_a_long_chunk_is_not_cached(cache: TermCache) -> None:
    cache.of("a" * (MAX_CACHED_LENGTH + 1))
    assert len(cache) == 0
