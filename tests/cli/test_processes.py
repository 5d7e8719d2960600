"""Commands as processes of their own: pipes, terminals, servers."""

from __future__ import annotations

import os
import pty
import termios
import urllib.request
from pathlib import Path

from search_service.cli import exit_codes
from tests.cli.commands import EXAMPLES, TIMEOUT, Run, read_all, start
from tests.servers import free_port


def test_a_closed_output_pipe_prints_no_error(news: Run) -> None:
    assert news("status").stdout
    for arguments in (["search", "news", "", "--size", "100", "--json"], ["analyze", "كلمة " * 2_000]):
        process = start(*arguments)
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=TIMEOUT)
        assert (errors, process.returncode) == (b"", exit_codes.OUTPUT_CLOSED)


def test_a_terminal_shows_a_progress_bar(folder: Path) -> None:
    assert folder.is_dir()
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 120))
    process = start("index", "news", EXAMPLES, stderr=terminal)
    os.close(terminal)
    output, _ = process.communicate(timeout=TIMEOUT)
    shown = read_all(controller)
    assert process.returncode == 0
    assert output.startswith(b"104 documents indexed")
    assert "100%" in shown
    assert "104 documents" in shown


def test_serve_answers_and_reports_a_port_in_use(news: Run) -> None:
    assert news("status").stdout
    port = free_port()
    process = start("serve", "--port", str(port), "--workers", "1")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Search page: http://127.0.0.1:{port}/\n".encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT) as answer:
            assert answer.status == 200
        result = news("serve", "--port", str(port), status=exit_codes.FAILED)
        assert result.stderr.startswith(f"Error: Cannot listen on port {port} of 127.0.0.1 (Address already in use)")
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=TIMEOUT)
    assert output == b""
    assert process.returncode == 0
