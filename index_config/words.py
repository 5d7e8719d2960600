"""Word lists: one word a line, `#` begins a comment. Words are written naturally and folded when they are read."""

from __future__ import annotations

from pathlib import Path

from index_config.errors import Place
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
            words.add(_folded(entry, fold, Place(path.name, f"line {number}")))
    return frozenset(words)


def default_stopwords(table: Table) -> frozenset[str]:
    """The packaged function words, folded.

    >>> from index_config.table import load_table
    >>> "الي" in default_stopwords(load_table())
    True
    """
    return load_words(_FOLDER / "stopwords.txt", table)


def default_protected_words(table: Table) -> frozenset[str]:
    """The packaged words that the light stemmer leaves alone, folded.

    >>> from index_config.table import load_table
    >>> "وزير" in default_protected_words(load_table())
    True
    """
    return load_words(_FOLDER / "protected_words.txt", table)


def load_relatives(path: Path, table: Table) -> tuple[frozenset[str], ...]:
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
            at = Place(path.name, f"line {number}")
            word, colon, others = entry.partition(":")
            if not colon or not others.split():
                raise at.error(f'"{entry}" names no relatives', "write `word: other other`")
            groups.append(frozenset(_folded(one, fold, at) for one in (word.strip(), *others.split())))
    return tuple(groups)


def default_relatives(table: Table) -> tuple[frozenset[str], ...]:
    """The packaged singulars with their broken plurals and words with their common misspellings, folded.

    >>> from index_config.table import load_table
    >>> frozenset({"طفل", "اطفال"}) in default_relatives(load_table())
    True
    """
    lists = ("broken_plurals.txt", "misspellings.txt")
    return tuple(group for name in lists for group in load_relatives(_FOLDER / name, table))


def _folded(entry: str, fold: dict[int, str], at: Place) -> str:
    word = entry.translate(fold)
    if not word.strip():
        raise at.error(f'"{entry}" folds to nothing', "write a word with letters or digits")
    if word.split() != [word]:
        raise at.error(f'"{entry}" is more than one word', "write one word a line")
    return word
