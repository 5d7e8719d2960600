"""Arabic sentences for the message codes that an answer over HTTP can contain; those of the search page are in `page`.

The sentences are those of `messages.english`: what is wrong, where, and what to do. Values in them are isolated
(U+2068 … U+2069), so that Latin names and numbers keep their order inside the Arabic text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search_service.messages.arabic.documents import DOCUMENTS, LINES
from search_service.messages.arabic.indexes import DEGRADED, ENGINES, INDEXES
from search_service.messages.arabic.requests import ACCESS, DATES, HTTP, QUERIES, REQUESTS, TIERS

GROUPS: tuple[Mapping[str, str | Callable[..., str]], ...] = (
    REQUESTS, HTTP, ACCESS, QUERIES, DATES, INDEXES, ENGINES, DEGRADED, DOCUMENTS, LINES, TIERS,
)  # fmt: skip
"""The sentences by subject; each code is in one group."""

SENTENCES: Mapping[str, str | Callable[..., str]] = {code: text for group in GROUPS for code, text in group.items()}
