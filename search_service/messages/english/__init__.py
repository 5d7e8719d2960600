"""English sentences for message codes: what is wrong, where, and what to do.

Each code has a template or, where parameters decide the wording, a function of them. Both get a list of names as one
text with commas, and `parameter` as the front end writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search_service.messages.english.documents import DOCUMENTS, EVALUATION, LOADS, SOURCES
from search_service.messages.english.indexes import CHECKS, DEGRADED, ENGINES, INDEXES
from search_service.messages.english.requests import ACCESS, DATES, HTTP, QUERIES, REQUESTS, SERVER, SETTINGS, TIERS

GROUPS: tuple[Mapping[str, str | Callable[..., str]], ...] = (
    REQUESTS, QUERIES, HTTP, ACCESS, SETTINGS, DATES, INDEXES, ENGINES, DEGRADED, CHECKS, DOCUMENTS, LOADS, SOURCES,
    EVALUATION, TIERS, SERVER,
)  # fmt: skip
"""The sentences by subject; each code is in one group."""

SENTENCES: Mapping[str, str | Callable[..., str]] = {code: text for group in GROUPS for code, text in group.items()}
