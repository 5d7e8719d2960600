"""The character filter: folds an original text and keeps the offsets into it.

It folds by the normalisation table, and by the rules of `index_config.respelling` before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import regex

from index_config.respelling import AFTER_TABLE, BEFORE_TABLE, Respelling

COMMON = "أإآةىئؤ،"
"""The folded characters that nearly every text contains. `str.replace` for each of them is several times faster than a
regular expression; the other rows of the table are rare enough for one."""

FATHA = "\u064e"
VOCALISED = 50
"""A text with a fatha in every 50 code points is vocalised. So much of it is folded that `str.translate` is faster."""


_GROUP = re.compile(r"\$([0-9])")


class _Rule:
    """A compiled rule of `index_config.respelling`."""

    def __init__(self, respelling: Respelling) -> None:
        self._pattern = regex.compile(respelling.pattern)
        self._template = _GROUP.sub(r"\\\1", respelling.replacement)
        self._needs = respelling.needs
        self._hint = re.compile(respelling.hint) if respelling.hint else None

    def applies_to(self, text: str) -> bool:
        """Return whether the text can have a match."""
        for needed in self._needs:
            if needed in text:
                return True
        return self._hint is not None and self._hint.search(text) is not None

    def sub(self, text: str) -> str:
        """Return the text with its matches replaced."""
        return self._pattern.sub(self._template, text)

    def sub_with_offsets(self, text: str) -> tuple[str, list[int]]:
        """Return the changed text and, for each of its positions (and its end), the position in `text`.

        As in Lucene's pattern-replacing character filter, a replacement maps to its match character by character; what
        it has more maps to the last one.
        """
        parts: list[str] = []
        starts: list[int] = []
        behind = 0
        for match in self._pattern.finditer(text):
            start, end = match.span()
            replacement = match.expand(self._template)
            parts += text[behind:start], replacement
            starts.extend(range(behind, start))
            starts.extend(min(position, end - 1) for position in range(start, start + len(replacement)))
            behind = end
        starts.extend(range(behind, len(text) + 1))
        return "".join((*parts, text[behind:])), starts


class CharFilter:
    """Folds texts by a table of single code points and by the rules for spellings that depend on neighbours.

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
        self._before = tuple(map(_Rule, BEFORE_TABLE))
        self._after = tuple(map(_Rule, AFTER_TABLE))
        self._short_before, self._short_after = _any_hint(BEFORE_TABLE), _any_hint(AFTER_TABLE)
        self._resizing = re.compile(_character_set([key for key in mapping if len(mapping[key]) != 1]))

    def fold(self, text: str) -> str:
        """Return the folded text.

        >>> from index_config.table import load_table
        >>> CharFilter(load_table().mapping).fold("وَالمَدْرَسَةُ الكُبرى")
        'والمدرسه الكبري'
        """
        return _apply(self._after, self._fold_by_table(_apply(self._before, text)))

    def fold_short(self, text: str) -> str:
        """Return the folded text; faster than `fold` for a text of a few words."""
        if self._short_before.search(text):
            text = _apply(self._before, text)
        text = text.translate(self._translation)
        return _apply(self._after, text) if self._short_after.search(text) else text

    def fold_with_offsets(self, text: str) -> tuple[str, list[int]]:
        """Return the folded text and, for each of its positions (and its end), the position in the original.

        The end of a token maps past the deleted characters after it, so that trailing marks belong to their word. Every
        character of a longer replacement maps to its source, as in Lucene's mapping character filter.

        >>> from index_config.table import load_table
        >>> CharFilter(load_table().mapping).fold_with_offsets("مِنْ")
        ('من', [0, 2, 4])
        """
        text, before = _apply_with_offsets(self._before, text)
        folded, starts = self._fold_by_table(text), self._table_offsets(text)
        folded, after = _apply_with_offsets(self._after, folded)
        if after is not None:
            starts = [starts[position] for position in after]
        return folded, starts if before is None else [before[position] for position in starts]

    def _fold_by_table(self, text: str) -> str:
        if text.count(FATHA) * VOCALISED > len(text):
            return text.translate(self._translation)
        text = self._rest.sub(self._replacement, text)
        for character, folded in self._common:
            text = text.replace(character, folded)
        return text

    def _table_offsets(self, text: str) -> list[int]:
        starts: list[int] = []
        behind = 0
        for match in self._resizing.finditer(text):
            position = match.start()
            starts.extend(range(behind, position))
            starts.extend(position for _ in self._mapping[match[0]])
            behind = position + 1
        starts.extend(range(behind, len(text) + 1))
        return starts

    def _replacement(self, match: re.Match[str]) -> str:
        return self._mapping[match[0]]


def _any_hint(rules: Sequence[Respelling]) -> re.Pattern[str]:
    """Return a pattern that matches if any of the rules can match: for a few words one search is faster than many."""
    hints = [rule.hint for rule in rules if rule.hint]
    return re.compile("|".join((*hints, *(re.escape(needed) for rule in rules for needed in rule.needs))))


def _apply(rules: Sequence[_Rule], text: str) -> str:
    for rule in rules:
        if rule.applies_to(text):
            text = rule.sub(text)
    return text


def _apply_with_offsets(rules: Sequence[_Rule], text: str) -> tuple[str, list[int] | None]:
    """Return the changed text and the positions in `text`; None if nothing changed."""
    starts: list[int] | None = None
    for rule in rules:
        if rule.applies_to(text):
            text, changed = rule.sub_with_offsets(text)
            starts = changed if starts is None else [starts[position] for position in changed]
    return text, starts


def _character_set(characters: list[str]) -> str:
    if not characters:
        return r"(?!)"
    return f"[{''.join(re.escape(character) for character in sorted(characters))}]"
