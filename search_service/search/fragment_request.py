"""Parameters of highlighting, for every request whose answer has fragments."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from search_service.core.errors import InvalidParameter
from search_service.highlight.fragmenter import DEFAULT_OPTIONS, FRAGMENT_LENGTH, MAX_FRAGMENTS, FragmentOptions
from search_service.search.parameters import WireNames
from search_service.search.request_types import Request

MIN_FRAGMENT_LENGTH, MAX_FRAGMENT_LENGTH = 40, 1_000
"""Code points: some words at least, and at most what is still a part of a text."""

MAX_FRAGMENTS_ASKED = 20

MAX_TAG_LENGTH = 100

TAG = re.compile(r'<(mark|em|strong|b|i|u|span)(?: class="[A-Za-z0-9_ -]+")?>')
"""Elements that do nothing but look different. With any other, whoever writes an address could run a script in a page
that shows `html`."""

TEXT = re.compile(r"""[^&<>"'\x00-\x1f\x7f]+""")
"""What means nothing in HTML."""

ALLOWED = ('<mark>, <em>, <strong>, <b>, <i>, <u> or <span>, also with class="…"', "text without & < > \" '")


class FragmentRequest(Request):
    """How fragments are cut and marked."""

    highlight_before: Annotated[
        str,
        WireNames(metavar="TAG"),
        Field(
            description="What a mark begins with in `html`: `<mark>`, `<em>`, `<strong>`, `<b>`, `<i>`, `<u>` or "
            '`<span>`, also with `class="…"`, or text without markup.',
            examples=["<em>"],
        ),
    ] = DEFAULT_OPTIONS.before
    highlight_after: Annotated[
        str,
        WireNames(metavar="TAG"),
        Field(description="What a mark ends with in `html`: the end of the same element, or text.", examples=["</em>"]),
    ] = DEFAULT_OPTIONS.after
    fragment_length: Annotated[
        int,
        Field(
            ge=MIN_FRAGMENT_LENGTH,
            le=MAX_FRAGMENT_LENGTH,
            description="Characters of a fragment; values that are little longer are shown whole.",
        ),
    ] = FRAGMENT_LENGTH
    fragments: Annotated[int, Field(ge=1, le=MAX_FRAGMENTS_ASKED, description="Fragments of a field at most.")] = (
        MAX_FRAGMENTS
    )

    @model_validator(mode="after")
    def _safe_tags(self) -> Self:
        if (self.highlight_before, self.highlight_after) == (DEFAULT_OPTIONS.before, DEFAULT_OPTIONS.after):
            return self
        tag = TAG.fullmatch(self.highlight_before)
        end = f"</{tag[1]}>" if tag else ""
        for name, text in (("highlight_before", self.highlight_before), ("highlight_after", self.highlight_after)):
            fits = (tag if name == "highlight_before" else text == end) if tag else TEXT.fullmatch(text)
            if not fits or len(text) > MAX_TAG_LENGTH:
                raise InvalidParameter(
                    name, "not-a-tag", value=text[:MAX_TAG_LENGTH], allowed=(end,) if tag else ALLOWED
                )
        return self

    @property
    def fragment_options(self) -> FragmentOptions:
        """The same for the fragmenter."""
        return FragmentOptions(self.fragment_length, self.fragments, self.highlight_before, self.highlight_after)
