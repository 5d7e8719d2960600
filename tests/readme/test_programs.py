"""Every program of the README and of the documents of the clients is run, and prints what the document says.

The blocks of a document in one language are one program. What a line prints is in the comment behind it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shared_data import REPOSITORY

from .documents import blocks, matches, served_news, steps

README, GUIDE, PACKAGE = (REPOSITORY / name for name in ("README.md", "docs/clients.md", "clients/python/README.md"))
RUNNERS = {"python": [sys.executable, "-W", "error", "-"], "javascript": ["node", "--input-type=module", "-"]}
PRINTED = re.compile(r"^.*(?:print|console\.log)\(.*\);?  ?(?:#|//) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Terminal:
    """Runs commands and programs in the folder of a server of the example news."""

    folder: Path
    port: int
    environment: dict[str, str]

    def run(self, command: list[str], text: str = "") -> str:
        done = subprocess.run(
            command, input=text.replace(":8000", f":{self.port}"), cwd=self.folder, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), f"{text or command}\n{done.stderr}"
        return done.stdout

    def shell(self, command: str) -> str:
        return self.run(["bash", "-c", command.replace(":8000", f":{self.port}")])

    def program(self, language: str, document: Path) -> tuple[str, list[str]]:
        """Run the programs of a document; return what they print, and what it says that they print."""
        runner = RUNNERS[language]
        if shutil.which(runner[0]) is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{runner[0]} is not installed")
        program = "".join(blocks(document.read_text(encoding="utf-8"), language))
        return self.run(runner, program), PRINTED.findall(program)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal, in which the keys are created that the programs read."""
    folder = tmp_path_factory.mktemp("programs")
    with served_news(folder) as (port, environment):
        made = Terminal(folder, port, environment)
        for command, _ in steps(GUIDE.read_text(encoding="utf-8")):
            if command.startswith("arabic-search keys create"):
                made.shell(command)
        yield made


def test_the_commands_of_the_guide_print_what_it_says(terminal: Terminal) -> None:
    for command, expected in steps(GUIDE.read_text(encoding="utf-8")):
        if not command.startswith("arabic-search keys create"):
            printed = terminal.shell(command)
            assert matches(expected, printed), f"$ {command}\n{printed}\nexpected:\n{expected}"


@pytest.mark.parametrize(("language", "document"), [("python", GUIDE), ("javascript", GUIDE), ("python", PACKAGE)])
def test_the_programs_print_what_the_document_says(terminal: Terminal, language: str, document: Path) -> None:
    printed, expected = terminal.program(language, document)
    assert expected
    assert printed.splitlines() == expected


def test_the_programs_of_the_readme_find_and_load(terminal: Terminal) -> None:
    key = next(command for command, _ in steps(README.read_text(encoding="utf-8")) if "> key.txt" in command)
    assert key in [command for command, _ in steps(GUIDE.read_text(encoding="utf-8"))]
    for language in RUNNERS:
        assert len(blocks(README.read_text(encoding="utf-8"), language)) == 1
    found = r"[1-9][0-9]* \[.*'value': 'سياسة'.*\]\n"
    printed, expected = terminal.program("python", README)
    assert re.fullmatch(rf"{found}{expected[0]}\n", printed), printed
    printed, _ = terminal.program("javascript", README)
    assert re.match(r"[1-9][0-9]* \[", printed)
    assert "value: 'سياسة'" in printed
    assert re.search(r'"j-1","status":201,.*\n.*"j-1","status":200,"result":"deleted"}\n$', printed), printed
