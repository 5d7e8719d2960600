"""What a user of the command line reads of an error or a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import pytest

from search_service.core.errors import SearchServiceError
from search_service.core.message import Message
from search_service.messages.rendering import FrontEnd, render

E = TypeVar("E", bound=SearchServiceError)


class Caught(Generic[E]):
    """The error that was raised."""

    value: E


def sentence(reported: SearchServiceError | Message, front_end: FrontEnd = FrontEnd.COMMAND_LINE) -> str:
    """Return the sentence that is printed."""
    return render(reported, front_end)


@contextmanager
def refused(kind: type[E], match: str = "") -> Iterator[Caught[E]]:
    """Expect an error whose sentence matches a pattern."""
    caught: Caught[E] = Caught()
    with pytest.raises(kind) as raised:
        yield caught
    caught.value = raised.value
    assert re.search(match, sentence(raised.value)), f"{match!r} is not in {sentence(raised.value)!r}"
