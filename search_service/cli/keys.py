"""The commands about keys: `keys create`, `keys list`, `keys rotate` and `keys revoke`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import click

from search_service.access.caller import EVERY_INDEX
from search_service.access.key_admin import Created, KeyAdmin, Listed
from search_service.access.keys import Key, Scope, matches_any
from search_service.cli import options
from search_service.cli.help import Commands
from search_service.cli.output.tables import clean, print_json, print_table
from search_service.config.settings import Settings
from search_service.core.errors import InvalidParameter, SearchServiceError

SCOPE_TERMS = (
    ("search", "Search, read documents and the list of indexes."),
    ("write", "Add, change and delete documents. It does not include search."),
    ("admin", "Everything: also create, rebuild and delete indexes."),
)


@click.group("keys", cls=Commands)
def keys_command() -> None:
    """Create, list, rotate and revoke keys of the HTTP interface.

    They are in the file KEYS_FILE, by default keys.json in INDEX_DIR, which has no secrets. A running service reads it
    again when it changes.
    """


@keys_command.command(
    "create",
    terms=("Scopes", SCOPE_TERMS),
    epilog="arabic-search keys create --scope admin --name deployment\n"
    "arabic-search keys create --scope search --index news --expires 90d --name website\n"
    "arabic-search keys create --scope search --index 'news-*' --filter 'source=صحيفة الأفق' --name tenant-7",
)
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(get_args(Scope)),
    help="What the key allows; repeat it for several.",
)  # fmt: skip
@click.option(
    "--index", "indexes", multiple=True, metavar="NAME|PATTERN",
    help="An index; a * in it stands for any part of a name. Repeat it for several. An admin key has all by default.",
)  # fmt: skip
@click.option(
    "--filter", "filters", multiple=True, metavar="FIELD=VALUE",
    help="Show only documents with this value; repeat it for alternative values of a field, or for several fields.",
)  # fmt: skip
@click.option(
    "--expires", default="", metavar="90d|DATE",
    help="When the key expires: after a number of minutes, hours or days (30m, 12h, 90d), or at the end of a date.",
)  # fmt: skip
@click.option("--name", default="", help="What the key is for.")
@options.json_option
def create_command(
    scopes: tuple[Scope, ...],
    indexes: tuple[str, ...],
    filters: tuple[str, ...],
    expires: str,
    name: str,
    as_json: bool,
) -> None:
    """Create a key and print its secret, which cannot be shown again.

    Send it in the header field `Authorization: Bearer SECRET`. A filter holds for everything that is read with the key.
    """
    settings = Settings.from_environment(os.environ)
    created = KeyAdmin(settings.path_of_keys).create(scopes, indexes, _filters(filters), name, expires)
    if filters and settings.search_public:
        click.echo("Without a key everybody sees all documents, because SEARCH_PUBLIC is true.", err=True)
    for pattern in _unmatched(created.key.indexes):
        what = "No index matches" if "*" in pattern else "There is no index"
        click.echo(f"{what} {pattern!r} yet; `arabic-search status` lists the indexes.", err=True)
    _print_created(created, as_json)


@keys_command.command("list", epilog="arabic-search keys list")
@options.json_option
def list_command(as_json: bool) -> None:
    """List all keys, without their secrets."""
    found = _admin().list()
    if as_json:
        print_json({"keys": [_described(one.key, one.last_used) for one in found]})
    elif found:
        header = ("id", "name", "scopes", "indexes", "filters", "created", "expires", "last used")
        print_table(header, map(_row, found))
    else:
        click.echo("There is no key. Create one: arabic-search keys create --scope search --index NAME")


@keys_command.command("rotate", epilog="arabic-search keys rotate 1f0a33c2 --grace 7d")
@click.argument("key_id", metavar="ID")
@click.option("--grace", default="1d", show_default=True, metavar="DURATION", help="How long the old secret is valid.")
@options.json_option
def rotate_command(key_id: str, grace: str, as_json: bool) -> None:
    """Give the key ID a new secret and print it. The old one stays valid for a while: --grace 0m ends it at once.

    ID may also be the secret of the key.
    """
    _print_created(_admin().rotate(key_id, grace), as_json)


@keys_command.command("revoke", epilog="arabic-search keys revoke 1f0a33c2")
@click.argument("key_id", metavar="ID")
def revoke_command(key_id: str) -> None:
    """Remove the key ID. Requests with it are refused from now on. ID may also be the secret of the key."""
    key = _admin().revoke(key_id)
    click.echo(f"The key {_title(key)} is revoked.")


def _admin() -> KeyAdmin:
    return KeyAdmin(Settings.from_environment(os.environ).path_of_keys)


def _unmatched(patterns: Sequence[str]) -> list[str]:
    """Return the patterns that no index matches, perhaps misspelt ones; none if the indexes are not known."""
    if tuple(patterns) == EVERY_INDEX:
        return []
    try:
        names = options.admin().names()
    except (SearchServiceError, OSError):  # such as an Elasticsearch that is not there yet
        return []
    return [pattern for pattern in patterns if not any(matches_any(name, (pattern,)) for name in names)]


def _filters(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of filters by field."""
    filters: dict[str, list[str]] = {}
    for text in texts:
        field, equals, value = text.partition("=")
        if not (equals and field.strip() and value.strip()):
            raise InvalidParameter("filter", "filter-malformed", value=text)
        filters.setdefault(field.strip(), []).append(value.strip())
    return filters


def _print_created(created: Created, as_json: bool) -> None:
    if as_json:
        print_json({**_described(created.key), "secret": created.secret})
        return
    click.echo(f"The key {_title(created.key)} has this secret; it is not stored, and cannot be shown again:", err=True)
    click.echo(created.secret)


def _title(key: Key) -> str:
    return f"{key.id} ({clean(key.name)})" if key.name else key.id


def _described(key: Key, last_used: datetime | None = None) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes,
        "indexes": key.indexes,
        "filters": key.filters,
        "created": _time(key.created),
        "expires": _time(key.expires) or None,
        "last_used": _time(last_used) or None,
    }


def _row(one: Listed) -> tuple[object, ...]:
    key = one.key
    filters = " ".join(f"{field}={'|'.join(values)}" for field, values in key.filters.items())
    return (
        key.id, clean(key.name) or "-", ",".join(key.scopes), ",".join(key.indexes), clean(filters) or "-",
        _time(key.created), _time(key.expires) or "never", _time(one.last_used) or "never",
    )  # fmt: skip


def _time(when: datetime | None) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ") if when else ""
