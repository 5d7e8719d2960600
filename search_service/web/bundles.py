"""Style sheets and modules of `static/` joined when the service starts, so that a page needs one request for each kind.

The files stay as they are written: a style sheet is appended to those before it, and a module becomes a function that
returns what it exports. So modules have names of their own, and each is run once, after those that it imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

STATIC = Path(__file__).parent / "static"
"""The folder of the files."""

STYLES = (
    "style.css", "results.css", "filters.css", "document.css", "screen_keyboard.css", "forced_colors.css", "print.css",
)  # fmt: skip
"""The style sheets of the page, later rules win. They are all on every page: a search is also shown in the page of a
document, and that in the page of a search."""

MODULES = {"page.js": "search.js", "embed.js": "embed/scripts.js"}
"""Bundle: the module that starts the others. Their imports say which ones."""

_IMPORT = re.compile(r'^import (?:(\{ \w+(?:, \w+)* \})|\* as (\w+)) from "(\.\.?/[\w./]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def make_bundles() -> dict[str, str]:
    """Return the text of each bundle by its name."""
    return {"page.css": join_styles(), **{bundle: join_modules(first) for bundle, first in MODULES.items()}}


def join_styles(folder: Path = STATIC) -> str:
    """Return the style sheets of the page as one."""
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in STYLES)


def join_modules(name: str, folder: Path = STATIC) -> str:
    """Return a module and all that it imports as one module, which exports what the first one does.

    Raises:
        ValueError: a module imports or exports in another form than `import { a, b } from "./c.js"`,
            `import * as a from "./c.js"`, and `export` before a function, class or const at the start of a line; or
            modules import each other in a circle.
    """
    modules = dict(_modules(PurePosixPath(name), folder, ()))
    texts = [_as_function(path, text) for path, text in modules.items()]
    path = PurePosixPath(name)
    return "\n".join([*texts, f"export const {_exports(modules[path])} = {_variable(path)};\n"])


def _modules(
    path: PurePosixPath, folder: Path, importing: tuple[PurePosixPath, ...]
) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the modules that a module needs, each after those that it imports, and itself last."""
    if path in importing:
        raise ValueError(f"{path} imports itself by way of {importing[-1]}")
    text = (folder / path).read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        yield from _modules(_imported(path, found[3]), folder, (*importing, path))
    yield path, text


def _imported(path: PurePosixPath, address: str) -> PurePosixPath:
    """Return the path of what a module imports.

    >>> str(_imported(PurePosixPath("embed/element.js"), "../combobox.js"))
    'combobox.js'
    """
    inside = path.parent
    while address.startswith("../"):
        inside, address = inside.parent, address.removeprefix("../")
    return inside / address.removeprefix("./")


def _as_function(path: PurePosixPath, text: str) -> str:
    """Return the declaration of a variable that has what a module exports."""
    body = _IMPORT.sub(lambda found: f"const {found[1] or found[2]} = {_variable(_imported(path, found[3]))};", text)
    body = _EXPORT.sub("", body)
    if other := _OTHER.search(body):
        raise ValueError(f"{path}: {other[0]}: not a form of import or export that modules of the page have")
    return f"// {path}\nconst {_variable(path)} = (() => {{\n{body}return {_exports(text)};\n}})();\n"


def _exports(text: str) -> str:
    """Return what a module exports, as JavaScript writes the members of an object.

    >>> _exports("export function find() {}")
    '{ find }'
    """
    return f"{{ {', '.join(_EXPORT.findall(text))} }}"


def _variable(path: PurePosixPath) -> str:
    """Return the variable of a module; no name in a module begins like it."""
    return "$" + re.sub(r"\W", "_", str(path.with_suffix("")))
