"""Rules for folded words that both engines apply: read by the Python filters and compiled into Elasticsearch's.

The patterns are written so that Java and Python's `re` read them alike.
"""

from __future__ import annotations

NUMBER_IN_WORD = r"(?:[\u0620-\u064a]{1,3})?([0-9]+(?:[.,][0-9]+)*)[\u0620-\u064a]*"
"""A whole word that is a number written together with letters (2015م, ب17.5): its stem is the number, the group."""

FINAL_HAMZA = r"^(..+)ءا?$"
"""A stem that loses its end and becomes the group: the hamza, and the alef that is often written after it."""

_PRONOUN = "(?:هما|هم|هن|كم)"

FURTHER_PREFIX = rf"^(?:ف?(?:[بك]ال|لل)(?=...)|[بلك](?=.{{4,}}{_PRONOUN}$)|ي(?=...(?:وا)?$))"
"""What a light stem still begins with, and loses: a preposition and the article behind another particle (وبالمدارس), a
preposition before a word with a pronoun (بسياراتهم), the sign of the present tense before three letters (يلعبون)."""

FURTHER_SUFFIX = rf"^(?:(...+?)(?:وا|ات|ت){_PRONOUN}?|(....+?){_PRONOUN})$"
"""A stem that loses its end and becomes its groups: a pronoun, and before it or alone the endings of plurals and of
feminine words and verbs (سياراتهم, شركته, أعلنت). At least three letters stay. It looks not behind, for there Java
counts a letter beyond the basic plane twice."""

PARTICLES = ("و", "ف", "ب", "ك", "ل", "وب", "ول", "ال", "وال", "فال", "بال", "كال", "لل", "وبال", "ولل")
"""What stands before a protected word and leaves its stem as it is: conjunction, preposition, article."""

ARTICLE = "ال"
"""What the beginnings of words are completed without: مدر completes المدرسة."""

COMPOUND = r"([وفبلك]?عبد)(ال..+)|([وفبلك]?اب[واي])(...+)|(..+)(الله|الدين)"
"""A whole word that is also written as two, the groups: names such as عبد الله, أبو ظبي and نور الدين. Newspapers write
either about as often."""

GRAM_LENGTH = 4
"""Characters of an n-gram. 4-grams of the word between underscores were best on headlines and questions."""

GRAM_EDGE = "_"
"""Marks the edges of a word, so that a gram at the beginning differs from the same letters inside."""

LEAD_WORDS = 40
"""Words at the beginning of a text that count as its lead: they say what it is about. Of 20, 40, 60, 100 and 200 words,
20 to 60 were best, on headlines, questions and quotations alike (ADR 5)."""

MAX_PREFIX_LENGTH = 20
"""Longer beginnings of words are not completed: nobody types as much before choosing."""
