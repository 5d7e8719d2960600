"""Speed of folding and of the full analysis."""

from __future__ import annotations

from itertools import islice

from pyarabic import araby

from benchmarks import data
from benchmarks.measure import best_seconds
from search_service.analysis.analyzer import Analysis
from search_service.analysis.index_terms import TermCache

DOCUMENTS = 6_000


def fold_pyarabic(text: str) -> str:
    """Fold a text with PyArabic's functions, one after the other."""
    text = araby.strip_tashkeel(text)
    text = araby.strip_tatweel(text)
    text = araby.normalize_hamza(text, method="tasheel")
    text = araby.normalize_alef(text)
    folded: str = araby.normalize_teh(text)
    return folded


def measure(analysis: Analysis) -> list[tuple[str, str]]:
    """Fold and analyse news articles; return the rows of the table."""
    texts = [document["text"] for document in islice(data.read_documents("news"), DOCUMENTS)]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    words = sum(len(text.split()) for text in texts)
    cache = TermCache(analysis)

    def fold() -> None:
        for text in texts:
            analysis.char_filter.fold(text)

    def fold_with_pyarabic() -> None:
        for text in texts:
            fold_pyarabic(text)

    def analyse() -> None:
        for text in texts:
            cache.of(text)

    folding, pyarabic = megabytes / best_seconds(fold), megabytes / best_seconds(fold_with_pyarabic, 1)
    cold = words / best_seconds(analyse, 1)
    warm = words / best_seconds(analyse)
    return [
        ("Folding, MB/s", f"{folding:.0f}"),
        ("PyArabic's functions on the same text, MB/s", f"{pyarabic:.1f}"),
        ("Folding / PyArabic", f"{folding / pyarabic:.1f} times"),
        ("Full analysis, words/s, cold cache", f"{cold:,.0f}"),
        ("Full analysis, words/s, warm", f"{warm:,.0f}"),
    ]
