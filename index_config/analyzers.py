"""The analyzers: named chains of token filters, and which fields of an index each one fills.

========= ============================================== =========================================
analyzer  token filters                                  `وَالمَدْرَسَة الكُبرى`
========= ============================================== =========================================
exact     lowercase                                      `والمدرسه`, `الكبري`
lemma     lowercase, lemmas                              `مدرسه`, `كبير`
stem      lowercase, light_stem                          `مدرس`, `كبر`
lead      lowercase, lemmas, beginning                   `مدرسه`, `كبير` of the first words, up to three times
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
        made_by_service: whether the service sends the terms to Elasticsearch ready-made; terms of single fields are in
            `_lemma.title`. Elasticsearch has no lexicon, and its own analysis of the others takes several times as
            long.
        copied_from: name of the analyzer whose terms of single fields Elasticsearch copies to `_all.NAME`, where it
            runs the remaining token filters. A document that is sent has half the size without these terms.
    """

    name: str
    filters: tuple[str, ...]
    per_field: Postings | None = None
    combined: Postings | None = None
    per_suggest_field: Postings | None = None
    made_by_service: bool = False
    copied_from: str = ""
    char_filter: str = "normalization"
    tokenizer: str = "words"

    @property
    def remaining_filters(self) -> tuple[str, ...]:
        """The token filters after those of the analyzer whose terms are copied."""
        return self.filters[len(ANALYZERS_BY_NAME[self.copied_from].filters) :]


ANALYZERS = (
    Analyzer("exact", ("lowercase",), per_field=Postings.POSITIONS, made_by_service=True),
    Analyzer(
        "lemma", ("lowercase", "lemmas"),
        per_field=Postings.FREQUENCIES, combined=Postings.DOCUMENTS, made_by_service=True, copied_from="lemma",
    ),
    Analyzer("lead", ("lowercase", "lemmas", "beginning"), combined=Postings.FREQUENCIES, made_by_service=True),
    Analyzer("ngram", ("lowercase", "unique", "grams"), combined=Postings.FREQUENCIES, copied_from="exact"),
    Analyzer("stem", ("lowercase", "light_stem")),
    Analyzer("shingle", ("lowercase", "pairs")),
    Analyzer(
        "prefix", ("lowercase", "strip_article", "prefixes"),
        per_suggest_field=Postings.DOCUMENTS, made_by_service=True,
    ),
)  # fmt: skip
"""Every analyzer. Pairs of words are not indexed by choice: phrases of `exact` find them (ADR 5). Light stems are not
indexed either: lemmas replace them (ADR 17), and only unknown words keep their stem there."""

LEXICON_FILTER = "lemmas"
"""The token filter that needs the lexicon, which Elasticsearch does not have: it has no analyzers with it."""

ANALYZERS_BY_NAME = {analyzer.name: analyzer for analyzer in ANALYZERS}


def combined_field(analyzer: str) -> str:
    """Return the name of the field that holds all searched fields together.

    >>> combined_field("lemma")
    '_all.lemma'
    """
    return f"_all.{analyzer}"


def filled_object(analyzer: str) -> str:
    """Return the name of the object that holds, for each field, the terms that the service makes for Elasticsearch.

    >>> filled_object("lemma")
    '_lemma'
    """
    return f"_{analyzer}"


ALL_LEMMA = combined_field("lemma")
