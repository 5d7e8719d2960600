"""Word lists: one word a line, `#` begins a comment. Words are written naturally and folded when they are read."""

from __future__ import annotations

from pathlib import Path

from index_config.errors import Location
from index_config.morphology import PARTICLES
from index_config.table import Table, read_utf8

_FOLDER = Path(__file__).parent


def load_words(path: Path, table: Table) -> frozenset[str]:
    """The folded words of a list. Analysis folds before it looks a word up, so an unfolded entry would never be found.

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


def default_stopwords(table: Table) -> frozenset[str]:
    """The packaged function words, folded.

    >>> from index_config.table import load_table
    >>> "الي" in default_stopwords(load_table())
    True
    """
    return load_words(_FOLDER / "stopwords.txt", table)


def load_protected(path: Path, table: Table) -> dict[str, str]:
    """The words that are not stemmed by rules, folded, each with its stem: itself, or `stem: word word` on a line.

    They are known behind `PARTICLES` too, unless that makes another word of the list (بليون is no form of ليون).

    Raises:
        ConfigError: an entry folds to nothing, is there twice, or has a stem that is no part of it; the key is `line`
            and its number.
        OSError: the file cannot be read.
    """
    fold = str.maketrans(dict(table.mapping))
    stems: dict[str, str] = {}
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        at = Location(path.name, f"line {number}")
        given, colon, listed = line.partition("#")[0].rpartition(":")
        if colon and not (given.strip() and listed.split()):
            raise at.error(f'"{line.strip()}" lacks a stem or its words', "write `stem: word word`, or a word alone")
        for word in (_folded(entry, fold, at) for entry in listed.split()):
            stem = _folded(given.strip(), fold, at) if given else word
            if word in stems:
                raise at.error(f'"{word}" has a stem already', "write it once")
            if stem not in word:  # what a search marks is found by the stem
                raise at.error(f'"{stem}" is no part of "{word}"', "choose a stem that all words of the line hold")
            stems[word] = stem
    return {particle + word: stem for particle in reversed(PARTICLES) for word, stem in stems.items()} | stems


def default_protected_words(table: Table) -> dict[str, str]:
    """The packaged words that are not stemmed by rules, folded, each with its stem.

    >>> from index_config.table import load_table
    >>> words = default_protected_words(load_table())
    >>> words["ماء"], words["والماء"]
    ('ماء', 'ماء')
    """
    return load_protected(_FOLDER / "protected_words.txt", table)


def load_expansions(path: Path, table: Table) -> tuple[frozenset[str], ...]:
    """The groups of a list of words that find each other: `word: other other` a line, all folded.

    Raises:
        ConfigError: a line has no colon, or an entry is not one word; the key is `line` and its number.
        OSError: the file cannot be read.
    """
    fold = str.maketrans(dict(table.mapping))
    groups = []
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        entry = line.partition("#")[0].strip()
        if entry:
            at = Location(path.name, f"line {number}")
            word, colon, others = entry.partition(":")
            if not colon or not others.split():
                raise at.error(f'"{entry}" names no relatives', "write `word: other other`")
            groups.append(frozenset(_folded(one, fold, at) for one in (word.strip(), *others.split())))
    return tuple(groups)


def default_expansions(table: Table) -> tuple[frozenset[str], ...]:
    """The packaged singulars with their broken plurals and words with their common misspellings, folded.

    >>> from index_config.table import load_table
    >>> frozenset({"طفل", "اطفال"}) in default_expansions(load_table())
    True
    """
    lists = ("broken_plurals.txt", "misspellings.txt")
    return tuple(group for name in lists for group in load_expansions(_FOLDER / name, table))


def _folded(entry: str, fold: dict[int, str], at: Location) -> str:
    word = entry.translate(fold)
    if not word.strip():
        raise at.error(f'"{entry}" folds to nothing', "write a word with letters or digits")
    if word.split() != [word]:
        raise at.error(f'"{entry}" is more than one word', "write one word a line")
    return word
