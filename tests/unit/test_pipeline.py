"""The steps of query understanding: what each does, and that each can be switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from index_config.schema import UNDERSTANDING_STEPS
from search_service.analysis.analyzer import Analysis
from search_service.query.clauses import ExpansionKind
from search_service.query.parser import parse_query
from search_service.query.resources import packaged_resources
from search_service.query.understanding.context import Context, Correction
from search_service.query.understanding.pipeline import STEPS, UnderstoodQuery, understand_query

WRITTEN = {"المنتخب": "المُنتخب", "مجلس": "مجلس", "الامن": "الأمن", "طفل": "طفل", "اسره": "أسرة"}
"""The folded words of an index, each as its documents spell it."""


class IndexedWords:
    """The lookups of an index of some words; `lookups` records them."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self.lookups: list[str] = []

    def document_frequencies(self, terms: Sequence[str], form: str) -> Mapping[str, int]:
        self.lookups.append(form)
        lemmas = {lemma for word in WRITTEN for lemma in self._analysis.lemmatizer.terms(word)}
        known = {"exact": WRITTEN, "shingle": ("مجلس الامن",), "lemma": lemmas}[form]
        return {term: 5 for term in terms if term in known}

    def written_forms(self, words: Sequence[str]) -> Mapping[str, str]:
        self.lookups.append("written")
        return {word: WRITTEN[word] for word in words if word in WRITTEN}

    def understand(self, text: str, steps: Sequence[str] = UNDERSTANDING_STEPS) -> UnderstoodQuery:
        resources = packaged_resources(self._analysis).get()
        context = Context(self._analysis, resources, self.document_frequencies, self.written_forms, lambda: 5)
        return understand_query(parse_query(text, self._analysis, resources.stopwords), context, steps)


@pytest.fixture
def words(analysis: Analysis) -> IndexedWords:
    return IndexedWords(analysis)


def test_every_step_can_be_named_in_a_schema() -> None:
    assert tuple(STEPS) == UNDERSTANDING_STEPS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("أسرة", ExpansionKind.BROKEN_PLURAL),
        ("لاكنه", ExpansionKind.MISSPELLING),
        ("عبد الله", ExpansionKind.COMPOUND),
    ],
)
def test_each_expansion_has_its_kind(text: str, kind: ExpansionKind, words: IndexedWords) -> None:
    steps = [name for name in STEPS if name != "spelling"]
    found = [expansion.kind for word in words.understand(text, steps).query.words for expansion in word.expansions]
    assert kind in found
    others = [name for name in steps if name != ("compounds" if kind is ExpansionKind.COMPOUND else "expansions")]
    assert not any(
        expansion.kind is kind for word in words.understand(text, others).query.words for expansion in word.expansions
    )


def test_a_compound_has_its_parts(words: IndexedWords) -> None:
    [word] = words.understand("عبدالله", ["compounds"]).query.words
    assert word.compound_parts == ("عبد", "الله")
    [word] = words.understand("عبدالله", []).query.words
    assert word.compound_parts == ()


def test_a_correction_has_the_spelling_of_the_documents(words: IndexedWords) -> None:
    understood = words.understand("المنختب")
    assert understood.corrections == (Correction("المنختب", ("المُنتخب",), "spelling"),)
    assert [word.exact for word in understood.query.words] == ["المنتخب"]


def test_a_correction_to_two_words_has_the_spelling_of_the_documents(words: IndexedWords) -> None:
    assert words.understand("مجلسالامن").corrections == (Correction("مجلسالامن", ("مجلس الأمن",)),)


def test_without_the_spelling_step_no_candidates_are_read(words: IndexedWords) -> None:
    understood = words.understand("المنختب", ["expansions", "compounds"])
    assert (understood.corrections, words.lookups) == ((), ["exact", "lemma"])


def test_words_that_no_document_has_are_named_as_typed(words: IndexedWords) -> None:
    understood = words.understand("المُنختب في المنتخب القدس 2018 المنختب")
    assert understood.absent_words == ("المُنختب", "في", "القدس", "2018")
    assert [one.word for one in understood.corrections] == ["المُنختب"]
    assert understood.unmatched_words == ("في", "القدس", "2018"), "a corrected word is not among them"
    assert words.understand("المنختب القدس", []).unmatched_words == ("المنختب", "القدس")


def test_written_forms_are_read_only_for_corrections(words: IndexedWords) -> None:
    words.understand("المنتخب")
    assert words.lookups == ["exact"]


def test_a_corrected_word_has_the_expansions_of_the_other_steps(words: IndexedWords) -> None:
    [corrected] = words.understand("اسررة").query.words
    assert (corrected.exact, corrected.expansions[0].kind) == ("اسره", ExpansionKind.BROKEN_PLURAL)
    [corrected] = words.understand("اسررة", ["spelling"]).query.words
    assert (corrected.exact, [one.kind for one in corrected.expansions]) == ("اسره", [ExpansionKind.CORRECTION])


def test_a_phrase_matches_the_typed_words_and_scores_the_corrected_ones(words: IndexedWords) -> None:
    understood = words.understand('"المنختب طفل"')
    assert understood.query.phrases == (("المنختب", "طفل"),)
    assert [word.exact for word in understood.query.words] == ["المنتخب", "طفل"]


def test_words_on_both_sides_of_a_phrase_make_no_compound(words: IndexedWords) -> None:
    query = words.understand('عبد "مجلس الأمن" الله', ["compounds"]).query
    assert all(not word.expansions for word in query.unquoted)


def test_a_stop_word_has_no_expansions(words: IndexedWords) -> None:
    [word] = words.understand("هؤلاء", ["expansions"]).query.words
    assert (word.is_content, word.expansions) == (False, ())
