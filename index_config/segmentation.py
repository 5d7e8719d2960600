r"""Where words end besides the places Unicode names: read by the Python tokenizer and compiled into Elasticsearch.

Java and Python's `regex` must read the pattern alike. So it names characters by their numbers: `\p{L}` changes with the
version of Unicode that either knows, and Java looks back by UTF-16 units, past which it does not see a letter of two.
"""

from __future__ import annotations

MAX_TOKEN_LENGTH = 255
"""Longer words are cut into pieces of this length, in UTF-16 units, as Lucene's `standard` tokenizer does."""

_ARABIC = r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff\u0750-\u077f\u08a0-\u08c8"
"""The Arabic letters of a folded text."""

_LETTER = (
    rf"{_ARABIC}A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
    r"\u0370-\u05ff\u0700-\u074f\u0780-\u07ff\u0900-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufaff"
)
"""Letters, those of other scripts by their blocks: the few signs among them do no harm."""

GLUE = (
    r"[.:_\u202f]"
    rf"(?:(?<=[{_LETTER}][{_ARABIC}][.:])(?=[{_LETTER}])"
    rf"|(?<=[{_ARABIC}][.:])(?=[{_LETTER}]{{2}})"
    rf"|(?<=[{_LETTER}][.:])(?=[{_ARABIC}][{_LETTER}])"
    rf"|(?<=[{_LETTER}]{{2}}[.:])(?=[{_ARABIC}])"
    rf"|(?<=[{_ARABIC}]_)|(?<=_)(?=[{_ARABIC}])"
    r"|(?<=\u202f))"
)
"""What is replaced by a space before a folded text is cut into words: a full stop or colon between letters, one side
Arabic and one side with two letters; an underscore beside an Arabic letter; a narrow no-break space.

The character itself comes first and its surroundings are looked at behind it: in Java that takes a third of the time
of the same alternatives with the character between them, and of the whole analysis it was most."""
