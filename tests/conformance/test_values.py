"""Values of keyword fields: which are one value, how it is shown, and in which order values are."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from index_config.schema import Schema, schema_from_dict
from index_config.table import load_table
from search_service.analysis.analyzer import Analysis
from search_service.core.document import Document
from search_service.core.errors import StaleIndex
from search_service.core.filters import Filters
from search_service.core.index_name import IndexName
from search_service.engines.base import SearchEngine
from search_service.engines.elasticsearch.search import written_values as elasticsearch_values
from search_service.search.request import SearchRequest
from search_service.search.service import SearchService
from tests.conformance.conftest import ENGINES, Fill, fill_index
from tests.rotation import Rotation
from tests.sentences import refused

THINGS = IndexName("things")


def schema_of(**brand: Any) -> Schema:
    """A schema with a keyword of one value and one of several."""
    fields = {
        "name": {"kind": "text"},
        "brand": {"kind": "keyword", "facet": True, "sort": True, **brand},
        "colours": {"kind": "keyword", "multi": True, "facet": True, "suggest": True, "weight": 1.0},
        "since": {"kind": "date", "facet": True},
    }
    return schema_from_dict({"name": "values", "date": "since", "fields": fields}, "values.toml")


VALUES = schema_of()
VERBATIM = schema_of(verbatim=True)


def documents(brands: Sequence[str]) -> list[dict[str, Any]]:
    return [{"id": f"d{number:03}", "name": "شاي", "brand": brand} for number, brand in enumerate(brands)]


def brands(service: SearchService, **request: Any) -> list[tuple[str, int]]:
    response = service.search(THINGS, SearchRequest(facets=("brand",), **request))
    return [(bucket.value, bucket.count) for bucket in response.facets["brand"]]


def ids(service: SearchService, **request: Any) -> list[str]:
    return [hit.id for hit in service.search(THINGS, SearchRequest(size=100, **request)).hits]


ONE_VALUE = (
    ("اقتصاد", "إقتصاد", "اقتصاد ", "إقتصـــاد", "اِقْتِصاد", "\u200fاقتصاد\u200f", "\u2067اقتصاد\u2069", "\nاقتصاد\t"),
    ("الشرق الأوسط", "الشرق  الاوسط", "الشرق\u00a0الأوسط", " الشرق\n الأوسط"),
    ("أحمد", "احمد", "ٱحمد", "أَحْمَد", "ا\u0654حمد"),
    ("جامعة", "جامعه", "ﺟﺎﻣﻌﺔ"),
    ("مصطفى", "مصطفي", "مصطفی"),
    ("كرة القدم", "کرة القدم", "كُرة القدم"),
    ("مسؤول", "مسوول"),
    ("قناة 24", "قناة ٢٤", "قناة ۲۴"),
    ("Reuters", "REUTERS", " reuters"),
    ("Côte d'Ivoire", "cote d’ivoire"),
    ("پارس", "ﭘﺎرس"),
)
"""Spellings of one value, the most frequent one first."""

DIFFERENT = (
    ("اقتصاد", "الاقتصاد"),
    ("باريس", "پاريس"),
    ("7", "07"),
    ("7", "007"),
    ("C", "C++"),
    ("ماء", "ما"),
    ("عبد الله", "عبدالله"),
    ("أخبار", "أخبار!"),
    ("ـ", "ــ"),
)


@pytest.mark.parametrize("spellings", ONE_VALUE, ids=[group[0] for group in ONE_VALUE])
def test_spellings_of_a_value_are_one_value_shown_as_most_documents_write_it(
    spellings: tuple[str, ...], fill: Fill
) -> None:
    service = fill(VALUES, documents([spellings[0], *spellings, "غيره"]))
    assert brands(service) == [(spellings[0], len(spellings) + 1), ("غيره", 1)]
    for spelling in spellings:
        assert len(ids(service, filters={"brand": [spelling]})) == len(spellings) + 1
    assert ids(service, filters={"brand": [spellings[-1], "غيره"]}) == ids(service)
    [found] = service.facet(THINGS, SearchRequest(), "brand", contains=spellings[-1]).items
    assert (found.value, found.count) == (spellings[0], len(spellings) + 1)


@pytest.mark.parametrize("pair", DIFFERENT, ids=["-".join(pair) for pair in DIFFERENT])
def test_different_values_stay_apart(pair: tuple[str, str], read_only: Fill) -> None:
    service = read_only(VALUES, documents([value for pair in DIFFERENT for value in pair for _ in range(1)]))
    for value in pair:
        expected = [f"d{n:03}" for n, other in enumerate(itertools.chain(*DIFFERENT)) if other == value]
        assert ids(service, filters={"brand": [value]}) == expected


def test_a_verbatim_field_keeps_spellings_apart_and_sorts_them_together(fill: Fill) -> None:
    service = fill(VERBATIM, documents(["إقتصاد", "رياضة", "اقتصاد", "اقتصاد ", "اقتصاد"]))
    assert brands(service) == [("اقتصاد", 2), ("إقتصاد", 1), ("اقتصاد ", 1), ("رياضة", 1)]
    assert ids(service, filters={"brand": ["إقتصاد"]}) == ["d000"]
    assert ids(service, filters={"brand": ["اقتصاد"]}) == ["d002", "d004"]
    assert ids(service, sort="brand") == ["d000", "d002", "d004", "d003", "d001"]
    assert [one.value for one in service.facet(THINGS, SearchRequest(), "brand", contains="إقتص").items] == [
        "اقتصاد", "إقتصاد", "اقتصاد ",
    ]  # fmt: skip


@pytest.mark.parametrize("schema", [VALUES, VERBATIM], ids=["spelt", "verbatim"])
def test_white_space_is_no_value(schema: Schema, fill: Fill) -> None:
    service = fill(schema, documents(["", "  ", "\u00a0\n", "\u200f", "ب", "أ"]))
    assert brands(service) == [("أ", 1), ("ب", 1)]
    assert ids(service, filters={"brand": [""]}) == ids(service, filters={"brand": [" ", ""]}) == []
    assert ids(service, filters={"brand": ["", "ب"]}) == ["d004"]
    assert ids(service, sort="brand") == ["d005", "d004", "d000", "d001", "d002", "d003"]
    assert ids(service, sort="-brand") == ["d004", "d005", "d000", "d001", "d002", "d003"]


def test_documents_are_returned_and_exported_as_they_were_written(fill: Fill) -> None:
    written = documents(["إقتصـــاد ", "", "قناة ٢٤"])
    written[0]["colours"] = ["أحمر", "احمر ", ""]
    service = fill(VALUES, written)
    sources = [{name: value for name, value in one.items() if name != "id"} for one in written]
    assert [hit.source for hit in service.search(THINGS, SearchRequest()).hits] == sources
    assert [document.source for document in service.export(THINGS, SearchRequest())] == sources
    assert [service.document(THINGS, one["id"]).source for one in written] == sources


def test_a_document_with_two_spellings_of_a_value_counts_once(fill: Fill) -> None:
    rows = [{"id": "1", "colours": ["أحمر", "احمر", "أزرق"]}, {"id": "2", "colours": ["أحمر ", ""]}]
    service = fill(VALUES, rows)
    response = service.search(THINGS, SearchRequest(facets=("colours",)))
    assert [(bucket.value, bucket.count) for bucket in response.facets["colours"]] == [("أحمر", 2), ("أزرق", 1)]
    assert ids(service, filters={"colours": ["احمر"]}) == ["1", "2"]
    assert [(one.kind, one.text) for one in service.suggest(THINGS, "احم").items] == [
        ("word", "أحمر"),
        ("value", "أحمر"),
    ]


def test_the_shown_spelling_is_that_of_the_index_not_of_the_results(fill: Fill, engine: SearchEngine) -> None:
    rows = documents(["إيران", "إيران", "إيران", "ايران", "ايران"])
    for row in rows[3:]:
        row["name"] = "قهوة"
    service = fill(VALUES, rows)
    assert brands(service, q="قهوة") == [("إيران", 2)]
    with engine.indexes.writer(THINGS) as writer:
        for number in range(3):
            writer.delete(f"d{number:03}")
    # Elasticsearch keeps a spelling for a minute; another process has none yet.
    assert brands(SearchService(engine), q="قهوة")[0][1] == 2
    if engine.name == "embedded":
        assert brands(service) == [("ايران", 2)]


def test_filters_of_similar_documents_find_every_spelling(fill: Fill, engine: SearchEngine) -> None:
    text = "زلزال قوي يضرب جنوب المغرب وفرق الإنقاذ تبحث عن ناجين"
    rows = [{"id": str(n), "name": text, "brand": brand} for n, brand in enumerate(("أحمد", "احمد ", "سعاد"))]
    fill(VALUES, [*rows, *({"id": f"o{n}", "name": "كلام آخر"} for n in range(5))])
    similar = engine.searcher.similar(THINGS, "0", Filters({"brand": ("أحمد",)}), 10, frozenset())
    assert [hit.id for hit in similar.items] == ["1"]


def test_histograms_count_the_documents_of_every_spelling(fill: Fill) -> None:
    rows = documents(["أحمد", "احمد", "سعاد"])
    for row in rows:
        row["since"] = "2024-03-11"
    response = fill(VALUES, rows).search(THINGS, SearchRequest(histogram="year", filters={"brand": ["احمد"]}))
    assert [(bar.value, bar.count) for bar in response.histogram or ()] == [("2024", 2)]


# Order

IN_ORDER = (
    "#هاشتاغ", "«وكالة»", "2", "9 أيام", "10", "٢٤ ساعة", "024", "100", "1500",
    "ء", "ابراهيم", "أحمد", "إدريس", "آدم", "أسامة", "إيمان", "بابل", "بلال", "بن علي", "بنان",
    "پارس", "پروین", "تامر", "تونس", "ٹوبہ", "ثائر", "جابر", "جمال", "چنگیز", "حسن", "خالد", "داود", "ڈاکٹر", "ذيب",
    "رامي", "ڑ", "زياد", "ژاله", "سامي", "شادي", "صالح", "ضياء", "طارق", "ظافر", "عادل", "عَلِي", "على ب", "علي ت",
    "غازي", "فادي", "ڤيكتور", "قاسم", "قناة 2", "قناة 10", "كريم", "گلستان", "لبنى", "ليلى", "ماجد", "نادر", "هالة",
    "هاله ب", "هالة ت", "وائل", "ياسر", "يحيى", "ACI", "BBC", "bbc عربي", "CNN", "Élysée", "zdf", "Ωμέγα", "Мир",
)  # fmt: skip
"""Names in their order: punctuation, digits by value, Arabic, Latin, other scripts."""


@pytest.mark.parametrize("schema", [VALUES, VERBATIM], ids=["spelt", "verbatim"])
def test_names_are_in_arabic_order(schema: Schema, read_only: Fill) -> None:
    names = list(IN_ORDER)
    shuffled = random.Random(5).sample(names, len(names))
    service = read_only(schema, documents(shuffled), commit_every=20)
    by_id = {f"d{number:03}": name for number, name in enumerate(shuffled)}
    assert [by_id[found] for found in ids(service, sort="brand")] == names
    assert [by_id[found] for found in ids(service, sort="-brand")] == names[::-1]
    assert [value for value, _ in brands(service, facet_size=100)] == names
    pages = [
        by_id[hit.id]
        for offset in range(0, len(names), 7)
        for hit in service.search(THINGS, SearchRequest(q="شاي", sort="brand", offset=offset, size=7)).hits
    ]
    assert pages == names
    exported = [document.source["brand"] for document in service.export(THINGS, SearchRequest(sort="-brand"))]
    assert exported == names[::-1]


def test_spellings_of_a_value_are_in_the_order_of_their_ids(read_only: Fill) -> None:
    service = read_only(VALUES, documents(["احمد", "أحمد", "ابراهيم", "إحمد", "أحمد علي", "أَحمد"]))
    assert ids(service, sort="brand") == ["d002", "d000", "d001", "d003", "d005", "d004"]
    assert ids(service, sort="-brand") == ["d004", "d000", "d001", "d003", "d005", "d002"]


# Many values


@pytest.mark.usefixtures("few_at_once")
def test_many_values_in_many_spellings_are_counted_exactly(
    fill: Fill, engine: SearchEngine, rotation: Rotation
) -> None:
    dice = rotation.dice("values")
    service = fill(VALUES, [])
    names = ["أحمد {}", "احمد {}", "أحمــد {} ", "  أَحمد {}"]
    written: dict[int, Counter[str]] = {number: Counter() for number in range(200)}
    numbers = dice.choices(range(200), [1 / (number + 1) for number in range(200)], k=900)
    for first in range(0, len(numbers), 300):
        with engine.indexes.writer(THINGS) as writer:
            for place, number in enumerate(numbers[first : first + 300], first):
                name = dice.choice(names).format(number)
                written[number][" ".join(name.split())] += 1
                writer.upsert(Document(str(place), {"name": "شاي", "brand": name}))
    assert brands(service, facet_size=150) == expected_of(written)[:150]
    found = service.facet(THINGS, SearchRequest(), "brand", contains="احمد 1", size=1000).items
    assert [(one.value, one.count) for one in found] == [
        one for one in expected_of(written) if one[0].split()[1].startswith("1")
    ]


def expected_of(written: Mapping[int, Counter[str]]) -> list[tuple[str, int]]:
    """Return the most frequent spelling and the count of each number; ties of values by number."""
    counted = sorted(((number, of) for number, of in written.items() if of), key=lambda one: (-one[1].total(), one[0]))
    return [(min(of, key=lambda name: (-of[name], name)), of.total()) for _, of in counted]


def test_a_spelling_is_found_among_many_values_of_the_same_documents(
    fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elasticsearch_values, "SPELLINGS", 3)
    beside = [f"وسم {number}" for number in range(20)]
    rows = [{"id": str(n), "colours": [*beside, spelling]} for n, spelling in enumerate(("أزرق", "ازرق", "أزرق "))]
    service = fill(VALUES, rows)
    [found] = service.facet(THINGS, SearchRequest(), "colours", contains="زرق").items
    assert (found.value, found.count) == ("أزرق", 3)


# Other configurations


def test_a_rebuild_with_another_switch_compares_the_stored_values_anew(fill: Fill, engine: SearchEngine) -> None:
    service = fill(VERBATIM, documents(["اقتصاد", "إقتصاد", "اقتصاد"]))
    with engine.indexes.rebuild(THINGS, VALUES) as rebuild:
        rebuild.copy(lambda _done, _total: None)
    assert brands(service) == [("اقتصاد", 3)]
    assert ids(service, filters={"brand": ["إقتصاد"]}) == ["d000", "d001", "d002"]


def test_an_index_of_another_table_is_stale_and_rebuilt_from_its_documents(
    request: pytest.FixtureRequest, engine: SearchEngine, tmp_path: Path
) -> None:
    mapping = load_table().mapping
    older = Analysis({character: folded for character, folded in mapping.items() if character != "إ"})
    with ENGINES[engine.name](request, tmp_path, older) as before:
        fill_index(before, "things", VALUES, documents(["اقتصاد", "إقتصاد", "اقتصاد"]))
        assert brands(SearchService(before)) == [("اقتصاد", 2), ("إقتصاد", 1)]
        with refused(StaleIndex, "reindex things"):
            brands(SearchService(engine))
        with engine.indexes.rebuild(THINGS, VALUES) as rebuild:
            rebuild.copy(lambda _done, _total: None)
        assert brands(SearchService(engine)) == [("اقتصاد", 3)]
