"""How fast texts are folded and analysed."""

from __future__ import annotations

from itertools import islice

from pyarabic import araby

from benchmarks import data
from benchmarks.measure import best_seconds
from search_service.analysis.analyzer import Analysis
from search_service.analysis.index_terms import TermCache

DOCUMENTS = 6_000


def pyarabic_chain(text: str) -> str:
    """Fold as PyArabic's own functions do, one after the other."""
    text = araby.strip_tashkeel(text)
    text = araby.strip_tatweel(text)
    text = araby.normalize_hamza(text, method="tasheel")
    text = araby.normalize_alef(text)
    folded: str = araby.normalize_teh(text)
    return folded


def run(analysis: Analysis) -> list[tuple[str, str]]:
    """Return rows of the table."""
    texts = [document["text"] for document in islice(data.documents("news"), DOCUMENTS)]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    words = sum(len(text.split()) for text in texts)
    cache = TermCache(analysis)

    def fold() -> None:
        for text in texts:
            analysis.char_filter.fold(text)

    def chain() -> None:
        for text in texts:
            pyarabic_chain(text)

    def analyse() -> None:
        for text in texts:
            cache.of(text)

    folding, peer = megabytes / best_seconds(fold), megabytes / best_seconds(chain, 1)
    cold = words / best_seconds(analyse, 1)
    warm = words / best_seconds(analyse)
    return [
        ("Folding, MB/s", f"{folding:.0f}"),
        ("PyArabic's chain on the same text, MB/s", f"{peer:.1f}"),
        ("Folding / PyArabic", f"{folding / peer:.1f} times"),
        ("Full analysis, words/s, cold cache", f"{cold:,.0f}"),
        ("Full analysis, words/s, warm", f"{warm:,.0f}"),
    ]
