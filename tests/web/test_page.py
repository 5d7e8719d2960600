"""The page as it is sent: what it says, what it refuses, what it never lets through."""

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
from search_service.core.results import FacetBucket
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web import histogram
from search_service.web.app import create_app
from search_service.web.messages import arabic as messages
from search_service.web.url_state import State

from .conftest import HOSTILE

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
VOID = {"meta", "link", "input", "rect", "br", "img", "path", "circle"}


class Reader(HTMLParser):
    """Reads a page: its tags with their attributes, its texts by tag and class, and whether every tag is closed."""

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


def get(client: FlaskClient, address: str, status: int = 200) -> Reader:
    response = client.get(address, headers=BROWSER)
    assert response.status_code == status, response.text
    assert response.mimetype == "text/html"
    assert "Traceback" not in response.text
    check_headers(response)
    return Reader(response.text)


def check_headers(response: TestResponse) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


class TestResults:
    def test_everything_newest_first(self, client: FlaskClient) -> None:
        page = get(client, "/")
        assert page.all("html") == [{"lang": "ar", "dir": "rtl"}]
        assert "104 وثائق" in page.text
        dates = [attributes["datetime"] for attributes in page.all("time")]
        assert len(dates) == 10
        assert dates == sorted(dates, reverse=True)

    def test_page_and_interface_agree(self, client: FlaskClient) -> None:
        address = "?q=" + quote("معرض الكتاب") + "&filter.category=" + quote("ثقافة") + "&sort=-date"
        answer = client.get("/v1/indexes/news/search" + address).get_json()
        page = get(client, "/" + address)
        assert messages.counted(answer["total"], messages.RESULTS) in page.text
        shown = [urlsplit(link).path.rpartition("/")[2] for link in page.links if link.startswith("/documents/")]
        assert shown == [hit["id"] for hit in answer["hits"]]

    def test_marks_the_original_words(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("القاهره"))
        marked = {text for tag, text in page.texts if tag == "mark"}
        assert {"القاهرة", "القاهره"} & marked

    def test_links_keep_the_whole_state(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("مصر") + "&filter.category=" + quote("رياضة") + "&page=1&sort=date")
        [other] = [link for link in page.links if parse_qs(urlsplit(link).query).get("sort") == ["-date"]]
        assert parse_qs(urlsplit(other).query) == {"q": ["مصر"], "filter.category": ["رياضة"], "sort": ["-date"]}

    def test_a_chosen_value_can_be_taken_away_though_nothing_has_it(self, client: FlaskClient) -> None:
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

    def test_no_results_give_tips(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("قسطنطينوبولوس"))
        assert "لا نتائج" in page.text
        assert "لم نجد شيئًا عن « قسطنطينوبولوس »" in page.text
        assert page.all("h2")

    def test_a_page_behind_the_last_one(self, client: FlaskClient) -> None:
        page = get(client, "/?page=500")
        assert messages.NO_SUCH_PAGE in page.text
        assert "/" in page.links

    def test_a_loosened_rule_is_told(self, client: FlaskClient) -> None:
        told = messages.rule_words("any", relaxed=True)
        assert told
        assert told in get(client, "/?q=" + quote("برايل الغردقة")).text
        assert told not in get(client, "/?q=" + quote("برايل")).text
        assert messages.rule_words("all", relaxed=False) == ""

    def test_what_a_word_was_taken_for_is_told(self, client: FlaskClient) -> None:
        page = get(client, "/?q=" + quote("الائتلاق"))
        assert "لا تحوي أي وثيقة «الائتلاق»، فبحثنا عن «الائتلاف»." in page.text
        assert "فبحثنا عن" not in get(client, "/?q=" + quote("الائتلاف")).text

    def test_facets_of_the_schema_with_their_counts(self, client: FlaskClient) -> None:
        page = get(client, "/?filter.category=" + quote("رياضة"))
        assert {"المصدر", "القسم", "الكاتب", "الوسوم", "التاريخ"} <= {
            text for tag, text in page.texts if tag in ("h2", "bdi")
        }
        assert "17" in [text for tag, text in page.texts if tag == "span"], "other sections are still counted"

    def test_one_index_needs_no_choice(self, client: FlaskClient) -> None:
        assert not get(client, "/").all("nav", **{"class": "indexes"})


class TestOtherSchemas:
    def test_title_facets_and_date_come_from_the_schema(self, hostile: FlaskClient) -> None:
        page = get(hostile, "/?index=books")
        assert ("a", "كتاب البيان 1000") in page.texts
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
        assert "/?q=a" in page.links, "the default index is not named in the address"

    def test_ids_that_are_addresses(self, hostile: FlaskClient) -> None:
        [link, *_] = [link for link in get(hostile, "/?index=books").links if link.startswith("/documents/")]
        page = get(hostile, link)
        assert ("h1", "كتاب البيان 1000") in page.texts
        assert "شرح طويل في علم البيان واللغة العربية" in page.text

    def test_other_fields_are_shown_in_the_document(self, hostile: FlaskClient) -> None:
        [link, *_] = [link for link in get(hostile, "/?index=books").links if link.startswith("/documents/")]
        page = get(hostile, link)
        assert {"السنة", "متوفر", "note"} <= {text for tag, text in page.texts if tag == "bdi"}
        assert "{'shelf': [1, '<b>']}" in page.text


class TestDocument:
    def test_whole_text_with_every_match(self, client: FlaskClient) -> None:
        page = get(client, "/documents/ex-001?q=" + quote("كتب برايل"))
        marked = [text for tag, text in page.texts if tag == "mark"]
        assert marked == ["للكتاب", "برايل", "للكتاب", "للكتاب", "برايل", "كتب"]
        assert "وفي ركن بعيد عن الأضواء" in page.text
        assert page.all("a", href="https://news.example.com/2023/11/sharjah-book-fair-opening")

    def test_text_is_the_original(self, client: FlaskClient) -> None:
        source = client.get("/v1/indexes/news/documents/ex-001").get_json()["source"]
        page = get(client, "/documents/ex-001?q=" + quote("معرض الكتاب أطفال من"))
        shown = re.sub(r"\s", "", "".join(text for _, text in page.texts))
        for field in ("title", "abstract", "text"):
            assert re.sub(r"\s", "", source[field]) in shown

    def test_similar_documents(self, client: FlaskClient) -> None:
        page = get(client, "/documents/ex-001")
        assert "وثائق مشابهة" in page.text
        assert "/documents/ex-001" not in page.links

    def test_back_to_the_results(self, client: FlaskClient) -> None:
        query = "q=%D9%85%D8%B5%D8%B1&filter.category=%D8%A8%D9%8A%D8%A6%D8%A9&page=2"
        assert "/?" + query in get(client, "/documents/ex-001?" + query).links

    def test_unknown_document(self, client: FlaskClient) -> None:
        page = get(client, "/documents/none?q=a", 404)
        assert "لم نجد هذه الوثيقة" in page.text
        assert "/?q=a" in page.links


class TestHostileTexts:
    @pytest.mark.parametrize(
        "address",
        [
            "/",
            "/?q=" + quote("خبر"),
            "/?q=" + quote(HOSTILE),
            "/?q=" + quote("خبر") + "&filter.category=" + quote(HOSTILE) + "&filter.tags=" + quote(HOSTILE),
            "/documents/" + quote(f"h {HOSTILE}", safe="") + "?q=" + quote("خبر script alert"),
            "/documents/latin",
        ],
    )
    def test_no_markup_gets_through(self, hostile: FlaskClient, address: str) -> None:
        page = get(hostile, address)
        check_harmless(page)

    @pytest.mark.parametrize(
        "address",
        [
            "/?q=" + quote(HOSTILE) + "&sort=" + quote(HOSTILE),
            "/?" + quote(HOSTILE) + "=" + quote(HOSTILE),
            "/?filter." + quote(HOSTILE) + "=x",
            "/?date_from=" + quote(HOSTILE),
            "/?page=" + quote(HOSTILE),
        ],
    )
    def test_nor_through_errors(self, hostile: FlaskClient, address: str) -> None:
        check_harmless(get(hostile, address, 400))

    @pytest.mark.parametrize("address", ["/?index=" + quote(HOSTILE), "/documents/" + quote(HOSTILE, safe="")])
    def test_nor_through_what_is_not_there(self, hostile: FlaskClient, address: str) -> None:
        check_harmless(get(hostile, address, 404))

    def test_only_addresses_of_the_web_are_linked(self, hostile: FlaskClient) -> None:
        page = get(hostile, "/documents/" + quote(f"h {HOSTILE}", safe=""))
        assert not [link for link in page.links if not link.startswith("/") and link != "#content"]
        assert "https://a.example/?a=1&b=2" in get(hostile, "/documents/latin").links


def check_harmless(page: Reader) -> None:
    """No tag or attribute that a document or a query brought along."""
    scripts = page.all("script")
    assert len(scripts) == 1
    assert scripts[0]["src"].startswith("/static/")
    assert not page.all("img")
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert all(link.startswith(("/", "#", "https://a.example/")) for link in page.links)


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("page=0", "رقم الصفحة"),
            ("page=x", "رقم الصفحة"),
            ("page=100000", "10,000"),
            ("sort=foo", "ترتيب"),
            ("date_from=2024-13-01", "تاريخ البداية"),
            ("date_to=amen", "تاريخ النهاية"),
            ("filter.none=x", "none"),
            ("filter.title=x", "العنوان"),
            ("q=a&q=b", "أكثر من مرة"),
            ("q=" + "x" * 2001, "2,000"),
            ("foo=1", "foo"),
        ],
    )
    def test_says_what_is_wrong_and_shows_the_way_out(self, client: FlaskClient, query: str, said: str) -> None:
        page = get(client, f"/?{query}", 400)
        assert said in page.text
        assert client.get(page.links[2]).status_code == 200, "skip link, name, way out"

    def test_status_is_that_of_the_interface(self, client: FlaskClient) -> None:
        for query in ("sort=foo", "page=0", "date_from=x", "filter.none=x"):
            answer = client.get(f"/v1/indexes/news/search?{query}")
            assert answer.mimetype == "application/problem+json"
            get(client, f"/?{query}", answer.status_code)

    def test_no_index_yet(self, tmp_path: Path) -> None:
        client = create_app(SearchService(make_engine(Settings(index_dir=tmp_path))), "news").test_client()
        page = get(client, "/", 404)
        assert "لا يوجد فهرس بعد" in page.text
        assert "arabic-search reindex news" in page.text

    def test_unknown_index(self, client: FlaskClient) -> None:
        page = get(client, "/?index=none&q=a", 404)
        assert "لا يوجد فهرس بهذا الاسم" in page.text
        assert "/?q=a" in page.links

    def test_unknown_address(self, client: FlaskClient) -> None:
        assert "لا صفحة بهذا الرابط" in get(client, "/nowhere", 404).text
        for address, accept in (("/v1/nowhere", "text/html"), ("/nowhere", "*/*")):
            answer = client.get(address, headers={"Accept": accept})
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")

    def test_an_unexpected_error_shows_no_trace(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr(SearchService, "search", broken)
        page = get(client, "/", 500)
        assert "حدث خطأ غير متوقع" in page.text
        assert "secret" not in page.text
        assert client.get("/v1/indexes/news/search").mimetype == "application/problem+json"


class TestStaticFiles:
    def test_are_kept_for_long_under_an_address_that_changes_with_them(self, client: FlaskClient) -> None:
        page = get(client, "/")
        addresses = [page.all("script")[0]["src"], *(link["href"] for link in page.all("link"))]
        assert len(addresses) == 3
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200
            assert "v=" in address
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            response.close()

    def test_nothing_comes_from_elsewhere(self, client: FlaskClient) -> None:
        page = get(client, "/")
        for name in ("style.css", "search.js"):
            assert not re.search(r"https?://|url\(|@import", static(client, name))
        assert not [a for _, a in page.tags if "//" in a.get("src", "") or "//" in a.get("href", "")]

    def test_colours_have_contrast(self, client: FlaskClient) -> None:
        """WCAG AA: 4.5:1 for text, in the light and in the dark."""
        light, dark = re.findall(r":root \{(.*?)\}", static(client, "style.css"), re.DOTALL)
        for block in (light, dark):
            colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
            grounds = ("ground", "surface", "tint")
            pairs = [*product(("ink", "muted", "accent"), grounds), ("ink", "mark"), ("accent-ink", "accent")]
            for ink, ground in pairs:
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


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


class TestTimeline:
    """Bars of any collection, from a week of news to fourteen centuries."""

    def bars(self, client: FlaskClient, months: dict[str, int], **state: str) -> list[histogram.Bar]:
        counted = [FacetBucket(month, count) for month, count in months.items()]
        with client.application.test_request_context():
            return histogram.bars(counted, State(tuple(state.items())))

    def test_months_with_the_empty_ones_between(self, client: FlaskClient) -> None:
        bars = self.bars(client, {"2023-12": 4, "2024-02": 1})
        assert [(bar.count, bar.height) for bar in bars] == [(4, 100), (0, 0), (1, 25)]
        assert bars[2].href == "/?date_from=2024-02-01&date_to=2024-02-29"
        assert bars[2].label == "شباط/فبراير 2024"

    @pytest.mark.parametrize(
        ("last", "labels"),
        [
            ("2025-12", ("2020", "2025")),
            ("2150-01", ("2020–2029", "2150–2159")),
            ("2999-01", ("2000–2099", "2900–2999")),
        ],
    )
    def test_years_decades_centuries(self, client: FlaskClient, last: str, labels: tuple[str, str]) -> None:
        bars = self.bars(client, {"2020-05": 1, last: 1})
        assert (bars[0].label, bars[-1].label) == labels
        assert len(bars) <= histogram.MAX_BARS

    def test_every_date_there_is(self, client: FlaskClient) -> None:
        bars = self.bars(client, {"0001-01": 1, "9999-12": 1})
        assert bars[0].href == "/?date_from=0001-01-01&date_to=0999-12-31"
        assert bars[-1].href.endswith("date_to=9999-12-31")

    def test_a_chosen_range_is_shown_in_finer_steps(self, client: FlaskClient) -> None:
        months = {"0950-01": 5, "2020-05": 1, "2020-07": 2}
        bars = self.bars(client, months, date_from="2020-01-01", date_to="2020-12-31")
        assert [bar.count for bar in bars] == [1, 0, 2]
        assert all(bar.chosen for bar in bars)

    def test_one_month_needs_no_bars(self, client: FlaskClient) -> None:
        assert self.bars(client, {"2024-01": 9}) == []
        assert self.bars(client, {}) == []
