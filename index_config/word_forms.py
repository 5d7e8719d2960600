"""The word forms: which dictionary words (lemmas) a folded form of Modern Standard Arabic belongs to, and how likely.

The file is made by `tools/build_word_forms.py`, which names its sources and their licences. A line is a form, a tab,
and its readings `lemma:weight`, the heaviest first. Weights are logarithms: `2 ** (weight / SCALE) * UNIT`.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

WORD_FORMS = Path(__file__).with_name("word_forms.tsv.gz")

SCALE = 8
UNIT = 1e-8
"""A weight of 0 is `UNIT`, the least that occurs, and one of `SCALE` twice that."""


@lru_cache(maxsize=1)
def load_word_forms() -> Mapping[str, str]:
    """Return the readings of each folded form, as they stand in the file.

    >>> load_word_forms()["يقول"].split(":")[0]
    'قال/v'
    """
    text = gzip.decompress(WORD_FORMS.read_bytes()).decode()
    return dict(line.split("\t") for line in text.split("\n") if line)


@lru_cache(maxsize=1)
def word_forms_digest() -> str:
    """Return a digest of the file: an index depends on it."""
    return sha256(WORD_FORMS.read_bytes()).hexdigest()[:16]
