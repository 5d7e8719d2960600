"""Broken plurals from the dictionary Arramooz (Taha Zerrouki, GPL), an optional package because it takes 22 MB.

Like the packaged list, it expands the words of queries; indexes do not depend on it.
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
    """Return groups of a noun and its broken plurals, folded.

    Plurals with the stem of a singular or of a verb are omitted: most searches for that stem mean the other word.

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
        excluded = {stem(word) for (text,) in dictionary.execute(single) for word in _words(text, fold)}
        rows = dictionary.execute("SELECT unvocalized, broken_plural FROM nouns WHERE broken_plural != ''").fetchall()
    groups = []
    for singular, listed in rows:
        broken = {word for word in _words(listed, fold) if stem(word) not in excluded}
        if broken:
            groups.append(frozenset({*_words(singular, fold), *broken}))
    return tuple(groups)


def _words(listed: str, fold: dict[int, str]) -> Iterator[str]:
    for word in _BETWEEN.split(listed):
        folded = word.translate(fold)
        if _WORD.fullmatch(folded):
            yield folded
