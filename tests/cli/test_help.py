"""Help texts and the version."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys

import click
import pytest

from search_service.cli.main import COMMANDS, main
from search_service.ingestion.sources.files import FORMATS
from tests.cli.commands import ROOT, Run


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command, inner = group.get_command(context, name), (*path, name)
        assert command is not None
        found += commands(command, inner) if isinstance(command, click.Group) else [inner]
    return found


def test_every_command_has_its_listed_name() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name


@pytest.mark.parametrize("path", [(), ("schema",), ("config",), ("jobs",), ("keys",)], ids=" ".join)
def test_command_lists_have_one_complete_sentence_a_line(run: Run, path: tuple[str, ...]) -> None:
    shown = run(*path, "--help").stdout
    assert "..." not in shown.replace("[ARGS]...", "")
    _, _, listed = shown.partition("Commands:\n")
    lines = listed.partition("\n\n")[0].splitlines()
    group = command_at(path)
    assert isinstance(group, click.Group)
    assert [line.split()[0] for line in lines] == group.list_commands(click.Context(group))
    for line in lines:
        assert re.fullmatch(r"  [a-z]+ +[A-Z].*\.", line), line


def test_every_help_begins_with_a_complete_sentence(run: Run) -> None:
    for path in commands(main):
        usage, sentence = run(*path, "--help").stdout.split("\n\n")[:2]
        assert usage.startswith(f"Usage: main {' '.join(path)}")
        assert sentence.strip().endswith("."), path


def test_every_option_is_described_in_a_sentence() -> None:
    for path in commands(main):
        for parameter in command_at(path).params:
            if isinstance(parameter, click.Option):
                described = (parameter.help or "").partition("  [default:")[0]
                assert re.fullmatch(r"\S.*\.", described), (path, parameter.name)


def command_at(path: tuple[str, ...]) -> click.Command:
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    return command


def test_help_does_not_import_an_engine() -> None:
    program = "import sys; from search_service.cli.main import main; main(['--help'], standalone_mode=False)"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{program}; print('tantivy' in sys.modules, 'pydantic' in sys.modules)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert loaded.stdout.splitlines()[-1] == "False False"


def test_version_prints_the_version_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"arabic-search {importlib.metadata.version('arabic-search-service')}\n"


def test_the_help_of_index_and_reindex_lists_every_format(run: Run) -> None:
    for command in ("index", "reindex"):
        shown = " ".join(run(command, "--help").stdout.split())
        for one in FORMATS:
            assert f"{' '.join(one.endings)} {one.content}" in shown


@pytest.mark.parametrize("path", commands(main), ids=" ".join)
def test_every_help_has_an_example_of_the_command(run: Run, path: tuple[str, ...]) -> None:
    shown = run(*path, "--help").stdout
    assert "Example:\n" in shown
    assert f"  arabic-search {' '.join(path)}" in shown


def test_help_lists_every_exit_status(run: Run) -> None:
    shown = run("--help").stdout
    assert all(f"\n  {status:<3}  " in shown for status in (0, 1, 2, 3, 4, 5, 130, 141))
    assert "INDEX_DIR" in shown
