"""Every command of the README is run, in order, and prints what the README says.

`make run` is run by a test of its own; here
the same index is built and served before the first command.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tomllib
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest

from index_config.schema import schema_from_dict
from search_service.search.validation import groupable
from search_service.web.site_file import load_site
from tests.elasticsearch.indexes import REQUEST_SECONDS, own_prefix
from tests.servers import free_port
from tests.waiting import wait_for

from .documents import matches, served_news, steps

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
START_SECONDS = 300


def test_the_readme_begins_with_the_two_commands() -> None:
    commands = [command.split("#")[0].strip() for command, _ in steps(README)]
    assert commands[:2] == ["make run", "make test"]
    assert "make test" in (REPOSITORY / ".ci" / "run").read_text()


def test_the_commands_print_what_the_readme_says(tmp_path: Path, elasticsearch_url: str) -> None:
    """The port and the address of Elasticsearch are those of the test, whose indexes have a prefix."""
    with served_news(tmp_path) as (port, environment), ExitStack() as stack:
        environment["ELASTICSEARCH_TIMEOUT"] = f"{REQUEST_SECONDS:g}"
        environment["ELASTICSEARCH_INDEX_PREFIX"] = prefix = stack.enter_context(own_prefix(elasticsearch_url))
        for command, expected in list(steps(README))[2:]:
            command = command.replace("8000", str(port)).replace("http://127.0.0.1:9200", elasticsearch_url)
            command = command.replace("/by-hand", f"/{prefix}by-hand")
            expected = expected.replace("by-hand", f"{prefix}by-hand")
            if command.startswith("export "):
                name, _, value = command.removeprefix("export ").partition("=")
                environment[name] = value
                continue
            if command.startswith("source "):
                continue  # the environment of the tests is active already
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            done.stdout = re.sub(rf"\b{prefix}(?=news)", "", done.stdout)
            assert matches(expected, done.stdout), f"$ {command}\n{done.stdout}{done.stderr}\nexpected:\n{expected}"


def test_the_environment_of_the_readme_is_the_one_that_make_sets_up() -> None:
    [folder] = re.findall(r"^VENV \?= (\S+)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert f"source {folder}/bin/activate" in README


def test_make_run_serves_the_example_news(tmp_path: Path) -> None:
    """`make run` in the repository, with a port and an index folder of its own."""
    port = free_port()
    environment = {**os.environ, "INDEX_DIR": str(tmp_path / "data")}
    with (tmp_path / "log").open("w+") as log:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"], cwd=REPOSITORY, env=environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}/"

            def serves() -> bool:
                assert process.poll() is None, (tmp_path / "log").read_text()
                return address in (tmp_path / "log").read_text()

            wait_for(serves, START_SECONDS, (tmp_path / "log").read_text)
            assert (tmp_path / "log").read_text().strip().endswith(address)
            with urlopen(address) as response:
                assert 'dir="rtl"' in response.read().decode()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


@pytest.mark.parametrize(
    ("arguments", "index", "site"),
    [
        ([], "news", ""),
        (["DATA=/srv/My-Books/books.csv"], "books", ""),
        (["DATA=examples/books.csv", "SCHEMA=examples/books.toml"], "books", "examples/site.toml"),
        (["DATA=/srv/pages/", "INDEX=site"], "site", ""),
    ],
)
def test_make_run_names_the_index_after_its_documents(arguments: list[str], index: str, site: str) -> None:
    command = ["make", "--dry-run", "--no-print-directory", "run", *arguments]
    commands = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    assert f'arabic-search reindex "{index}" ' in commands
    assert f'SITE_FILE="{site}" DEFAULT_INDEX="{index}" ' in commands


def test_the_file_of_a_site_in_the_readme_is_right(tmp_path: Path) -> None:
    [site] = re.findall(r"^```toml site\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "site.toml").write_text(site, encoding="utf-8")
    assert load_site(tmp_path / "site.toml").site.fields.keys() == {"about"}


def test_the_field_of_a_story_in_the_readme_can_group() -> None:
    [fields] = re.findall(r"^```toml schema\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    title = {"title": {"kind": "text"}}
    schema = schema_from_dict({"name": "news", "fields": title | tomllib.loads(fields)["fields"]}, "README.md")
    assert list(groupable(schema)) == ["story"]


def test_the_commands_that_need_docker_name_what_there_is() -> None:
    """They cannot be run here; but each service, variable and file that they name is in the Compose file."""
    blocks = "".join(re.findall(r"^```console docker\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
    compose = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
    variables = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    services = re.findall(r"docker compose run --rm (\S+)", blocks)
    assert services
    assert [name for name in services if not re.search(rf"^  {name}:$", compose, re.MULTILINE)] == []
    named = re.findall(r"s/\^([A-Z_]+)=", blocks)
    assert named
    assert [name for name in named if not re.search(rf"^{name}=", variables, re.MULTILINE)] == []
    [profile] = re.findall(r"COMPOSE_PROFILES=([a-z]+)/", blocks)
    assert re.search(rf"profiles: \[.*{profile}.*\]", compose)
    assert ":/documents:ro" in compose


@pytest.mark.parametrize("target", re.findall(r"`make ([a-z]+)", README))
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    subprocess.run(["make", "--dry-run", "--always-make", target], cwd=REPOSITORY, check=True, capture_output=True)


def test_every_file_that_the_readme_names_exists() -> None:
    names = re.findall(r"`((?:examples|index_config|search_service|docs|tests)/[\w./-]+)`", README)
    names += [name for name in re.findall(r"\]\(([^)]+)\)", README) if not name.startswith("http")]
    assert len(names) > 8
    headings = {f"#{title.lower().replace(' ', '-')}" for title in re.findall(r"^##+ (.+)$", README, re.MULTILINE)}
    assert [name for name in names if name not in headings and not (REPOSITORY / name).exists()] == []


def test_every_setting_is_documented() -> None:
    from search_service.config.settings import variable_names

    documented = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", README, re.MULTILINE)
    assert sorted(re.findall(r"[A-Z_]+", " ".join(documented))) == sorted(variable_names())


def test_the_file_of_settings_in_the_readme_is_right(tmp_path: Path) -> None:
    from search_service.config.settings import Settings

    [config] = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "key").write_text("a2V5")
    (tmp_path / "search.toml").write_text(config.replace("/run/secrets/elasticsearch-api-key", "key"))
    settings = Settings.from_environment({"ARABIC_SEARCH_CONFIG": str(tmp_path / "search.toml")})
    assert (settings.engine, len(settings.elasticsearch.urls)) == ("elasticsearch", 2)
    assert settings.elasticsearch.api_key.get_secret_value() == "a2V5"


def test_every_search_parameter_is_documented() -> None:
    from search_service.search.parameters import parameters
    from search_service.search.request import SearchRequest

    for name, parameter in parameters(SearchRequest).items():
        written = f"`{parameter.query}FIELD" if parameter.query.endswith(".") else f"`{name}`"
        assert written in README
