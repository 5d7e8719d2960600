"""The settings of the service, from environment variables and a TOML file, checked before anything starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from search_service.config import values as kinds
from search_service.config.sources import CONFIG, Source, Variable, find, read_sources
from search_service.config.values import Kind
from search_service.core.errors import InvalidParameter

ENGINES = ("embedded", "elasticsearch")
LEXICONS = ("none", "arramooz")

DEFAULT_URL = "http://127.0.0.1:9200"
"""Where Elasticsearch listens on the same machine."""


def _given_by(variable: str, kind: Kind) -> dict[str, Variable]:
    """Note at a field which variable gives it."""
    return {"variable": Variable(variable, kind)}


@dataclass(frozen=True, slots=True)
class ElasticsearchSettings:
    """How Elasticsearch is reached and how indexes are made in it.

    Attributes:
        urls: its nodes; requests go to all of them in turn.
        api_key: what the service proves itself with, unless it does with user and password.
        user: see there.
        password: see there.
        ca_certificate: a file (PEM) with the authority that signed the nodes' certificates, unless it is a public one.
        timeout: seconds that a request may take.
        index_prefix: what the names of indexes begin with in Elasticsearch, where other programs have theirs too.
        shards: primary shards of a new index.
        replicas: copies of each shard; None for one as soon as there is a second node.
    """

    urls: tuple[str, ...] = field(default=(DEFAULT_URL,), metadata=_given_by("ELASTICSEARCH_URL", kinds.ADDRESSES))
    api_key: str = field(default="", repr=False, metadata=_given_by("ELASTICSEARCH_API_KEY", kinds.API_KEY))
    user: str = field(default="", metadata=_given_by("ELASTICSEARCH_USER", kinds.USER))
    password: str = field(default="", repr=False, metadata=_given_by("ELASTICSEARCH_PASSWORD", kinds.PASSWORD))
    ca_certificate: Path | None = field(default=None, metadata=_given_by("ELASTICSEARCH_CA_CERTIFICATE", kinds.PATH))
    timeout: float = field(default=10.0, metadata=_given_by("ELASTICSEARCH_TIMEOUT", kinds.TIMEOUT))
    index_prefix: str = field(default="", metadata=_given_by("ELASTICSEARCH_INDEX_PREFIX", kinds.INDEX_PREFIX))
    shards: int = field(default=1, metadata=_given_by("ELASTICSEARCH_SHARDS", kinds.SHARDS))
    replicas: int | None = field(default=None, metadata=_given_by("ELASTICSEARCH_REPLICAS", kinds.REPLICAS))


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs.

    Attributes:
        engine: which engine keeps the indexes.
        index_dir: where the embedded engine keeps them.
        lexicon: a dictionary that knows more broken plurals than the packaged list, or `none`.
        default_index: what the search page at `/` searches.
        max_document_bytes: larger documents are refused.
        elasticsearch: for the engine of that name.
    """

    engine: str = field(default="embedded", metadata=_given_by("ENGINE", kinds.choice("an engine", *ENGINES)))
    index_dir: Path = field(default=Path("arabic-search-data"), metadata=_given_by("INDEX_DIR", kinds.PATH))
    lexicon: str = field(default="none", metadata=_given_by("LEXICON", kinds.choice("a lexicon", *LEXICONS)))
    default_index: str = field(default="news", metadata=_given_by("DEFAULT_INDEX", kinds.INDEX_NAME))
    max_document_bytes: int = field(default=10_000_000, metadata=_given_by("MAX_DOCUMENT_BYTES", kinds.SIZE))
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings, from the variables and from the file that `ARABIC_SEARCH_CONFIG` names.

        Raises:
            InvalidParameter: a value is not possible, or two do not go together.

        >>> Settings.from_environment({"INDEX_DIR": "/srv/search"}).index_dir
        PosixPath('/srv/search')
        """
        sources = read_sources(environment, (*_variables(cls), *_variables(ElasticsearchSettings)))
        read = _Reader(sources)
        elasticsearch = ElasticsearchSettings(**read.values(ElasticsearchSettings))
        read.check_credentials(elasticsearch)
        read.check_certificate(elasticsearch)
        return cls(**read.values(cls), elasticsearch=elasticsearch)


def variable_names() -> tuple[str, ...]:
    """Return every environment variable that means something here."""
    variables = (*_variables(Settings), *_variables(ElasticsearchSettings))
    return (CONFIG, *(name for variable in variables for name in variable.names))


def _variables(settings: type) -> Iterator[Variable]:
    return (one.metadata["variable"] for one in fields(settings) if "variable" in one.metadata)


class _Reader:
    """Reads settings, and knows where each came from when two of them do not go together."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self._sources = sources
        self._where: dict[str, str] = {}

    def values(self, settings: type) -> dict[str, Any]:
        """Return the values that the sources have for the fields of a class."""
        values = {}
        for one in fields(settings):
            found = find(one.metadata["variable"], self._sources) if "variable" in one.metadata else None
            if found:
                values[one.name], self._where[one.name] = found.value, found.where
        return values

    def check_credentials(self, settings: ElasticsearchSettings) -> None:
        """Refuse two kinds of credentials, and half of one."""
        user, password = self._where.get("user"), self._where.get("password")
        if settings.api_key and (user or password):
            problem = f"cannot go together with {user or password}"
            raise InvalidParameter(self._where["api_key"], problem, "an API key, or a user with a password")
        if user and not password:
            raise InvalidParameter(user, "has no password", "ELASTICSEARCH_PASSWORD or ELASTICSEARCH_PASSWORD_FILE too")
        if password and not user:
            raise InvalidParameter(password, "belongs to no user", "ELASTICSEARCH_USER too")

    def check_certificate(self, settings: ElasticsearchSettings) -> None:
        """Refuse an authority that cannot be read, and one that nothing is signed by."""
        if settings.ca_certificate is None:
            return
        where, path = self._where["ca_certificate"], settings.ca_certificate
        if not all(url.startswith("https://") for url in settings.urls):
            problem = f"is of no use while {self._where.get('urls', DEFAULT_URL)} has addresses with http://"
            raise InvalidParameter(where, problem, "addresses with https:// only")
        import ssl  # here, for it takes time that few need

        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
        except OSError as error:
            unread = f"{path} cannot be read ({error.strerror})"
            problem = f"{path} holds no certificate" if isinstance(error, ssl.SSLError) else unread
            raise InvalidParameter(where, problem, "a file in PEM format") from error
