"""Morphological rules for folded words, applied by the Python filters and compiled into Elasticsearch's.

Java and Python's `re` must read each pattern alike.
"""

from __future__ import annotations

FINAL_HAMZA = r"^(..+)ءا?$"
"""A stem that ends in a hamza, or in a hamza and the alef that is often written after it. It becomes the group."""

_PRONOUN = "(?:هما|هم|هن|كم)"

FURTHER_PREFIX = rf"^(?:ف?(?:[بك]ال|لل)(?=...)|[بلك](?=.{{4,}}{_PRONOUN}$)|ي(?=...(?:وا)?$))"
"""A prefix that light10 leaves and this stemmer removes: preposition and article after a particle (وبالمدارس), a
preposition before a word with a pronoun (بسياراتهم), the present-tense prefix before three letters (يلعبون)."""

FURTHER_SUFFIX = rf"^(?:(...+?)(?:وا|ات|ت){_PRONOUN}?|(....+?){_PRONOUN})$"
"""A stem whose suffix is removed, which leaves the groups: a plural or feminine ending, a pronoun, or both (سياراتهم,
شركته, أعلنت). At least three letters stay. There is no look-behind: in Java it counts a letter beyond the
basic multilingual plane twice."""

PARTICLES = ("و", "ف", "ب", "ك", "ل", "وب", "ول", "ال", "وال", "فال", "بال", "كال", "لل", "وبال", "ولل")
"""Conjunctions, prepositions and the article. A protected word keeps its stem after any of them."""

ARTICLE = "ال"
"""The definite article. Completion ignores it: مدر completes المدرسة."""

COMPOUND = r"([وفبلك]?عبد)(ال..+)|([وفبلك]?اب[واي])(...+)|(..+)(الله|الدين)"
"""A whole word that is also written as two words, the groups: names such as عبد الله, أبو ظبي and نور الدين. Newspapers
write either form about as often."""

GRAM_LENGTH = 4
"""Characters of an n-gram. 4-grams of `_word_` were best on headlines and questions."""

GRAM_EDGE = "_"
"""Marks the edges of a word, so that a gram at its beginning differs from the same letters inside."""

LEAD_ENDS = (48, 24, 12)
"""Ends of the beginnings of a text, in lemmas, that form its lead, which says what the text is about. The shorter ones
are part of the longer, so the first lemmas have a frequency of 3. They are some 40, 20 and 10 words (ADR 5)."""

MAX_PREFIX_LENGTH = 20
"""Letters of the longest prefix that is completed. Nobody types more before choosing."""
