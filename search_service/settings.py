"""The settings of the service, read from environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search_service.errors import InvalidParameter

ENGINES = ("embedded",)


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs.

    Attributes:
        engine: which engine keeps the indexes (`ENGINE`).
        index_dir: where the embedded engine keeps them (`INDEX_DIR`).
        default_index: what the search page at `/` searches (`DEFAULT_INDEX`).
        max_document_bytes: larger documents are refused (`MAX_DOCUMENT_BYTES`).
    """

    engine: str = "embedded"
    index_dir: Path = Path("arabic-search-data")
    default_index: str = "news"
    max_document_bytes: int = 10_000_000

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            InvalidParameter: a variable has a value that is not possible.

        >>> Settings.from_environment({"INDEX_DIR": "/srv/search"}).index_dir
        PosixPath('/srv/search')
        """
        default = cls()
        engine = environment.get("ENGINE", default.engine)
        if engine not in ENGINES:
            raise InvalidParameter("ENGINE", f"{engine!r} is not an engine", " or ".join(ENGINES))
        limit = environment.get("MAX_DOCUMENT_BYTES", str(default.max_document_bytes))
        if not limit.isascii() or not limit.isdigit() or int(limit) < 1:
            raise InvalidParameter("MAX_DOCUMENT_BYTES", f"{limit!r} is not a size", "a number of bytes")
        return cls(
            engine=engine,
            index_dir=Path(environment.get("INDEX_DIR") or default.index_dir),
            default_index=environment.get("DEFAULT_INDEX") or default.default_index,
            max_document_bytes=int(limit),
        )
