"""The lemmas of words: which forms belong together, and which do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_config.table import load_table
from index_config.word_forms import load_word_forms
from index_config.word_lists import default_names
from search_service.analysis.analyzer import Analysis
from search_service.analysis.lemmas import NAME, Lemmatizer
from search_service.engines.factory import make_analysis

ANALYSIS = make_analysis()
LEMMATIZER = ANALYSIS.lemmatizer


def share_a_lemma(one: str, other: str) -> bool:
    first, second = (LEMMATIZER.terms(ANALYSIS.fold(word)) for word in (one, other))
    return not set(first).isdisjoint(second)


FORMS = {
    "دمج": ["بدمج"],
    "عام": ["لعام", "عاما"],
    "مدرسة": ["ولمدرسة", "مدرستنا", "المدرستين", "مدارسهم"],
    "طفل": ["فأطفالهم", "الأطفال"],
    "صحفي": ["صحفيا"],
    "قرار": ["قرارا", "قرارات"],
    "شيء": ["شيئا", "شئ"],
    "قاضي": ["قاضيا", "القضاة"],
    "بحث": ["نبحث", "تبحث", "أبحث", "سيبحث", "بحثنا", "يبحثن"],
    "قال": ["يقول", "تقول", "قلت", "وقالوا", "سيقولون"],
    "كتاب": ["كتابك", "كتب"],
    "أرض": ["أرضهم"],
    "لجنة": ["لجان", "اللجنتان"],
    "امرأة": ["المرأة", "وامرأته"],
    "دعم": ["بدعم"],
    "كبير": ["كبيرا", "الكبيرة"],
    "سيارة": ["السيارتين", "بسياراتهم"],
}


@pytest.mark.parametrize(("word", "form"), [(word, form) for word, forms in FORMS.items() for form in forms])
def test_a_word_and_its_form_share_a_lemma(word: str, form: str) -> None:
    assert share_a_lemma(word, form)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("مكة", "مكان"), ("امرأة", "أمر"), ("امرأة", "أمير"), ("علماء", "علما"), ("خبراء", "خبرا"),
        ("جامع", "جامعة"), ("مدرس", "مدرسة"), ("علم", "عالم"),
    ],
)  # fmt: skip
def test_words_that_share_letters_only_share_no_lemma(word: str, other: str) -> None:
    assert not share_a_lemma(word, other)


@pytest.mark.parametrize(
    ("word", "name"),
    [("طالبان", "طالبان"), ("لطالبان", "طالبان"), ("بمكة", "مكة"), ("وبالعراق", "العراق"), ("للسودان", "السودان")],
)
def test_a_name_is_known_behind_particles(word: str, name: str) -> None:
    assert LEMMATIZER.name(ANALYSIS.fold(word)) == ANALYSIS.fold(name)
    assert LEMMATIZER.index_terms(ANALYSIS.fold(word))[-1] == ANALYSIS.fold(name) + NAME


@pytest.mark.parametrize("word", ["مكان", "لغات", "طالب"])
def test_a_word_is_no_name(word: str) -> None:
    assert LEMMATIZER.name(ANALYSIS.fold(word)) == ""


def test_an_unknown_word_has_its_light_stem() -> None:
    assert LEMMATIZER.terms("والزغطيط") == ("~زغطيط",)


def test_the_lexicon_and_the_names_are_folded(analysis: Analysis) -> None:
    assert not [form for form in load_word_forms() if analysis.fold(form) != form]
    assert not [name for name in default_names(load_table()) if analysis.fold(name) != name]


known = st.sampled_from(sorted(load_word_forms()))
particles = st.sampled_from(["", "و", "ف", "ب", "ل", "ال", "وال", "بال", "لل", "س"])
endings = st.sampled_from(["", "ه", "ها", "هم", "نا", "ات", "ين", "تان", "ا"])


@given(particles, known, endings)
def test_every_word_has_a_part_that_each_of_its_terms_is_found_by(particle: str, form: str, ending: str) -> None:
    word = particle + form + ending
    for term in LEMMATIZER.index_terms(word):
        assert any(part in word for part in LEMMATIZER.parts(term)), term


@given(st.text(alphabet="اوفبلكسيهتمن", max_size=12))
def test_any_letters_have_lemmas(word: str) -> None:
    assert LEMMATIZER.terms(word)
    assert sum(LEMMATIZER.weights(word).values()) >= 0


def test_a_lemmatizer_can_have_another_lexicon() -> None:
    lemmatizer = Lemmatizer(lambda word: word, {"زغط": "زغط:80"})
    assert (lemmatizer.terms("والزغط"), lemmatizer.terms("كتاب")) == (("زغط",), ("~كتاب",))
