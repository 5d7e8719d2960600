"""The commands `backup` and `restore`."""

from __future__ import annotations

from dataclasses import asdict

import click

from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output.tables import print_json
from search_service.core.index_name import IndexName
from search_service.engines.backups import BackupStats


@click.command("backup", cls=Command, epilog="arabic-search backup news news-2024-03-11.backup")
@options.index_argument
@click.argument("file")
@options.json_option
def backup_command(index: IndexName, file: str, as_json: bool) -> None:
    """Copy INDEX to a new FILE. It may be searched and written meanwhile: FILE has its last commit.

    FILE has a checksum of everything in it. On Elasticsearch, FILE is the name of a snapshot in the repository that
    ELASTICSEARCH_SNAPSHOT_REPOSITORY names.
    """
    written = options.admin().backup(index, file)
    _show(written, f"{index!r} with {_size(written)} is in {file}.", as_json)


@click.command(
    "restore", cls=Command, epilog="arabic-search restore news-2024-03-11.backup\narabic-search restore news.backup old"
)
@click.argument("file")
@click.argument("index", required=False, callback=options.index_name)
@click.option("--replace", is_flag=True, help="Replace an index that exists; `rollback` returns to it.")
@options.json_option
def restore_command(file: str, index: IndexName | None, replace: bool, as_json: bool) -> None:
    """Create the index that FILE is a backup of, or create it as INDEX.

    All of FILE is read and compared with its checksums before anything changes.
    """
    restored = options.admin().restore(file, index, replace)
    _show(restored, f"{restored.index!r} is restored from {file}, with {_size(restored)}.", as_json)


def _show(backup: BackupStats, sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(asdict(backup))
        return
    click.echo(sentence)
    if not backup.current:
        click.echo(
            "It was built with another configuration. To search it, rebuild it: "
            f"arabic-search reindex {backup.index} --from-stored"
        )


def _size(backup: BackupStats) -> str:
    return f"{backup.documents:,} documents ({backup.size_bytes / 1e6:,.1f} MB)"
