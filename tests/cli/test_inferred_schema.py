"""A new index without a schema gets one that is made from its documents."""

from __future__ import annotations

import json
from pathlib import Path

from search_service.cli import exit_codes
from search_service.core.index_name import IndexName
from tests.cli.commands import EXAMPLES, Run, engine_of

PRODUCTS = "".join(
    json.dumps({"sku": f"A{n}", "اسم": f"قميص قطني رقم {n}", "brand": ("دار", "بيت")[n % 2], "priceUSD": n + 0.5})
    + "\n"
    for n in range(40)
)


def test_a_new_index_without_a_schema_gets_one_that_can_be_edited(run: Run, folder: Path) -> None:
    (folder / "products.jsonl").write_text(PRODUCTS)
    shown = run("index", "shop", "products.jsonl")
    assert "No schema is named. This one is made from 40 documents" in shown.stderr
    assert "It is in shop.toml." in shown.stderr
    assert "'sku' is their id" in shown.stderr
    found = json.loads(run("search", "shop", "قمصان", "--facet", "brand", "--size", "1", "--json").stdout)
    assert (found["total"], len(found["facets"]["brand"])) == (40, 2)
    assert found["hits"][0]["source"].keys() == {"sku", "name", "brand", "price_usd"}
    run("index", "shop", "products.jsonl")  # with the schema of the index, as before
    assert engine_of(folder).indexes.stats(IndexName("shop")).documents == 40
    edited = (folder / "shop.toml").read_text().replace("\nfacet = true\n", "\nfacet = true\nverbatim = true\n")
    (folder / "shop.toml").write_text(edited)
    run("reindex", "shop", "products.jsonl", "--schema", "shop.toml")
    assert run("schema", "infer", "products.jsonl", "--name", "shop").stdout.startswith('name = "shop"')


def test_a_schema_file_is_never_overwritten(run: Run, folder: Path) -> None:
    (folder / "products.jsonl").write_text(PRODUCTS)
    (folder / "shop.toml").write_text("# mine")
    stderr = run("index", "shop", "products.jsonl", status=exit_codes.WRONG_USAGE).stderr
    assert stderr.startswith("Error: shop.toml exists, and no schema is named; load with it (`--schema` shop.toml)")
    assert (folder / "shop.toml").read_text() == "# mine"
    assert engine_of(folder).indexes.names() == ()


def test_documents_that_fit_the_packaged_schema_get_it(run: Run, folder: Path) -> None:
    run("index", "other", EXAMPLES)
    assert engine_of(folder).searcher.schema(IndexName("other")).name == "news"
    assert not (folder / "other.toml").exists()


def test_standard_input_is_read_once(run: Run) -> None:
    report = json.loads(run("index", "shop", "-", "--json", typed=PRODUCTS).stdout)
    assert (report["indexed"], report["schema_file"]) == (40, "shop.toml")


def test_a_dry_run_writes_no_schema(run: Run, folder: Path) -> None:
    (folder / "products.jsonl").write_text(PRODUCTS)
    assert "index     40 documents" in run("reindex", "shop", "products.jsonl", "--dry-run").stdout
    assert not (folder / "shop.toml").exists()
