"""Backups of embedded indexes: consistent, checked, restored under any name, and never a partial restore."""

from __future__ import annotations

import hashlib
import io
import os
import random
import stat
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from search_service.admin.requests import LoadRequest
from search_service.admin.service import AdminService
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import DamagedIndex, InvalidParameter, StaleIndex, UnknownIndex, UnreadableSource
from search_service.core.index_name import IndexName
from search_service.core.index_state import IndexState
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.engine import make_embedded_engine
from tests.generations import generation_of, rewrite_meta
from tests.hostile.conftest import EXAMPLES
from tests.rotation import Rotation
from tests.sentences import refused

NEWS, COPY = IndexName("news"), IndexName("copy")
COUNT = 104


@pytest.fixture
def engine(indexes: Path, analysis: Analysis) -> SearchEngine:
    return make_embedded_engine(indexes, analysis)


@pytest.fixture
def admin(engine: SearchEngine, indexes: Path) -> AdminService:
    return AdminService(engine, 10_000_000, indexes)


@pytest.fixture
def file(admin: AdminService, tmp_path: Path) -> Path:
    path = tmp_path / "news.backup"
    admin.backup(NEWS, str(path))
    return path


def contents(engine: SearchEngine, index: IndexName) -> dict[str, Document]:
    return {document.id: document for document in engine.indexes.stored(index)}


def members_of(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive.getmembers()}  # type: ignore[union-attr]


def layout_of(path: Path) -> list[tarfile.TarInfo]:
    with tarfile.open(path) as archive:
        return archive.getmembers()


def write_members(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def assert_restore_is_refused(admin: AdminService, file: Path) -> None:
    """A restore is refused as damaged or as no backup, and leaves neither an index nor a file."""
    root = file.parent / "indexes"
    before = sorted(path for path in root.rglob("*") if ".locks" not in str(path))
    with pytest.raises(UnreadableSource) as caught:
        admin.restore(str(file), COPY)
    assert caught.value.code in ("backup-damaged", "not-a-backup", "backup-of-other-version")
    with pytest.raises(UnreadableSource):
        admin.restore(str(file), NEWS, replace=True)
    assert sorted(path for path in root.rglob("*") if ".locks" not in str(path)) == before


def test_a_backup_is_restored_under_another_name(admin: AdminService, engine: SearchEngine, file: Path) -> None:
    restored = admin.restore(str(file), COPY)
    assert (restored.index, restored.documents, restored.current) == (COPY, COUNT, True)
    assert contents(engine, COPY) == contents(engine, NEWS)
    assert {one.ok for one in admin.doctor(COPY)} == {True}


def test_a_backup_is_restored_after_its_index_was_deleted(
    admin: AdminService, engine: SearchEngine, file: Path
) -> None:
    before = contents(engine, NEWS)
    admin.delete(NEWS)
    assert admin.restore(str(file)).index == NEWS
    assert contents(engine, NEWS) == before


def test_an_index_that_exists_is_replaced_only_on_request_and_can_be_rolled_back(
    admin: AdminService, engine: SearchEngine, file: Path
) -> None:
    with engine.indexes.writer(NEWS) as writer:
        writer.upsert(Document("later", {"title": "بعد النسخة"}))
    with refused(InvalidParameter, "'news' exists.*`--replace`"):
        admin.restore(str(file))
    assert "later" in contents(engine, NEWS)
    admin.restore(str(file), replace=True)
    assert "later" not in contents(engine, NEWS)
    assert [str(one.state) for one in admin.generations(NEWS)] == ["current", "kept"]
    admin.rollback(NEWS)
    assert "later" in contents(engine, NEWS)


def test_a_damaged_index_is_replaced(admin: AdminService, engine: SearchEngine, file: Path, tmp_path: Path) -> None:
    (generation_of(tmp_path / "indexes", "news") / "meta.json").write_text("{}")
    assert admin.status(NEWS).state is IndexState.DAMAGED
    admin.restore(str(file), replace=True)
    assert len(contents(engine, NEWS)) == COUNT


def test_a_restored_index_is_written_to(admin: AdminService, engine: SearchEngine, file: Path) -> None:
    admin.restore(str(file), COPY)
    with engine.indexes.writer(COPY) as writer:
        writer.upsert(Document("later", {"title": "بعد النسخة"}))
        writer.delete("ex-001")
    assert contents(engine, COPY).keys() == contents(engine, NEWS).keys() - {"ex-001"} | {"later"}


def test_a_backup_made_while_documents_are_written_is_one_commit(
    admin: AdminService, engine: SearchEngine, tmp_path: Path
) -> None:
    """Each commit adds ten documents, and merges remove files meanwhile."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        with engine.indexes.writer(NEWS) as writer:
            while not stop.is_set():
                for _ in range(10):
                    number += 1
                    writer.upsert(Document(f"new-{number}", {"title": f"خبر رقم {number}"}))
                writer.commit()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        sizes = []
        for number in range(8):
            path = tmp_path / f"{number}.backup"
            admin.backup(NEWS, str(path))
            restored = admin.restore(str(path), IndexName(f"copy{number}"))
            assert (restored.documents - COUNT) % 10 == 0
            sizes.append(restored.documents)
    finally:
        stop.set()
        thread.join()
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def test_a_file_that_exists_is_never_overwritten(admin: AdminService, file: Path) -> None:
    before = file.read_bytes()
    with refused(InvalidParameter, "news.backup exists"):
        admin.backup(NEWS, str(file))
    assert file.read_bytes() == before


def test_a_missing_or_damaged_index_is_not_backed_up(admin: AdminService, tmp_path: Path) -> None:
    with pytest.raises(UnknownIndex):
        admin.backup(COPY, str(tmp_path / "a.backup"))
    store = next((generation_of(tmp_path / "indexes", "news") / "tantivy").glob("*.store"))
    content = bytearray(store.read_bytes())
    content[len(content) // 2] ^= 1
    store.write_bytes(content)
    with refused(DamagedIndex, rf"its file {store.name} was changed"):
        admin.backup(NEWS, str(tmp_path / "a.backup"))
    assert list(tmp_path.glob("*.backup")) == []
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("number", range(200))
@pytest.mark.full(keep=5)
def test_a_flipped_bit_is_found(admin: AdminService, file: Path, rotation: Rotation, number: int) -> None:
    dice = rotation.dice(f"backup {number}")
    content = bytearray(file.read_bytes())
    member = dice.choice(layout_of(file))  # not in the padding between files
    position = dice.randrange(member.offset_data, member.offset_data + member.size)
    content[position] ^= 1 << dice.randrange(8)
    file.write_bytes(content)
    assert_restore_is_refused(admin, file)


@pytest.mark.parametrize("part", [0, 100, 0.1, 0.5, 0.9, 0.97])
def test_a_backup_without_its_end_is_refused(admin: AdminService, file: Path, part: float) -> None:
    size = file.stat().st_size
    file.write_bytes(file.read_bytes()[: int(part * size) if 0 < part < 1 else int(part)])
    assert_restore_is_refused(admin, file)


def test_a_changed_tar_header_changes_nothing_or_is_refused(
    admin: AdminService, engine: SearchEngine, file: Path, rotation: Rotation
) -> None:
    dice, original = rotation.dice("tar headers"), file.read_bytes()
    for number, member in enumerate(layout_of(file)):
        content = bytearray(original)
        content[member.offset + dice.randrange(512)] ^= 1 << dice.randrange(8)
        file.write_bytes(content)
        name = IndexName(f"copy{number}")
        try:
            admin.restore(str(file), name)
        except UnreadableSource:
            assert name not in engine.indexes.names()
        else:
            assert contents(engine, name) == contents(engine, NEWS)


@pytest.mark.parametrize("content", [b"", b"x", b'{"id": "1"}\n', bytes(20_000), random.Random(1).randbytes(20_000)])
def test_any_other_file_is_refused(admin: AdminService, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert_restore_is_refused(admin, file)


def linked(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


HOSTILE: dict[str, Callable[[], tarfile.TarInfo]] = {
    "a path above": lambda: tarfile.TarInfo("../../evil"),
    "an absolute path": lambda: tarfile.TarInfo("/tmp/evil"),
    "a path above in the folder": lambda: tarfile.TarInfo("tantivy/../../evil"),
    "a link": lambda: linked("tantivy/" + "0" * 32 + ".store", tarfile.SYMTYPE, "/etc/passwd"),
    "a hard link": lambda: linked("tantivy/" + "0" * 32 + ".store", tarfile.LNKTYPE, "/etc/passwd"),
    "a device": lambda: linked("tantivy/" + "0" * 32 + ".store", tarfile.CHRTYPE),
    "a pipe": lambda: linked("tantivy/" + "0" * 32 + ".store", tarfile.FIFOTYPE),
    "a folder": lambda: linked("tantivy", tarfile.DIRTYPE),
    "another name": lambda: tarfile.TarInfo("tantivy/evil.py"),
    "the same name twice": lambda: tarfile.TarInfo("meta.json"),
    "a second header": lambda: tarfile.TarInfo("backup.json"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_member_is_refused(admin: AdminService, file: Path, kind: str) -> None:
    members = members_of(file)
    with tarfile.open(file, "w") as archive:
        for number, (name, content) in enumerate(members.items()):
            if number == 3:
                archive.addfile(HOSTILE[kind]())
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    assert_restore_is_refused(admin, file)
    assert not Path("/tmp/evil").exists()
    assert not list(file.parent.rglob("evil*"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("index", "../../evil"), ("index", ""), ("index", 3), ("format", 99), ("format", None)],
)
def test_a_header_of_another_form_is_refused(admin: AdminService, file: Path, name: str, value: object) -> None:
    members = members_of(file)
    header = {**orjson.loads(members["backup.json"]), name: value}
    del header["sha256"]
    checksum = hashlib.sha256(orjson.dumps(header, option=orjson.OPT_SORT_KEYS)).hexdigest()
    members["backup.json"] = orjson.dumps({**header, "sha256": checksum})
    write_members(file, members)
    assert_restore_is_refused(admin, file)


@pytest.mark.parametrize("name", ["format", "index", "fingerprint", "sha256"])
def test_a_changed_header_is_found_before_it_is_used(admin: AdminService, file: Path, name: str) -> None:
    members = members_of(file)
    header = orjson.loads(members["backup.json"])
    changed = header[name] + 1 if name == "format" else f"{header[name]}x"
    members["backup.json"] = orjson.dumps({**header, name: changed})
    write_members(file, members)
    for replace in (False, True):
        with pytest.raises(UnreadableSource, match="backup-damaged"):
            admin.restore(str(file), COPY if not replace else NEWS, replace=replace)


def test_a_missing_file_of_a_segment_is_found(admin: AdminService, file: Path) -> None:
    members = members_of(file)
    name = next(name for name in members if name.endswith(".fast"))
    sums = orjson.loads(members["checksums.json"])
    del members[name], sums[name]
    write_members(file, {**members, "checksums.json": orjson.dumps(sums)})
    assert_restore_is_refused(admin, file)


def test_a_backup_of_another_configuration_replaces_no_index_that_works(
    admin: AdminService, engine: SearchEngine, tmp_path: Path
) -> None:
    rewrite_meta(generation_of(tmp_path / "indexes", "news"), fingerprint="of another version")
    file = tmp_path / "old.backup"
    assert admin.backup(NEWS, str(file)).current is False
    assert admin.restore(str(file), COPY).current is False
    assert admin.status(COPY).state is IndexState.STALE
    assert len(contents(engine, COPY)) == COUNT
    admin.delete(NEWS)
    admin.load(LoadRequest(index=NEWS, sources=(str(EXAMPLES),), reject_file=tmp_path / "rejects"))
    with refused(StaleIndex, "another configuration"):
        admin.restore(str(file), NEWS, replace=True)
    assert admin.status(NEWS).state is IndexState.CURRENT


def test_a_backup_is_readable_as_other_new_files_are(file: Path) -> None:
    mask = os.umask(0o022)
    os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~mask
