"""How a text is analysed, and how a score is made."""

from typing import TypedDict

from arabic_search_client.answers.searching import ReadQuery


class Token(TypedDict):
    """A token with its offsets in the text, in code points, and its position.

    Attributes:
        text: the token, as the index has it.
        start: where it starts.
        end: where it ends.
        position: its number in the text, from 0.
    """

    text: str
    start: int
    end: int
    position: int


class AnalyzerTokens(TypedDict):
    """The components of an analyzer, and its tokens of a text.

    Attributes:
        char_filter: what changes characters before the text is cut.
        tokenizer: what cuts the text.
        filters: what changes tokens, in this order.
        tokens: the tokens.
    """

    char_filter: str
    tokenizer: str
    filters: list[str]
    tokens: list[Token]


class Analysis(TypedDict):
    """The tokens of a text by analyzer.

    Attributes:
        analyzers: the tokens of each analyzer by its name.
    """

    analyzers: dict[str, AnalyzerTokens]


class Contribution(TypedDict):
    """The part of a score that comes from one or several query words.

    Attributes:
        words: the words of the query, as typed.
        score: what they add to the score.
    """

    words: str
    score: float


class Reason(TypedDict):
    """The part of a score that comes from one tier in one field; null for all searched fields together.

    Attributes:
        tier: the ranking tier.
        field: the field.
        meaning: what the tier scores, in words.
        score: what it adds to the score.
        contributions: the same by words of the query.
    """

    tier: str
    field: str | None
    meaning: str
    score: float
    contributions: list[Contribution]


class ScorePart(TypedDict):
    """The part of a score that comes from one index term.

    Attributes:
        tier: the ranking tier.
        field: the field.
        term: the index term.
        score: what it adds to the score.
    """

    tier: str
    field: str | None
    term: str
    score: float


class Explanation(ReadQuery):
    """The score of one document, by tier and word, and by term.

    Attributes:
        id: the id of the document.
        matches: whether the document matches.
        score: its score.
        reasons: what adds to the score, by tier and field.
        parts: what adds to the score, by index term.
        warnings: what of the query was ignored; empty if all of it applies.
    """

    id: str
    matches: bool
    score: float
    reasons: list[Reason]
    parts: list[ScorePart]
    warnings: list[str]
