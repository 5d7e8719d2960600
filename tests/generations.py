"""Changes of the files of embedded indexes, for tests."""

from __future__ import annotations

import json
from pathlib import Path


def generation_of(indexes: Path, index: str) -> Path:
    """Return the folder of the current generation of an index."""
    return (indexes / index / "current").resolve()


def rewrite_meta(generation: Path, **changes: object) -> None:
    """Change the metadata of a generation to what an earlier version wrote: without a number and without checksums."""
    path = generation / "meta.json"
    meta = json.loads(path.read_text()) | changes
    meta.pop("sequence", None)
    path.write_text(json.dumps(meta))
    (generation / "checksums.json").unlink(missing_ok=True)
