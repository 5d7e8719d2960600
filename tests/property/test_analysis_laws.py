"""The laws of the analysis, on random texts."""

from __future__ import annotations

import regex
from hypothesis import assume, example, given
from hypothesis import strategies as st

from index_config.morphology import GRAM_LENGTH
from index_config.segmentation import BORDER, GLUE, MAX_TOKEN_LENGTH
from search_service.analysis import tokenizer
from search_service.analysis.filters import LightStemmer, grams, lower
from search_service.analysis.index_terms import TermCache
from search_service.analysis.lemmas import NAME
from search_service.analysis.unicode_sets import NEWER
from search_service.query.parser import parse_query, without_quotes
from tests.property.texts import ANALYSIS, WHITE_SPACE, texts
from tests.queries import understand

FOLDING = ANALYSIS.char_filter
TABLE = str.maketrans(dict(ANALYSIS.mapping))
CACHE = TermCache(ANALYSIS)
SMALL_CACHE = TermCache(ANALYSIS, entries=3)
FULL_RULE = regex.compile(f"(?V1){tokenizer.WORD}")

words = st.text(st.sampled_from("اوبكفلنتهيءمسد1.a"), max_size=9)


def by_the_full_rule(folded: str) -> list[tuple[int, int]]:
    """Return the spans by the patterns alone; words must not be longer than a token may be."""
    parted = regex.sub(BORDER, "\\ue000\\g<0>", regex.sub(GLUE, " ", folded))  # a private character instead of a space
    spans = [match.span() for match in FULL_RULE.finditer(regex.sub(NEWER, " ", parted.replace("\ue000", " ")))]
    return [(start - parted[:start].count("\ue000"), end - parted[:end].count("\ue000")) for start, end in spans]


@given(texts)
def test_the_three_folding_methods_agree(text: str) -> None:
    folded, _ = FOLDING.fold_with_offsets(text)
    assert FOLDING.fold(text) == FOLDING.fold_short(text) == folded


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert FOLDING.fold(FOLDING.fold(text)) == FOLDING.fold(text)


@given(texts)
def test_offsets_are_in_bounds_and_in_order(text: str) -> None:
    folded, starts = FOLDING.fold_with_offsets(text)
    assert len(starts) == len(folded) + 1
    assert starts[-1] == len(text)
    assert starts == sorted(starts)
    assert starts[0] >= 0


@given(texts.filter(lambda text: FOLDING.fold(text) == text.translate(TABLE)))
def test_folding_the_text_before_an_offset_gives_the_folded_text_before_its_position(text: str) -> None:
    folded, starts = FOLDING.fold_with_offsets(text)
    for position, start in enumerate(starts):
        before = text[:start].translate(TABLE)
        expanded = start < len(text) and len(FOLDING.fold(text[start])) > 1
        assert folded.startswith(before)
        assert len(before) == position or (expanded and len(before) < position)


@given(texts)
def test_spans_are_in_order_and_do_not_overlap(text: str) -> None:
    previous_end = 0
    for start, end in tokenizer.spans(text):
        assert previous_end <= start < end <= len(text)
        assert end - start <= MAX_TOKEN_LENGTH
        previous_end = end


@given(texts)
def test_the_fast_paths_agree_with_the_full_rule(text: str) -> None:
    folded = FOLDING.fold(text)
    assert list(tokenizer.spans(folded)) == by_the_full_rule(folded)


@given(st.text(st.sampled_from("ابت\u0620\u063b\u063f\u064aaZ09.")))
def test_an_arabic_word_is_one_word(text: str) -> None:
    if tokenizer.is_arabic_word(text):
        assert by_the_full_rule(text) == [(0, len(text))]


@given(texts)
def test_white_space_ends_every_word(text: str) -> None:
    for start, end in tokenizer.spans(text):
        assert not set(text[start:end]) & set(WHITE_SPACE)


@given(texts, st.sampled_from(WHITE_SPACE), texts)
def test_words_on_both_sides_of_white_space_are_independent(left: str, space: str, right: str) -> None:
    offset = len(left) + 1
    separate = [
        *tokenizer.spans(left),
        *((start + offset, end + offset) for start, end in tokenizer.spans(right)),
    ]
    assert list(tokenizer.spans(left + space + right)) == separate


QURANIC_SIGNS = frozenset("\u0654\u0670\u06e5\u06e6\u06e7")
"""Signs that the Quran's own spelling has for letters. Their neighbours decide which, and a slice may lack these."""


@given(texts)
def test_the_slice_of_a_token_folds_to_its_text(text: str) -> None:
    assume(QURANIC_SIGNS.isdisjoint(text))
    for token in ANALYSIS.tokens("exact", text):
        # The words of a sign such as ﷺ stand before it.
        if token.start < token.end:
            assert lower(FOLDING.fold(text[token.start : token.end])) == token.text


@given(texts)
def test_tokens_are_in_order_and_do_not_overlap(text: str) -> None:
    previous_end = 0
    for position, token in enumerate(ANALYSIS.words(text)):
        assert previous_end <= token.start <= token.end <= len(text)
        assert token.start < token.end or FOLDING.fold(text[token.start]).count(" ") > 1
        assert token.position == position
        previous_end = token.end


@given(texts)
def test_exact_words_are_the_tokens_of_the_exact_analyzer(text: str) -> None:
    assert ANALYSIS.exact_words(text) == [token.text for token in ANALYSIS.tokens("exact", text)]


@given(texts)
@example('"צה"ל" «ז\'»')
@example("10\u202f000 a\u200bb \u0301.a.\u0301 #\ufe0f\u20e3")
def test_index_terms_are_the_terms_of_the_analyzers(text: str) -> None:
    def by(analyzer: str) -> list[str]:
        return [token.text for token in ANALYSIS.tokens(analyzer, text)]

    for cache in (CACHE, SMALL_CACHE):
        terms = cache.of(text)
        assert terms["exact"].split() == by("exact")
        assert terms["lemma"].split() == by("lemma")
        assert sorted(terms["ngram"].split()) == sorted(by("ngram"))
        assert list(dict.fromkeys(cache.suggest(text)["prefix"].split())) == list(dict.fromkeys(by("prefix")))


@given(texts)
def test_no_token_holds_white_space(text: str) -> None:
    # The index terms of a text are joined by spaces and split at white space.
    for analyzer in ("exact", "lemma", "stem", "ngram", "prefix"):
        assert [t.text for t in ANALYSIS.tokens(analyzer, text) if t.text.split() != [t.text]] == []


@given(texts)
def test_lowering_keeps_every_letter(text: str) -> None:
    assert len(lower(text)) == len(text)
    assert lower(lower(text)) == lower(text)


@given(words)
def test_a_stem_is_a_part_of_its_word(word: str) -> None:
    assert LightStemmer().stem(word) in word


@given(words.filter(bool))
def test_no_word_is_stemmed_to_nothing(word: str) -> None:
    assert LightStemmer().stem(word)


@given(words.filter(bool))
def test_grams_cover_the_word(word: str) -> None:
    found = grams(word)
    assert all(len(gram) == GRAM_LENGTH for gram in found)
    assert found[0] + "".join(gram[-1] for gram in found[1:]) == f"_{word}_" + "_" * (len(word) == 1)


@given(texts)
def test_every_word_of_a_query_is_unquoted_or_in_a_phrase_or_condition(text: str) -> None:
    query = understand(text, ANALYSIS)
    quoted = {word for phrase in query.phrases for word in phrase}
    conditions = {word.exact for condition in query.conditions for word in condition.terms}
    assert {word.exact for word in query.words} == {word.exact for word in query.unquoted} | quoted | conditions
    assert without_quotes(query).words == query.words
    assert without_quotes(query).conditions == query.conditions


@given(texts.filter(lambda text: not set(text) & set('"“”„‟«»')))
def test_a_query_without_operators_and_quotation_marks_has_the_words_of_a_text(text: str) -> None:
    query = understand(text, ANALYSIS)
    assume(not query.conditions and not any(word.is_apart for word in query.words))
    assert [word.exact for word in query.unquoted] == [token.text for token in ANALYSIS.tokens("exact", text)]
    lemmas = [lemma for word in parse_query(text, ANALYSIS).words for lemma in word.lemmas]
    assert lemmas == [token.text for token in ANALYSIS.tokens("lemma", text) if not token.text.endswith(NAME)]
    assert [word.surface for word in query.words] == [
        text[t.start : t.end] or text[t.start] for t in ANALYSIS.words(text)
    ]
