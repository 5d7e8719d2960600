"""Settings: their sources, their values, and errors without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from search_service.config.settings import ElasticsearchSettings, Settings, variable_names
from search_service.config.sources import variables_of
from search_service.config.values import allowed_values, is_secret
from search_service.core.errors import InvalidParameter
from search_service.core.message import Message
from search_service.engines.factory import make_engine
from tests.sentences import sentence

SECRET = "hunter2/hunter2"
"""A value that could be a password, a key or a path."""

CLUSTER = """
engine = "elasticsearch"
index_dir = "indexes"
default_index = "books"
max_document_bytes = 1_000

[elasticsearch]
url = ["http://one:9200", "http://two:9200"]
user = "elastic"
password = "from the file"
timeout = 2.5
index_prefix = "arabic-"
shards = 3
replicas = 0
"""


def read(**environment: str | Path) -> Settings:
    return Settings.from_environment({name: str(value) for name, value in environment.items()})


def refused(**environment: str | Path) -> str:
    with pytest.raises(InvalidParameter) as caught:
        read(**environment)
    return sentence(caught.value)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "search.toml"


# Variables


def test_the_defaults_are_the_embedded_engine_and_the_index_news() -> None:
    settings = read()
    assert settings == Settings()
    assert (settings.engine, settings.default_index) == ("embedded", "news")
    assert settings.elasticsearch.urls == ("http://127.0.0.1:9200",)
    assert settings.elasticsearch.replicas is None


def test_every_setting_has_a_variable() -> None:
    settings = read(
        ENGINE="elasticsearch",
        INDEX_DIR="/srv/search",
        DEFAULT_INDEX="books",
        MAX_DOCUMENT_BYTES="1000",
        ELASTICSEARCH_URL="https://one:9200/, https://two:9200/search  https://one:9200",
        ELASTICSEARCH_API_KEY="a2V5OnZhbHVl==",
        ELASTICSEARCH_TIMEOUT="2.5",
        ELASTICSEARCH_INDEX_PREFIX="arabic-",
        ELASTICSEARCH_SHARDS="3",
        ELASTICSEARCH_REPLICAS="0",
    )
    assert (settings.engine, settings.index_dir) == ("elasticsearch", Path("/srv/search"))
    assert (settings.default_index, settings.max_document_bytes) == ("books", 1_000)
    assert settings.elasticsearch == ElasticsearchSettings(
        urls=("https://one:9200", "https://two:9200/search"),
        api_key=SecretStr("a2V5OnZhbHVl=="),
        timeout=2.5,
        index_prefix="arabic-",
        shards=3,
        replicas=0,
    )


def test_an_empty_variable_counts_as_absent() -> None:
    assert read(**dict.fromkeys(variable_names(), "")) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("ENGINE", "solr", "'solr' is not valid; allowed: embedded, elasticsearch"),
        ("DEFAULT_INDEX", "News", "'News' is not valid; allowed: a-z, 0-9, _ and -"),
        ("REQUEST_TIMEOUT", "0", "'0' is not valid; allowed: a number of seconds above 0, up to 600"),
        ("MAX_DOCUMENT_BYTES", "0", "'0' is not valid; allowed: 1 and above"),
        ("MAX_DOCUMENT_BYTES", "١٠", "'١٠' is not a whole number"),
        ("ELASTICSEARCH_TIMEOUT", "0", "'0' is not valid; allowed: a number of seconds above 0, up to 600"),
        ("ELASTICSEARCH_TIMEOUT", "601", "'601' is not valid"),
        ("ELASTICSEARCH_TIMEOUT", "nan", "'nan' is not a number"),
        ("ELASTICSEARCH_TIMEOUT", "10s", "'10s' is not a number"),
        ("ELASTICSEARCH_INDEX_PREFIX", "_x", "'_x' is not valid; allowed: a-z, 0-9, _ and -"),
        ("ELASTICSEARCH_INDEX_PREFIX", "News", "'News' is not valid"),
        ("ELASTICSEARCH_SHARDS", "0", "'0' is not valid; allowed: 1 to 1024"),
        ("ELASTICSEARCH_SHARDS", "1025", "'1025' is not valid"),
        ("ELASTICSEARCH_SHARDS", "9" * 5_000, "9' is not a whole number"),
        ("ELASTICSEARCH_REPLICAS", "11", "'11' is not valid; allowed: 0 to 10"),
        ("ELASTICSEARCH_REPLICAS", "-1", "'-1' is not a whole number"),
        ("ELASTICSEARCH_URL", "localhost:9200", "does not begin with http:// or https://; allowed: http://HOST:PORT"),
        ("ELASTICSEARCH_URL", "ftp://host:9200", "does not begin with http:// or https://"),
        ("ELASTICSEARCH_URL", "http://a:9200,http://b", "address 2 of 2 has no port"),
        ("ELASTICSEARCH_URL", "http://a:99999", "has no valid host and port"),
        ("ELASTICSEARCH_URL", "http://[::1:9200", "has no valid host and port"),
        ("ELASTICSEARCH_URL", "http://:9200", "has no host"),
        ("ELASTICSEARCH_URL", " , ", "has no address"),
        ("ELASTICSEARCH_URL", "http://a:9200/?x=1", "has a query or a fragment after the path"),
    ],
)
def test_an_invalid_value_is_named_with_the_allowed_ones(variable: str, value: str, message: str) -> None:
    text = refused(**{variable: value})
    assert text.startswith(variable)
    assert message in text


# The file


def test_settings_are_read_from_a_file(config: Path) -> None:
    config.write_text(CLUSTER)
    settings = read(ARABIC_SEARCH_CONFIG=config)
    assert (settings.engine, settings.default_index, settings.max_document_bytes) == ("elasticsearch", "books", 1_000)
    assert settings.elasticsearch == ElasticsearchSettings(
        urls=("http://one:9200", "http://two:9200"),
        user="elastic",
        password=SecretStr("from the file"),
        timeout=2.5,
        index_prefix="arabic-",
        shards=3,
        replicas=0,
    )


def test_paths_in_a_file_are_relative_to_its_folder(config: Path) -> None:
    config.write_text(CLUSTER)
    assert read(ARABIC_SEARCH_CONFIG=config).index_dir == config.parent / "indexes"
    config.write_text('index_dir = "/srv/search"')
    assert read(ARABIC_SEARCH_CONFIG=config).index_dir == Path("/srv/search")


def test_a_variable_overrides_the_file(config: Path) -> None:
    config.write_text(CLUSTER)
    settings = read(ARABIC_SEARCH_CONFIG=config, ELASTICSEARCH_PASSWORD="from outside", ELASTICSEARCH_SHARDS="5")
    assert settings.elasticsearch.password == SecretStr("from outside")
    assert settings.elasticsearch.shards == 5
    assert settings.elasticsearch.user == "elastic"


@pytest.mark.parametrize(
    ("content", "where", "message"),
    [
        (
            "shards = 3",
            "shards",
            "is not a known key; allowed: engine, index_dir, default_index, max_document_bytes",
        ),
        ("[elasticsearch]\nshard = 3", "elasticsearch.shard", "is not a known key; allowed: engine, "),
        ("[elastic]\nshards = 3", "elastic.shards", "is not a known key"),
        ("elasticsearch = 3", "elasticsearch", "is not a known key"),
        ("[engine.x]\ny = 1", "engine.x", "is not a known key"),
        ("[elasticsearch]\nshards = 0", "elasticsearch.shards", "'0' is not valid; allowed: 1 to 1024"),
        ("[elasticsearch]\nshards = true", "elasticsearch.shards", "'True' is not a whole number; allowed: 1 to 1024"),
        ("[elasticsearch]\nshards = '3'", "elasticsearch.shards", "'3' is not a whole number"),
        ("[elasticsearch]\ntimeout = inf", "elasticsearch.timeout", "'inf' is not valid"),
        ("[elasticsearch]\nurl = [1]", "elasticsearch.url", "is not text in quotes"),
        ("engine = 'solr'", "engine", "'solr' is not valid; allowed: embedded, elasticsearch"),
    ],
)
def test_an_invalid_value_in_a_file_is_named_with_key_and_file(
    config: Path, content: str, where: str, message: str
) -> None:
    config.write_text(content)
    text = refused(ARABIC_SEARCH_CONFIG=config)
    assert text.startswith(f"{where} in {config}")
    assert message in text


def test_a_file_that_cannot_be_read_is_named(config: Path) -> None:
    assert f"{config} cannot be read (No such file or directory)" in refused(ARABIC_SEARCH_CONFIG=config)
    config.write_bytes(b"engine = '\xff'")
    assert f"ARABIC_SEARCH_CONFIG: {config} is not UTF-8" in refused(ARABIC_SEARCH_CONFIG=config)
    config.write_text("engine = embedded")
    assert f"ARABIC_SEARCH_CONFIG: {config} is not TOML: Invalid value (at line 1" in refused(
        ARABIC_SEARCH_CONFIG=config
    )
    config.write_text("engine = " + "[" * 100_000)
    assert f"ARABIC_SEARCH_CONFIG: {config} is not TOML: maximum recursion" in refused(ARABIC_SEARCH_CONFIG=config)


# Credentials


@pytest.mark.parametrize(
    ("variable", "attribute", "beside"),
    [
        ("ELASTICSEARCH_API_KEY_FILE", "api_key", {}),
        ("ELASTICSEARCH_PASSWORD_FILE", "password", {"ELASTICSEARCH_USER": "elastic"}),
    ],
)
def test_a_secret_is_read_from_a_separate_file(
    tmp_path: Path, config: Path, variable: str, attribute: str, beside: dict[str, str]
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    settings = read(**beside, **{variable: tmp_path / "secret"})
    assert getattr(settings.elasticsearch, attribute) == SecretStr(SECRET)
    config.write_text(f'[elasticsearch]\n{attribute}_file = "secret"')
    assert getattr(read(**beside, ARABIC_SEARCH_CONFIG=config).elasticsearch, attribute) == SecretStr(SECRET)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["API_KEY", "USER", "PASSWORD"], "ELASTICSEARCH_API_KEY and ELASTICSEARCH_USER are mutually exclusive"),
        (["API_KEY", "PASSWORD"], "ELASTICSEARCH_API_KEY and ELASTICSEARCH_PASSWORD are mutually exclusive"),
        (["USER"], "ELASTICSEARCH_USER has no password; set ELASTICSEARCH_PASSWORD or"),
        (["PASSWORD"], "ELASTICSEARCH_PASSWORD has no user; set ELASTICSEARCH_USER too"),
        (["API_KEY", "API_KEY_FILE"], "ELASTICSEARCH_API_KEY and ELASTICSEARCH_API_KEY_FILE are mutually exclusive"),
    ],
)
def test_credentials_are_of_one_kind_and_complete(names: list[str], message: str) -> None:
    text = refused(**{f"ELASTICSEARCH_{name}": SECRET for name in names})
    assert text.startswith(message)
    assert SECRET not in text


def test_conflicting_credentials_are_named_with_their_sources(config: Path) -> None:
    config.write_text(CLUSTER)
    text = refused(ARABIC_SEARCH_CONFIG=config, ELASTICSEARCH_API_KEY=SECRET)
    assert text.startswith(f"ELASTICSEARCH_API_KEY and elasticsearch.user in {config} are mutually exclusive")


def test_the_text_of_settings_shows_no_secret() -> None:
    for settings in (
        read(ELASTICSEARCH_API_KEY=SECRET),
        read(ELASTICSEARCH_USER="elastic", ELASTICSEARCH_PASSWORD=SECRET),
    ):
        assert SECRET not in f"{settings!r} {settings} {settings.elasticsearch!r}"


def test_every_secret_field_is_masked() -> None:
    secret = [name for name, field in ElasticsearchSettings.model_fields.items() if is_secret(field)]
    assert secret == ["api_key", "password"]
    assert f"{ElasticsearchSettings(api_key=SecretStr(SECRET))!r}".count("**********") == 1


@pytest.mark.parametrize(
    "environment",
    [
        {"ELASTICSEARCH_URL": f"https://elastic:{SECRET}@host:9200"},
        {"ELASTICSEARCH_URL": f"https//elastic:{SECRET}@host:9200"},
        {"ELASTICSEARCH_URL": f"elastic:{SECRET}"},
        {"ELASTICSEARCH_URL": f"https://host:{SECRET}"},
        {"ELASTICSEARCH_URL": f"https://host:9200?api_key={SECRET}"},
        {"ELASTICSEARCH_API_KEY": f"{SECRET}\n"},
        {"ELASTICSEARCH_API_KEY": f"id:{SECRET}"},
        {"ELASTICSEARCH_API_KEY_FILE": SECRET},
        {"ELASTICSEARCH_PASSWORD_FILE": SECRET},
        {"ELASTICSEARCH_USER": "elastic", "ELASTICSEARCH_PASSWORD": f"{SECRET}\n"},
        {"ELASTICSEARCH_USER": "elastic", "ELASTICSEARCH_PASSWORD": f"{SECRET}\udcff"},
        {"ELASTICSEARCH_PASSWORD": SECRET},
    ],
)
def test_no_error_shows_a_secret(environment: dict[str, str]) -> None:
    assert "hunter2" not in refused(**environment)


@pytest.mark.parametrize(
    "content",
    [
        f"[elasticsearch]\npassword = ['{SECRET}']",
        "[elasticsearch]\napi_key = 42424242",
        f"[elasticsearch]\npassword = {SECRET}",
        f"[elasticsearch]\npassword = '{SECRET}",
        f"[elasticsearch]\npassword = '{SECRET}' '{SECRET}'",
        f"[elasticsearch]\npassword = {{x = '{SECRET}'}}",
        f"[elasticsearch]\npassword = '{SECRET}'\npassword = '{SECRET}'",
        f"[elasticsearch]\npassword_file = '{SECRET}'",
        f"[elasticsearch]\nurl = 'https://elastic:{SECRET}@host:9200'",
    ],
)
def test_no_error_about_a_file_shows_a_secret(config: Path, content: str) -> None:
    config.write_text(content)
    text = refused(ARABIC_SEARCH_CONFIG=config)
    assert "hunter2" not in text
    assert "4242" not in text


def test_a_password_in_a_url_is_refused_with_the_remedy() -> None:
    text = refused(ELASTICSEARCH_URL=f"https://elastic:{SECRET}@host:9200")
    assert "set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD instead" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "No such file or directory"), (b"", "names an empty file"), (b"\n", "empty"), (b"\xff", "not UTF-8")],
)
def test_a_secret_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    text = refused(ELASTICSEARCH_API_KEY_FILE=tmp_path / "secret")
    assert text.startswith("ELASTICSEARCH_API_KEY_FILE names ")
    assert message in text


# The certificate


def test_an_invalid_certificate_is_refused(tmp_path: Path) -> None:
    missing, wrong = tmp_path / "missing.crt", tmp_path / "wrong.crt"
    wrong.write_text("no certificate")
    https = "https://host:9200"
    text = refused(ELASTICSEARCH_URL=https, ELASTICSEARCH_CA_CERTIFICATE=missing)
    assert text.startswith(f"ELASTICSEARCH_CA_CERTIFICATE: {missing} cannot be read (No such file or directory)")
    text = refused(ELASTICSEARCH_URL=https, ELASTICSEARCH_CA_CERTIFICATE=wrong)
    assert text.startswith(f"ELASTICSEARCH_CA_CERTIFICATE: {wrong} contains no certificate; name a file in PEM format")


def test_a_certificate_without_https_is_refused(tmp_path: Path) -> None:
    text = refused(ELASTICSEARCH_CA_CERTIFICATE=tmp_path / "ca.crt")
    assert text.endswith("needs addresses with https:// only; change http://127.0.0.1:9200")


# The engine


def test_the_engine_is_the_one_that_the_settings_name(tmp_path: Path) -> None:
    assert make_engine(Settings(index_dir=tmp_path)).name == "embedded"
    assert make_engine(Settings(engine="elasticsearch")).name == "elasticsearch"


# Definitions


def test_every_setting_is_described_in_a_sentence() -> None:
    variables = list(variables_of(Settings))
    assert len(variables) == 27
    for variable in variables:
        description = variable.field.description or ""
        assert description[:1].isupper(), variable.key
        assert description.endswith("."), variable.key


def test_every_setting_has_allowed_values() -> None:
    assert all(sentence_of(allowed_values(variable.field)) for variable in variables_of(Settings))


def sentence_of(allowed: tuple[str, ...] | Message) -> str:
    return sentence(allowed) if isinstance(allowed, Message) else ", ".join(allowed)


def test_the_factory_builds_the_engine_of_the_settings(tmp_path: Path) -> None:
    engine = make_engine(Settings(index_dir=tmp_path))
    assert engine.name == "embedded"
    assert engine.searcher.analysis.stemmer.stem("وزير") == "وزير"
    assert engine.searcher.analysis.lemmatizer.name("بمكه") == "مكه"
