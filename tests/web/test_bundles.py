"""The page's style sheets and modules, joined: what is loaded first, and what of a module the joining keeps."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from search_service.web.bundles import MODULES, STATIC, STYLES, join_modules, make_bundles

MAX_REQUESTS = 4
"""The page, a style sheet, a script and an icon; a site may add its colours and its logo."""

MAX_BYTES = 60_000
"""The limit of a first visit, compressed; measured at 36 kB."""

MAX_LINES = 250
"""Of any file that a browser gets."""

ENTRIES = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(({ name, encodedBodySize }) => [name, encodedBodySize])"""


def test_a_first_load_is_small_and_has_few_requests(tab: Page) -> None:
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto("/?q=" + quote("معرض الكتاب"))
    expect(tab.locator("html.scripted .entries mark").first).to_be_visible()
    sizes = dict(tab.evaluate(ENTRIES))
    assert {"page.css", "page.js"} <= {url.rsplit("/")[-1] for url in sizes}
    assert len(requests) <= MAX_REQUESTS, requests
    assert 0 < sum(sizes.values()) + (STATIC / "icon.svg").stat().st_size <= MAX_BYTES


def test_a_module_is_run_once_after_those_it_imports_and_keeps_its_names(tmp_path: Path, tab: Page) -> None:
    (tmp_path / "embed").mkdir()
    (tmp_path / "first.js").write_text(
        'import { add } from "./embed/add.js";\nimport * as names from "./names.js";\n\nconst SIZE = 1;\n\n'
        "export const result = [add(SIZE, names.SIZE), names.own(), globalThis.runs];\n",
        encoding="utf-8",
    )
    (tmp_path / "embed" / "add.js").write_text(
        'import { SIZE } from "../names.js";\n\nexport function add(one, other) {\n  return one + other + SIZE;\n}\n',
        encoding="utf-8",
    )
    (tmp_path / "names.js").write_text(
        "export const SIZE = 10;\nglobalThis.runs = (globalThis.runs ?? 0) + 1;\nconst own_ = () => SIZE;\n"
        "export class Kept {}\nexport async function later() {}\nexport function own() {\n  return own_();\n}\n",
        encoding="utf-8",
    )
    joined = join_modules("first.js", tmp_path)
    assert joined.count("// names.js\n") == 1
    tab.add_script_tag(type="module", content=f"{joined}window.result = result;")
    tab.wait_for_function("() => window.result")
    assert tab.evaluate("result") == [21, 10, 1]


@pytest.mark.parametrize(
    "line",
    ['import add from "./a.js";', 'import { add as sum } from "./a.js";', "export default 1;", "export let a = 1;"],
)
def test_other_forms_of_import_and_export_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "first.js").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^first\.js: (import|export) "):
        join_modules("first.js", tmp_path)


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\n', encoding="utf-8")
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"^a\.js imports itself by way of b\.js$"):
        join_modules("a.js", tmp_path)


def test_every_file_is_in_a_bundle_and_short() -> None:
    """So that none is forgotten when one is added. The page of the reference has a style sheet of its own."""
    bundles = make_bundles()
    scripts = [str(file.relative_to(STATIC)) for file in STATIC.rglob("*.js")]
    assert set(MODULES.values()) < set(scripts)
    assert [name for name in scripts if not any(f"// {name}\n" in text for text in bundles.values())] == []
    assert {file.name for file in STATIC.rglob("*.css")} == {*STYLES, "reference.css"}
    files = [file for file in STATIC.parent.rglob("*") if file.suffix in {".py", ".js", ".css", ".html"}]
    assert [file.name for file in files if file.read_text(encoding="utf-8").count("\n") > MAX_LINES] == []
