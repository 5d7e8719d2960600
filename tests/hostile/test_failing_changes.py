"""Acknowledged changes that cannot be applied: each is set aside with its reason, and the others go on."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import tantivy
from click.testing import CliRunner

from index_config.schema import load_schema
from search_service.access.guarded_indexes import guarded
from search_service.analysis.analyzer import Analysis
from search_service.cli import exit_codes
from search_service.cli.main import main
from search_service.core.document import Document
from search_service.core.errors import UnknownDocument
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.embedded.applier import Applier
from search_service.engines.embedded.engine import make_applier, make_embedded_engine
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.queue import QUEUE
from search_service.engines.status import index_status
from search_service.engines.writing import RebuildOptions
from search_service.ingestion.documents import DocumentService
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.waiting import wait_for

NEWS, BOOKS = IndexName("news"), IndexName("books")
BAD = "حجر"
"""The title of documents that the engine fails on."""


class Site:
    """Two indexes whose changes wait until something applies them."""

    def __init__(self, folder: Path, analysis: Analysis) -> None:
        self.folder = folder
        self._analysis = analysis
        self.engine: SearchEngine = guarded(make_embedded_engine(folder, analysis, wake=lambda: None))
        for index in (NEWS, BOOKS):
            self.engine.indexes.create(index, load_schema("news"))
        self.documents = DocumentService(self.engine, 100_000)

    def put(self, *titles: str, index: IndexName = NEWS) -> None:
        """Change documents `1` and so on."""
        for number, title in enumerate(titles, 1):
            self.documents.put(index, {"id": str(number), "title": title})

    def apply(self, applier: Applier | None = None) -> None:
        """Apply all changes."""
        applier = applier or make_applier(self.folder, self._analysis)
        wait_for(lambda: not applier.step() and not applier.has_waiting_changes())
        applier.close()

    def found(self, index: IndexName = NEWS) -> list[str]:
        return sorted(hit.id for hit in SearchService(self.engine).search(index, SearchRequest(size=100)).hits)

    def counts(self) -> tuple[int, int]:
        """Return how many changes wait, and how many failed."""
        stats = index_status(self.engine.indexes, NEWS)
        return stats.waiting, stats.failed

    def write_queue(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.folder / NEWS / QUEUE)) as connection, connection:
            connection.execute(statement, values)

    def run(self, *arguments: str) -> str:
        environment = {**os.environ, "INDEX_DIR": str(self.folder)}
        command = [sys.executable, "-m", "search_service.cli", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def site(tmp_path: Path, analysis: Analysis) -> Site:
    return Site(tmp_path / "indexes", analysis)


def make_or_fail(maker: DocumentMaker, document: Document) -> tantivy.Document:
    """Make a document whose date is a text if it is a bad one: tantivy's writer ends with it, and loses its batch."""
    made = DocumentMaker.__dict__["intact"](maker, document)
    if document.source.get("title") == BAD:
        made.add_text("date", "text")
    return made  # type: ignore[no-any-return]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tantivy fail on bad documents."""
    monkeypatch.setattr(DocumentMaker, "intact", DocumentMaker.make, raising=False)
    monkeypatch.setattr(DocumentMaker, "make", make_or_fail)


def test_a_row_that_cannot_be_read_is_set_aside(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.put("أ", "ب", "ج", "د")
    site.put("أ", index=BOOKS)
    site.write_queue("UPDATE changes SET document = ? WHERE id = '2'", b'{"id": "2", "tit')
    with caplog.at_level(logging.ERROR):
        site.apply()
    assert (site.found(), site.found(BOOKS), site.counts()) == (["1", "3", "4"], ["1"], (0, 1))
    [logged] = [one.getMessage() for one in caplog.records if "cannot be applied" in one.getMessage()]
    assert "Index 'news': change 2, of document '2', cannot be applied and is set aside" in logged
    assert "1 changes failed" in site.run("status", "news")
    assert json.loads(site.run("status", "news", "--json"))["failed"] == 1
    checks = site.run("doctor", "news")
    assert "NOT OK" in checks
    assert "document '2' (the engine does not take it: JSONDecodeError" in checks
    with pytest.raises(UnknownDocument):
        site.documents.get(NEWS, "2")
    # Whoever changes the document again decides about it.
    site.documents.put(NEWS, {"id": "2", "title": "ب"})
    site.apply()
    assert (site.found(), site.counts()) == (["1", "2", "3", "4"], (0, 0))
    assert "NOT OK" not in site.run("doctor", "news")


@pytest.mark.usefixtures("failing")
def test_documents_that_the_engine_fails_on_do_not_hold_up_the_others(site: Site) -> None:
    titles = [BAD if number in (7, 8, 30) else "خبر" for number in range(40)]
    site.put(*titles)
    site.apply()
    assert site.found() == sorted(str(n) for n, title in enumerate(titles, 1) if title != BAD)
    assert site.counts() == (0, 3)
    # A removal also replaces the failed change, although there is nothing to remove.
    with pytest.raises(UnknownDocument):
        site.documents.delete(NEWS, "8")
    assert site.counts() == (0, 2)
    # A later change of the same document counts, wherever it is in the queue.
    site.put("خبر", BAD)
    site.documents.put(NEWS, {"id": "2", "title": "جديد"})
    site.documents.put(NEWS, {"id": "9", "title": BAD})
    site.apply()
    assert (site.counts(), site.documents.get(NEWS, "2").source["title"]) == ((0, 2), "جديد")


@pytest.mark.usefixtures("failing")
def test_failed_changes_are_listed_retried_and_discarded(site: Site) -> None:
    run = CliRunner(env={"INDEX_DIR": str(site.folder)})
    assert run.invoke(main, ["changes", "list", "news"]).stdout == "No change has failed.\n"
    site.put("أ", BAD, BAD, BAD)
    site.apply()
    [header, row, *_] = run.invoke(main, ["changes", "list", "news"]).stdout.splitlines()
    assert (header.split(), row.split()[:2]) == (["change", "document", "reason"], ["put", "2"])
    listed = json.loads(run.invoke(main, ["changes", "list", "news", "--id", "3", "--json"]).stdout)["changes"]
    assert [(one["id"], one["change"], one["document"]["title"]) for one in listed] == [("3", "put", BAD)]
    assert listed[0]["reason"]
    # What fails again is set aside again.
    retried = run.invoke(main, ["changes", "retry", "news", "--id", "2", "--json"])
    assert (retried.exit_code, json.loads(retried.stdout)["retried"]) == (exit_codes.FAILED, 1)
    assert site.counts() == (0, 3)
    assert run.invoke(main, ["changes", "discard", "news", "--id", "4"], input="n\n").exit_code == exit_codes.OK
    assert site.counts() == (0, 3)
    assert "1 failed changes" in run.invoke(main, ["changes", "discard", "news", "--id", "4", "--yes"]).stdout
    # After an upgrade the engine takes them.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DocumentMaker, "make", DocumentMaker.__dict__["intact"])
        assert run.invoke(main, ["changes", "retry", "news"]).exit_code == exit_codes.OK
    assert (site.found(), site.counts()) == (["1", "2", "3"], (0, 0))
    assert "NOT OK" not in site.run("doctor", "news")
    for command in ("list", "retry", "discard"):
        assert run.invoke(main, ["changes", command, "nwes"]).exit_code == exit_codes.NOT_FOUND


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("command", ["load", "rebuild", "backup"])
def test_a_failing_change_does_not_stop_a_command(command: str, site: Site, tmp_path: Path) -> None:
    site.put("أ", BAD, "ج")
    schema, indexes = load_schema("news"), site.engine.indexes
    if command == "load":
        with indexes.writer(NEWS, schema):
            pass
    elif command == "rebuild":
        with indexes.rebuild(NEWS, schema, RebuildOptions()) as rebuild:
            rebuild.copy(lambda *_: None)
            site.documents.put(NEWS, {"id": "4", "title": BAD})
            site.documents.put(NEWS, {"id": "5", "title": "هـ"})
        assert [one.id for one in rebuild.rejected()] == ["4"]
    else:
        indexes.backup(NEWS, str(tmp_path / "backup"))
    assert site.found() == ["1", "3", *(["5"] if command == "rebuild" else [])]
    assert site.counts() == (0, 1)


def test_a_disk_that_fails_sets_nothing_aside(site: Site, analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("أ", "ب")

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error", str(site.folder / "news"))

    applier = make_applier(site.folder, analysis)
    with monkeypatch.context() as patch:
        patch.setattr("search_service.engines.embedded.writer.EmbeddedWriter.replay", fail)
        assert not applier.step()
        assert site.counts() == (2, 0)
    wait_for(lambda: not applier.step() and site.counts() == (0, 0))
    applier.close()
    assert (site.found(), site.counts()) == (["1", "2"], (0, 0))


APPLY = "make_applier(folder, make_analysis()).run(lambda: True)"
LOAD = """
with make_embedded_engine(folder, make_analysis(), wake=lambda: None).indexes.writer(IndexName("news")):
    pass
"""


@pytest.mark.parametrize("work", [APPLY, LOAD], ids=["applier", "load"])
def test_a_change_that_ends_the_process_is_set_aside(work: str, site: Site) -> None:
    """A crash leaves no error: it shows in what the process was doing."""
    site.put("أ", "ب", BAD, "ج")
    program = f"""
import os, sys
from pathlib import Path
from search_service.core.index_name import IndexName
from search_service.engines.embedded.fields import DocumentMaker
from search_service.engines.embedded.engine import make_applier, make_embedded_engine
from search_service.engines.factory import make_analysis

make = DocumentMaker.make
def make_or_crash(maker, document):
    if document.source["title"] == {BAD!r}:
        os.abort()
    return make(maker, document)

DocumentMaker.make = make_or_crash
folder = Path(sys.argv[1])
{work}
"""
    starts = 0
    while site.counts()[0] and starts < 10:
        starts += 1
        subprocess.run([sys.executable, "-c", program, str(site.folder)], check=False, capture_output=True)
    assert (site.found(), site.counts()) == (["1", "2", "4"], (0, 1))
    assert "the process that applies changes ended" in site.run("doctor", "news")


@pytest.mark.parametrize("waits", [False, True])
def test_an_index_whose_folder_is_removed_is_no_failure(
    waits: bool, site: Site, analysis: Analysis, caplog: pytest.LogCaptureFixture
) -> None:
    applier = make_applier(site.folder, analysis)
    for index in (NEWS, BOOKS):
        site.put("أ", index=index)
    wait_for(lambda: not applier.step())  # both writers stay open
    if waits:
        site.put("ب")
    site.put("ب", index=BOOKS)
    (site.folder / NEWS).rename(site.folder.parent / "removed")
    applier.close()
    assert not caplog.records
    site.apply()
    assert site.found(BOOKS) == ["1"]
    assert site.documents.get(BOOKS, "1").source["title"] == "ب"
