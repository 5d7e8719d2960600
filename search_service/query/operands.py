"""Reads the operand of an operator, and reports what of it is ignored."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from index_config.morphology import ARTICLE
from index_config.schema import Field, Schema
from search_service.analysis.analyzer import Analysis
from search_service.analysis.filters import strip_article
from search_service.core.message import Message, message
from search_service.query.clauses import CONJUNCTION, Operand, Phrase, Term, WordPrefix, phrase_of
from search_service.query.field_names import find_field, searches_words, value_filter
from search_service.query.syntax import Item
from search_service.query.terms import read_terms

MIN_PREFIX_LENGTH = 2
"""Letters of the shortest beginning of a word, without the article."""

MAX_LENGTH_AFTER_ARTICLE = 50
"""Letters of the longest beginning that also matches after an article: Elasticsearch refuses patterns of over
1,000."""

BEFORE_ARTICLE = ("", "و", "ف", "ب", "ك", "وب", "وك", "فب")
FOR_THE = ("لل", "ولل", "فلل")
BEFORE_WORD = (*(before + ARTICLE for before in BEFORE_ARTICLE), *FOR_THE)
"""The article with the particles before it, after which a beginning also matches."""

MIN_AFTER_CONJUNCTION = 4
"""Letters of the shortest beginning that also matches after the conjunction و: زار is the beginning of no form of
وزارة. After other particles none does: دينا is that of no form of لدينا."""

MAX_SLOP = 50
"""Largest number after a quotation. Between two values of a field are more positions than any slop crosses."""

MAX_NEAR_WORDS = 8
"""Words of the longest quotation with a number: each pair of them is searched in each field."""

STAR = "*"

FOLLOWING_SIGNS = "،,؛;؟?!)]}"
"""Signs after a value that is not quoted, which are no part of it. A full stop is: `2018..` is a range."""


class OperandReader:
    """Reads operands.

    Args:
        schema: its fields can be named; None for no field.

    Attributes:
        warnings: what was ignored.
    """

    def __init__(self, analysis: Analysis, stopwords: AbstractSet[str], schema: Schema | None) -> None:
        self._analysis = analysis
        self._stopwords = stopwords
        self._schema = schema
        self.warnings: list[Message] = []

    def is_field(self, name: str, value: str) -> bool:
        """Whether a name is that of a field that can have the value; a field that cannot is reported."""
        field = self._field(name)
        if field is None:
            return False
        if searches_words(field) or self._filter(field, value.rstrip(FOLLOWING_SIGNS)):
            return True
        self.warnings.append(message("field-value-ignored", field=name, value=value, kind=field.kind.name))
        return False

    def read(self, item: Item) -> Operand | None:
        """Return the operand of an item; None if it has no word."""
        field = self._field(item.name) if item.name else None
        if field and not searches_words(field):
            return self._value(item, field)
        name = field.name if field else ""
        terms = read_terms(item.text, self._analysis, self._stopwords)
        if not terms:
            if not item.is_quotation:
                self.warnings.append(message("operator-ignored", text=item.source))
            return None
        if item.by_word:
            self.warnings.append(message("excluded-by-word", text=item.text.strip()))
        if item.quoted:
            return Operand(self._quotation(item, terms), name)
        if STAR in item.text and (prefix := self._prefix(item)):
            return Operand(prefix, name)
        return Operand(terms[0] if len(terms) == 1 else phrase_of(terms), name)

    def _field(self, name: str) -> Field | None:
        return find_field(self._schema, name, self._analysis) if self._schema else None

    def _filter(self, field: Field, value: str) -> Operand | None:
        value = value.strip()
        node = value_filter(field, value if field.kind.filter else self._analysis.fold(value)) if value else None
        return Operand(node) if node else None

    def _value(self, item: Item, field: Field) -> Operand | None:
        """Return the filter of a field by a whole value, or the beginning of a word in a searched one."""
        if item.quoted:
            return self._filter(field, item.text)
        if not item.text.endswith(STAR):
            return self._filter(field, item.text.rstrip(FOLLOWING_SIGNS) or item.text)
        if not field.is_searched:
            self.warnings.append(message("star-ignored", text=item.source))
        elif prefix := self._prefix(item):
            return Operand(prefix, field.name)
        return self._filter(field, item.text.rstrip(STAR))

    def _quotation(self, item: Item, terms: list[Term]) -> Phrase:
        phrase = phrase_of(terms)
        unique = tuple(dict.fromkeys(phrase.exact))
        if item.slop is None:
            return phrase
        if not item.slop or not 1 < len(unique) <= MAX_NEAR_WORDS:
            self.warnings.append(message("slop-ignored", text=item.source, limit=MAX_NEAR_WORDS))
            return phrase
        if item.slop > MAX_SLOP:
            self.warnings.append(message("slop-too-large", text=item.source, limit=MAX_SLOP))
        return replace(phrase, exact=unique, slop=min(item.slop, MAX_SLOP), variants=())

    def _prefix(self, item: Item) -> WordPrefix | None:
        """Return the beginning of a word if the only word of the item is directly before its only star."""
        tokens = self._analysis.words(item.text)
        if not tokens:
            self.warnings.append(message("operator-ignored", text=item.source))
            return None
        token = tokens[0]
        before, after = item.text[: token.start], item.text[token.end :]
        if len(tokens) > 1 or STAR in before or after.count(STAR) > 1 or not after.startswith(STAR):
            if STAR in before + after or len(tokens) > 1:
                self.warnings.append(message("star-ignored", text=item.source))
            return None
        [term] = read_terms(item.text, self._analysis)
        # A typed hamza says that the alef belongs to the word: ألم is no article and a letter.
        has_article = term.surface.startswith(ARTICLE)
        word = strip_article(term.exact) if has_article else term.exact
        if len(word) < MIN_PREFIX_LENGTH or word == ARTICLE:
            self.warnings.append(message("prefix-too-short", text=item.source, limit=MIN_PREFIX_LENGTH))
            return None
        return WordPrefix(f"{term.surface}{STAR}", (term.exact, *_behind_particles(word, has_article)))


def _behind_particles(word: str, has_article: bool) -> Iterator[str]:
    """Yield a beginning after each particle that it also matches after."""
    if len(word) >= MIN_AFTER_CONJUNCTION and not has_article:
        yield CONJUNCTION + word
    for particles in BEFORE_WORD if len(word) <= MAX_LENGTH_AFTER_ARTICLE else ():
        yield particles + word
        if particles in FOR_THE and word.startswith("ل"):
            # Before a ل the article after the preposition is one letter: للغة.
            yield particles.removesuffix("ل") + word
