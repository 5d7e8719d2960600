r"""Where words end besides the places Unicode names: read by the Python tokenizer and compiled into Elasticsearch.

The patterns are written so that Java and Python's `regex` read them alike: Java knows a script as `\p{IsArabic}` only,
and both look back a fixed number of characters.
"""

from __future__ import annotations

MAX_TOKEN_LENGTH = 255
"""Longer words are cut into pieces of this length, as Lucene's `standard` tokenizer does."""

GLUE = (
    r"[.:_\u202f]"
    r"(?:(?<=\p{L}\p{IsArabic}[.:])(?=\p{L})"
    r"|(?<=\p{IsArabic}[.:])(?=\p{L}{2})"
    r"|(?<=\p{L}[.:])(?=\p{IsArabic}\p{L})"
    r"|(?<=\p{L}{2}[.:])(?=\p{IsArabic})"
    r"|(?<=\p{IsArabic}_)|(?<=_)(?=\p{IsArabic})"
    r"|(?<=\u202f))"
)
"""What is replaced by a space before a folded text is cut into words: a full stop or colon between letters, one side
Arabic and one side with two letters; an underscore beside an Arabic letter; a narrow no-break space.

The character itself comes first and its surroundings are looked at behind it: in Java that takes a third of the time
of the same alternatives with the character between them, and of the whole analysis it was most."""
