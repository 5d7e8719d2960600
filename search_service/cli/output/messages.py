"""The sentences that the command line prints."""

from __future__ import annotations

from search_service.core.errors import SearchServiceError
from search_service.core.message import Message
from search_service.messages.rendering import FrontEnd, render


def describe(reported: SearchServiceError | Message) -> str:
    """Return the sentence for an error or a message; options are named as the command line has them."""
    return render(reported, FrontEnd.COMMAND_LINE)
