"""The Dockerfile: the files that it copies, the pins of its packages, and its command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from click import Context

from search_service.cli.main import main
from tests.packaging.compose import REPOSITORY
from tests.servers import free_port, serving

Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    text = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, rest in (line.split(" ", 1) for line in lines)]


def arguments(wanted: str) -> list[str]:
    return [rest for name, rest in instructions() if name == wanted]


def last_stage() -> list[Instruction]:
    starts = [number for number, (name, _) in enumerate(instructions()) if name == "FROM"]
    return instructions()[starts[-1] :]


def copied() -> list[str]:
    return [name for rest in arguments("COPY") if "--from" not in rest for name in rest.split()[:-1]]


def test_the_base_image_is_pinned_to_a_python_that_the_package_supports() -> None:
    images = {rest.split()[0] for rest in arguments("FROM")}
    [version] = [re.fullmatch(r"python:(3\.\d+)\.\d+-slim-[a-z]+", image) for image in images]
    assert version
    package = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Programming Language :: Python :: {version[1]}" in package["classifiers"]


@pytest.mark.parametrize("name", copied())
def test_what_is_copied_is_there_and_not_ignored(name: str) -> None:
    assert (REPOSITORY / name).exists()
    ignore, *kept = [
        line for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert ignore == "*"
    assert any(line.startswith("!") and fnmatch(name, line[1:]) for line in kept)


def test_what_is_installed_is_locked() -> None:
    installs = re.findall(r"pip [^&]*\binstall\b[^&]*", " ".join(arguments("RUN")))
    assert len(installs) == 3
    *locked, wheel = installs
    assert all("--require-hashes" in one and "--only-binary :all:" in one for one in locked)
    assert "--no-deps dist/" in wheel


def test_the_last_stage_installs_nothing() -> None:
    assert not [rest for name, rest in last_stage() if name == "RUN" and re.search(r"\b(pip|apt|apt-get)\b", rest)]


def test_the_tools_that_build_are_those_of_the_tests() -> None:
    locked = [set(re.findall(r"^[a-z-]+==\S+", (REPOSITORY / f"requirements-{name}.lock").read_text(), re.MULTILINE))
              for name in ("build", "dev")]  # fmt: skip
    assert locked[0] <= locked[1]


def test_the_image_runs_as_a_user_without_rights() -> None:
    assert [rest for name, rest in last_stage() if name == "USER"] == ["10001:10001"]


def test_the_image_runs_a_command_of_the_package() -> None:
    [entry], [command] = arguments("ENTRYPOINT"), arguments("CMD")
    package = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(json.loads(entry)) <= set(package["scripts"])
    name, *options = json.loads(command)
    served = main.get_command(Context(main), name)
    assert served is not None
    context = served.make_context(name, options)
    assert (context.params["host"], context.params["port"]) == ("0.0.0.0", int(*arguments("EXPOSE")))


def test_the_health_check_tells_a_service_that_serves_from_one_that_does_not(tmp_path: Path) -> None:
    [rest] = arguments("HEALTHCHECK")
    program, *options = json.loads(rest[rest.index("[") :])
    assert program == "python"
    port = free_port()
    check = [sys.executable, *(option.replace("8000", str(port)) for option in options)]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 1
    environment = {"INDEX_DIR": str(tmp_path / "indexes")}
    serve = [sys.executable, "-m", "search_service.cli", "serve", "--port", str(port), "--workers", "1"]
    with serving(serve, port, tmp_path, environment):
        assert subprocess.run(check, capture_output=True, check=False).returncode == 0
