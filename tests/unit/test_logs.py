"""What is logged: one line, nothing that controls a terminal, and all of it."""

from __future__ import annotations

import io
import logging

import pytest
from click.testing import CliRunner

from search_service.cli.main import main
from search_service.core.logs import MAX_LENGTH, EscapeFilter, escape

FORGED = "[ERROR] forged"


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(output: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(output)
    handler.addFilter(EscapeFilter())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    return logger


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("كتب، «معرض» 100% \\n", "كتب، «معرض» 100% \\n"),
        ("a\nb", "a\\nb"),
        ("a\r\nb", "a\\r\\nb"),
        ("a\x1b[2Jb\x07", "a\\x1b[2Jb\\x07"),
        ("a\x85b\u2028c", "a\\x85b\\u2028c"),
        ("a\u202eb\u2066c\u200f", "a\\u202eb\\u2066c\\u200f"),
        ("a\ud800b", "a\\ud800b"),
        ("a\U000e0041b", "a\\U000e0041b"),
    ],
)
def test_what_is_not_printable_is_escaped(text: str, escaped: str, logger: logging.Logger, output: io.StringIO) -> None:
    assert escape(text) == escaped
    logger.warning("index %s", text)
    logger.warning(text.replace("%", "%%"))
    assert output.getvalue() == f"index {escaped}\n{escaped.replace('%', '%%')}\n"


def test_a_stack_trace_keeps_its_lines_and_none_begins_as_one_of_the_log(
    logger: logging.Logger, output: io.StringIO
) -> None:
    try:
        raise ValueError(f"\n{FORGED}\x1b[2J")
    except ValueError:
        logger.exception("failed\n%s", FORGED, stack_info=True)
    first, *lines = output.getvalue().splitlines()
    assert first == f"failed\\n{FORGED}"
    assert len(lines) > 3
    assert all(line.startswith("    ") and line.isprintable() for line in lines)


def test_a_long_message_is_cut(logger: logging.Logger, output: io.StringIO) -> None:
    logger.warning("%s", "ك" * (MAX_LENGTH + 1))
    assert output.getvalue() == f"{'ك' * MAX_LENGTH}… ({MAX_LENGTH + 1} characters)\n"


def test_arguments_that_do_not_fit_are_logged_all_the_same(logger: logging.Logger, output: io.StringIO) -> None:
    logger.warning("%d of %d", "a\n")
    assert output.getvalue() == "'%d of %d' ('a\\n',)\n"


def test_an_error_of_a_command_is_one_line(tmp_path: object) -> None:
    result = CliRunner(env={"INDEX_DIR": str(tmp_path)}).invoke(main, ["index", "news", f"no\x1b[2J\n{FORGED}.jsonl"])
    [line] = result.stderr.split("\n")[:-1]
    assert line.startswith("Error: ")
    assert line.isprintable()
