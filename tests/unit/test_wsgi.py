"""The application as gunicorn loads it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from search_service.config.settings import Settings
from search_service.core.errors import StorageUnavailable
from search_service.server.cursor_secret import FILE, cursor_secret, read_or_make
from search_service.server.wsgi import WORKER_BOOT_ERROR
from search_service.wsgi import create_app


def test_an_invalid_setting_ends_the_worker_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENGINE", "solr")
    with pytest.raises(SystemExit) as ended:
        create_app()
    assert ended.value.code == WORKER_BOOT_ERROR
    assert capsys.readouterr().err == "Error: ENGINE: 'solr' is not valid; allowed: embedded, elasticsearch\n"


def test_workers_make_one_secret_for_cursors(tmp_path: Path) -> None:
    path = tmp_path / "new" / FILE
    with ThreadPoolExecutor(8) as workers:
        secrets = set(workers.map(lambda _: read_or_make(path), range(8)))
    assert len(secrets) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_secret_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    environment = {"INDEX_DIR": str(tmp_path / "missing"), "CURSOR_SECRET": "of all machines"}
    first, second = (cursor_secret(Settings.from_environment(environment))() for _ in range(2))
    assert first == second
    assert not (tmp_path / "missing").exists()


def test_a_secret_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"cut short")
    with pytest.raises(StorageUnavailable) as refused:
        read_or_make(tmp_path / FILE)
    assert refused.value.code == "cursor-secret-unavailable"
