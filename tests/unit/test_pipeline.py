"""The steps of understanding a query: what each does, and that it can be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from index_config.schema import UNDERSTANDING_STEPS
from search_service.analysis.analyzer import Analysis
from search_service.query.parser import parse_query
from search_service.query.resources import packaged_resources
from search_service.query.tree import ExpansionKind
from search_service.query.understanding.context import Context, Correction
from search_service.query.understanding.pipeline import STEPS, UnderstoodQuery, understand_query

WRITTEN = {"المنتخب": "المُنتخب", "مجلس": "مجلس", "الامن": "الأمن", "طفل": "طفل"}
"""The words of an index, and how it writes them."""


class Words:
    """An index of some words, and what was asked of it."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._stems = {analysis.stemmer.stem(word) for word in WRITTEN}
        self.asked: list[str] = []

    def document_frequencies(self, terms: Sequence[str], form: str) -> Mapping[str, int]:
        self.asked.append(form)
        known = WRITTEN if form == "exact" else self._stems
        return {term: 5 for term in terms if term in known}

    def written_forms(self, words: Sequence[str]) -> Mapping[str, str]:
        self.asked.append("written")
        return {word: WRITTEN[word] for word in words if word in WRITTEN}

    def understand(self, text: str, steps: Sequence[str] = UNDERSTANDING_STEPS) -> UnderstoodQuery:
        resources = packaged_resources(self._analysis).get()
        context = Context(self._analysis, resources, self.document_frequencies, self.written_forms)
        return understand_query(parse_query(text, self._analysis, resources.stopwords), context, steps)


@pytest.fixture
def words(analysis: Analysis) -> Words:
    return Words(analysis)


def test_the_steps_are_those_that_a_schema_can_name() -> None:
    assert tuple(STEPS) == UNDERSTANDING_STEPS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("طفل", ExpansionKind.BROKEN_PLURAL),
        ("مسؤول", ExpansionKind.HAMZA_SEAT),
        ("لاكنه", ExpansionKind.MISSPELLING),
        ("عبد الله", ExpansionKind.COMPOUND),
    ],
)
def test_each_expansion_has_its_kind(text: str, kind: ExpansionKind, words: Words) -> None:
    steps = [name for name in STEPS if name != "spelling"]
    found = [expansion.kind for word in words.understand(text, steps).query.words for expansion in word.expansions]
    assert kind in found
    others = [name for name in steps if name != ("compounds" if kind is ExpansionKind.COMPOUND else "expansions")]
    assert not any(
        expansion.kind is kind for word in words.understand(text, others).query.words for expansion in word.expansions
    )


def test_a_compound_finds_its_parts(words: Words) -> None:
    [word] = words.understand("عبدالله", ["compounds"]).query.words
    assert word.compound_parts == ("عبد", "الله")
    [word] = words.understand("عبدالله", []).query.words
    assert word.compound_parts == ()


def test_a_correction_is_evidence_in_the_spelling_of_documents(words: Words) -> None:
    understood = words.understand("المنختب")
    assert understood.corrections == (Correction("المنختب", ("المُنتخب",), "spelling"),)
    assert [word.exact for word in understood.query.words] == ["المنتخب"]


def test_both_words_of_a_correction_are_spelt_as_documents_do(words: Words) -> None:
    assert words.understand("مجلسالامن").corrections == (Correction("مجلسالامن", ("مجلس الأمن",)),)


def test_without_spelling_nothing_is_looked_up(words: Words) -> None:
    understood = words.understand("المنختب", ["expansions", "compounds"])
    assert (understood.corrections, words.asked) == ((), [])


def test_what_documents_write_is_looked_up_only_for_corrections(words: Words) -> None:
    words.understand("المنتخب")
    assert words.asked == ["exact"]


def test_a_word_that_is_put_in_has_the_expansions_of_the_steps(words: Words) -> None:
    [corrected] = words.understand("طففل").query.words
    assert (corrected.exact, corrected.expansions[0].kind) == ("طفل", ExpansionKind.BROKEN_PLURAL)
    [corrected] = words.understand("طففل", ["spelling"]).query.words
    assert (corrected.exact, corrected.expansions) == ("طفل", ())


def test_a_phrase_matches_what_was_typed_and_scores_what_was_meant(words: Words) -> None:
    understood = words.understand('"المنختب طفل"')
    assert understood.query.phrases == (("المنختب", "طفل"),)
    assert [word.exact for word in understood.query.words] == ["المنتخب", "طفل"]


def test_words_on_both_sides_of_a_phrase_are_not_joined(words: Words) -> None:
    query = words.understand('عبد "مجلس الأمن" الله', ["compounds"]).query
    assert all(not word.expansions for word in query.unquoted)


def test_a_stop_word_has_no_expansions(words: Words) -> None:
    [word] = words.understand("هؤلاء", ["expansions"]).query.words
    assert (word.is_content, word.expansions) == (False, ())
