r"""Word boundaries beyond UAX #29: used by the Python tokenizer and compiled into Elasticsearch.

Java and Python's `regex` must read the pattern alike. So it lists characters by number: `\p{L}` depends on the version
of Unicode that each knows, and a look-behind in Java counts UTF-16 units, so it misses letters that have two of them.
"""

from __future__ import annotations

MAX_TOKEN_LENGTH = 255
"""UTF-16 units of the longest token. Longer words are split into pieces, as Lucene's `standard` tokenizer does."""

_ARABIC = r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff\u0750-\u077f\u08a0-\u08c8"
"""The Arabic letters of a folded text."""

_LETTER = (
    rf"{_ARABIC}A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
    r"\u0370-\u05ff\u0700-\u074f\u0780-\u07ff\u0900-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufaff"
)
"""Letters. Other scripts are listed by block; the few signs in those blocks do no harm."""

GLUE = (
    r"[.,:;_\u202f]"
    rf"(?:(?<=[{_LETTER}][{_ARABIC}][.:])(?=[{_LETTER}])"
    rf"|(?<=[{_ARABIC}][.:])(?=[{_LETTER}]{{2}})"
    rf"|(?<=[{_LETTER}][.:])(?=[{_ARABIC}][{_LETTER}])"
    rf"|(?<=[{_LETTER}]{{2}}[.:])(?=[{_ARABIC}])"
    rf"|(?<=[{_ARABIC}]_)|(?<=_)(?=[{_ARABIC}])"
    r"|(?<=\u202f)"
    r"|(?<=[0-9];)(?=[0-9])|(?<=[0-9],)(?=[0-9]{3}|[0-9]{1,2}[.,;][0-9])|(?<=[0-9][.,;][0-9]{1,9},)(?=[0-9]))"
)
"""Characters replaced by a space before a folded text is tokenized: a full stop or colon between letters, where one
side is Arabic and one side has two letters; an underscore beside an Arabic letter; a narrow no-break space; a semicolon
between digits, and a comma, unless it is the only one and one or two digits follow it (`3,5`; folding has removed the
commas of thousands).

The pattern matches the character first and checks its surroundings afterwards. In Java that takes a third of the time
of the same alternatives written in reading order, which took most of the time of the whole analysis."""

BORDER = rf"(?<=[{_LETTER}])[0-9]|(?<=[0-9])[{_LETTER}]"
"""A digit after a letter, or a letter after a digit. A space is put before it: they are two words."""
