"""The analyzers: named chains of token filters, and which fields of an index each one fills.

========= ============================================== =========================================
analyzer  token filters                                  `وَالمَدْرَسَة الكُبرى`
========= ============================================== =========================================
exact     lowercase                                      `والمدرسه`, `الكبري`
stem      lowercase, light_stem                          `مدرس`, `كبر`
lead      lowercase, light_stem, beginning             `مدرس`, `كبر` of the first words of a text
ngram     lowercase, unique, grams                 `_وال`, `والم`, … `رسه_`, `_الك`, …
shingle   lowercase, pairs                               `والمدرسه الكبري`
prefix    lowercase, strip_article, prefixes             `و`, `وا`, … `والمدرسه`, `ك`, `كب`, … `كبري`
========= ============================================== =========================================

All share the character filter `normalization` (the table) and the tokenizer `words`.

To add an analyzer of known token filters, add a row to `ANALYZERS`: both engines index it where the row says. A new
token filter is written twice: in `search_service/analysis/filters.py` and, for Elasticsearch, in
`index_config/elasticsearch_analysis.py`; the parity tests compare the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Postings(StrEnum):
    """What the index keeps of each term of a document: more of it serves more queries and takes more space."""

    DOCUMENTS = "documents"
    FREQUENCIES = "frequencies"
    POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class Analyzer:
    """A named chain of token filters.

    Attributes:
        name: of the analyzer; the field `title` analysed by it is `title.NAME`.
        filters: names of token filters in the order they run.
        per_field: what is kept of it for each searched field; None where it is not indexed by field.
        combined: what is kept of it for all searched fields together, in `_all.NAME`.
        per_suggest_field: what is kept of it for each field that completes what is typed.
        highlighted: whether matches are marked by it; Elasticsearch then keeps the offsets in the index.
        counts_stacked_tokens: whether tokens at one position all count in the length of a field.
    """

    name: str
    filters: tuple[str, ...]
    per_field: Postings | None = None
    combined: Postings | None = None
    per_suggest_field: Postings | None = None
    highlighted: bool = False
    counts_stacked_tokens: bool = False
    char_filter: str = "normalization"
    tokenizer: str = "words"


ANALYZERS = (
    Analyzer("exact", ("lowercase",), per_field=Postings.POSITIONS),
    Analyzer(
        "stem", ("lowercase", "light_stem"),
        per_field=Postings.FREQUENCIES, combined=Postings.DOCUMENTS, highlighted=True,
    ),
    Analyzer("lead", ("lowercase", "light_stem", "beginning"), combined=Postings.FREQUENCIES),
    Analyzer(
        "ngram", ("lowercase", "unique", "grams"), combined=Postings.FREQUENCIES, counts_stacked_tokens=True
    ),
    Analyzer("shingle", ("lowercase", "pairs")),
    Analyzer("prefix", ("lowercase", "strip_article", "prefixes"), per_suggest_field=Postings.DOCUMENTS),
)  # fmt: skip
"""Every analyzer. That pairs of words are not indexed is a choice: phrases of `exact` find them (ADR 5)."""

ANALYZERS_BY_NAME = {analyzer.name: analyzer for analyzer in ANALYZERS}


def combined_field(analyzer: str) -> str:
    """Return the name of the field that holds all searched fields together.

    >>> combined_field("stem")
    '_all.stem'
    """
    return f"_all.{analyzer}"


ALL_STEM = combined_field("stem")
ALL_LEAD = combined_field("lead")
ALL_NGRAM = combined_field("ngram")
