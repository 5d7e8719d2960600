"""How documents write a folded word, the same for every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from search_service.analysis.analyzer import Analysis
from search_service.core.deadline import check_deadline
from search_service.core.document import SourceFields, values_of
from search_service.highlight.matcher import Matcher
from search_service.query.clauses import Phrase
from search_service.query.query import Query

SAMPLE = 5
"""Documents with the first ids, and as many with the last ids, that are read for a word. Documents of one source often
have similar ids and one spelling: of 1,000 words, each 60 times in news, the first 10 documents give the form of all
29,904 for 970, the first 20 for 980, the first and last 5 for 992, the first and last 10 for 996."""

MAX_TEXT_LENGTH_READ = 100_000
"""Code points of a text that are read, unless none of the texts has the word there."""


def commonest_form(word: str, sources: Iterable[SourceFields], fields: Sequence[str], analysis: Analysis) -> str | None:
    """Return the form that some documents most often write a folded word in; None if none has it.

    >>> from index_config.table import load_table
    >>> sources = [{"title": "أسعار النفط"}, {"title": "الأسعار اسعار"}, {"title": "أسعار"}]
    >>> commonest_form("اسعار", sources, ["title"], Analysis(load_table().mapping))
    'أسعار'
    """
    matcher = Matcher(Query(word, (Phrase((word,)),)), analysis)
    texts = [text for source in sources for field in fields for text in values_of(source, field)]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_forms(text[:MAX_TEXT_LENGTH_READ], matcher))
    if not counts:
        long = (text for text in texts if len(text) > MAX_TEXT_LENGTH_READ)
        counts = next((found for text in long if (found := Counter(_forms(text, matcher)))), counts)
    return min(counts, key=lambda form: (-counts[form], form)) if counts else None


def _forms(text: str, matcher: Matcher) -> list[str]:
    check_deadline()
    return [text[mark.start : mark.end] for mark in matcher.find_marks(text)]
