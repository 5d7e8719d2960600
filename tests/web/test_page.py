"""The HTML of the search page: contents, errors, escaping."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.embedded import facets
from search_service.engines.factory import make_engine
from search_service.messages.arabic.phrases import bare
from search_service.search.service import SearchService
from search_service.web.app import create_app
from search_service.web.messages.arabic import ARABIC
from search_service.web.messages.wording import Wording

from .conftest import HOSTILE

WORDS = Wording(ARABIC)
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ABOUT = {"alternate", "canonical", "manifest", "search"}
"""Links that say something of the page; browsers do not load them."""
VOID = {"meta", "link", "input", "rect", "br", "img", "path", "circle"}


class ParsedPage(HTMLParser):
    """A page as tags with their attributes and texts by their tags; every tag must be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1] if self._open else "", " ".join(data.split())))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for name, a in self.tags if name == tag and all(a.get(k) == v for k, v in wanted.items())]

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.texts)

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.all("a")]


def get(client: FlaskClient, url: str, status: int = 200) -> ParsedPage:
    response = client.get(url, headers=BROWSER)
    assert response.status_code == status, response.text
    assert response.mimetype == "text/html"
    assert "Traceback" not in response.text
    check_headers(response)
    return ParsedPage(response.text)


def check_headers(response: TestResponse) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


class TestResults:
    def test_an_empty_query_lists_everything_newest_first(self, client: FlaskClient) -> None:
        page = get(client, "/")
        assert page.all("html") == [{"lang": "ar", "dir": "rtl"}]
        assert "104 وثائق" in page.text
        dates = [attributes["datetime"] for attributes in page.all("time")]
        assert len(dates) == 10
        assert dates == sorted(dates, reverse=True)

    def test_the_page_agrees_with_the_api(self, client: FlaskClient) -> None:
        query = "?q=" + quote("معرض الكتاب") + "&filter.category=" + quote("ثقافة") + "&sort=-date"
        answer = client.get("/v1/indexes/news/search" + query).get_json()
        page = get(client, "/" + query)
        assert WORDS.counted(answer["total"], ARABIC.results) in page.text
        shown = [urlsplit(link).path.rpartition("/")[2] for link in page.links if link.startswith("/documents/")]
        assert shown == [hit["id"] for hit in answer["hits"]]

    def test_matched_words_are_marked_as_written(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("القاهره"))
        marked = {text for tag, text in page.texts if tag == "mark"}
        assert {"القاهرة", "القاهره"} & marked

    def test_what_is_ignored_of_a_query_is_said(self, client: FlaskClient) -> None:
        assert "أُهملت النجمة في «*مصر»" in bare(get(client, "/?q=" + quote("*مصر")).text)
        assert "استُثنيت الوثائق التي فيها «العالم»" in get(client, "/?q=" + quote('كأس ليس "العالم"')).text

    def test_a_query_that_only_excludes_is_not_ordered_by_relevance(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("-مصر"))
        assert page.all("a", **{"aria-current": "true"})
        assert not [link for link in page.links if parse_qs(urlsplit(link).query).get("sort") == ["relevance"]]
        dates = [attributes["datetime"] for attributes in page.all("time")]
        assert dates == sorted(dates, reverse=True)

    def test_the_advanced_syntax_stays_in_links(self, client: FlaskClient) -> None:
        page = get(client, "/?advanced=true&q=" + quote("زلازل أو كأس"))
        assert page.all("input", name="advanced", value="true")

    def test_links_keep_the_complete_state(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("مصر") + "&filter.category=" + quote("رياضة") + "&page=1&sort=date")
        [other] = [link for link in page.links if parse_qs(urlsplit(link).query).get("sort") == ["-date"]]
        assert parse_qs(urlsplit(other).query) == {"q": ["مصر"], "filter.category": ["رياضة"], "sort": ["-date"]}

    def test_a_chosen_value_without_hits_can_be_removed(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("مصر") + "&filter.category=" + quote("لا أحد"))
        assert "لا نتائج" in page.text
        assert "لا أحد" in page.text
        assert "/?q=" + quote("مصر") in page.links

    def test_forms_carry_the_filters(self, client: FlaskClient) -> None:
        page = get(client, "/?q=a&filter.category=x&filter.category=y&date_from=2024")
        hidden = [(field["name"], field["value"]) for field in page.all("input", type="hidden")]
        search = [("filter.category", "x"), ("filter.category", "y"), ("date_from", "2024")]
        assert hidden == [*search, ("q", "a"), *search[:2]]

    def test_a_partial_date_fills_the_date_input(self, client: FlaskClient) -> None:
        page = get(client, "/?date_from=2024-02&date_to=2024-02")
        assert [field["value"] for field in page.all("input", type="date")] == ["2024-02-01", "2024-02-29"]
        assert "شباط/فبراير 2024" in page.text

    def test_a_search_without_results_shows_tips(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("قسطنطينوبولوس"))
        assert "لا نتائج" in page.text
        assert "لم نجد شيئًا عن « قسطنطينوبولوس »" in page.text
        assert page.all("h2")

    def test_a_page_past_the_last_one_links_back(self, client: FlaskClient) -> None:
        page = get(client, "/?page=500")
        assert ARABIC.no_such_page in page.text
        assert "/" in page.links

    def test_a_relaxed_match_rule_is_reported(self, client: FlaskClient) -> None:
        notice = WORDS.rule("any", relaxed=True)
        assert notice
        assert notice in get(client, "/?q=" + quote("برايل الغردقة")).text
        assert notice not in get(client, "/?q=" + quote("برايل")).text
        assert WORDS.rule("all", relaxed=False) == ""

    def test_facets_of_the_schema_with_their_counts(self, client: FlaskClient) -> None:
        page = get(client, "/?filter.category=" + quote("رياضة"))
        assert {"المصدر", "القسم", "الكاتب", "الوسوم", "التاريخ"} <= {
            text for tag, text in page.texts if tag in ("h2", "bdi")
        }
        assert "17" in [text for tag, text in page.texts if tag == "span"], "other sections are still counted"

    def test_a_value_in_another_spelling_is_the_chosen_one(self, client: FlaskClient) -> None:
        plain = get(client, "/?filter.category=" + quote("رياضة"))
        chosen = get(client, "/?filter.category=" + quote("رياضـه ") + "&filter.category=" + quote("رِياضة"))
        assert [text for tag, text in chosen.texts if tag == "span"] == [
            text for tag, text in plain.texts if tag == "span"
        ]
        without = [link for link in chosen.links if not urlsplit(link).query and urlsplit(link).path == "/"]
        assert len(without) >= 2, "the chip and the facet each remove both spellings"

    def test_a_single_index_has_no_menu(self, client: FlaskClient) -> None:
        assert not get(client, "/").all("nav", **{"class": "indexes"})


class TestOtherSchemas:
    def test_title_facets_and_date_come_from_the_schema(self, hostile: FlaskClient) -> None:
        page = get(hostile, "/?index=books")
        assert ("a", "كتاب البيان 800") in page.texts
        assert {"shelf mark", "السنة", "متوفر", "نعم", "لا"} <= {text for tag, text in page.texts if tag == "bdi"}
        assert len(page.all("rect")) == 12
        assert any("899" in text and "800" in text for _, text in page.texts)

    def test_every_facet_value_can_be_chosen(self, hostile: FlaskClient) -> None:
        page = get(hostile, "/?index=books")
        chosen = [link for link in page.links if "filter." in link]
        assert chosen
        for link in chosen:
            assert "لا نتائج" not in get(hostile, link).text

    def test_several_indexes_can_be_chosen(self, hostile: FlaskClient) -> None:
        page = get(hostile, "/?q=a&filter.category=x")
        assert "/?q=a&index=books" in page.links
        assert "/?q=a" in page.links, "the default index is not in the URL"

    def test_ids_that_are_urls(self, hostile: FlaskClient) -> None:
        [link, *_] = [link for link in get(hostile, "/?index=books").links if link.startswith("/documents/")]
        page = get(hostile, link)
        assert ("h1", "كتاب البيان 800") in page.texts
        assert "شرح طويل في علم البيان واللغة العربية" in page.text

    def test_other_fields_are_shown_in_the_document(self, hostile: FlaskClient) -> None:
        [link, *_] = [link for link in get(hostile, "/?index=books").links if link.startswith("/documents/")]
        page = get(hostile, link)
        assert {"السنة", "متوفر", "ملاحظة"} <= {text for tag, text in page.texts if tag == "bdi"}
        assert "{'shelf': [1, '<b>']}" in page.text


class TestDocument:
    def test_the_complete_text_has_every_match_marked(self, client: FlaskClient) -> None:
        page = get(client, "/documents/ex-001?q=" + quote("كتب برايل"))
        marked = [text for tag, text in page.texts if tag == "mark"]
        assert marked == ["للكتاب", "لكتب", "برايل", "للكتاب", "للكتاب", "برايل", "كتب"]
        assert "وفي ركن بعيد عن الأضواء" in page.text
        assert page.all("a", href="https://news.example.com/2023/11/sharjah-book-fair-opening")

    def test_the_text_is_the_original(self, client: FlaskClient) -> None:
        source = client.get("/v1/indexes/news/documents/ex-001").get_json()["source"]
        page = get(client, "/documents/ex-001?q=" + quote("معرض الكتاب أطفال من"))
        shown = re.sub(r"\s", "", "".join(text for _, text in page.texts))
        for field in ("title", "abstract", "text"):
            assert re.sub(r"\s", "", source[field]) in shown

    def test_similar_documents_are_linked(self, client: FlaskClient) -> None:
        page = get(client, "/documents/ex-001")
        assert "وثائق مشابهة" in page.text
        assert "/documents/ex-001" not in page.links

    def test_a_document_links_back_to_the_results(self, client: FlaskClient) -> None:
        query = "q=%D9%85%D8%B5%D8%B1&filter.category=%D8%A8%D9%8A%D8%A6%D8%A9&page=2"
        assert "/?" + query in get(client, "/documents/ex-001?" + query).links

    def test_an_unknown_document_is_a_404_that_leads_back_to_the_results(self, client: FlaskClient) -> None:
        page = get(client, "/documents/none?q=a", 404)
        assert "لم نجد هذه الوثيقة" in page.text
        assert "/?q=a" in page.links


class TestHostileTexts:
    @pytest.mark.parametrize(
        "url",
        [
            "/",
            "/?q=" + quote("خبر"),
            "/?q=" + quote(HOSTILE),
            "/?q=" + quote("خبر") + "&" + quote(HOSTILE) + "=" + quote(HOSTILE),
            "/?q=" + quote("خبر") + "&filter.category=" + quote(HOSTILE) + "&filter.tags=" + quote(HOSTILE),
            "/documents/" + quote(f"h {HOSTILE}", safe="") + "?q=" + quote("خبر script alert"),
            "/documents/latin",
        ],
    )
    def test_markup_is_escaped(self, hostile: FlaskClient, url: str) -> None:
        page = get(hostile, url)
        check_harmless(page)

    @pytest.mark.parametrize(
        "url",
        [
            "/?q=" + quote(HOSTILE) + "&sort=" + quote(HOSTILE),
            "/?filter." + quote(HOSTILE) + "=x",
            "/?date_from=" + quote(HOSTILE),
            "/?page=" + quote(HOSTILE),
            "/?index=" + quote(HOSTILE),
        ],
    )
    def test_markup_is_escaped_in_errors(self, hostile: FlaskClient, url: str) -> None:
        check_harmless(get(hostile, url, 400))

    def test_markup_is_escaped_on_not_found_pages(self, hostile: FlaskClient) -> None:
        check_harmless(get(hostile, "/documents/" + quote(HOSTILE, safe=""), 404))

    def test_only_web_urls_are_linked(self, hostile: FlaskClient) -> None:
        page = get(hostile, "/documents/" + quote(f"h {HOSTILE}", safe=""))
        assert not [link for link in page.links if not link.startswith("/") and link != "#content"]
        assert "https://a.example/?a=1&b=2" in get(hostile, "/documents/latin").links


def check_harmless(page: ParsedPage) -> None:
    """Check that no tag or attribute comes from a document or a query."""
    scripts = page.all("script")
    assert len(scripts) == 1
    assert scripts[0]["src"].startswith("/static/")
    assert not page.all("img")
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert all(link.startswith(("/", "#", "https://a.example/")) for link in page.links)


class TestErrors:
    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("page=0", "رقم الصفحة"),
            ("page=x", "رقم الصفحة"),
            ("page=100000", "10,000"),
            ("sort=foo", "ترتيب"),
            ("date_from=2024-13-01", "تاريخ البداية"),
            ("date_to=amen", "تاريخ النهاية"),
            ("filter.none=x", "none"),
            ("filter.title=x", "العنوان"),
            ("q=" + "x" * 2001, "2,000"),
        ],
    )
    def test_an_error_has_a_message_and_a_link_to_a_valid_page(
        self, client: FlaskClient, query: str, message: str
    ) -> None:
        page = get(client, f"/?{query}", 400)
        assert message in page.text
        [way_out] = page.all("a", **{"class": "button"})
        assert client.get(way_out["href"]).status_code == 200

    def test_the_status_is_that_of_the_api(self, client: FlaskClient) -> None:
        for query in ("sort=foo", "page=0", "date_from=x", "filter.none=x"):
            answer = client.get(f"/v1/indexes/news/search?{query}")
            assert answer.mimetype == "application/problem+json"
            get(client, f"/?{query}", answer.status_code)

    def test_without_the_index_of_the_settings_another_one_is_searched(self, several: SearchService) -> None:
        answer = create_app(several, IndexName("news")).test_client().get("/?q=a", headers=BROWSER)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/?q=a&index=books")

    def test_two_invalid_dates_are_refused_in_words(self, client: FlaskClient) -> None:
        page = client.get("/?date_from=x&date_to=-1", headers=BROWSER)
        assert page.status_code == 400
        assert "التاريخ" in page.text

    def test_without_an_index_the_page_names_the_command_that_makes_one(self, tmp_path: Path) -> None:
        client = create_app(SearchService(make_engine(Settings(index_dir=tmp_path))), IndexName("news")).test_client()
        page = get(client, "/", 404)
        assert "لا يوجد فهرس بعد" in page.text
        assert "arabic-search reindex news" in page.text

    def test_an_unknown_index_is_a_404_that_keeps_the_query(self, client: FlaskClient) -> None:
        page = get(client, "/?index=none&q=a", 404)
        assert "لا يوجد فهرس بهذا الاسم" in page.text
        assert "/?q=a" in page.links

    def test_an_unknown_url_is_a_404_page(self, client: FlaskClient) -> None:
        assert "لا صفحة بهذا الرابط" in get(client, "/nowhere", 404).text
        for url, accept in (("/v1/nowhere", "text/html"), ("/nowhere", "*/*")):
            answer = client.get(url, headers={"Accept": accept})
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")

    def test_an_unexpected_error_shows_no_details(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr(SearchService, "search", broken)
        page = get(client, "/", 500)
        assert "حدث خطأ غير متوقع" in page.text
        assert "secret" not in page.text
        assert client.get("/v1/indexes/news/search").mimetype == "application/problem+json"


class TestStaticFiles:
    def test_static_files_are_cached_for_long_under_versioned_urls(self, client: FlaskClient) -> None:
        page = get(client, "/")
        urls = [page.all("script")[0]["src"], *(link["href"] for link in page.all("link") if link["rel"] not in ABOUT)]
        for url in urls:
            response = client.get(url)
            assert response.status_code == 200
            assert re.search(r"[?&]v=[0-9a-f]{12}$|^/static/[0-9a-f]{12}/", url), "no version"
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            response.close()

    def test_nothing_is_loaded_from_other_hosts(self, client: FlaskClient) -> None:
        page = get(client, "/")
        for url in (page.all("script")[0]["src"], page.all("link", rel="stylesheet")[0]["href"]):
            assert not re.search(r"https?://|url\(|@import", static(client, url.removeprefix("/static/")))
        loaded = [a for _, a in page.tags if a.get("rel") not in ABOUT]
        assert not [a for a in loaded if "//" in a.get("src", "") or "//" in a.get("href", "")]

    def test_colours_have_enough_contrast(self, client: FlaskClient) -> None:
        """WCAG AA: 4.5:1 for text, in the light and in the dark."""
        light, dark = re.findall(r":root \{(.*?)\}", static(client, "style.css"), re.DOTALL)
        for block in (light, dark):
            colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
            grounds = ("ground", "surface", "tint")
            pairs = [*product(("ink", "muted", "accent"), grounds), ("ink", "mark"), ("accent-ink", "accent")]
            for ink, ground in pairs:
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
            assert contrast(colours["bar"], colours["ground"]) >= 3, "graphics need 3:1"


def static(client: FlaskClient, name: str) -> str:
    response = client.get(f"/static/{name}")
    text = response.text
    response.close()
    return text


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_histogram_with_too_many_bars_to_count_is_left_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert get(client, "/").all("rect")
    monkeypatch.setattr(facets, "MAX_BUCKETS", 1)
    assert not get(client, "/").all("rect")
    assert client.get("/v1/indexes/news/search?histogram=month").get_json()["code"] == "too-many-distinct-values"


def test_a_search_that_takes_too_long_says_so(news: SearchService) -> None:
    page = get(create_app(news, IndexName("news"), request_seconds=1e-9).test_client(), "/?q=" + quote("خبر"), 504)
    assert "طال البحث أكثر من الوقت المسموح به" in page.text
    assert "ضيّق البحث" in page.text
