"""The character filter: folds an original text by the normalisation table and keeps the offsets into it."""

from __future__ import annotations

import re
from collections.abc import Mapping

COMMON = "أإآةىئؤ،"
"""The folded characters that nearly every text contains. `str.replace` for each of them is several times faster than a
regular expression; the other rows of the table are rare enough for one."""

FATHA = "\u064e"
VOCALISED = 50
"""A text with a fatha in every 50 code points is vocalised. So much of it is folded that `str.translate` is faster."""


class CharFilter:
    """Folds texts by a table of single code points.

    Args:
        mapping: folded code points and their replacements; an empty string deletes.
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self._mapping = dict(mapping)
        self._translation = str.maketrans(self._mapping)
        self._common = [(letter, mapping[letter]) for letter in COMMON if letter in mapping]
        rest = [key for key in mapping if key not in COMMON]
        # A character set without `+`: only then does `re` use its fast loop for single characters.
        self._rest = re.compile(_character_set(rest))
        self._resizing = re.compile(_character_set([key for key in mapping if len(mapping[key]) != 1]))

    def fold(self, text: str) -> str:
        """Return the folded text.

        >>> from index_config.table import load_table
        >>> CharFilter(load_table().mapping).fold("وَالمَدْرَسَةُ الكُبرى")
        'والمدرسه الكبري'
        """
        if text.count(FATHA) * VOCALISED > len(text):
            return text.translate(self._translation)
        text = self._rest.sub(self._replacement, text)
        for character, folded in self._common:
            text = text.replace(character, folded)
        return text

    def fold_short(self, text: str) -> str:
        """Return the folded text; faster than `fold` for a text of a few words."""
        return text.translate(self._translation)

    def fold_with_offsets(self, text: str) -> tuple[str, list[int]]:
        """Return the folded text and, for each of its positions (and its end), the position in the original.

        The end of a token maps past the deleted characters after it, so that trailing marks belong to their word. Every
        character of a longer replacement maps to its source, as in Lucene's mapping character filter.

        >>> from index_config.table import load_table
        >>> CharFilter(load_table().mapping).fold_with_offsets("مِنْ")
        ('من', [0, 2, 4])
        """
        starts: list[int] = []
        behind = 0
        for match in self._resizing.finditer(text):
            position = match.start()
            starts.extend(range(behind, position))
            starts.extend(position for _ in self._mapping[match[0]])
            behind = position + 1
        starts.extend(range(behind, len(text) + 1))
        return self.fold(text), starts

    def _replacement(self, match: re.Match[str]) -> str:
        return self._mapping[match[0]]


def _character_set(characters: list[str]) -> str:
    if not characters:
        return r"(?!)"
    return f"[{''.join(re.escape(character) for character in sorted(characters))}]"
