"""The application as gunicorn loads it."""

from __future__ import annotations

import pytest

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
