r"""Character sets for the tokenizer's patterns, as of Unicode 12.1, the version that Lucene uses.

`regex` uses a later version. These sets undo what changed since for the characters of Unicode 12.1; later characters
are in `NEWER`. The sets need `regex`'s V1 behaviour.
"""

from __future__ import annotations

FORMAT = r"[\p{WB=Format}\u0600-\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd]"
EXTENDING = rf"[{FORMAT}\p{{WB=Extend}}\p{{WB=ZWJ}}]"
"""Characters that extend the character before them."""

LETTER = r"[[\p{WB=ALetter}\p{WB=Hebrew_Letter}]--[\u00b8\u02e5-\u02eb\u055a\u058a\u070f\ua708-\ua716]]"
NUMERIC = r"[\p{WB=Numeric}--[\u0600-\u0605\u06dd\u08e2\u19da\U000110bd\U000110cd\U0001fbf0-\U0001fbf9]]"
MID_LETTER = r"[[\p{WB=MidLetter}\p{WB=MidNumLet}\p{WB=Single_Quote}]--\u055f]"
MID_NUMBER = r"[\p{WB=MidNum}\p{WB=MidNumLet}\p{WB=Single_Quote}\ufe10\ufe14]"
COMPLEX = r"[\p{Line_Break=SA}\u19da]"
"""Letters and vowel signs of the scripts without spaces between words (Thai, Lao, Khmer, Burmese)."""

IDEOGRAPH = r"[[\p{Han}\p{Hiragana}]--\U00016fe2]"

PICTOGRAPH = (
    "["
    r"\u00a9\u00ae\u203c\u2049\u2122\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u2388\u23cf\u23e9-\u23f3"
    r"\u23f8-\u23fa\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2605\u2607-\u2612\u2614-\u2685"
    r"\u2690-\u2705\u2708-\u2712\u2714\u2716\u271d\u2721\u2728\u2733-\u2734\u2744\u2747\u274c\u274e"
    r"\u2753-\u2755\u2757\u2763-\u2767\u2795-\u2797\u27a1\u27b0\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c"
    r"\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f12f"
    r"\U0001f16c-\U0001f171\U0001f17e-\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f1ad-\U0001f1e5"
    r"\U0001f201-\U0001f20f\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f23c-\U0001f23f\U0001f249-\U0001f3fa"
    r"\U0001f400-\U0001f53d\U0001f546-\U0001f64f\U0001f680-\U0001f6ff\U0001f774-\U0001f77f"
    r"\U0001f7d5-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f\U0001f85a-\U0001f85f"
    r"\U0001f888-\U0001f88f\U0001f8ae-\U0001f8ff\U0001f90c-\U0001f93a\U0001f93c-\U0001f945"
    r"\U0001f947-\U0001fffd"
    "]"
)
"""Extended_Pictographic of Unicode 12.1 without the skin tones. Later versions removed some signs, such as ★."""

NEWER = (
    "["
    r"\u0557-\u0558\u058b-\u058c\u05c8-\u05cf\u086b-\u089f\u08b5\u08be-\u08d2\u0b4e-\u0b55\u0c3a-\u0c3c"
    r"\u0c5b-\u0c5f\u0cd7-\u0cdd\u0cf3-\u0cff\u0d04\u0d80-\u0d81\u0e5c-\u0e80\u0ece-\u0ecf\u0ee0-\u0eff"
    r"\u0fdb-\u0fff\u170d\u1715-\u171f\u180f\u1abf-\u1aff\u1b4c-\u1b4f\u1c89-\u1c8f\u1dfa\u208f\u209d-\u209f"
    r"\u2427-\u245f\u2c2f\u2c5f\u2e50-\u2e7f\u2fd6-\u2fef\u31bb-\u31bf\u4db6-\u4dbf\u9ff0-\u9fff\ua62c-\ua63f"
    r"\ua7c0-\ua7c1\ua7c7-\ua7f6\ua82c-\ua82f\uaac3-\uaada\uab68-\uab6f\ufada-\ufaff\ufbc2-\ufbd2\ufdc8-\ufdef"
    r"\U0001005e-\U0001007f\U000101a1-\U000101cf\U000101fe-\U0001027f\U000103d6-\U000103ff\U00010570-\U000105ff"
    r"\U00010768-\U000107ff\U000108b0-\U000108df\U00010940-\U0001097f\U00010aa0-\U00010abf\U00010bb0-\U00010bff"
    r"\U00010c49-\U00010c7f\U00010d3a-\U00010eff\U00010f5a-\U00010fdf\U00011070-\U0001107e\U000110c2-\U000110cc"
    r"\U00011147-\U0001114f\U000111ce-\U000111cf\U0001123f-\U0001127f\U00011375-\U000113ff\U00011460-\U0001147f"
    r"\U000114da-\U0001157f\U000115de-\U000115ff\U0001166d-\U0001167f\U000116ca-\U000116ff\U00011740-\U000117ff"
    r"\U0001183c-\U0001189f\U00011900-\U0001199f\U000119e5-\U000119ff\U00011aa3-\U00011abf\U00011af9-\U00011bff"
    r"\U00011cb7-\U00011cff\U00011daa-\U00011edf\U00011ef9-\U00011fbf\U0001239a-\U000123ff\U0001246f-\U0001247f"
    r"\U00012544-\U00012fff\U0001342f\U00013439-\U000143ff\U00014647-\U000167ff\U00016a70-\U00016acf"
    r"\U00016b90-\U00016e3f\U00016e9b-\U00016eff\U00016fa0-\U00016fdf\U00016fe4-\U0001afff\U0001b11f-\U0001b14f"
    r"\U0001b153-\U0001b163\U0001b168-\U0001bbff\U0001bca4-\U0001d128\U0001d1e9-\U0001d1ff\U0001d246-\U0001d3ff"
    r"\U0001d6a6-\U0001d6a7\U0001dab0-\U0001dfff\U0001e02b-\U0001e0ff\U0001e150-\U0001e2bf\U0001e300-\U0001e7ff"
    r"\U0001e8d7-\U0001e8ff\U0001e960-\U0001edff\U0001eebc-\U0001efff\U0002a6d7-\U0002a6ff\U0002b735-\U0002b73f"
    r"\U0002b81e-\U0002b81f\U0002cea2-\U0002ceaf\U0002ebe1-\U0002f7ff\U0002fa1e-\U000e0000\U000e0002-\U000e001f"
    r"\U000e0080-\U000e00ff\U000e01f0-\U000effff"
    "]"
)
"""Code points unassigned in Unicode 12.1 that have become word characters since, or that lie in a gap of at least
sixteen. The set also covers signs between two such gaps, which belong to no word, because that makes it shorter."""
