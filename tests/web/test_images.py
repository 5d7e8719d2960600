"""The image of a result: loaded only from where the site allows, in a place of its own, harmless if it is gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from index_config.errors import ConfigError
from index_config.schema import schema_from_dict
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from search_service.web.site_file import load_site

from .conftest import HOSTILE, REPOSITORY, Watch, fill, serve, serve_files
from .test_accessibility import violations
from .test_browser import is_wider_than_the_screen
from .test_metadata import named
from .test_page import get

ICON = REPOSITORY / "search_service" / "web" / "static" / "icon.png"
BOOKS = schema_from_dict(
    {
        "name": "books",
        "fields": {
            "title": {"kind": "text", "weight": 2.0},
            "text": {"kind": "text"},
            "cover": {"kind": "url"},
            "shows": {"kind": "text"},
            "link": {"kind": "url"},
        },
    },
    "books.toml",
)
ELSEWHERE = "https://covers.example"
SITE = f'image_origins = ["{ELSEWHERE}"]\n[indexes.books]\nimage = "cover"\nimage_alt = "shows"\n'
SHOWN = ("/static/icon.png", f"{ELSEWHERE}/1.png?a=1&b=2", f"{ELSEWHERE.upper()}/2.png")
HIDDEN = (
    "https://other.example/1.png",
    "//other.example/1.png",
    "/\\other.example/1.png",
    "/\t/other.example/1.png",
    "https://covers.example@other.example/1.png",
    "https://covers.example:8443/1.png",
    "http://covers.example/1.png",
    "https://[x",
    "javascript:alert(1)",
    "data:image/png;base64,AAAA",
    "images/1.png",
)


def books(addresses: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"id": str(number), "title": f"كتاب {number}", "text": "وصف الكتاب " * 20, "cover": one, "shows": HOSTILE}
        for number, one in enumerate(addresses)
    ]


def client_of(folder: Path, addresses: tuple[str, ...], site: str) -> FlaskClient:
    engine = make_engine(Settings(index_dir=folder))
    fill(engine, "books", BOOKS, books(addresses))
    (folder / "site.toml").write_text(site, encoding="utf-8")
    return create_app(SearchService(engine), IndexName("books"), site=load_site(folder / "site.toml")).test_client()


def policy(client: FlaskClient, url: str) -> str:
    return client.get(url).headers["Content-Security-Policy"]


def test_images_are_those_of_the_host_and_of_the_allowed_origins(tmp_path: Path) -> None:
    client = client_of(tmp_path, SHOWN, SITE)
    images = get(client, "/?q=كتاب").all("img")
    assert sorted(image["src"] for image in images) == sorted(SHOWN)
    assert {(image["width"], image["height"], image["alt"]) for image in images} == {("128", "96", HOSTILE)}
    for url in ("/", "/documents/1"):
        assert f"; img-src 'self' {ELSEWHERE}" in policy(client, url)
        page = get(client, url)
        assert len(page.all("script")) == 1
        assert not page.all("img", src="x")
        assert not page.all("img", onerror="alert(1)")
    document = get(client, "/documents/1")
    assert [image["src"] for image in document.all("img")] == [SHOWN[1]]
    assert named(document)["og:image"] == SHOWN[1]
    assert named(get(client, "/documents/0"))["og:image"] == f"http://localhost{SHOWN[0]}"
    assert not [link for link in document.links if link.startswith(ELSEWHERE)], "an image is no original"
    assert HOSTILE not in document.text, "its description is no paragraph"


def test_no_other_address_becomes_an_image(tmp_path: Path) -> None:
    client = client_of(tmp_path / "a", HIDDEN, SITE)
    assert not get(client, "/").all("img")
    assert not get(client, "/documents/0").all("img")
    plain = client_of(tmp_path / "b", SHOWN, '[indexes.books]\nimage = "cover"\n')
    [image] = get(plain, "/").all("img")
    assert (image["src"], image["alt"]) == (SHOWN[0], "")
    assert "img-src" not in policy(plain, "/")
    assert not get(client_of(tmp_path / "c", SHOWN, ""), "/").all("img"), "only a site that asks for images has some"


@pytest.mark.parametrize("origin", ["*", "https://a.example/path", "'unsafe-inline'", "https://a.example; x", "data:"])
def test_an_origin_is_nothing_but_an_origin(tmp_path: Path, origin: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f'image_origins = ["{origin}"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="a list of origins"):
        load_site(path)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pictures")
    shutil.copy(ICON, folder / "cover.png")
    with serve_files(folder) as address:
        yield address


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, pictures: str) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("images")
    addresses = (f"{pictures}/cover.png", "/static/icon.png", "https://covers.example/none.png", f"{pictures}/none")
    client_of(folder, addresses, SITE.replace(f'"{ELSEWHERE}"', f'"{ELSEWHERE}", "{pictures}"'))
    with serve(folder, DEFAULT_INDEX="books") as address:
        yield address


@pytest.mark.full(keep=1)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_image_moves_nothing_whether_it_loads_or_not(browser: Browser, server: str, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
    watch = Watch(context, urlsplit(server).netloc)
    page = context.new_page()
    page.route("https://covers.example/**", lambda route: route.abort())
    page.goto(server)
    images = page.locator(".image img")
    expect(images).to_have_count(4)
    for image in images.all():
        image.scroll_into_view_if_needed()
    expect(page.locator(".image img.broken")).to_have_count(2)
    expect(page.locator(".image:visible")).to_have_count(2)
    sizes = {(box["width"], box["height"]) for image in images.all() if (box := image.bounding_box())}
    assert sizes == {(128, 96) if width > 640 else (80, 60)}
    assert all(image.evaluate("image => image.naturalWidth > 0") for image in page.locator(".image:visible img").all())
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    assert not [one for one in watch.seen if "error:" in one or "Policy" in one], "no script fails, nothing is refused"
    context.close()


def test_without_scripts_the_place_of_a_missing_image_stays(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("https://covers.example/**", lambda route: route.abort())
    page.goto(server)
    boxes = [image.bounding_box() for image in page.locator(".image").all()]
    assert {(box["width"], box["height"]) for box in boxes if box} == {(128, 96)}
    context.close()
