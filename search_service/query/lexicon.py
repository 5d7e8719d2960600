"""Broken plurals by a dictionary: Arramooz (Taha Zerrouki, GPL), a package of its own, for it takes 22 MB.

What it knows is looked up for the words of a query, like the packaged list: an index does not depend on it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from search_service.core.errors import InvalidParameter

PACKAGE = "arramooz"
_DICTIONARY = Path("data", "arabicdictionary.sqlite")
_BETWEEN = re.compile("[;،, ]+")
_WORD = re.compile("[\u0620-\u064a]{3,}")


def plurals(mapping: Mapping[str, str], stem: Callable[[str], str]) -> tuple[frozenset[str], ...]:
    """Return the nouns of the dictionary, each with its broken plurals, folded.

    A plural is left out that has the stem of a singular or of a verb: most searches for that would find what was not
    meant.

    Args:
        mapping: the normalisation table.
        stem: returns the stem of a folded word.

    Raises:
        InvalidParameter: the dictionary is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise InvalidParameter("LEXICON", "lexicon-not-installed", package=PACKAGE)
    fold = str.maketrans(dict(mapping))
    path = Path(spec.submodule_search_locations[0]) / _DICTIONARY
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as dictionary:
        single = "SELECT unvocalized FROM nouns WHERE number = 'مفرد' UNION SELECT unvocalized FROM verbs"
        taken = {stem(word) for (text,) in dictionary.execute(single) for word in _words(text, fold)}
        rows = dictionary.execute("SELECT unvocalized, broken_plural FROM nouns WHERE broken_plural != ''").fetchall()
    groups = []
    for singular, listed in rows:
        found = {word for word in _words(listed, fold) if stem(word) not in taken}
        if found:
            groups.append(frozenset({*_words(singular, fold), *found}))
    return tuple(groups)


def _words(listed: str, fold: dict[int, str]) -> Iterator[str]:
    for word in _BETWEEN.split(listed):
        folded = word.translate(fold)
        if _WORD.fullmatch(folded):
            yield folded
