"""The wheel works in an empty virtual environment outside the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import orjson
import pytest

from tests.servers import free_port, serving

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)]
    subprocess.run(command, check=True, capture_output=True)
    [built] = folder.glob("arabic_search_service-*.whl")
    return built


def test_the_wheel_carries_its_data_and_nothing_of_the_repository(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "index_config/normalization.toml",
        "index_config/schemas/news.toml",
        "index_config/elasticsearch/news.json",
        "index_config/stopwords.txt",
        "search_service/py.typed",
        "search_service/web/static/search.js",
        "search_service/web/static/embed/element.js",
    } <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"index_config", "search_service"}


def test_an_installed_wheel_indexes_and_serves(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    install: list[str | Path] = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", environment]
    subprocess.run([*install, "--require-hashes", "-r", REPOSITORY / "requirements.lock"], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    command = environment / "bin" / "arabic-search"
    shutil.copy(REPOSITORY / "examples" / "news.jsonl", tmp_path / "my-news.jsonl")
    subprocess.run([command, "index", "news", "my-news.jsonl"], cwd=tmp_path, check=True, capture_output=True)
    port = free_port()
    with (
        serving([command, "serve", "--port", str(port)], port, tmp_path),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/indexes/news/search?size=1") as response,
    ):
        assert orjson.loads(response.read())["total"] == 104
