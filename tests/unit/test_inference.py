"""The schema that is made from documents for which nobody has written one."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_config.errors import ConfigError
from index_config.schema import CONTENT, load_schema, schema_from_dict
from index_config.schema_file import schema_toml
from search_service.core.errors import InvalidDocument
from search_service.ingestion.inference import InferredSchema, infer_schema
from search_service.ingestion.validation import DocumentChecker

WORDS = ["سوق", "مدينة", "كتاب", "طريق", "بيت", "علم", "شمس", "قمر", "بحر", "جبل", "نهر", "وردة"]


def infer(*documents: dict[str, Any], rows: bool = False, id_from: str = "") -> InferredSchema:
    return infer_schema("things", [(document, rows) for document in documents], id_from)


def kinds(inferred: InferredSchema) -> dict[str, str]:
    return {field.name: field.kind.name for field in inferred.schema.fields}


def shop(number: int) -> dict[str, Any]:
    dice = random.Random(number)
    return {
        "sku": f"AB-{number:05}",
        "العنوان": f"{dice.choice(WORDS)} {dice.choice(WORDS)} {dice.choice(WORDS)} طراز {number}",
        "details": " ".join(dice.choices(WORDS, k=40)),
        "brand": dice.choice(["دار السلام", "دار النهضة"]),
        "tags": dice.sample(["صيف", "شتاء", "رياضة"], 2),
        "priceUSD": round(dice.uniform(5, 99), 2),
        "stock": dice.randrange(100),
        "new": dice.random() < 0.5,
        "image": f"https://shop.example/{number}.jpg",
        "createdAt": f"2024-03-{1 + number % 28:02}T10:00:00Z",
        "size": {"width": 3},
    }


SHOP = [shop(number) for number in range(200)]


def test_kinds_of_json_values() -> None:
    assert kinds(infer(*SHOP)) == {
        "sku": "keyword",
        "title": "text",
        "details": "text",
        "brand": "keyword",
        "tags": "keyword",
        "price_usd": "float",
        "stock": "integer",
        "new": "boolean",
        "image": "url",
        "created_at": "date",
        "size": "stored",
    }


def test_the_title_the_facets_the_date_and_the_id() -> None:
    schema = infer(*SHOP).schema
    assert [field.name for field in schema.fields if field.suggest] == ["title"]
    assert [field.name for field in schema.searched][:1] == ["title"]
    assert [field.name for field in schema.fields if field.facet] == ["brand", "tags", "new", "created_at"]
    assert [field.name for field in schema.fields if field.sort] == ["price_usd", "stock", "created_at"]
    assert [field.name for field in schema.fields if field.multi] == ["tags"]
    assert (schema.date, schema.default_sort, schema.id_from) == ("created_at", "-created_at", "sku")


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (("updated", "published_at"), "published_at"), (("updatedAt", "date"), "date"),
        (("updated", "created"), "created"),
        (("time", "pubdate"), "time"), (("seen", "pubdate"), "pubdate"),
    ],
)  # fmt: skip
def test_the_date_is_the_likeliest_by_its_name(names: tuple[str, ...], chosen: str) -> None:
    documents = [{"id": str(n), "text": f"خبر {n}", **dict.fromkeys(names, f"2024-01-{n + 1:02}")} for n in range(9)]
    assert infer(*documents).schema.date == chosen


def test_a_key_of_ids_is_kept_although_the_sample_has_ids() -> None:
    sample = [({"id": str(n), "sku": f"A{n}", "title": "قميص"}, False) for n in range(9)]
    assert infer_schema("shop", sample, "sku").schema.id_from == "sku"
    assert infer_schema("shop", sample).schema.id_from == ""


def test_every_document_of_the_sample_fits() -> None:
    checker = DocumentChecker(infer(*SHOP).schema)
    document = checker.check(SHOP[7])
    assert (document.id, document.source["price_usd"]) == ("AB-00007", SHOP[7]["priceUSD"])
    assert document.source["title"] == SHOP[7]["العنوان"]


def test_rows_of_csv_are_texts_and_meant_as_numbers() -> None:
    rows = [
        {
            "رقم": str(n),
            "الاسم": f"منتج رقم {n} للبيت",
            "السعر": f"{n}.5",
            "القسم": "أثاث",
            "وسوم": "أ|ب",
            "رمز بريدي": "0123",
        }
        for n in range(30)
    ]
    inferred = infer(*rows, rows=True)
    assert kinds(inferred) == {
        "number": "integer",
        "name": "text",
        "price": "float",
        "category": "keyword",
        "field_5": "keyword",
        "field_6": "keyword",
    }
    document = DocumentChecker(inferred.schema).check_row(rows[3])
    assert (document.id, document.source["price"], document.source["field_5"]) == ("3", 3.5, ["أ", "ب"])
    assert document.source["field_6"] == "0123"


def test_a_number_in_quotes_stays_a_text_in_json() -> None:
    assert (
        kinds(infer(*({"id": n, "year": str(2000 + n), "name": "كتاب جديد عن النحو"} for n in range(9))))["year"]
        == "keyword"
    )


@pytest.mark.parametrize(
    ("documents", "id_from"),
    [
        ([{"id": 1, "title": "أول خبر"}, {"id": 2, "title": "ثاني خبر"}], ""),
        ([{"_id": "a", "title": "أول خبر"}, {"_id": "b", "title": "ثاني خبر"}], ""),
        ([{"url": "https://a.example/1", "title": "خبر"}, {"url": "https://a.example/2", "title": "خبر"}], "url"),
        ([{"n": 3, "productId": 7, "title": "خبر"}, {"n": 4, "productId": 8, "title": "خبر"}], "productId"),
        ([{"n": 3, "title": "أول خبر هنا"}, {"n": 4, "title": "ثاني خبر هنا"}], CONTENT),
        ([{"url": "https://a.example/1", "title": "خبر"}, {"url": "https://a.example/1", "title": "آخر"}], CONTENT),
    ],
)
def test_what_identifies_documents_without_an_id(documents: list[dict[str, Any]], id_from: str) -> None:
    inferred = infer(*documents)
    assert (inferred.schema.id_from, inferred.made_ids is None) == (id_from, not id_from)


def test_an_id_of_the_content_is_the_same_for_equal_documents_only() -> None:
    checker = DocumentChecker(infer({"title": "أول خبر هنا", "n": 1}).schema)
    first, same, other = (
        checker.check(one).id for one in ({"title": "خبر", "n": 1}, {"n": 1, "title": "خبر"}, {"title": "خبر", "n": 2})
    )
    assert first == same != other
    assert checker.check({"id": "given", "title": "خبر"}).id == "given"


def test_the_same_field_under_two_names_is_rejected() -> None:
    checker = DocumentChecker(infer(*SHOP).schema)
    with pytest.raises(InvalidDocument, match="field-repeated"):
        checker.check({"id": "1", "priceUSD": 1.5, "price_usd": 2.5})


def test_names_that_would_be_equal_stay_apart() -> None:
    names = [field.name for field in infer({"id": 1, "Name": "خبر أول", "name": "خبر", "الاسم": "خبر"}).schema.fields]
    assert len(set(names)) == 3
    assert names[1] == "name"


def test_something_is_searched_whatever_the_documents_have() -> None:
    assert [field.name for field in infer({"code": "A1"}, {"code": "A2"}).schema.searched] == ["code"]


def test_the_file_is_read_back_as_the_same_schema(tmp_path: Path) -> None:
    inferred = infer(*SHOP)
    path = tmp_path / "things.toml"
    path.write_text(schema_toml(inferred.schema, inferred.comments, "a heading\nof two lines"), encoding="utf-8")
    assert load_schema(path).to_dict() == inferred.schema.to_dict()
    assert "# 200 of 200 documents; 2 different values" in path.read_text(encoding="utf-8")


def test_every_key_of_the_packaged_schema_is_written(tmp_path: Path) -> None:
    news_schema = load_schema("news")
    path = tmp_path / "news.toml"
    path.write_text(schema_toml(news_schema, {}), encoding="utf-8")
    assert load_schema(path).to_dict() == news_schema.to_dict()


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.text(max_size=5))
)


@given(st.lists(st.dictionaries(st.text(min_size=1, max_size=12), VALUES, max_size=5), min_size=1, max_size=6))
def test_any_documents_make_a_schema_that_can_be_read_back(documents: list[dict[str, Any]]) -> None:
    inferred = infer(*documents)
    schema = inferred.schema
    assert len({field.name for field in schema.fields}) == len(schema.fields)
    if any(field.is_searched for field in schema.fields):
        assert schema_from_dict(schema.to_dict(), "inferred").to_dict() == schema.to_dict()


def test_keys_of_every_document_own_are_no_schema() -> None:
    documents = [({f"key_{number}_{one}": "كتاب" for one in range(20)}, False) for number in range(30)]
    with pytest.raises(ConfigError, match="30 documents have 600 different fields, such as 'key_0_0'; at most 500"):
        infer_schema("own", documents)
