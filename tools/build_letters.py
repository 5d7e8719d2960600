"""Makes `letters.tsv.gz` of spell correction from `index_config/word_forms.tsv.gz` (a second).

python -m tools.build_letters
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from math import log

from index_config.table import load_table
from index_config.word_forms import UNIT, load_word_forms
from search_service.analysis.analyzer import Analysis
from search_service.analysis.lemmas import Lemmatizer
from search_service.query.understanding.spelling.candidates import ARABIC
from search_service.query.understanding.spelling.language import EDGE, LETTERS

FREQUENCY_WEIGHT = 0.15
"""What the logarithm of a word's weight adds to its one count: names look like rare words, too."""


def main() -> None:
    """Write the file."""
    # Compressed without a time, so that the same words give the same file.
    LETTERS.write_bytes(gzip.compress(count_letters().encode(), 9, mtime=0))


def count_letters() -> str:
    """Return lines of three letters, a tab, and the weight of the words that have them."""
    forms = load_word_forms()
    lemmatizer = Lemmatizer(Analysis(load_table().mapping).stemmer.stem, forms)
    alphabet = set(ARABIC)
    counts: defaultdict[str, float] = defaultdict(float)
    for word in sorted(forms):
        if alphabet.issuperset(word):
            text = EDGE + EDGE + word + EDGE
            weight = 1 + FREQUENCY_WEIGHT * log(max(1.0, lemmatizer.weight(word) / UNIT))
            for i in range(len(text) - 2):
                counts[text[i : i + 3]] += weight
    return "".join(f"{letters}\t{count:.1f}\n" for letters, count in sorted(counts.items()))


if __name__ == "__main__":
    main()
