"""What a program does with the client, on both engines under a real server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from arabic_search_client import (
    Client,
    IndexExists,
    InvalidRequest,
    PreconditionFailed,
    UnknownDocument,
    UnknownIndex,
    batches,
    calls,
    error_of,
)
from arabic_search_client.answers.jobs import Job
from arabic_search_client.parameters import SearchParameters
from arabic_search_client.schemas import SchemaDefinition

from .conftest import examples

SHOP: SchemaDefinition = {
    "name": "shop",
    "fields": {
        "title": {"kind": "text"},
        "kind": {"kind": "keyword", "facet": True},
        "price": {"kind": "float", "sort": True},
    },
}
AWKWARD_IDS = ["..", ".", "a/../b", "/begins", "مسافة هنا", "q?a=b#c", "100%2F", "a+b&c", "semi;colon"]


@pytest.fixture
def shop(client: Client) -> Iterator[str]:
    """An index for one test."""
    client.create_index("shop", SHOP)
    yield "shop"
    client.delete_index("shop")


def test_searching(client: Client) -> None:
    found = client.search("news", "ائتلاف لاهاي", facets=["category"], size=1, histogram="month", source=["title"])
    assert (found["total"], found["facets"]["category"][0]) == (2, {"value": "سياسة", "count": 2})
    [hit] = found["hits"]
    assert hit["source"].keys() == {"title"}
    assert hit["highlights"]["title"][0]["html"].count("<mark>") == 2
    assert found["histogram"]
    assert client.search_if_changed("news", found["etag"], "ائتلاف لاهاي", facets=["category"], size=1,
                                    histogram="month", source=["title"]) is None  # fmt: skip
    again = client.search_if_changed("news", found["etag"], "ائتلاف", source="title")
    assert again is not None
    assert again["total"] >= 2
    grouped = client.search("news", group_by="category", group_size=2, size=3)
    assert [len(group["hits"]) for group in grouped["groups"]] == [2, 2, 2]
    values = client.facet_values("news", "category", contains="سياس", sort="value")
    assert [one["value"] for one in values["values"]] == ["سياسة"]
    assert client.suggest("news", "ائتل", size=3)["partial"] is False
    assert hit["id"] not in [one["id"] for one in client.similar_documents("news", hit["id"], size=3)["hits"]]
    assert client.explain("news", hit["id"], "لاهاي")["matches"]
    tokens = client.analyze("news", "وَالمَدْرَسَة", analyzer="lemma")["analyzers"]["lemma"]["tokens"]
    assert tokens == [{"text": "مدرسه", "start": 0, "end": 13, "position": 0}]
    marked = client.highlight("news", "هذا خبر عاجل", "خبر", highlight_before="<em>", highlight_after="</em>")
    assert marked["fragments"][0]["html"] == "هذا <em>خبر</em> عاجل"


def test_several_searches_have_a_result_or_a_problem_each(client: Client) -> None:
    outcomes = client.multi_search([{"index": "news", "q": "لاهاي"}, {"index": "none"}, {"index": "news", "size": 500}])
    first, second, third = outcomes["outcomes"]
    assert first["result"]["total"] >= 1
    assert isinstance(error_of(second["problem"]), UnknownIndex)
    assert (third["status"], error_of(third["problem"]).parameter) == (400, "size")


REQUESTS: list[SearchParameters] = [
    {"filters": {"category": ["سياسة", "اقتصاد"], "tags": "سلام"}, "facets": ["category", "tags"], "facet_size": 3},
    {"filters": {"category": []}, "ranges": {"date": {"from": "2024"}}, "sort": "-date", "offset": 2},
    {"ranges": {"date": {"from": "2023-12", "to": "2024-02"}}, "source": (), "highlight": False},
    {"date_from": "2024-01", "date_to": "2024-03", "highlight": ["title"], "advanced": True, "page": 2, "size": 3},
    {"fields": ["title"], "understanding": [], "highlight_before": "<em>", "highlight_after": "</em>"},
    {"understanding": False, "fragment_length": 50, "fragments": 1, "histogram": "year", "group_by": "source"},
    {"as_typed": "الحكومة", "cursor": "*", "size": 5, "source": ["title", "date"], "facets": "category"},
]


@pytest.mark.parametrize("parameters", REQUESTS, ids=lambda one: ",".join(one))
def test_an_address_and_a_body_say_the_same(
    client: Client, parameters: SearchParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parameters that are too long for an address go into a body."""
    by_get = client.search("news", "لا أو الحكومة", **parameters)
    monkeypatch.setattr(calls, "MAX_QUERY_STRING", 0)
    by_post = client.search("news", "لا أو الحكومة", **parameters)
    assert "etag" in by_get
    assert "etag" not in by_post
    assert comparable(by_get) == comparable(by_post)


def comparable(result: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name not in ("took_ms", "etag")}


def test_a_query_of_any_length_is_sent(client: Client) -> None:
    assert client.search("news", " ".join(["الحكومة"] * 90))["total"] > 0
    with pytest.raises(InvalidRequest) as caught:
        client.search("news", "ب" * 2_001)
    assert (caught.value.code, caught.value.parameter) == ("too-long", "q")


def test_scanning_yields_every_hit_once(client: Client) -> None:
    ids = [hit["id"] for hit in client.scan("news", size=30, source=(), highlight=False)]
    assert sorted(ids) == sorted(str(one["id"]) for one in examples())
    one_by_one = [hit["id"] for hit in client.scan("news", "الحكومة", size=1)]
    assert sorted(one_by_one) == sorted(hit["id"] for hit in client.scan("news", "الحكومة"))


def test_a_document_and_its_conditions(client: Client, shop: str) -> None:
    made = client.put_document(shop, "1", {"title": "قميص", "kind": "ملابس"}, if_none_match="*")
    assert (made["result"], made["warnings"]) == ("created", [])
    assert client.get_document(shop, "1") == {
        "id": "1", "source": {"title": "قميص", "kind": "ملابس"}, "etag": made["etag"],
    }  # fmt: skip
    assert client.get_document_if_changed(shop, "1", made["etag"]) is None
    patched = client.patch_document(shop, "1", {"kind": None, "price": 3}, if_match=made["etag"], refresh="wait_for")
    assert patched["visible"]
    assert client.search(shop, "القمصان")["total"] == 1
    assert client.get_document(shop, "1")["source"] == {"title": "قميص", "price": 3}
    for condition in (made["etag"], '"other"'):
        with pytest.raises(PreconditionFailed):
            client.put_document(shop, "1", {"title": "ثوب"}, if_match=condition)
    client.delete_document(shop, "1", if_match=patched["etag"])
    with pytest.raises(UnknownDocument):
        client.get_document(shop, "1")


def test_any_id_is_that_of_one_document(client: Client, shop: str) -> None:
    for one in AWKWARD_IDS:
        client.put_document(shop, one, {"title": one})
    assert [client.get_document(shop, one)["id"] for one in AWKWARD_IDS] == AWKWARD_IDS
    for one in AWKWARD_IDS:
        client.delete_document(shop, one)
    with pytest.raises(ValueError, match="empty"):
        client.delete_document(shop, "")
    assert client.describe_index(shop)["name"] == shop


def test_changes_are_read_as_their_results_are(client: Client, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_LINES", 20)
    taken = 0

    def changes() -> Iterator[batches.Change]:
        nonlocal taken
        for number in range(90):
            taken = number + 1
            yield {"id": str(number), "title": f"كتاب {number}", "kind": "زوجي" if number % 2 == 0 else "فردي"}
        yield {"id": "wrong", "colour": "أزرق"}
        yield {"id": "half", "title": "نصف \ud800"}
        yield '{"id": "line", "title": "سطر", "kind": "سطر"}\n'
        yield {"delete": "0"}
        yield {"delete": "absent"}

    results = []
    for result in client.change_documents(shop, changes(), refresh="wait_for"):
        assert taken - result["line"] <= 20
        results.append(result)
    assert [one["line"] for one in results] == list(range(1, 96))
    assert [one.get("result") for one in results[-5:]] == [None, None, "created", "deleted", None]
    assert [error_of(one["problem"]).code for one in results if "problem" in one] == [
        "field-unknown", "line-unreadable", "unknown-document",
    ]  # fmt: skip
    assert client.search(shop)["total"] == 90
    tried = client.delete_documents(shop, filters={"kind": ["فردي"]}, dry_run=True)
    assert (tried["total"], tried["deleted"], client.search(shop)["total"]) == (45, 0, 90)
    removed = client.delete_documents(shop, filters={"kind": ["فردي", "سطر"]}, refresh="wait_for")
    assert (removed["deleted"], removed["complete"], client.search(shop)["total"]) == (46, True, 44)
    with pytest.raises(ValueError, match="'kind'"):
        client.delete_documents(shop, filters={"kind": [], "title": "كتاب"})


def test_a_removal_by_filters_has_all_changes_that_were_acknowledged(client: Client, shop: str) -> None:
    for kind in ("أ", "ب"):
        added = ({"id": f"{kind}{one}", "title": "كتاب", "kind": kind} for one in range(300))
        assert len(list(client.change_documents(shop, added))) == 300
        tried = client.delete_documents(shop, filters={"kind": [kind]}, dry_run=True)
        removed = client.delete_documents(shop, filters={"kind": [kind]})
        assert (tried["total"], removed["deleted"], removed["complete"]) == (300, 300, True)
    assert client.delete_documents(shop, filters={"kind": ["أ", "ب"]})["total"] == 0


def test_an_index_and_its_jobs(client: Client, shop: str) -> None:
    assert client.create_index(shop, SHOP)["state"] == "current"
    with pytest.raises(IndexExists):
        client.create_index(shop, "news")
    assert shop in [one["name"] for one in client.list_indexes()["indexes"]]
    list(client.change_documents(shop, ({"id": str(one), "title": "كتاب", "kind": "أ"} for one in range(30))))
    seen: list[Job] = []
    started = client.start_job(shop, "reindex", schema={**SHOP, "name": "shop-2"}, keep=0)
    done = client.wait_for_job(shop, started["id"], timeout=120, poll_seconds=0.02, on_progress=seen.append)
    assert (done["documents"], done["rejected"], seen[-1]) == (30, 0, done)
    described = client.describe_index(shop, values=1)
    assert described["definition"] is not None
    assert (described["definition"]["name"], described["fields"]["kind"]["values"]) == (
        "shop-2", [{"value": "أ", "count": 30}],
    )  # fmt: skip
    assert [one["id"] for one in client.list_jobs(shop)["jobs"]] == [started["id"]]
    assert client.cancel_job(shop, started["id"])["state"] == "done"


def test_the_service_itself(client: Client) -> None:
    assert client.healthz() == {"status": "ok"}
    assert client.readyz()["index"] == "news"
    assert client.openapi()["info"]["version"] == "0.1.0"
    assert client.problem("unknown-index")["status"] == 404
