"""A key with a filter: its holder sees its own documents, and nothing of others by any route."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from index_config.schema import Schema, schema_from_dict
from search_service.access.guarded_indexes import guarded
from search_service.access.key_admin import KeyAdmin
from search_service.access.key_ring import KeyRing
from search_service.api.access import AccessControl
from search_service.api.operations import operations
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.search.service import SearchService
from search_service.web import export
from search_service.web.app import create_app
from tests.conformance.conftest import fill_index

OURS, THEIRS = "ours", "theirs"

SEEN = {"ours", "سعيد", "اقتصاد", "10", "2024"}
"""The values of facets of our documents."""

FOREIGN = ("شاكيرا", "فيفالدي", "كونشرتو", "theirs", "سرّ", "ما يخصهم")
"""What only documents of the other tenant have. No answer may contain any of it."""

DOCUMENTS: list[dict[str, Any]] = [
    *(
        {
            "id": f"our-{number}",
            "tenant": OURS,
            "title": f"اقتصاد البلاد {number}",
            "text": "نمو في السوق والاسعار",
            "author": "سعيد",
            "section": "اقتصاد",
            "pages": 10,
            "date": "2024-03-11",
        }
        for number in range(3)
    ),
    *(
        {
            "id": f"their-{number}",
            "tenant": THEIRS,
            "title": f"شاكيرا تغني فيفالدي {number}",
            "text": "كونشرتو في السوق والأسعار وكلام سرّ",
            "author": "ما يخصهم",
            "section": "إقتصاد",
            "pages": 99,
            "date": "2019-01-02",
        }
        for number in range(60)
    ),
]


@pytest.fixture(scope="module")
def shared() -> Schema:
    return schema_from_dict(
        {
            "name": "shared",
            "date": "date",
            "fields": {
                "tenant": {"kind": "keyword", "verbatim": True, "facet": True},
                "title": {"kind": "text", "weight": 2.0, "suggest": True},
                "text": {"kind": "text"},
                "author": {"kind": "keyword", "facet": True, "sort": True, "suggest": True},
                "section": {"kind": "keyword", "facet": True, "weight": 1.0},
                "pages": {"kind": "integer", "facet": True, "sort": True},
                "date": {"kind": "date", "facet": True, "sort": True},
            },
        },
        "shared.toml",
    )


class Site:
    """A service that asks for keys, over an index that two tenants share."""

    def __init__(self, engine: SearchEngine, folder: Path, schema: Schema) -> None:
        fill_index(engine, "shared", schema, DOCUMENTS)
        fill_index(engine, "private", schema, DOCUMENTS[-1:])
        self.keys = KeyAdmin(folder / "keys.json")
        service = SearchService(guarded(engine))
        control = AccessControl(keys=KeyRing(folder / "keys.json"), search_public=False)
        self.app = create_app(service, IndexName("shared"), control=control)
        self.client: FlaskClient = self.app.test_client()

    def key(self, tenant: str = "", index: str = "shared", filters: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the header of a new key."""
        chosen = filters or ({"tenant": tenant} if tenant else {})
        created = self.keys.create(["search"], [index], {name: [value] for name, value in chosen.items()})
        return {"Authorization": f"Bearer {created.secret}"}

    def get(self, url: str, headers: Mapping[str, str], **query: Any) -> Any:
        return self.client.get(url, headers=headers, query_string=query)


@pytest.fixture
def site(engine: SearchEngine, tmp_path: Path, shared: Schema) -> Site:
    return Site(engine, tmp_path / "keys", shared)


QUERIES = (
    "", "شاكيرا", "شاكيره", "سوق", "الأسعار", "سر", "كونشرتو", "tenant:theirs", "tenant:theirs OR اقتصاد", "-اقتصاد",
    "pages:99", "شا*", "\"تغني فيفالدي\"", "author:\"ما يخصهم\"", "تغنيفيفالدي",
)  # fmt: skip


def requests() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield requests of every operation that reads an index: its name, method, URL, and parameters."""
    base = "/v1/indexes/shared"
    for q in QUERIES:
        everything: dict[str, Any] = {
            "q": q, "facets": "tenant,author,section,pages", "histogram": "year", "facet_size": 50,
        }  # fmt: skip
        yield "search", "GET", f"{base}/search", everything
        yield "search", "GET", f"{base}/search", {**everything, "filter.tenant": THEIRS}
        yield "search", "GET", f"{base}/search", {**everything, "filter.author": "ما يخصهم"}
        yield "search", "GET", f"{base}/search", {**everything, "range.pages": "50..", "sort": "-pages"}
        yield "search", "POST", f"{base}/search", {"q": q, "filters": {"tenant": [OURS, THEIRS]}, "facets": ["tenant"]}
        yield "search", "GET", f"{base}/search", {**everything, "cursor": "*"}
        yield "search", "GET", f"{base}/search", {**everything, "group_by": "section", "group_size": 3}
        searches = [{"index": "shared", "q": q}, {"index": "shared", "q": q, "filters": {"tenant": [THEIRS]}}]
        yield "multi_search", "POST", "/v1/multi-search", {"searches": searches}
        yield "facet_values", "GET", f"{base}/facets/tenant", {"q": q}
        yield "facet_values", "GET", f"{base}/facets/tenant", {"q": q, "filter.tenant": THEIRS}
        yield "facet_values", "GET", f"{base}/facets/author", {"q": q, "contains": "يخص"}
        yield "facet_values", "GET", f"{base}/facets/section", {"q": q}
        yield "suggest", "GET", f"{base}/suggest", {"q": q}
        for document in ("our-1", "their-1"):
            yield "explain", "GET", f"{base}/explain/{document}", {"q": q}
            yield "similar_documents", "GET", f"{base}/similar/{document}", {}
            yield "get_document", "GET", f"{base}/documents/{document}", {}
        yield "highlight", "POST", f"{base}/highlight", {"text": "شيء آخر", "q": q}
    for prefix in ("شا", "ما", "in", "اق", "سع"):
        yield "suggest", "GET", f"{base}/suggest", {"q": prefix}
    yield "list_indexes", "GET", "/v1/indexes", {}
    yield "describe_index", "GET", base, {"values": 50}
    yield "analyze", "POST", f"{base}/analyze", {"text": "كلمة"}


def test_no_route_shows_anything_of_another_tenant(site: Site) -> None:
    ours = site.key(tenant=OURS)
    for name, method, url, parameters in requests():
        query, json = (parameters, None) if method == "GET" else ({}, parameters)
        answer = site.client.open(url, method=method, headers=ours, query_string=query, json=json)
        where = f"{name} {url} {parameters}: {answer.text}"
        assert answer.status_code in (200, 404), where
        body = answer.get_json()
        assert isinstance(body, dict)
        if url.split("/")[-1].startswith("their-"):
            assert (answer.status_code, body["code"]) == (404, "unknown-document"), where
            continue
        assert answer.status_code == 200, where
        for found in [one["result"] for one in body.get("outcomes", ())] or [body]:
            assert all(group["value"] == "اقتصاد" and group["total"] <= 3 for group in found.get("groups", ())), where
            grouped = [hit for group in found.get("groups", ()) for hit in group["hits"]]
            for hit in [*found.get("hits", ()), *grouped]:
                assert hit["source"].get("tenant") == OURS, where
                assert hit["id"].startswith("our-"), where
            assert found.get("total", 0) <= 3, where
        for described in body.get("fields", {}).values() if name == "describe_index" else ():
            assert described["documents"] <= 3, where
            assert {bucket["value"] for bucket in described.get("values", ())} <= SEEN, where
        for counted in [*body.get("facets", {}).values(), body.get("values", []), body.get("histogram") or []]:
            assert all(bucket["count"] <= 3 for bucket in counted), where
            assert {bucket["value"] for bucket in counted} <= SEEN, where
        for suggestion in body.get("suggestions", ()):
            assert suggestion["id"].startswith("our-"), where
        for correction in body.get("corrections", ()):
            assert not any(word in to for word in FOREIGN for to in correction["to"]), where


def test_the_requests_cover_every_operation_that_searches(site: Site) -> None:
    """A new operation fails here until the test above asks it, too."""
    searching = {one.name for one in operations(site.app).values() if one.scope == "search"}
    assert searching - {name for name, *_ in requests()} == set()


def test_no_page_shows_anything_of_another_tenant(site: Site) -> None:
    ours = site.key(tenant=OURS)
    searches: tuple[dict[str, str], ...] = ({}, {"q": "السوق"}, {"filter.section": "اقتصاد"})
    for url, query in [*(("/", one) for one in searches), *(("/documents/our-1", one) for one in searches[:2])]:
        page = site.get(url, ours, **query)
        assert page.status_code == 200
        assert "اقتصاد البلاد" in page.text
        assert [word for word in (*FOREIGN, "their-", "إقتصاد", "private") if word in page.text] == [], url
    assert site.get("/documents/their-1", ours).status_code == 404
    assert site.get("/", ours, index="private").status_code == 403


def test_a_file_has_what_a_key_sees_in_the_order_of_the_search(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, everything = site.key(tenant=OURS), site.key()
    searches: tuple[dict[str, str], ...] = (
        {},
        {"q": "السوق"},
        {"q": "tenant:theirs"},
        {"filter.tenant": THEIRS},
        {"sort": "-pages", "q": "نمو"},
    )
    for search in searches:
        found = site.get("/v1/indexes/shared/search", ours, size=100, **search).json
        ids = [hit["id"] for hit in found["hits"]]
        assert len(ids) == found["total"] <= 3
        table, array = (site.get(f"/export/{kind}", ours, **search) for kind in ("csv", "json"))
        assert [row["id"] for row in csv.DictReader(io.StringIO(table.data.decode("utf-8-sig")))] == ids, search
        assert array.json == [{"id": hit["id"], **hit["source"]} for hit in found["hits"]], search
        assert not [word for word in FOREIGN if word in table.text + array.text], search
    for search in ({}, {"q": "السوق في شاكيرا 7"}, {"q": "اقتصاد البلاد سوق"}):
        best = [hit["id"] for hit in site.get("/v1/indexes/shared/search", everything, size=100, **search).json["hits"]]
        assert [one["id"] for one in site.get("/export/json", everything, **search).json] == best, search
    monkeypatch.setattr(export, "BEST", 2)
    assert {one["id"] for one in site.get("/export/json", everything).json} == {one["id"] for one in DOCUMENTS}
    monkeypatch.setattr(export, "MAX_DOCUMENTS", 5)
    assert len(site.get("/export/json", everything, q="السوق").json) == 5
    for path in ("/export/csv", "/export/json", "/matches/our-1"):
        assert site.get(path, {}).status_code == 401, path
        assert site.get(path, ours, index="private").status_code == 403, path


def test_how_a_document_matches_is_shown_to_who_sees_it(site: Site) -> None:
    ours = site.key(tenant=OURS)
    page = site.get("/matches/our-1", ours, q="سوق", lang="en")
    assert "in another form" in page.text
    assert not [word for word in FOREIGN if word in page.text]
    assert site.get("/matches/their-1", ours, q="سوق").status_code == 404


def test_words_of_others_are_absent_and_no_correction(site: Site) -> None:
    everything, ours = site.key(), site.key(tenant=OURS)
    url = "/v1/indexes/shared/search"
    assert site.get(url, everything, q="شاكيرا").json["absent_words"] == []
    assert site.get(url, ours, q="شاكيرا").json["absent_words"] == ["شاكيرا"]
    assert site.get(url, everything, q="كونشرنو").json["corrections"][0]["to"] == ["كونشرتو"]
    assert site.get(url, ours, q="كونشرنو").json["corrections"] == []
    assert site.get(url, ours, q="البلاذ").json["corrections"][0]["to"] == ["البلاد"]


def test_values_are_spelt_as_in_documents_of_the_tenant(site: Site) -> None:
    url = "/v1/indexes/shared/facets/section"
    assert site.get(url, site.key()).json["values"] == [{"value": "إقتصاد", "count": 63}]
    assert site.get(url, site.key(tenant=OURS)).json["values"] == [{"value": "اقتصاد", "count": 3}]
    assert site.get(url, site.key(tenant=THEIRS)).json["values"] == [{"value": "إقتصاد", "count": 60}]


def test_the_match_rule_depends_on_the_documents_of_the_tenant(site: Site) -> None:
    """All words are in 60 documents of the others, and in none of ours: for us, any word is enough."""
    url, q = "/v1/indexes/shared/search", "نمو كونشرتو"
    assert site.get(url, site.key(tenant=OURS), q=q).json["match_rule"] == "any"
    assert site.get(url, site.key(tenant=OURS), q="كونشرتو السوق", understanding="false").json["total"] == 3
    assert site.get(url, site.key(tenant=THEIRS), q="كونشرتو السوق").json["match_rule"] == "all"


def test_the_list_of_indexes_counts_the_documents_of_the_tenant(site: Site) -> None:
    [ours] = site.get("/v1/indexes", site.key(tenant=OURS)).json["indexes"]
    assert (ours["name"], ours["documents"], ours["size_bytes"]) == ("shared", 3, 0)
    everything = site.get("/v1/indexes", site.key(index="*")).json["indexes"]
    assert [(one["name"], one["documents"]) for one in everything] == [("private", 1), ("shared", 63)]


def test_a_filter_that_does_not_fit_an_index_shows_nothing(site: Site) -> None:
    for filters in ({"nobody": "x"}, {"text": "x"}, {"pages": "many"}):
        answer = site.get("/v1/indexes/shared/search", site.key(filters=filters))
        assert (answer.status_code, answer.json["code"]) == (403, "filter-not-applicable")
    answer = site.get("/v1/indexes/shared/search", site.key(tenant="\u0640"))
    assert (answer.status_code, answer.json["total"]) == (200, 0)


def test_other_indexes_are_refused_whether_they_exist_or_not(site: Site) -> None:
    ours = site.key(tenant=OURS)
    for index in ("private", "missing"):
        answer = site.get(f"/v1/indexes/{index}/search", ours)
        assert (answer.status_code, answer.json["code"]) == (403, "index-not-allowed")
        assert "shared" in answer.json["detail"]
    searches = [{"index": index} for index in ("private", "shared", "missing")]
    several = site.client.post("/v1/multi-search", headers=ours, json={"searches": searches}).get_json()["outcomes"]
    assert [one["status"] for one in several] == [403, 200, 403]
    missing = site.get("/v1/indexes/missing/search", site.key(index="m*"))
    assert missing.status_code == 404
    assert not any(name in missing.text for name in ("shared", "private"))
