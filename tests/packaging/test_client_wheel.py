"""The wheel of the client works where nothing of the service is installed."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.shared_data import REPOSITORY

CODE = """
import importlib.metadata, sys
from arabic_search_client import AsyncClient, Client
from arabic_search_client.answers.searching import SearchResult
assert "etag" in SearchResult.__optional_keys__ and "total" in SearchResult.__required_keys__
print(*sorted(one.name.lower() for one in importlib.metadata.distributions()))
"""


def test_the_wheel_needs_httpx_and_nothing_of_the_service(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist)]
    subprocess.run([*build, str(REPOSITORY / "clients" / "python")], check=True, capture_output=True)
    [wheel] = dist.glob("arabic_search_client-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "arabic_search_client/py.typed" in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"arabic_search_client"}
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    # The versions of the tests, without hashes: with those, one of the wheel would be asked for.
    versions = re.findall(r"^[\w.-]+==[^ ;]+", (REPOSITORY / "requirements-dev.lock").read_text(), re.MULTILINE)
    (tmp_path / "versions.txt").write_text("\n".join(versions))
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(environment)]
    subprocess.run([*install, "--constraint", str(tmp_path / "versions.txt"), str(wheel)], check=True)
    done = subprocess.run(
        [environment / "bin" / "python", "-I", "-c", CODE], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    installed = set(done.stdout.split())
    assert {"arabic-search-client", "httpx"} <= installed
    assert installed <= {
        "arabic-search-client", "httpx", "httpcore", "anyio", "certifi", "h11", "idna", "sniffio", "typing_extensions",
        "typing-extensions",
    }  # fmt: skip
