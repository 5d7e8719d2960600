"""Indexes over HTTP: create, describe and delete them, on every engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from index_config.schema import load_schema
from search_service.access.guarded_indexes import guarded
from search_service.access.key_admin import KeyAdmin
from search_service.access.key_ring import KeyRing
from search_service.access.keys import Scope
from search_service.api.access import AccessControl
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from tests.conformance.conftest import fill_index

SHOP: dict[str, Any] = {
    "name": "shop",
    "default_sort": "price",
    "date": "since",
    "fields": {
        "name": {"kind": "text", "weight": 2.0},
        "notes": {"kind": "text", "multi": True},
        "remark": {"kind": "text", "weight": 0},
        "brand": {"kind": "keyword", "facet": True},
        "colours": {"kind": "keyword", "multi": True, "facet": True},
        "code": {"kind": "keyword"},
        "since": {"kind": "date", "facet": True},
        "stock": {"kind": "integer", "facet": True},
        "price": {"kind": "float", "sort": True},
        "sold": {"kind": "boolean", "facet": True},
        "new": {"kind": "boolean"},
        "page": {"kind": "url"},
        "extra": {"kind": "stored"},
    },
}

PRODUCTS: list[dict[str, Any]] = [
    {"id": "1", "name": "قلم", "brand": "أ", "colours": ["أحمر", "أزرق"], "since": "2024", "stock": 3, "price": 1.5},
    {"id": "2", "name": "دفتر", "brand": "أ", "colours": ["احمر"], "sold": True, "new": False, "code": "a\nb"},
    {"id": "3", "name": "كتاب", "notes": ["للأطفال", "مصور"], "brand": "ب", "sold": False, "page": "https://x.org/3"},
    {"id": "4", "name": "كتاب", "notes": [], "remark": "سر", "extra": {"a": 1}, "stock": 3},
    {"id": "5", "name": "— !", "notes": ["…", ""]},
]


class Site:
    """A service that asks for keys."""

    def __init__(self, engine: SearchEngine, folder: Path) -> None:
        self.keys = KeyAdmin(folder / "keys.json")
        control = AccessControl(keys=KeyRing(folder / "keys.json"))
        app = create_app(SearchService(guarded(engine)), IndexName("shop"), control=control)
        self.client: FlaskClient = app.test_client()
        self.admin = self.key("admin")

    def key(self, scope: Scope, index: str = "*", **filters: list[str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys.create([scope], [index], filters).secret}"}

    def put(self, index: str, definition: object, headers: dict[str, str] | None = None) -> TestResponse:
        body = json.dumps({"schema": definition})  # in the order of the schema
        return self.client.put(
            f"/v1/indexes/{index}", data=body, content_type="application/json", headers=headers or self.admin
        )

    def delete(self, index: str) -> TestResponse:
        return self.client.delete(f"/v1/indexes/{index}", headers=self.admin)

    def describe(self, index: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        answer = self.client.get(f"/v1/indexes/{index}", headers=headers or self.admin, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()


@pytest.fixture
def site(engine: SearchEngine, tmp_path: Path) -> Site:
    return Site(engine, tmp_path / "keys")


@pytest.fixture
def shop(site: Site, engine: SearchEngine) -> Site:
    assert site.put("shop", SHOP).status_code == 201
    fill_index(engine, "shop", engine.indexes.stored_schema(IndexName("shop")), PRODUCTS)
    return site


def test_an_index_is_created_filled_and_deleted(site: Site) -> None:
    created = site.put("shop", SHOP)
    assert (created.status_code, created.json["state"], created.json["schema"]) == (201, "current", "shop")  # type: ignore[index]
    document = site.client.put(
        "/v1/indexes/shop/documents/1?refresh=wait_for", json={"name": "قلم"}, headers=site.admin
    )
    assert document.status_code == 201
    assert site.client.get("/v1/indexes/shop/search?q=قلم").json["total"] == 1  # type: ignore[index]
    assert site.delete("shop").status_code == 204
    assert site.client.get("/v1/indexes/shop/search?q=قلم").status_code == 404
    assert site.delete("shop").status_code == 404
    assert site.client.get("/v1/indexes/shop").status_code == 404
    assert site.put("shop", "news").status_code == 201


def test_an_index_that_exists_is_left_as_it_is(shop: Site) -> None:
    again = shop.put("shop", SHOP)
    assert (again.status_code, again.json["documents"]) == (200, 5)  # type: ignore[index]
    other = shop.put("shop", "news")
    assert (other.status_code, other.json["code"]) == (409, "index-has-other-schema")  # type: ignore[index]
    assert "'shop'" in other.json["detail"]  # type: ignore[index]
    assert shop.describe("shop")["documents"] == 5


def test_what_describes_an_index_creates_one_like_it(shop: Site, engine: SearchEngine) -> None:
    definition = shop.describe("shop")["definition"]
    assert shop.put("copy", definition).status_code == 201
    stored = engine.indexes.stored_schema
    assert stored(IndexName("copy")) == stored(IndexName("shop"))
    assert shop.put("archive", "news").status_code == 201
    assert stored(IndexName("archive")) == load_schema("news")


def test_an_index_has_statistics_of_its_fields(shop: Site) -> None:
    described = shop.describe("shop")
    assert (described["name"], described["state"], described["documents"]) == ("shop", "current", 5)
    assert described["generation"]
    assert not described["partial"]
    fields = described["fields"]
    assert list(fields) == list(SHOP["fields"])
    assert {name: one["documents"] for name, one in fields.items()} == {
        "name": 4, "notes": 1, "remark": None, "brand": 3, "colours": 2, "code": 1, "since": 1, "stock": 2, "price": 1,
        "sold": 2, "new": 1, "page": None, "extra": None,
    }  # fmt: skip
    assert {name for name, one in fields.items() if "values" in one} == {"brand", "colours", "stock", "sold"}
    assert fields["brand"]["values"] == [{"value": "أ", "count": 2}, {"value": "ب", "count": 1}]
    assert fields["colours"]["values"][0]["count"] == 2
    assert fields["stock"]["values"] == [{"value": "3", "count": 2}]
    assert shop.describe("shop", values=1)["fields"]["brand"]["values"] == [{"value": "أ", "count": 2}]


def test_statistics_follow_the_documents(shop: Site) -> None:
    before = shop.describe("shop")
    shop.client.delete("/v1/indexes/shop/documents/1?refresh=wait_for", headers=shop.admin)
    after = shop.describe("shop")
    assert (before["fields"]["price"]["documents"], after["fields"]["price"]["documents"]) == (1, 0)
    assert (after["documents"], after["generation"]) == (4, before["generation"])


def test_a_key_with_a_filter_sees_its_part_of_the_statistics(shop: Site) -> None:
    described = shop.describe("shop", shop.key("search", brand=["أ"]))
    assert (described["documents"], described["size_bytes"]) == (2, 0)
    counts = {name: one["documents"] for name, one in described["fields"].items()}
    assert (counts["name"], counts["notes"], counts["sold"], counts["code"], counts["stock"]) == (2, 0, 1, 1, 1)
    assert described["fields"]["brand"]["values"] == [{"value": "أ", "count": 2}]
    assert "ب" not in str(described["fields"])


def test_an_index_that_cannot_be_searched_says_why(shop: Site, damage: Any) -> None:
    damage("shop")
    answer = shop.client.get("/v1/indexes/shop").get_json()
    assert answer.get("code") == "index-closed" or (answer["state"] == "damaged" and answer["problem"])


def test_only_administrators_create_and_delete(site: Site) -> None:
    for headers, status in (({}, 401), (site.key("search"), 403), (site.key("write"), 403)):
        assert site.put("shop", "news", headers or {"X": "none"}).status_code == status
        assert site.client.delete("/v1/indexes/shop", headers=headers).status_code == status
    limited = site.key("admin", "shop-*")
    assert site.put("other", "news", limited).status_code == 403
    assert site.put("shop-1", "news", limited).status_code == 201


DEEP: Any = json.loads("[" * 900 + "]" * 900)

WRONG: dict[str, tuple[object, str, str]] = {
    "no such name": ("nwes", "unknown-schema", "schema"),
    "a file": ("index_config/schemas/news.toml", "unknown-schema", "schema"),
    "a path": ("/etc/passwd", "unknown-schema", "schema"),
    "a number": (7, "wrong-type", "schema"),
    "null": (None, "wrong-type", "schema"),
    "no fields": ({"name": "shop"}, "schema-invalid", "schema.fields"),
    "kind": ({**SHOP, "fields": {"a": {"kind": "txt"}}}, "schema-invalid", "schema.fields.a.kind"),
    "name": ({**SHOP, "name": "My shop"}, "schema-invalid", "schema.name"),
    "key": ({**SHOP, "analyser": "x"}, "schema-invalid", "schema.analyser"),
    "not searched": ({**SHOP, "fields": {"a": {"kind": "date"}}}, "schema-invalid", "schema.fields"),
    "sort": ({**SHOP, "default_sort": "name"}, "schema-invalid", "schema.default_sort"),
    "long": ({**SHOP, "description": ["x" * 100_000]}, "schema-invalid", "schema.description"),
    "deep": (
        {**SHOP, "description": __import__("json").loads("[" * 900 + "]" * 900)},
        "schema-invalid",
        "schema.description",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_schema_is_refused_with_its_reason(name: str, site: Site, engine: SearchEngine) -> None:
    definition, code, parameter = WRONG[name]
    answer = site.put("shop", definition)
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], problem["parameter"]) == (400, code, parameter)
    assert problem["allowed"]
    assert len(problem["detail"]) < 1_000
    assert IndexName("shop") not in engine.indexes.names()


def test_a_body_has_a_schema_and_nothing_else(site: Site) -> None:
    for body, code in (({}, "missing-parameter"), ({"schema": "news", "shards": 3}, "unknown-parameter")):
        answer = site.client.put("/v1/indexes/shop", json=body, headers=site.admin)
        assert (answer.status_code, answer.json["code"]) == (400, code)  # type: ignore[index]
