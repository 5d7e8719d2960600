"""The types of settings, and what each may be.

An error never shows a secret. The same holds for addresses and for the names of files that hold a secret: people put
passwords there.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from search_service.core.message import Message, message

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_API_KEY = re.compile(r"[A-Za-z0-9+/=_-]+")
_ORIGIN = re.compile(r"\*|https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
_STORAGE = re.compile(
    r"(?:redis|rediss|redis\+unix|redis\+cluster|redis\+sentinel)://[^\x00-\x20\x7f-\x9f\ud800-\udfff]+"
)

_LIMIT = "[1-9][0-9]{0,8}/(second|minute|hour|day)"
RATE_LIMIT = rf"^({_LIMIT}(, ?{_LIMIT}){{0,3}})?$"
"""The pattern of rate limits; an empty text is none."""


def setting(default: Any, description: str, *, form: str = "", **constraints: Any) -> Any:
    """Return the definition of a setting.

    Args:
        default: its value when nothing gives one.
        description: what it does, in a sentence.
        form: the code of the message that says how it is written, where bounds or a list of words do not.
        constraints: those of `pydantic.Field`.
    """
    return Field(default, description=description, json_schema_extra={"form": form}, **constraints)


def allowed_values(field: FieldInfo) -> tuple[str, ...] | Message:
    """Return what a setting may be: some words, or a message with its bounds or its form.

    >>> from typing import Literal
    >>> allowed_values(FieldInfo.from_annotation(Literal["none", "all"]))
    ('none', 'all')
    """
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra["form"]:
        return Message(str(extra["form"]))
    bounds = {name: getattr(one, name) for one in field.metadata for name in ("ge", "le") if hasattr(one, name)}
    if bounds:
        return message("form-range", low=bounds["ge"], high=bounds.get("le"))
    words = tuple(word for word in get_args(field.annotation) if isinstance(word, str))
    return words or message("form-text")


def is_secret(field: FieldInfo) -> bool:
    """Return whether a setting is never shown; a secret can also be read from a file of its own."""
    return field.annotation is SecretStr


def _split(value: Any) -> Any:
    """Return the addresses in a text; a list is left for pydantic to check."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _checked_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    for number, address in enumerate(addresses, start=1):
        code = _problem_of_address(address)
        if code:
            raise PydanticCustomError(code, "{number} of {count}", {"number": number, "count": len(addresses)})
    if not addresses:
        raise PydanticCustomError("address-missing", "0")
    return tuple(dict.fromkeys(address.rstrip("/") for address in addresses))


def _problem_of_address(address: str) -> str:
    """Return the code of what is wrong with an address; empty when nothing is."""
    if "@" in address:
        return "address-with-credentials"
    if not address.startswith(("http://", "https://")):
        return "address-without-scheme"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "address-malformed"
    if parts.query or parts.fragment:
        return "address-with-query"
    if not host:
        return "address-without-host"
    return "" if port else "address-without-port"


def _checked_networks(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise PydanticCustomError("not-a-network", "") from None
    return texts


def _checked_origins(texts: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_ORIGIN.fullmatch(text) for text in texts):
        raise PydanticCustomError("not-an-origin", "")
    return texts


def _checked_storage(uri: SecretStr) -> SecretStr:
    if uri.get_secret_value() and not _STORAGE.fullmatch(uri.get_secret_value()):
        raise PydanticCustomError("not-a-storage", "")
    return uri


def _checked_password(secret: SecretStr) -> SecretStr:
    if _CONTROL.search(secret.get_secret_value()):
        raise PydanticCustomError("setting-with-control-character", "")
    return secret


def _checked_api_key(secret: SecretStr) -> SecretStr:
    if not _API_KEY.fullmatch(secret.get_secret_value()):
        raise PydanticCustomError("not-an-api-key", "")
    return secret


Addresses = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_checked_addresses)]
Networks = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_checked_networks)]
Origins = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_checked_origins)]
StorageUri = Annotated[SecretStr, AfterValidator(_checked_storage)]
Password = Annotated[SecretStr, AfterValidator(_checked_password)]
ApiKey = Annotated[SecretStr, AfterValidator(_checked_api_key)]
