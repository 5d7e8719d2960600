"""Reads the word lists: one word a line, `#` starts a comment. Words are folded as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from index_config.errors import Location
from index_config.morphology import PARTICLES
from index_config.table import Table, read_utf8

_FOLDER = Path(__file__).parent
STOPWORDS = _FOLDER / "stopwords.txt"
BROKEN_PLURALS = _FOLDER / "broken_plurals.txt"
MISSPELLINGS = _FOLDER / "misspellings.txt"
SPELLING_VARIANTS = _FOLDER / "spelling_variants.txt"
QUESTION_WORDS = _FOLDER / "question_words.txt"
NAMES = _FOLDER / "names.txt"
KNOWN_NAMES = _FOLDER / "known_names.txt"


class Folding(Protocol):
    """What words are folded by: the normalization table, or what is made with it."""

    @property
    def mapping(self) -> Mapping[str, str]:
        """Each code point that is folded, and its folding."""


def load_words(path: Path, table: Folding) -> frozenset[str]:
    """Return the folded words of a list. Analysis looks up folded words, so an unfolded entry would never match.

    Raises:
        ConfigError: an entry is more than one word, or folds to nothing; the key is `line` and its number.
        OSError: the file cannot be read.
    """
    fold = str.maketrans(dict(table.mapping))
    words = set()
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        entry = line.partition("#")[0].strip()
        if entry:
            words.add(_folded(entry, fold, Location(path.name, f"line {number}")))
    return frozenset(words)


def load_beginnings(path: Path, table: Folding) -> frozenset[tuple[str, ...]]:
    """Return the folded words of each line of a list.

    Raises:
        ConfigError: an entry folds to nothing; the key is `line` and its number.
        OSError: the file cannot be read.

    >>> from index_config.table import load_table
    >>> ("ما", "هو") in load_beginnings(QUESTION_WORDS, load_table())
    True
    """
    fold = str.maketrans(dict(table.mapping))
    beginnings = set()
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        if words := line.partition("#")[0].split():
            at = Location(path.name, f"line {number}")
            beginnings.add(tuple(_folded(word, fold, at) for word in words))
    return frozenset(beginnings)


def default_stopwords(table: Table) -> frozenset[str]:
    """Return the packaged stop words, folded.

    >>> from index_config.table import load_table
    >>> "الي" in default_stopwords(load_table())
    True
    """
    return load_words(STOPWORDS, table)


def default_names(table: Table) -> frozenset[str]:
    """Return the packaged names, folded.

    >>> from index_config.table import load_table
    >>> "مكه" in default_names(load_table())
    True
    """
    return load_words(NAMES, table) | load_words(KNOWN_NAMES, table)


def load_protected(path: Path, table: Table) -> dict[str, str]:
    """Return the words that the stemmer does not change by rule, folded, each with its stem.

    A line is `stem: word word`, or a word alone, which is its own stem. Each word is also returned after each of
    `PARTICLES`, unless that makes another word of the list (بليون is not a form of ليون).

    Raises:
        ConfigError: an entry folds to nothing, occurs twice, or does not contain its stem; the key is `line` and its
            number.
        OSError: the file cannot be read.
    """
    fold = str.maketrans(dict(table.mapping))
    stems: dict[str, str] = {}
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        at = Location(path.name, f"line {number}")
        given, colon, listed = line.partition("#")[0].rpartition(":")
        if colon and not (given.strip() and listed.split()):
            raise at.error(f'"{line.strip()}" has no stem or no words', "write `stem: word word`, or a word alone")
        for word in (_folded(entry, fold, at) for entry in listed.split()):
            stem = _folded(given.strip(), fold, at) if given else word
            if word in stems:
                raise at.error(f'"{word}" occurs twice', "keep one of the two")
            if stem not in word:  # highlighting looks for the stem in the text
                raise at.error(
                    f'"{word}" does not contain the stem "{stem}"', "choose a stem that every word of the line contains"
                )
            stems[word] = stem
    return {particle + word: stem for particle in reversed(PARTICLES) for word, stem in stems.items()} | stems


def default_protected_words(table: Table) -> dict[str, str]:
    """Return the packaged protected words, folded, each with its stem.

    >>> from index_config.table import load_table
    >>> words = default_protected_words(load_table())
    >>> words["ماء"], words["والماء"]
    ('ماء', 'ماء')
    """
    return load_protected(_FOLDER / "protected_words.txt", table)


def load_expansions(path: Path, table: Folding) -> tuple[frozenset[str], ...]:
    """Return the groups of words that match each other: `word: other other` a line, all folded.

    Raises:
        ConfigError: a line has no colon, or an entry is not one word; the key is `line` and its number.
        OSError: the file cannot be read.

    >>> from index_config.table import load_table
    >>> frozenset({"طفل", "اطفال"}) in load_expansions(BROKEN_PLURALS, load_table())
    True
    """
    fold = str.maketrans(dict(table.mapping))
    groups = []
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        entry = line.partition("#")[0].strip()
        if entry:
            at = Location(path.name, f"line {number}")
            word, colon, others = entry.partition(":")
            if not colon or not others.split():
                raise at.error(f'"{entry}" lists no other word', "write `word: other other`")
            groups.append(frozenset(_folded(one, fold, at) for one in (word.strip(), *others.split())))
    return tuple(groups)


def _folded(entry: str, fold: dict[int, str], at: Location) -> str:
    word = entry.translate(fold)
    if not word.strip():
        raise at.error(f'"{entry}" folds to nothing', "write a word with letters or digits")
    if word.split() != [word]:
        raise at.error(f'"{entry}" is more than one word', "write one word a line")
    return word
