"""The types of settings, and what each may be.

An error never shows a secret. The same holds for addresses and for the names of files that hold a secret: people put
passwords there.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

INDEX_NAME_RULE = "a-z, 0-9, _ and -, beginning with a letter, at most 63 characters"

CODES = ("wrong-address", "no-address", "control-character", "not-an-api-key")
"""What our own checks find wrong, beside what pydantic finds. None shows the value."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_API_KEY = re.compile(r"[A-Za-z0-9+/=_-]+")


def setting(default: Any, description: str, *, allowed: str = "", **constraints: Any) -> Any:
    """Return the definition of a setting.

    Args:
        default: its value when nothing gives one.
        description: what it does, in a sentence.
        allowed: what it may be, as an error says it; not needed where bounds or a list of words say it.
        constraints: those of `pydantic.Field`.
    """
    return Field(default, description=description, json_schema_extra={"allowed": allowed}, **constraints)


def allowed_values(field: FieldInfo) -> str:
    """Return what a setting may be, as an error says it.

    >>> from typing import Literal
    >>> allowed_values(FieldInfo.from_annotation(Literal["none", "all"]))
    'none or all'
    """
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra["allowed"]:
        return str(extra["allowed"])
    bounds = {name: getattr(one, name) for one in field.metadata for name in ("ge", "le") if hasattr(one, name)}
    if bounds:
        return f"{bounds['ge']} to {bounds['le']}"
    return " or ".join(word for word in get_args(field.annotation) if isinstance(word, str)) or "text in quotes"


def is_secret(field: FieldInfo) -> bool:
    """Return whether a setting is never shown; a secret can also be read from a file of its own."""
    return field.annotation is SecretStr


def _split(value: Any) -> Any:
    """Return the addresses in a text; a list is left for pydantic to check."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _checked_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    for number, address in enumerate(addresses, start=1):
        problem = _problem_of_address(address)
        if problem:
            raise PydanticCustomError(
                "wrong-address", problem if len(addresses) == 1 else f"address {number} of {len(addresses)} {problem}"
            )
    if not addresses:
        raise PydanticCustomError("no-address", "holds no address")
    return tuple(dict.fromkeys(address.rstrip("/") for address in addresses))


def _problem_of_address(address: str) -> str:
    """Return what is wrong with an address, without showing it; empty when nothing is."""
    if "@" in address:
        return "holds a user or a password; they belong into ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD"
    if not address.startswith(("http://", "https://")):
        return "does not begin with http:// or https://"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "has no valid host and port"
    if parts.query or parts.fragment:
        return "goes on after the path"
    if not host:
        return "names no host"
    return "" if port else "names no port"


def _checked_password(secret: SecretStr) -> SecretStr:
    if _CONTROL.search(secret.get_secret_value()):
        raise PydanticCustomError("control-character", "holds a line break or another control character")
    return secret


def _checked_api_key(secret: SecretStr) -> SecretStr:
    if not _API_KEY.fullmatch(secret.get_secret_value()):
        raise PydanticCustomError("not-an-api-key", "is not an encoded API key")
    return secret


Addresses = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_checked_addresses)]
Password = Annotated[SecretStr, AfterValidator(_checked_password)]
ApiKey = Annotated[SecretStr, AfterValidator(_checked_api_key)]
