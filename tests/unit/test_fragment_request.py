"""How a request says that matches are marked."""

from __future__ import annotations

import pytest

from search_service.core.errors import InvalidParameter
from search_service.search.fragment_request import MAX_TAG_LENGTH
from search_service.search.request import SearchRequest


@pytest.mark.parametrize(
    ("before", "after"),
    [("<em>", "</em>"), ('<span class="hit is-first">', "</span>"), ("**", "**"), ("[[", "]]"), ("«", "»"), ("{", "}")],
)
def test_harmless_tags_and_plain_text_are_allowed(before: str, after: str) -> None:
    options = SearchRequest(highlight_before=before, highlight_after=after).fragment_options
    assert (options.before, options.after) == (before, after)


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("<script>", "</script>", "highlight_before"),
        ("<em onclick=alert(1)>", "</em>", "highlight_before"),
        ('<em class="a" onclick="x">', "</em>", "highlight_before"),
        ('<em class="&quot;">', "</em>", "highlight_before"),
        ("<em>", "</b>", "highlight_after"),
        ("<em>", "</em><script>", "highlight_after"),
        ("<em>", "*", "highlight_after"),
        ("<em>", "</mark>", "highlight_after"),
        ("*", "</mark>", "highlight_after"),
        ("<", ">", "highlight_before"),
        ("&lt;", "&gt;", "highlight_before"),
        ("'", '"', "highlight_before"),
        ("", "", "highlight_before"),
        ("a\nb", "*", "highlight_before"),
        ("*" * (MAX_TAG_LENGTH + 1), "*", "highlight_before"),
    ],
)
def test_what_could_do_something_in_a_page_is_refused(before: str, after: str, wrong: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        SearchRequest(highlight_before=before, highlight_after=after)
    assert (refused.value.code, refused.value.parameter) == ("not-a-tag", wrong)


def test_the_end_follows_from_the_beginning() -> None:
    with pytest.raises(InvalidParameter) as refused:
        SearchRequest(highlight_before="<em>")
    assert refused.value.message.params["allowed"] == ("</em>",)
