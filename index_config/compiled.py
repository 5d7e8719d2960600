"""The compiled configuration as committed files: for each packaged schema, the body of `PUT /index`.

The service compiles the configuration whenever it creates an index. Its indexes have only the analyzers that their
mapping uses; the committed files have all, so that they can be tried with `_analyze`, and show in a review what a
change of the table, a word list or a schema does.
"""

from __future__ import annotations

import json
from pathlib import Path

from index_config.compile_elasticsearch import compile_index
from index_config.errors import ConfigError
from index_config.schema import load_schema, shipped_schemas
from index_config.table import load_table
from index_config.word_lists import default_protected_words

COMPILED_FOLDER = Path(__file__).with_name("elasticsearch")
_REMEDY = "run `arabic-search config build` and commit what it writes"


def compiled_files() -> dict[str, str]:
    """Return the text of each file by its name.

    >>> list(compiled_files())
    ['news.json']
    """
    table = load_table()
    protected = default_protected_words(table)
    bodies = {name: compile_index(load_schema(name), table.mapping, protected) for name in shipped_schemas()}
    return {f"{name}.json": json.dumps(body, indent=2, ensure_ascii=False) + "\n" for name, body in bodies.items()}


def write_compiled(folder: Path | None = None) -> list[Path]:
    """Write the files to a folder, by default that of the package, and return their paths.

    Raises:
        OSError: they cannot be written.
    """
    folder = folder or COMPILED_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in compiled_files().items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8", newline="\n")
    return paths


def check_compiled(folder: Path | None = None) -> list[Path]:
    """Return the paths of the files when they are what the configuration compiles to.

    Raises:
        ConfigError: a file is missing or stale, or belongs to no packaged schema.
    """
    folder = folder or COMPILED_FOLDER
    expected = compiled_files()
    for name, text in expected.items():
        path = folder / name
        if not path.is_file():
            raise ConfigError(str(path), "", "is missing", _REMEDY)
        if path.read_bytes() != text.encode():
            raise ConfigError(str(path), "", "is not what the configuration compiles to now", _REMEDY)
    for path in sorted(folder.glob("*.json")):
        if path.name not in expected:
            raise ConfigError(str(path), "", "belongs to no schema", "delete it")
    return [folder / name for name in expected]
