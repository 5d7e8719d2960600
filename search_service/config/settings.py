"""The settings of the service: one definition of each setting's name, type, default, bounds and description.

The name of a field is its key in the TOML file; the environment variable is that key in upper case, after
`ELASTICSEARCH_` for those of Elasticsearch. `search_service.config.sources` reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from index_config.schema import NAME_PATTERN
from search_service.config.sources import Sources, variable_names_of
from search_service.config.values import RATE_LIMIT, Addresses, ApiKey, Networks, Origins, Password, StorageUri, setting
from search_service.core.errors import InvalidParameter

DEFAULT_URL = "http://127.0.0.1:9200"
"""Where Elasticsearch listens on the same machine."""

_SOURCES = "sources"
"""The key under which `Settings` is handed its sources."""


class ElasticsearchSettings(BaseModel):
    """How to reach Elasticsearch, and how to create indexes in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True)

    urls: Addresses = setting(
        (DEFAULT_URL,),
        "Addresses of the nodes, with commas or spaces between; requests go to all of them in turn.",
        form="form-addresses",
        validation_alias="url",
    )
    api_key: ApiKey = setting(
        SecretStr(""),
        "The encoded API key.",
        form="form-api-key",
    )
    user: str = setting(
        "",
        "A user, instead of an API key.",
        form="form-user",
        pattern=r"^[^\x00-\x1f\x7f-\x9f:]+$",
    )
    password: Password = setting(SecretStr(""), "The password of the user.", form="form-password")
    ca_certificate: Path | None = setting(
        None, "A PEM file with the authority that signed the nodes' certificates, unless the system knows it."
    )
    timeout: float = setting(
        10.0,
        "Seconds that a request may take.",
        form="form-timeout",
        strict=True,
        gt=0,
        le=600,
    )
    index_prefix: str = setting(
        "",
        "The beginning of the names of the indexes in Elasticsearch, where other programs have indexes too.",
        form="form-index-prefix",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$",
    )
    shards: int = setting(1, "Primary shards of a new index.", strict=True, ge=1, le=1024)
    replicas: int | None = setting(
        None, "Copies of each shard; without it, one as soon as there is a second node.", strict=True, ge=0, le=10
    )

    snapshot_repository: str = setting(
        "",
        "The snapshot repository of Elasticsearch that backups are written to.",
        form="form-repository",
        pattern=r"^[^\s,/\\*?\"<>|#]+$",
    )


class Settings(BaseSettings):
    """How this process runs."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    engine: Literal["embedded", "elasticsearch"] = setting("embedded", "The engine that keeps the indexes.")
    index_dir: Path = setting(Path("arabic-search-data"), "The folder of the embedded engine's indexes.")
    default_index: str = setting(
        "news",
        "The index that the search page searches.",
        form="form-index-name",
        pattern=rf"^{NAME_PATTERN.pattern}$",
    )
    max_document_bytes: int = setting(10_000_000, "Larger documents are rejected.", strict=True, ge=1)
    request_timeout: float = setting(
        10.0, "Seconds that an HTTP request may take.", form="form-timeout", strict=True, gt=0, le=600
    )
    max_concurrent_searches: int | None = setting(
        None,
        "Requests in progress at the same time, in each worker process; without it, 1 with the embedded engine and 2 "
        "with Elasticsearch.",
        strict=True,
        ge=1,
        le=64,
    )
    max_queued_searches: int = setting(
        2,  # with 8, the p99 of accepted requests was 4 to 14 times that without load, at twice the capacity
        "Requests that wait, in each worker process; more are refused with status 503.",
        strict=True,
        ge=0,
        le=128,
    )
    keys_file: Path | None = setting(None, "The file of the keys; without it, `keys.json` in `INDEX_DIR`.")
    search_public: bool = setting(True, "Whether searching needs no key.", form="form-boolean")
    loopback_admin: bool = setting(
        False, "Whether programs on the same machine may do everything without a key.", form="form-boolean"
    )
    rate_limit: str = setting(
        "", "Requests of one address without a key; no limit without it.", form="form-rate-limit", pattern=RATE_LIMIT
    )
    key_rate_limit: str = setting(
        "", "Requests with one key; no limit without it.", form="form-rate-limit", pattern=RATE_LIMIT
    )
    rate_limit_storage: StorageUri = setting(
        SecretStr(""),
        "The Redis that counts requests for all processes; without it, each worker process counts for itself.",
        form="form-storage",
    )
    cursor_secret: Password = setting(
        SecretStr(""),
        "What signs cursors, on all machines of a service; without it, a secret that the service keeps in `INDEX_DIR`.",
        form="form-password",
    )
    trusted_proxies: Networks = setting((), "Proxies whose `X-Forwarded-For` names the client.", form="form-networks")
    site_file: Path | None = setting(
        None, "The file with the name, colours and labels of the search page; without it, `site.toml` in `INDEX_DIR`."
    )
    cors_origins: Origins = setting(
        (), "Sites whose pages may use the HTTP interface in a browser; * for all.", form="form-origins"
    )
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()

    @property
    def path_of_keys(self) -> Path:
        """The file of the keys."""
        return self.keys_file or self.index_dir / "keys.json"

    @property
    def path_of_site(self) -> Path | None:
        """The file of the site, or None if there is none."""
        default = self.index_dir / "site.toml"
        return self.site_file or (default if default.is_file() else None)

    @property
    def path_of_jobs(self) -> Path:
        """The folder of the files of jobs."""
        return self.index_dir / ".jobs"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings from environment variables and from the TOML file that `ARABIC_SEARCH_CONFIG` names.

        Raises:
            InvalidParameter: a value is not possible, or two exclude each other.

        >>> Settings.from_environment({"INDEX_DIR": "/srv/search"}).index_dir
        PosixPath('/srv/search')
        """
        sources = Sources(cls, environment)
        arguments: dict[str, Any] = {_SOURCES: (sources,)}
        try:
            settings = cls(**arguments)
        except ValidationError as error:
            raise sources.refused(error) from None
        _check_credentials(sources)
        _check_certificate(settings.elasticsearch, sources)
        return settings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources that `from_environment` names; without them `Settings()` reads its arguments only."""
        sources: tuple[PydanticBaseSettingsSource, ...] = init_settings().get(_SOURCES, (init_settings,))
        return sources


def variable_names() -> tuple[str, ...]:
    """Return every environment variable that is read."""
    return variable_names_of(Settings)


def _check_credentials(sources: Sources) -> None:
    """Refuse an API key together with a user or a password, and a user or a password alone."""
    user, password = sources.where("elasticsearch", "user"), sources.where("elasticsearch", "password")
    api_key = sources.where("elasticsearch", "api_key")
    if api_key and (user or password):
        raise InvalidParameter(api_key, "mutually-exclusive", other_parameter=user or password)
    if user and not password:
        raise InvalidParameter(user, "password-missing")
    if password and not user:
        raise InvalidParameter(password, "user-missing")


def _check_certificate(settings: ElasticsearchSettings, sources: Sources) -> None:
    """Refuse a certificate that cannot be read, and any certificate while an address is not https."""
    path, where = settings.ca_certificate, sources.where("elasticsearch", "ca_certificate")
    if path is None:
        return
    if not all(url.startswith("https://") for url in settings.urls):
        urls = sources.where("elasticsearch", "url") or DEFAULT_URL
        raise InvalidParameter(where, "certificate-without-https", addresses=urls)
    import ssl  # here: it takes time to import, and few need it

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        if isinstance(error, ssl.SSLError):
            raise InvalidParameter(where, "not-a-certificate", path=str(path)) from error
        raise InvalidParameter(where, "certificate-unreadable", path=str(path), reason=error.strerror) from error
