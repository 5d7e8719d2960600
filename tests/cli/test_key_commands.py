"""The commands about keys: what they print, to people and to programs, and their exit statuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from index_config.schema import load_schema
from search_service.access.key_ring import KeyRing
from search_service.analysis.analyzer import Analysis
from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.core.index_name import IndexName
from search_service.engines.embedded.engine import make_embedded_engine

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command about keys in an empty folder and check its status."""
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "indexes"))
    monkeypatch.setenv("SEARCH_PUBLIC", "false")

    def invoke(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(main, ["keys", *arguments])
        assert result.exit_code == status, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


def test_a_secret_is_printed_once_and_is_all_of_standard_output(run: Run, tmp_path: Path) -> None:
    created = run("create", "--scope", "search", "--index", "news", "--name", "موقع")
    secret = created.stdout.strip()
    assert re.fullmatch("ars_[0-9a-f]{8}_[0-9a-f]{72}", secret)
    assert "(موقع) has this secret" in created.stderr
    key = KeyRing(tmp_path / "indexes" / "keys.json").authenticate(secret)
    assert (key.name, key.scopes, key.indexes, key.expires) == ("موقع", ("search",), ("news",), None)
    assert secret not in run("list").output
    assert secret not in run("list", "--json").output


def test_programs_read_json(run: Run) -> None:
    arguments = ("--filter", "مصدر=أ", "--filter", "مصدر=ب", "--filter", "year=2024", "--expires", "2031-05")
    created = json.loads(
        run("create", "--scope", "search", "--index", "a*", "--index", "b", *arguments, "--json").stdout
    )
    assert created["filters"] == {"مصدر": ["أ", "ب"], "year": ["2024"]}
    assert created["expires"] == "2031-06-01T00:00:00Z"
    [listed] = json.loads(run("list", "--json").stdout)["keys"]
    assert listed == {name: value for name, value in created.items() if name != "secret"}


def test_the_list_shows_what_each_key_allows(run: Run) -> None:
    assert "There is no key. Create one: arabic-search keys create" in run("list").stdout
    run("create", "--scope", "search", "--scope", "write", "--index", "news-*", "--name", "evil\x1b[2J\nname")
    header, row, *rest = run("list").stdout.splitlines()
    assert not rest
    assert header.split()[:4] == ["id", "name", "scopes", "indexes"]
    assert "search,write" in row
    assert row.endswith("never")
    assert "\x1b" not in row


def test_a_filter_where_searching_is_public_is_warned_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("create", "--scope", "search", "--index", "*", "--filter", "tenant=a")
    assert "SEARCH_PUBLIC" not in run(*arguments).stderr
    monkeypatch.setenv("SEARCH_PUBLIC", "true")
    assert "everybody sees all documents, because SEARCH_PUBLIC is true" in run(*arguments).stderr


def test_a_key_is_rotated_and_revoked(run: Run, tmp_path: Path) -> None:
    first = json.loads(run("create", "--scope", "admin", "--index", "*", "--json").stdout)
    second = json.loads(run("rotate", first["id"], "--grace", "2h", "--json").stdout)
    ring = KeyRing(tmp_path / "indexes" / "keys.json")
    assert {ring.authenticate(one["secret"]).id for one in (first, second)} == {first["id"]}
    assert run("revoke", first["id"]).stdout == f"The key {first['id']} is revoked.\n"
    missing = run("revoke", first["id"], status=exit_codes.NOT_FOUND)
    assert missing.stderr == (
        f"Error: There is no key with the id '{first['id']}'; arabic-search keys list shows all\n"
    )
    assert run("rotate", "x", status=exit_codes.NOT_FOUND)


def test_an_admin_key_has_all_indexes_unless_some_are_named(run: Run) -> None:
    for indexes, expected in (((), ["*"]), (("--index", "*"), ["*"]), (("--index", "news"), ["news"])):
        assert json.loads(run("create", "--scope", "admin", *indexes, "--json").stdout)["indexes"] == expected


def test_a_secret_names_its_key(run: Run) -> None:
    secret = run("create", "--scope", "search", "--index", "news").stdout.strip()
    assert run("rotate", secret, "--grace", "0m").stdout.strip() != secret
    assert "is revoked" in run("revoke", secret).stdout
    shown = run("revoke", secret, status=exit_codes.NOT_FOUND).stderr
    assert f"'{secret[4:12]}'" in shown
    assert secret not in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--index", "news"), "Missing option '--scope'"),
        (
            ("--scope", "search"),
            "A key that is not an admin key needs `--index`: a name or pattern",
        ),
        (("--scope", "admin", "--filter", "tenant=a"), "`--filter` is allowed with the scope search only"),
        (("--scope", "root", "--index", "news"), "'root' is not one of 'search', 'write', 'admin'"),
        (("--scope", "search", "--index", "a?"), "'a?' is no name of an index in which * stands for any part"),
        (("--scope", "search", "--index", "a", "--filter", "tenant"), "`--filter`: 'tenant' is not written as FIELD"),
        (("--scope", "search", "--index", "a", "--filter", "tenant="), "'tenant=' is not written as FIELD=VALUE"),
        (
            ("--scope", "write", "--index", "a", "--filter", "tenant=a"),
            "`--filter` is allowed with the scope search only",
        ),
        (("--scope", "search", "--index", "a", "--expires", "soon"), "'soon' is neither a duration (90d) nor a date"),
        (("--scope", "search", "--index", "a", "--expires", "2001"), "`--expires`: '2001' is in the past"),
    ],
)
def test_wrong_usage_is_explained(run: Run, arguments: tuple[str, ...], message: str) -> None:
    assert message in run("create", *arguments, status=exit_codes.WRONG_USAGE).stderr
    assert "There is no key" in run("list").stdout


def test_a_damaged_file_is_named_and_left_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "indexes" / "keys.json"
    file.parent.mkdir()
    file.write_text('{"keys": [')
    for command in (("list",), ("create", "--scope", "search", "--index", "a"), ("revoke", "0a1b2c3d")):
        assert f"{file} is damaged" in run(*command, status=exit_codes.FAILED).stderr
    assert CliRunner().invoke(main, ["serve", "--port", "0"]).exit_code == exit_codes.WRONG_USAGE
    assert file.read_text() == '{"keys": ['


def test_a_name_or_pattern_that_no_index_has_is_noticed(run: Run, tmp_path: Path, analysis: Analysis) -> None:
    engine = make_embedded_engine(tmp_path / "indexes", analysis)
    engine.indexes.create(IndexName("news"), load_schema("news"))
    created = run(
        "create", "--scope", "search", "--index", "nwes", "--index", "news", "--index", "shop-*", "--index", "n*"
    )
    assert created.stdout.startswith("ars_")
    assert [line.partition(" yet")[0] for line in created.stderr.splitlines() if " yet;" in line] == [
        "There is no index 'nwes'", "No index matches 'shop-*'",
    ]  # fmt: skip
    assert " yet;" not in run("create", "--scope", "admin").stderr
