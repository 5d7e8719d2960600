"""Word lists: comments, folding, invalid entries, and the packaged lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_config.errors import ConfigError
from index_config.table import Table, load_table
from index_config.word_lists import default_protected_words, default_stopwords, load_protected, load_words


@pytest.fixture(scope="module")
def table() -> Table:
    return load_table()


def word_file(folder: Path, text: str) -> Path:
    path = folder / "words.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_words_are_folded(table: Table, tmp_path: Path) -> None:
    assert load_words(word_file(tmp_path, "إلى\nهٰذِهِ\nمائة\n"), table) == {"الي", "هذه", "مايه"}


def test_comments_blank_lines_and_byte_order_mark_are_ignored(table: Table, tmp_path: Path) -> None:
    assert load_words(word_file(tmp_path, "\ufeffمن\r\n\n  # comment\n في  # in\n"), table) == {"من", "في"}


def test_an_empty_list_is_valid(table: Table, tmp_path: Path) -> None:
    assert load_words(word_file(tmp_path, "# nothing yet\n"), table) == frozenset()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("من أجل", "more than one word"),
        ("من\tأجل", "more than one word"),
        ("محمدﷺ", "more than one word"),
        ("\u064e\u0651", "folds to nothing"),
        ("ـــ", "folds to nothing"),
        ("ﷺ", "is more than one word"),
    ],
)
def test_an_invalid_entry_is_refused_with_its_line(table: Table, tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        load_words(word_file(tmp_path, f"# list\nفي\n{line}\n"), table)
    assert (caught.value.path, caught.value.key) == ("words.txt", "line 3")


def test_a_list_that_is_not_utf8_is_refused(table: Table, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("من".encode("cp1256"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_words(path, table)


def test_packaged_stopwords_are_function_words(table: Table) -> None:
    words = default_stopwords(table)
    assert {"من", "الي", "علي", "الذي", "وهو", "كان", "لماذا", "the", "of"} <= words
    assert not {"امام", "ام", "الله", "بيت", "محمد"} & words


def test_packaged_protected_words_are_content_words(table: Table) -> None:
    words = default_protected_words(table)
    assert {"الله", "ماء", "وزير", "لبنان", "ولايه"} <= words.keys()
    assert not {"كتاب", "قانون"} & words.keys()
    assert default_stopwords(table) & words.keys() == {"وراء"}


def test_a_packaged_protected_word_has_one_stem_with_and_without_the_article(table: Table) -> None:
    words = default_protected_words(table)
    stems = {form: words[f"ال{form}"] for form in words if f"ال{form}" in words}
    assert len(stems) > 80
    assert {form: words[form] for form in stems} == stems


def test_a_protected_word_after_particles_has_the_stem_of_its_line(table: Table, tmp_path: Path) -> None:
    words = load_protected(word_file(tmp_path, "هيئ: هيئة هيئات # comment\nليون\nبليون\n"), table)
    assert {words[form] for form in ("هييه", "الهييات", "وبالهييه", "لهييه", "للهييات")} == {"هيي"}
    assert (words["ليون"], words["بليون"], words["وبليون"]) == ("ليون", "بليون", "بليون")


def test_a_protected_word_given_twice_is_refused(table: Table, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='"ماء" occurs twice; keep one of the two') as caught:
        load_protected(word_file(tmp_path, "ماء\nما: ماء\n"), table)
    assert (caught.value.path, caught.value.key) == ("words.txt", "line 2")


@pytest.mark.parametrize("line", [": ماء", "ماء:", " : "])
def test_a_line_with_a_colon_needs_a_stem_and_words(table: Table, tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match="has no stem or no words; write `stem: word word`"):
        load_protected(word_file(tmp_path, f"{line}\n"), table)


def test_a_protected_word_must_contain_its_stem(table: Table, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='"ولايات" does not contain the stem "ولايه"; choose a stem that every word'):
        load_protected(word_file(tmp_path, "ولاية: ولاية ولايات\n"), table)
