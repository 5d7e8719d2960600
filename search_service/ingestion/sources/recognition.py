"""Recognises files that are not UTF-8 text, so that an error can say what they are."""

from __future__ import annotations

import codecs

from search_service.core.message import Message, message

SAMPLE_BYTES = 4_096
"""Bytes of a file that are looked at."""

MIN_LETTERS = 3
"""Bytes beyond ASCII from which the code page is guessed: the shortest Arabic words, and more than a stray accent."""

_BYTE_ORDER_MARKS = (  # the longer ones first: one of UTF-32 begins with one of UTF-16
    (codecs.BOM_UTF32_LE, "UTF-32LE"),
    (codecs.BOM_UTF32_BE, "UTF-32BE"),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)

_SIGNATURES = ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "ZIP"), (b"%PDF-", "PDF"))

_HIGH_BYTES = (b"\x00", b"\x06")
"""The first bytes of Latin and Arabic letters in UTF-16. As characters of their own, texts do not contain them."""

_CODE_PAGES = (("cp1256", "WINDOWS-1256"), ("iso8859-6", "ISO-8859-6"))


def other_kind(beginning: bytes) -> Message | None:
    """Return what a file is that begins like this, and what to do with it; None if it may be text in UTF-8."""
    if encoding := wide_encoding(beginning):
        return message("file-of-other-encoding", encoding=encoding)
    kind = next((kind for signature, kind in _SIGNATURES if beginning.startswith(signature)), None)
    return message("file-of-other-kind", kind=kind) if kind else None


def wide_encoding(content: bytes) -> str | None:
    """Return the name of UTF-16 or UTF-32, with its byte order, if a content is that; a byte order mark may be missing.

    >>> wide_encoding("خبر عاجل".encode("utf-16-be")), wide_encoding("خبر عاجل".encode())
    ('UTF-16BE', None)
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return name
    sample = content[:SAMPLE_BYTES]
    if not any(byte in sample for byte in _HIGH_BYTES) or len(sample) < 4:
        return None
    quarters = [_share_of_high_bytes(sample[first::4]) for first in range(4)]
    for name, high, low in (("UTF-32LE", (1, 2, 3), 0), ("UTF-32BE", (0, 1, 2), 3)):
        if len(sample) >= 8 and min(quarters[one] for one in high) > 0.7 and quarters[low] < 0.1:
            return name
    even, odd = _share_of_high_bytes(sample[::2]), _share_of_high_bytes(sample[1::2])
    if odd > 0.7 and even < 0.1:
        return "UTF-16LE"
    return "UTF-16BE" if even > 0.7 and odd < 0.1 else None


def code_page(content: bytes) -> str | None:
    """Return the name of the Arabic code page that most of the bytes beyond ASCII are letters of, if there is one.

    >>> code_page("خبر عاجل من القاهرة".encode("cp1256")), code_page("Größe übrig".encode("latin-1"))
    ('WINDOWS-1256', None)
    """
    sample = bytes(byte for byte in content[:SAMPLE_BYTES] if byte >= 0x80)
    if len(sample) < MIN_LETTERS:
        return None
    shares = {name: _share_of_letters(sample.decode(codec, errors="replace")) for codec, name in _CODE_PAGES}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > 0.9 else None


def _share_of_high_bytes(part: bytes) -> float:
    return sum(part.count(byte) for byte in _HIGH_BYTES) / len(part)


def _share_of_letters(text: str) -> float:
    return sum("\u0621" <= character <= "\u064a" for character in text) / max(1, len(text))
