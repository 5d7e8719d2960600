"""docker-compose.yml is valid, secure by default, and fits the service, its settings and the tests."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click import Context

from search_service.cli.main import main
from search_service.config.settings import Settings, variable_names
from tests.elasticsearch.distribution import VERSION
from tests.packaging.compose import FILE, REPOSITORY, services, variables

PASSWORD = "a password"
NODES = {"one": ["elasticsearch"], "three": ["elasticsearch-1", "elasticsearch-2", "elasticsearch-3"]}
SERVICE = {"one": "arabic-search", "three": "arabic-search-three"}


@pytest.fixture(params=["one", "three"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def compose(profile: str) -> dict[str, dict[str, Any]]:
    return services(profile, {"ELASTIC_PASSWORD": PASSWORD})


@pytest.fixture
def service(compose: dict[str, dict[str, Any]], profile: str) -> dict[str, Any]:
    return compose[SERVICE[profile]]


@pytest.fixture
def nodes(compose: dict[str, dict[str, Any]], profile: str) -> list[dict[str, Any]]:
    return [compose[name] for name in NODES[profile]]


def test_the_file_follows_the_schema_of_compose_files() -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    command = [str(check), "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_compose_accepts_the_file(profile: str, tmp_path: Path) -> None:
    """Check with Compose itself, where it is installed; it needs no Docker engine for this."""
    program = ["docker", "compose"]
    if not shutil.which("docker") or subprocess.run([*program, "version"], capture_output=True, check=False).returncode:
        pytest.skip("Docker Compose is not installed")
    (tmp_path / ".env").write_text(f"ELASTIC_PASSWORD={PASSWORD}\n")
    files = ["--file", str(FILE), "--env-file", str(tmp_path / ".env")]
    command = [*program, *files, "--profile", profile, "config", "--services"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == sorted(services(profile, {}))


def test_the_services_of_a_profile(compose: dict[str, dict[str, Any]], profile: str) -> None:
    assert sorted(compose) == sorted(["certificates", *NODES[profile], SERVICE[profile]])


# The service


def test_the_settings_of_the_service_are_right(service: dict[str, Any], profile: str) -> None:
    environment = {name: str(value) for name, value in service["environment"].items()}
    assert set(environment) <= set(variable_names())
    assert environment.pop("ELASTICSEARCH_CA_CERTIFICATE") == "/certs/ca/ca.crt"
    settings = Settings.from_environment(environment)
    assert settings.engine == "elasticsearch"
    assert settings.elasticsearch.urls == tuple(f"https://{name}:9200" for name in NODES[profile])
    assert (settings.elasticsearch.user, settings.elasticsearch.password.get_secret_value()) == ("elastic", PASSWORD)


def test_the_service_may_do_little(service: dict[str, Any]) -> None:
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    writable = [volume.split(":")[1] for volume in service["volumes"] if not volume.endswith(":ro")]
    assert [*writable, *service["tmpfs"]] == ["/data", "/tmp"]


def test_only_the_service_is_published_and_on_this_machine_only(compose: dict[str, dict[str, Any]]) -> None:
    assert [port for one in compose.values() for port in one.get("ports", ())] == ["127.0.0.1:8000:8000"]


def test_the_service_waits_for_every_node_to_be_healthy(service: dict[str, Any], profile: str) -> None:
    assert service["depends_on"] == {name: {"condition": "service_healthy"} for name in NODES[profile]}


def test_the_service_runs_a_command_of_the_package(service: dict[str, Any]) -> None:
    name, *options = service["command"]
    command = main.get_command(Context(main), name)
    assert command is not None
    context = command.make_context(name, options)
    assert (context.params["host"], context.params["port"], context.params["workers"]) == ("0.0.0.0", 8000, 2)
    assert service["build"] == "."


# Elasticsearch


def test_elasticsearch_is_of_the_version_of_the_tests(compose: dict[str, dict[str, Any]]) -> None:
    images = [one["image"] for one in compose.values() if "image" in one]
    assert set(images) == {f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"}


def test_the_nodes_are_protected(nodes: list[dict[str, Any]]) -> None:
    for node in nodes:
        environment = node["environment"]
        assert environment["ELASTIC_PASSWORD"] == PASSWORD
        for name in ("enabled", "http.ssl.enabled", "transport.ssl.enabled"):
            assert environment[f"xpack.security.{name}"] == "true"
        assert "no-new-privileges:true" in node["security_opt"]


def test_the_nodes_have_their_limits_and_keep_their_indexes(nodes: list[dict[str, Any]]) -> None:
    for node in nodes:
        assert node["mem_limit"] == "2g"
        assert node["environment"]["ES_JAVA_OPTS"] == "-Xms1g -Xmx1g"
        assert node["environment"]["bootstrap.memory_lock"] == "true"
        assert node["ulimits"]["memlock"] == {"soft": -1, "hard": -1}
        assert node["ulimits"]["nofile"]["soft"] >= 65_535
        assert node["volumes"][1].split(":") == [node["environment"]["node.name"], "/usr/share/elasticsearch/data"]
        assert node["healthcheck"]["test"][1].startswith("curl ")
        assert node["depends_on"] == {"certificates": {"condition": "service_completed_successfully"}}


def test_one_node_alone_may_found_a_cluster() -> None:
    environments = [one["environment"] for name, one in services("three", {}).items() if name in NODES["three"]]
    assert [one.get("cluster.initial_master_nodes") for one in environments] == ["elasticsearch-1", None, None]
    assert {one["discovery.seed_hosts"] for one in environments} == {",".join(NODES["three"])}


def test_the_certificate_is_for_every_node() -> None:
    script = services("one", {})["certificates"]["command"][2]
    [names] = re.findall(r"--dns (\S+)", script)
    assert set(names.split(",")) == {"localhost", *NODES["one"], *NODES["three"]}


# .env


def test_the_example_of_env_names_every_variable() -> None:
    lines = (REPOSITORY / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert example.pop("COMPOSE_PROFILES") == "one"
    assert example == variables()


def test_env_itself_is_not_committed() -> None:
    assert ".env" in (REPOSITORY / ".gitignore").read_text(encoding="utf-8").split()


def test_there_is_no_start_without_a_password() -> None:
    assert "${ELASTIC_PASSWORD:?" in FILE.read_text(encoding="utf-8")
