"""Reads the file of a site, and the logo beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from index_config.errors import ConfigError
from search_service.web.site import Site

SVG = "image/svg+xml"

LOGO_TYPES: Mapping[str, str] = {
    ".svg": SVG, ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
}  # fmt: skip

MAX_LOGO_BYTES = 200_000
"""A larger logo would be most of what a page loads."""

_EXPECTED: Mapping[str | int, str] = {
    "language": '"ar" or "en"',
    "country": "two capital letters, such as EG",
    "digits": '"latn" for 123 or "arab" for ١٢٣',
    "hijri": "true or false",
    "colors": 'a colour is written like "#7a2e1d"',
    "facets": "a list of names of fields",
    "source": "a list of names of fields",
    "tags": "a list of names of fields",
    "title": "the name of a field",
    "group_by": "the name of a field",
    "image": "the name of a field",
    "image_alt": "the name of a field",
    "image_origins": 'a list of origins, such as "https://images.example.com"',
    "fields": "names of fields are lower-case words of a-z, 0-9 and _",
    "indexes": "names of indexes are lower-case words of a-z, 0-9, - and _",
}
"""What is allowed, by key."""

_KEYS = "language, country, digits, hijri, name, logo, image_origins, colors, fields, indexes"


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site with what is served of it.

    Attributes:
        site: what the file says.
        logo: the bytes of the logo; empty without one.
        logo_type: its media type.
        version: a digest of both, which is part of their URLs.
    """

    site: Site = field(default_factory=Site)
    logo: bytes = b""
    logo_type: str = ""
    version: str = ""


def load_site(path: Path) -> LoadedSite:
    """Return the site of a file.

    Raises:
        ConfigError: the file or the logo cannot be read or used. The message names file, key and what would be right.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(str(path), "", f"is not TOML in UTF-8: {error}", "see examples/site.toml") from error
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be read ({error.strerror})", "the path of a .toml file") from error
    try:
        site = Site.model_validate(data)
    except ValidationError as error:
        raise _config_error(path, error) from None
    logo, logo_type = _logo(path, site.logo) if site.logo else (b"", "")
    version = sha256(logo + site.style_sheet.encode()).hexdigest()[:12]
    return LoadedSite(site, logo, logo_type, version)


def _config_error(path: Path, error: ValidationError) -> ConfigError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"] if part != "[key]")
    if first["type"] == "extra_forbidden":
        keys = f"the keys are {_KEYS}; " if len(first["loc"]) == 1 else ""
        return ConfigError(str(path), key, "is not known", f"{keys}examples/site.toml shows every key")
    if first["type"] == "value_error":
        reason, _, expected = first["msg"].removeprefix("Value error, ").partition("; ")
        return ConfigError(str(path), key, reason, expected)
    expected = next((text for known, text in _EXPECTED.items() if known in first["loc"]), "see examples/site.toml")
    return ConfigError(str(path), key, f"{first['input']!r:.80} is not possible", expected)


def _logo(path: Path, name: str) -> tuple[bytes, str]:
    logo_type = LOGO_TYPES.get(Path(name).suffix.lower())
    if logo_type is None:
        raise ConfigError(str(path), "logo", f"{name} is no image", f"a file that ends in {', '.join(LOGO_TYPES)}")
    try:
        logo = (path.parent / name).read_bytes()
    except OSError as error:
        expected = "a file beside the file of the site"
        raise ConfigError(str(path), "logo", f"{name} cannot be read ({error.strerror})", expected) from error
    if len(logo) > MAX_LOGO_BYTES:
        raise ConfigError(str(path), "logo", f"{name} has {len(logo):,} bytes", f"{MAX_LOGO_BYTES:,} bytes at most")
    return logo, logo_type
