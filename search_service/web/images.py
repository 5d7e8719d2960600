"""The image of a result: whose address the page may load, and what it stands for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from search_service.core.document import SourceFields
from search_service.web.layout import Layout, values

_NOT_IN_ADDRESS = re.compile(r"[\s\\\x00-\x1f\x7f]")
"""What browsers drop from an address or read as a slash, so that it leads elsewhere than it says."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image and its text for readers who do not see it; empty if it says nothing that the title does not."""

    address: str
    alt: str


def image_of(source: SourceFields, layout: Layout, origins: Collection[str]) -> Image | None:
    """Return the image of a document; None without one that the page may load from the host or `origins`."""
    address = str(next(iter(values(source, layout.image)), "")).strip()
    if not is_allowed(address, origins):
        return None
    return Image(address, str(next(iter(values(source, layout.image_alt)), "")))


def is_allowed(address: str, origins: Collection[str]) -> bool:
    """Return whether an address is one of this host (`/images/1.png`), or of an origin that the site allows.

    >>> origins = ("https://cdn.example",)
    >>> [is_allowed(one, origins) for one in ("/a.png", "https://CDN.example/a.png", "//cdn.example/a", "data:,x")]
    [True, True, False, False]
    """
    if _NOT_IN_ADDRESS.search(address):
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    try:
        parts = urlsplit(address)
    except ValueError:  # such as https://[
        return False
    return f"{parts.scheme}://{parts.netloc.lower()}" in origins
