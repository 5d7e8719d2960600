"""A site's own name, logo, colours and labels, and what a service without them shows."""

from __future__ import annotations

import re
import shutil
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index_config.errors import ConfigError
from index_config.schema import load_schema, schema_from_dict
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app
from search_service.web.colors import CONTRAST, DARK, LIGHT, contrast
from search_service.web.site_file import load_site

from .conftest import REPOSITORY, fill
from .test_languages import get
from .test_page import ParsedPage

EXAMPLE = REPOSITORY / "examples" / "site.toml"

TEXTS = schema_from_dict(
    {
        "name": "texts",
        "fields": {
            "text": {"kind": "text"},
            "author": {"kind": "text"},
            "year": {"kind": "integer", "facet": True},
            "language": {"kind": "keyword", "facet": True},
            "shelf_mark": {"kind": "keyword", "facet": True},
        },
    },
    "texts.toml",
)
"""A schema without a title, of few documents: the author is a text, as an inferred schema may have it."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> SearchService:
    engine = make_engine(Settings(index_dir=tmp_path_factory.mktemp("site")))
    books = load_schema(REPOSITORY / "examples" / "books.toml")
    fill(engine, "books", books, BOOKS)
    long = "كلمة " * 100
    fill(
        engine,
        "city_archive",
        TEXTS,
        [
            {"id": "a1", "text": "نص قصير", "author": "الجاحظ", "year": 1999, "language": "ar", "shelf_mark": "A 1"},
            {"id": "a2", "text": long, "author": "Ibn Khaldun", "year": 2001, "language": "en", "shelf_mark": "A 2"},
        ],
    )
    return SearchService(engine)


BOOKS = [
    {
        "id": "qanun", "title": "القانون في الطب", "author": "ابن سينا", "subject": ["طب"], "about": "موسوعة",
        "written": "1025", "volumes": 5,
    },
    {
        "id": "kalila", "title": "كليلة ودمنة", "author": "ابن المقفع", "subject": ["أدب"], "about": "حكايات",
        "written": "0750", "volumes": 1,
    },
]  # fmt: skip


@pytest.fixture
def plain(service: SearchService) -> FlaskClient:
    return create_app(service, IndexName("books")).test_client()


@pytest.fixture
def site(service: SearchService) -> FlaskClient:
    """The page with the example of a site."""
    return create_app(service, IndexName("books"), site=load_site(EXAMPLE)).test_client()


def headings(page: ParsedPage) -> list[str]:
    """Return the names of the facets."""
    return [text for tag, text in page.texts if tag == "bdi"]


class TestSite:
    @pytest.mark.parametrize(
        ("language", "name", "index", "field", "value"),
        [
            ("ar", "مكتبة التراث", "كتب التراث", "عدد الأجزاء", "الطب"),
            ("en", "Heritage Library", "Classical books", "Volumes", "Medicine"),
        ],
    )
    def test_names_in_both_languages(
        self, site: FlaskClient, language: str, name: str, index: str, field: str, value: str
    ) -> None:
        page = get(site, "/", language)
        assert {name, index, value} <= set(headings(page))
        assert page.texts[0] == ("title", name)
        chosen = get(site, "/?filter.subject=" + quote("طب"), language)
        assert value in [text for tag, text in chosen.texts if tag == "bdi"]
        assert field in headings(get(site, "/documents/qanun", language))

    def test_facets_are_those_of_the_site_in_its_order(self, site: FlaskClient) -> None:
        names = headings(get(site, "/", "en"))
        assert names.index("Subject") < names.index("Author")

    def test_months_and_digits_are_those_of_the_country(self, site: FlaskClient) -> None:
        assert "يناير 1000" in get(site, "/?date_from=1000-01&date_to=1000-01", "ar-LB").text

    def test_colours_are_a_style_sheet_of_the_same_host(self, site: FlaskClient, plain: FlaskClient) -> None:
        [style] = [link for link in get(site, "/").all("link", rel="stylesheet") if "site.css" in link["href"]]
        response = site.get(style["href"])
        assert response.mimetype == "text/css"
        assert "immutable" in response.headers["Cache-Control"]
        assert "--accent: #7a2e1d" in response.text
        assert not [link for link in get(plain, "/").all("link") if "site.css" in link["href"]]

    def test_a_logo_is_served_from_beside_the_file(self, service: SearchService, tmp_path: Path) -> None:
        shutil.copy(REPOSITORY / "search_service" / "web" / "static" / "icon.svg", tmp_path / "logo.svg")
        (tmp_path / "site.toml").write_text('name = "مكتبة"\nlogo = "logo.svg"\n', encoding="utf-8")
        client = create_app(service, IndexName("books"), site=load_site(tmp_path / "site.toml")).test_client()
        [logo] = get(client, "/", "en").all("img")
        assert logo["alt"] == ""
        response = client.get(logo["src"])
        assert response.mimetype == "image/svg+xml"
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert get(client, "/", "en").texts[0] == ("title", "مكتبة"), "one name serves both languages"


class TestWithoutSite:
    def test_the_page_has_the_name_of_the_index(self, plain: FlaskClient) -> None:
        assert get(plain, "/", "ar").texts[0] == ("title", "الكتب")
        assert get(plain, "/?index=city_archive", "en").texts[0] == ("title", "city archive")
        assert not get(plain, "/").all("img")

    def test_fields_have_their_usual_names_or_are_written_as_words(self, plain: FlaskClient) -> None:
        assert {"Year", "Language", "Arabic", "shelf mark"} <= set(headings(get(plain, "/?index=city_archive", "en")))
        assert {"السنة", "اللغة", "العربية"} <= set(headings(get(plain, "/?index=city_archive", "ar")))

    def test_a_text_is_the_title_where_there_is_none(self, plain: FlaskClient) -> None:
        page = get(plain, "/?index=city_archive", "ar")
        titles = [text for tag, text in page.texts if tag == "a" and text.startswith(("نص", "كلمة"))]
        assert titles[0] == "نص قصير"
        assert titles[1].endswith("…")
        assert len(titles[1]) <= 202
        document = get(plain, "/documents/a2?index=city_archive", "ar")
        assert len(next(text for tag, text in document.texts if tag == "p" and text.startswith("كلمة"))) > 400

    def test_author_and_year_are_under_the_title(self, plain: FlaskClient) -> None:
        page = get(plain, "/?index=city_archive", "en")
        assert {"الجاحظ", "1999", "Arabic"} <= set(headings(page))
        assert page.all("span", title="Author"), "an author who cannot be filtered by is no link"


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('title = "x"', "title", "the keys are language"),
        ('country = "eg"', "country", "two capital letters"),
        ('digits = "123"', "digits", '"latn" for 123'),
        ('[colors.light]\naccent = "red"', "colors.light.accent", 'like "#7a2e1d"'),
        ('[colors.light]\naccent = "#f5c542"', "colors", "contrast of 1.49:1; at least 4.5:1"),
        ('[fields.x]\nname = {}', "fields.x.name", "a table with ar and en"),
        ('[fields.x]\nname = { fr = "x" }', "fields.x.name.fr", "is not known"),
        ('[fields.Autor]\nname = "x"', "fields.Autor", "lower-case words"),
        ('[indexes.books]\nfacets = "author"', "indexes.books.facets", "a list of names"),
        ('logo = "logo.gif"', "logo", ".svg, .png"),
        ('logo = "none.svg"', "logo", "cannot be read"),
        ("name = ", "", "is not TOML"),
        pytest.param("name = " + "[" * 100_000, "", "is not TOML", id="nested too deep"),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what_is_right(tmp_path: Path, text: str, key: str, expected: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_site(path)
    assert str(raised.value).startswith(f"{path}: {key}: " if key else f"{path}: ")
    assert expected in str(raised.value)


@pytest.mark.parametrize("accent", ["#7a2e1d", "#00204a", "#5b2a86", "#000000", "#356b1e"])
def test_texts_in_the_colours_of_a_site_can_be_read(tmp_path: Path, accent: str) -> None:
    """The accent of dark pages follows from that of light ones."""
    path = tmp_path / "site.toml"
    path.write_text(f'[colors.light]\naccent = "{accent}"\n', encoding="utf-8")
    colors = load_site(path).site.colors
    assert colors
    for scheme in colors.palettes:
        pairs = [*product(("ink", "muted", "accent"), ("ground", "surface", "tint")), ("accent-ink", "accent")]
        assert all(contrast(scheme[ink], scheme[ground]) >= CONTRAST for ink, ground in pairs)


def test_the_colours_of_the_product_are_those_of_its_style_sheet() -> None:
    text = (REPOSITORY / "search_service" / "web" / "static" / "style.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    for block, scheme in zip(blocks, (LIGHT, DARK), strict=True):
        colors = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
        assert {name: colors[name] for name in scheme} | {"surface": scheme["surface"]} == scheme


def test_a_file_in_the_folder_of_the_indexes_is_found(tmp_path: Path) -> None:
    assert Settings(index_dir=tmp_path).path_of_site is None
    (tmp_path / "site.toml").touch()
    assert Settings(index_dir=tmp_path).path_of_site == tmp_path / "site.toml"
    assert Settings(index_dir=tmp_path, site_file=EXAMPLE).path_of_site == EXAMPLE
