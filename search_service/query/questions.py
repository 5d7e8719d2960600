"""Recognises questions, which are ranked and matched otherwise than titles and single words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from search_service.query.query import Query

QUESTION_MARKS = ("؟", "?")

MIN_WORDS = 4
"""Words of the shortest query that a question mark makes a question. After fewer words it is a habit of typing:
درجات الحرارة؟ finds what درجات الحرارة finds."""

CONJUNCTIONS = ("و", "ف")
"""Conjunctions that are written together with the first word of a question."""


def is_question(query: Query, beginnings: AbstractSet[tuple[str, ...]]) -> bool:
    """Return whether a query is a question: it begins as questions do, or has some words and a question mark.

    Args:
        query: a parsed query.
        beginnings: the folded words that a question begins with (`QueryResources.question_words`).

    >>> from index_config.table import load_table
    >>> from search_service.analysis.analyzer import Analysis
    >>> from search_service.query.parser import parse_query
    >>> texts = "من هو مؤسس بغداد", "من القاهرة إلى بغداد", "اسم الخليفة مؤسس بغداد؟", "مؤسس بغداد؟"
    >>> queries = [parse_query(text, Analysis(load_table().mapping)) for text in texts]
    >>> [is_question(query, {("من", "هو")}) for query in queries]
    [True, False, True, False]
    """
    words = [word.exact for word in query.words]
    if len(words) >= MIN_WORDS and query.text.rstrip().endswith(QUESTION_MARKS):
        return True
    longest = min(max(map(len, beginnings), default=0), len(words) - 1)  # something is asked for after the beginning
    return any(
        (first, *words[1:length]) in beginnings for first in _first_words(words) for length in range(1, longest + 1)
    )


def _first_words(words: Sequence[str]) -> Iterator[str]:
    """Yield the first word, and what is left of it without a conjunction."""
    if words:
        yield words[0]
        if words[0].startswith(CONJUNCTIONS):
            yield words[0][1:]
