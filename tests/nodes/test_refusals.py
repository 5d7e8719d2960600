"""A node that refuses the service, hangs, or has no disk space left."""

from __future__ import annotations

import base64
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from index_config.schema import load_schema
from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.errors import IndexReadOnly
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.client import connect
from search_service.ingestion.validation import DocumentChecker
from tests.elasticsearch.distribution import java_home
from tests.elasticsearch.failures.site import SEARCH, SILENT, UNAVAILABLE, Site
from tests.elasticsearch.indexes import REQUEST_SECONDS, delete_all
from tests.nodes.cluster import ADMINISTRATOR, ADMINISTRATOR_PASSWORD, GUEST, GUEST_PASSWORD, Cluster, ComposeNode
from tests.sentences import refused
from tests.waiting import wait_for

NEWS = load_schema("news")
PREFIX = "refusals-"
REFUSED, REFUSING = "The search engine refuses the service", "محرك البحث يرفض طلبات الخدمة"

DISK = "cluster.routing.allocation.disk"
FULL: dict[str, Any] = {
    f"{DISK}.threshold_enabled": True,
    **{f"{DISK}.watermark.{level}": "1000tb" for level in ("low", "high", "flood_stage")},
    "cluster.info.update.interval": "10s",
}
"""With these, a disk with less room than nobody has counts as full; it is looked at as often as that can be set."""

DISK_SECONDS = 40

SiteOf = Callable[..., Site]


@pytest.fixture(scope="module")
def node(nodes: Cluster) -> Iterator[ComposeNode]:
    nodes.use("one")
    [node] = nodes.nodes.values()
    yield node
    node.resume()
    with nodes.client() as client:
        delete_all(client, PREFIX)


@pytest.fixture
def settings(node: ComposeNode, nodes: Cluster) -> ElasticsearchSettings:
    """Of a service that is let in."""
    return ElasticsearchSettings(
        urls=(node.url,),
        user=ADMINISTRATOR,
        password=SecretStr(ADMINISTRATOR_PASSWORD),
        ca_certificate=nodes.authority,
        index_prefix=PREFIX,
        timeout=REQUEST_SECONDS,
    )


@pytest.fixture(scope="module")
def another_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that has signed nothing."""
    folder = tmp_path_factory.mktemp("authority")
    store = ["-keystore", str(folder / "store.p12"), "-storepass", "store secret", "-alias", "another"]
    made = ["-genkeypair", "-keyalg", "EC", "-dname", "CN=another", "-storetype", "PKCS12"]
    for command in (made, ["-exportcert", "-rfc", "-file", str(folder / "another.pem")]):
        subprocess.run([str(java_home() / "bin" / "keytool"), *store, *command], check=True, capture_output=True)
    return folder / "another.pem"


@pytest.fixture
def site_of(settings: ElasticsearchSettings, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> SiteOf:
    """A service with other settings; an empty one is as good as none."""

    def make(**changes: Any) -> Site:
        given = {**settings.model_dump(exclude_unset=True), **changes}
        wanted = {name: value for name, value in given.items() if value != ""}
        return Site(ElasticsearchSettings.model_validate(wanted), analysis, caplog)

    return make


@pytest.fixture
def news(site_of: SiteOf) -> Site:
    """A service that is let in, with an index of one document."""
    site = site_of()
    site.engine.indexes.create(IndexName("news"), NEWS)
    write(site)
    site.logged()
    return site


def write(site: Site) -> None:
    with site.engine.indexes.writer(IndexName("news")) as writer:
        writer.upsert(DocumentChecker(NEWS).check({"id": "1", "title": "الخبر"}))


WRONG: dict[str, dict[str, Any]] = {
    "none at all": {"user": "", "password": ""},
    "a wrong password": {"password": "a wrong secret"},
    "an unknown user": {"user": "nobody secret"},
    "a wrong key": {"user": "", "password": "", "api_key": base64.b64encode(b"an id:a wrong secret").decode()},
}


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_credentials_are_refused_and_never_shown(wrong: str, site_of: SiteOf) -> None:
    site = site_of(**WRONG[wrong])
    detail = site.fails(502, REFUSED, REFUSING)
    assert f"{site.url} does not accept the service's credentials" in detail
    assert "ELASTICSEARCH_API_KEY" in detail
    assert ADMINISTRATOR not in detail
    assert "Retry-After" not in site.client.get(SEARCH).headers
    site.problem(503, "Not ready", "/readyz")


@pytest.mark.usefixtures("news")
def test_a_user_without_rights_is_told_which_are_missing(site_of: SiteOf) -> None:
    detail = site_of(user=GUEST, password=GUEST_PASSWORD).fails(502, REFUSED, REFUSING)
    assert "denies the service a privilege" in detail
    assert "granted by the index privileges [view_index_metadata,manage,all]" in detail
    assert GUEST not in detail


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize("authority", ["none", "another"])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    authority: str, another_authority: Path, site_of: SiteOf
) -> None:
    site = site_of(ca_certificate=None if authority == "none" else another_authority)
    detail = site.fails(503, UNAVAILABLE, SILENT)
    assert "certificate verify failed" in detail
    assert "ELASTICSEARCH_CA_CERTIFICATE" in detail


def test_plain_text_where_tls_is_spoken_cannot_reach_it(node: ComposeNode, site_of: SiteOf) -> None:
    site = site_of(urls=(node.url.replace("https", "http"),), ca_certificate=None)
    assert "check ELASTICSEARCH_URL" in site.fails(503, UNAVAILABLE, SILENT)


LIMIT = 4.0
"""Seconds of a time limit that a busy machine keeps, too."""


@pytest.mark.usefixtures("news")
def test_a_node_that_hangs_is_waited_for_no_longer_than_set(node: ComposeNode, site_of: SiteOf) -> None:
    site = site_of(timeout=LIMIT)
    assert site.get()["total"] == 1
    node.pause()
    try:
        began = time.monotonic()
        detail = site.fails(504, "The search engine did not answer in time", "تأخر محرك البحث عن الرد")
        assert time.monotonic() - began < 3.5 * LIMIT  # a search and a page: neither is tried twice
        assert node.url in detail
        site.problem(503, "Not ready", "/readyz")
    finally:
        node.resume()
    assert site.get()["total"] == 1


def test_a_full_disk_stops_writes_and_not_searches(news: Site, settings: ElasticsearchSettings) -> None:
    client = connect(settings)
    client.cluster.put_settings(persistent=FULL)
    try:
        with refused(IndexReadOnly, "The index 'news' rejects writes, most often because the disk is full"):
            wait_for(lambda: write(news), DISK_SECONDS, interval=0.5)
        assert news.get()["total"] == 1
        assert news.get("/readyz")["status"] == "ready"
    finally:
        client.cluster.put_settings(persistent=dict.fromkeys(FULL))
