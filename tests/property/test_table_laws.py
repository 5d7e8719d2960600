"""The laws of the normalization table, on random Arabic."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from index_config.table import load_table

TABLE = load_table()
FOLD = str.maketrans(dict(TABLE.mapping))
MARKS = "".join(row.source for row in TABLE.rows if row.fold_class in ("tashkeel", "mark"))

arabic = st.text(
    st.one_of(
        st.characters(min_codepoint=0x0600, max_codepoint=0x08FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFF, exclude_categories=["Cs"]),
        st.characters(max_codepoint=0x024F),
        st.sampled_from(sorted(TABLE.mapping)),
    )
)
composed = st.sampled_from("آأؤإئۀۂۓ")


def fold(text: str) -> str:
    return text.translate(FOLD)


@given(arabic)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(arabic, arabic)
def test_folding_is_independent_of_context(before: str, after: str) -> None:
    assert fold(before + after) == fold(before) + fold(after)


@given(arabic)
def test_decomposed_spellings_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(composed, st.text(st.sampled_from(MARKS), max_size=4), st.data())
def test_the_order_of_marks_does_not_matter(letter: str, marks: str, data: st.DataObject) -> None:
    base, *own = list(unicodedata.normalize("NFD", letter))
    shuffled = "".join(data.draw(st.permutations([*own, *marks])))
    assert fold(base + shuffled) == fold(letter + marks) == fold(letter)


def test_keys_and_targets_are_valid_in_a_lucene_mapping() -> None:
    assert all(len(row.source) == 1 for row in TABLE.rows)
    assert not [row for row in TABLE.rows if set(row.target) & TABLE.mapping.keys()]
    spaced = [row.target for row in TABLE.rows if any(map(str.isspace, row.target))]
    assert spaced == [" ".join(("", *target.split(), "")) for target in spaced]
    assert len(TABLE.mapping) == len(TABLE.rows)
