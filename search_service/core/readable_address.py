"""An address as readers see it: with the letters of its path and not their percent-encoded bytes."""

from __future__ import annotations

import regex

_ENCODED = regex.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
"""Bytes that are no ASCII: what ASCII stands for, such as `%2F`, may mean something else than the sign itself."""

_READABLE = regex.compile(r"[\p{L}\p{M}\p{N}]+")
"""No invisible signs, such as those that turn the direction: an address must not look like another one."""


def readable_address(address: str) -> str:
    """Return an address to show; links keep the original.

    >>> readable_address("https://news.example/%D8%A3%D8%B3%D8%B9%D8%A7%D8%B1-2018?q=a%2Fb%20%E2%80%AE%FF")
    'https://news.example/أسعار-2018?q=a%2Fb%20%E2%80%AE%FF'
    """
    return _ENCODED.sub(_decoded, address)


def _decoded(found: regex.Match[str]) -> str:
    """Return the letters that encoded bytes stand for, or the bytes as they are."""
    try:
        text = bytes.fromhex(found[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return found[0]
    return text if _READABLE.fullmatch(text) else found[0]
