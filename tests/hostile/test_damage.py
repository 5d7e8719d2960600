"""Files of an index that are changed, cut short or missing: a message, never a dead process, and never a path.

`arabic-search doctor` and `status` find every change of a file. A search finds it when it meets it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_service.admin.requests import ReindexRequest
from search_service.admin.service import AdminService
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import DamagedIndex
from search_service.core.index_name import IndexName
from search_service.core.index_state import IndexState
from search_service.engines.embedded.engine import make_embedded_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from tests.generations import generation_of, rewrite_meta
from tests.hostile.conftest import EXAMPLES
from tests.rotation import Rotation

NEWS = IndexName("news")
KINDS = ("term", "idx", "pos", "fieldnorm", "fast", "store", "del", "tantivy/meta.json", "meta.json", "checksums.json")
REQUESTS = (
    "/v1/indexes/news/search?q=كتاب&facets=category&highlight=true",
    "/v1/indexes/news/search?q=المنختب",
    '/v1/indexes/news/search?q="مجلس الأمن"&sort=-date&histogram=month',
    "/v1/indexes/news/search?q=&size=100",
    "/v1/indexes/news/facets/source",
    "/v1/indexes/news/suggest?q=ال",
    "/v1/indexes/news/similar/ex-001",
    "/v1/indexes/news/explain/ex-001?q=كأس",
    "/v1/indexes/news/documents/ex-001",
    "/v1/indexes",
    "/readyz",
    "/?q=كتاب",
    "/documents/ex-001",
)


def client_of(indexes: Path, analysis: Analysis) -> FlaskClient:
    return create_app(SearchService(make_embedded_engine(indexes, analysis)), NEWS).test_client()


def admin_of(indexes: Path, analysis: Analysis) -> AdminService:
    return AdminService(make_embedded_engine(indexes, analysis), 10_000_000, indexes)


def files_of(indexes: Path, kind: str) -> list[Path]:
    generation = generation_of(indexes, "news")
    found = [generation / kind] if "." in kind else sorted((generation / "tantivy").glob(f"*.{kind}"))
    assert found
    return found


def flip(path: Path, count: int, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for position in dice.sample(range(len(content) * 8), min(count, len(content) * 8)):
        content[position // 8] ^= 1 << position % 8
    path.write_bytes(content)


def cut(path: Path, _count: int, dice: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])


def zero(path: Path, _count: int, _dice: random.Random) -> None:
    """Fill a file with zeros, as some file systems do after a power failure."""
    path.write_bytes(bytes(path.stat().st_size))


def remove(path: Path, _count: int, _dice: random.Random) -> None:
    path.unlink()


def assert_answers(indexes: Path, analysis: Analysis) -> None:
    """Every answer is one of an index that works, or says that it is damaged, and names no path."""
    client = client_of(indexes, analysis)
    for _ in range(2):  # the second time the damage is known
        for url in REQUESTS:
            response = client.get(url)
            assert response.status_code in (200, 404, 503), (url, response.text)
            assert str(indexes) not in response.text
            assert str(indexes.parent) not in response.text
            if response.status_code == 503 and url.startswith("/v1"):
                assert response.json is not None
                assert response.json["code"] == "index-damaged", response.json
                assert "restore a backup" in response.json["detail"]
    assert client.get("/v1/indexes/healthy/search?q=كتاب").status_code == 200


CASES = [
    pytest.param(kind, damage, count, id=f"{kind} {damage.__name__} {count}")
    for kind in KINDS
    for damage, count in ((flip, 1), (flip, 20), (flip, 200), (cut, 0), (zero, 0), (remove, 0))
]


@pytest.mark.full(keep=24)
@pytest.mark.parametrize(("kind", "damage", "count"), CASES)
def test_damage_is_a_message(
    indexes: Path,
    analysis: Analysis,
    rotation: Rotation,
    kind: str,
    damage: Callable[[Path, int, random.Random], None],
    count: int,
) -> None:
    [name] = rotation.some([one.name for one in files_of(indexes, kind)][:1], 1, kind)
    path = files_of(indexes, kind)[0].with_name(name)
    damage(path, count, rotation.dice(f"{kind} {damage.__name__} {count}"))
    assert_answers(indexes, analysis)
    admin = admin_of(indexes, analysis)
    status = admin.status(NEWS, verify=True)
    assert status.state is IndexState.DAMAGED
    assert [one.ok for one in admin.doctor(NEWS)] == [False]
    healthy, news = admin.indexes(verify=True)
    assert (healthy.state, news.state) == (IndexState.CURRENT, IndexState.DAMAGED)
    if "json" not in kind:  # the documents themselves do not need our metadata
        with pytest.raises(DamagedIndex):
            list(make_embedded_engine(indexes, analysis).indexes.stored(NEWS))


@pytest.mark.parametrize("number", range(300))
@pytest.mark.full(keep=6)
def test_random_damage_is_a_message(indexes: Path, analysis: Analysis, rotation: Rotation, number: int) -> None:
    dice = rotation.dice(f"random damage {number}")
    path = dice.choice(files_of(indexes, dice.choice(KINDS)))
    dice.choice((flip, cut))(path, dice.choice((1, 2, 5, 20, 100, 1000)), dice)
    assert_answers(indexes, analysis)
    assert admin_of(indexes, analysis).status(NEWS, verify=True).state is IndexState.DAMAGED


@pytest.mark.full(keep=12)
@pytest.mark.parametrize("content", ["{}", "[]", "null", "", "{", "1", '{"schema": {"name": "news"}}', '"x"'])
@pytest.mark.parametrize("kind", ["meta.json", "tantivy/meta.json"])
@pytest.mark.parametrize("checksums", [True, False])
def test_metadata_of_another_form_is_damage(
    indexes: Path, analysis: Analysis, kind: str, content: str, checksums: bool
) -> None:
    [path] = files_of(indexes, kind)
    if not checksums:
        rewrite_meta(generation_of(indexes, "news"))
    path.write_text(content)
    response = client_of(indexes, analysis).get("/v1/indexes/news/search?q=x")
    assert (response.status_code, response.json["code"]) == (503, "index-damaged")  # type: ignore[index]
    assert_answers(indexes, analysis)


def test_a_damaged_index_is_rebuilt_from_its_sources(indexes: Path, analysis: Analysis, tmp_path: Path) -> None:
    client = client_of(indexes, analysis)
    flip(files_of(indexes, "store")[0], 200, random.Random(1))
    url = "/v1/indexes/news/search?q=&size=100"
    assert client.get(url).status_code == 503
    request = ReindexRequest(index=NEWS, sources=(str(EXAMPLES),), reject_file=tmp_path / "rejects")
    admin_of(indexes, analysis).reindex(request)
    assert client.get(url).status_code == 200


def test_a_file_that_is_put_back_ends_the_damage(indexes: Path, analysis: Analysis) -> None:
    client = client_of(indexes, analysis)
    path = files_of(indexes, "store")[0]
    content = path.read_bytes()
    flip(path, 200, random.Random(1))
    url = "/v1/indexes/news/search?q=&size=100"
    assert [client.get(url).status_code for _ in range(3)] == [503] * 3
    path.with_suffix(".new").write_bytes(content)
    path.with_suffix(".new").replace(path)
    assert client.get(url).status_code == 200


def test_a_load_into_a_damaged_index_is_refused_and_changes_nothing(
    indexes: Path, analysis: Analysis, tmp_path: Path
) -> None:
    from search_service.admin.requests import LoadRequest

    flip(files_of(indexes, "tantivy/meta.json")[0], 1, random.Random(1))
    before = {path: path.read_bytes() for path in sorted(generation_of(indexes, "news").rglob("*")) if path.is_file()}
    with pytest.raises(DamagedIndex):
        admin_of(indexes, analysis).load(
            LoadRequest(index=NEWS, sources=(str(EXAMPLES),), reject_file=tmp_path / "rejects")
        )
    after = {path: path.read_bytes() for path in sorted(generation_of(indexes, "news").rglob("*")) if path.is_file()}
    assert after == before


def test_an_index_of_an_earlier_version_has_no_checksums_and_works(indexes: Path, analysis: Analysis) -> None:
    rewrite_meta(generation_of(indexes, "news"))
    assert client_of(indexes, analysis).get("/v1/indexes/news/search?q=كتاب").status_code == 200
    admin = admin_of(indexes, analysis)
    files = admin.doctor(NEWS)[0]
    assert (files.ok, files.detail.code) == (True, "segments-intact")
    assert admin.status(NEWS, verify=True).state is IndexState.CURRENT
