"""The query tree: what a query means, before any engine's own language."""

from __future__ import annotations

from dataclasses import dataclass

ALL_UP_TO = 3
"""Up to this many counted words all are required."""


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a query in the forms it is looked up by.

    Attributes:
        surface: the word as it was typed.
        exact: the folded word.
        stem: its light stem.
        grams: its character n-grams.
        is_content: whether it counts in the match rule; stop words do not.
        expansions: stems of other words that it finds too, below its own.
        compound_parts: the folded words of its spelling as two words; side by side in a document they match.
        corrected_to: the folded words it was corrected to, likeliest first, where no document has the one that was
            typed; the other forms are those of the first.
    """

    surface: str
    exact: str
    stem: str
    grams: tuple[str, ...]
    is_content: bool = True
    expansions: tuple[str, ...] = ()
    compound_parts: tuple[str, ...] = ()
    corrected_to: tuple[str, ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        """Its stem and those of its relatives: a document that has any of them has the word."""
        return (self.stem, *self.expansions)


@dataclass(frozen=True, slots=True)
class Query:
    """An analysed query.

    Attributes:
        text: as it was typed.
        words: every word in order, those of phrases too.
        phrases: the quoted parts, each the folded words that must stand side by side.
        unquoted: the words outside quotes: they are held to the match rule.
        bigrams: neighbouring folded words, which a document is rewarded for having side by side; also those that a word
            of the query is written as.
    """

    text: str = ""
    words: tuple[QueryWord, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    unquoted: tuple[QueryWord, ...] = ()
    bigrams: tuple[tuple[str, ...], ...] = ()

    @property
    def matches_everything(self) -> bool:
        """Whether nothing is asked for."""
        return not self.words

    @property
    def required_words(self) -> tuple[QueryWord, ...]:
        """The loose words that the match rule counts, each stem once.

        Stop words do not count; where a query has no others, they do, for they are all it asks for.
        """
        chosen = [word for word in self.unquoted if word.is_content]
        if not chosen and not self.phrases:
            chosen = list(self.unquoted)
        return tuple({word.stem: word for word in chosen}.values())

    @property
    def phrase_alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Folded words that are a match only where they stand together: phrases, and counted words written apart."""
        return tuple(
            dict.fromkeys(
                (*self.phrases, *(word.compound_parts for word in self.required_words if word.compound_parts))
            )
        )

    @property
    def unquoted_unique(self) -> tuple[QueryWord, ...]:
        """All loose words, stop words among them, each stem once."""
        return tuple({word.stem: word for word in self.unquoted}.values())

    @property
    def scored_words(self) -> tuple[QueryWord, ...]:
        """The words worth their n-grams, phrases' too, each once: those that count, or all where none does."""
        chosen = [word for word in self.words if word.is_content] or self.words
        return tuple({word.exact: word for word in chosen}.values())
