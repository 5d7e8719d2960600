"""Every command of the README is run, in order, and prints what the README says.

In an expected output `…` stands for anything, on a line of its own for any lines.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.servers import free_port, serving

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
START_SECONDS = 300


def blocks() -> list[str]:
    """Return the console blocks of the README."""
    return re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """Yield each command with the output that stands below it."""
    for block in blocks():
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            yield command, output


def matches(expected: str, actual: str) -> bool:
    if expected.startswith("{"):  # JSON is the same however it is laid out
        wanted, answer = json.loads(expected), json.loads(actual)
        return bool({**wanted, "took_ms": 0} == {**answer, "took_ms": 0})
    pattern = re.escape(expected.strip()).replace("…", ".*?")
    return re.fullmatch(pattern, actual.strip(), re.DOTALL) is not None


def test_the_readme_begins_with_the_two_commands() -> None:
    commands = [command.split("#")[0].strip() for command, _ in steps()]
    assert commands[:2] == ["make run", "make test"]
    assert "make test" in (REPOSITORY / ".ci" / "run").read_text()


def test_the_commands_print_what_the_readme_says(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(REPOSITORY / "examples")
    port = free_port()
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "INDEX_DIR": str(tmp_path / "data")}
    with ExitStack() as stack:
        for command, expected in list(steps())[2:]:
            command = command.replace("8000", str(port))
            if command.startswith("arabic-search serve"):
                stack.enter_context(serving(["sh", "-c", f"exec {command}"], port, tmp_path, environment))
                continue
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert matches(expected, done.stdout), f"$ {command}\n{done.stdout}{done.stderr}\nexpected:\n{expected}"


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
            deadline = time.monotonic() + START_SECONDS
            while address not in (tmp_path / "log").read_text():
                assert process.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.1)
            assert (tmp_path / "log").read_text().strip().endswith(address)
            with urlopen(address) as response:
                assert 'dir="rtl"' in response.read().decode()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


@pytest.mark.parametrize("target", re.findall(r"`make ([a-z]+)", README))
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    subprocess.run(["make", "--dry-run", "--always-make", target], cwd=REPOSITORY, check=True, capture_output=True)


def test_every_file_that_the_readme_names_exists() -> None:
    names = re.findall(r"`((?:examples|index_config|search_service|docs|tests)/[\w./-]+)`", README)
    names += [name for name in re.findall(r"\]\(([^)]+)\)", README) if not name.startswith("http")]
    assert len(names) > 8
    assert [name for name in names if not (REPOSITORY / name).exists()] == []


def test_every_setting_is_documented() -> None:
    from search_service.settings import variable_names

    documented = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", README, re.MULTILINE)
    assert sorted(re.findall(r"[A-Z_]+", " ".join(documented))) == sorted(variable_names())


def test_the_file_of_settings_in_the_readme_is_right(tmp_path: Path) -> None:
    from search_service.settings import Settings

    [config] = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "key").write_text("a2V5")
    (tmp_path / "search.toml").write_text(config.replace("/run/secrets/elasticsearch-api-key", "key"))
    settings = Settings.from_environment({"ARABIC_SEARCH_CONFIG": str(tmp_path / "search.toml")})
    assert (settings.engine, len(settings.elasticsearch.urls)) == ("elasticsearch", 2)
    assert settings.elasticsearch.api_key == "a2V5"


def test_every_search_parameter_is_documented() -> None:
    from search_service.api.parameters import SEARCH_NAMES

    assert [name for name in SEARCH_NAMES if f"`{name}`" not in README] == []
