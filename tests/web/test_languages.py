"""The page in Arabic and in English: which language a reader gets, and that nothing of the other one is left in it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient

from search_service.web.messages.arabic import ARABIC
from search_service.web.messages.english import ENGLISH

from .test_page import BROWSER, ParsedPage, check_headers

ARABIC_LETTERS = re.compile(r"[\u0621-\u064a]")
LATIN_WORDS = re.compile(r"[A-Za-z]{2,}")
LATIN_DIGITS = re.compile(r"[0-9]")


def get(client: FlaskClient, url: str, languages: str = "", status: int = 200) -> ParsedPage:
    response = client.get(url, headers={**BROWSER, "Accept-Language": languages})
    assert response.status_code == status, response.text
    assert "Accept-Language" in response.headers["Vary"]
    check_headers(response)
    page = ParsedPage(response.text)
    assert [response.headers["Content-Language"]] == [one["lang"] for one in page.all("html")]
    return page


@pytest.mark.parametrize(
    ("languages", "chosen", "expected"),
    [
        ("", "", "ar"),
        ("fr", "", "ar"),
        ("ar", "", "ar"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "", "ar"),
        ("en-US,en;q=0.9", "", "en"),
        ("de,en;q=0.9,ar;q=0.8", "", "en"),
        ("en", "ar", "ar"),
        ("ar", "en", "en"),
        ("en", "xx", "en"),
    ],
)
def test_the_browser_decides_unless_the_address_does(
    client: FlaskClient, languages: str, chosen: str, expected: str
) -> None:
    page = get(client, f"/?lang={chosen}", languages)
    texts = ARABIC if expected == "ar" else ENGLISH
    assert page.all("html") == [{"lang": expected, "dir": texts.direction}]
    assert texts.search_button in page.text


@pytest.mark.parametrize(
    "url", ["/?q=" + quote("مصر") + "&page=2", "/documents/ex-001?q=" + quote("مصر"), "/?q=" + quote("قسطنطينوبولوس")]
)
def test_links_and_forms_keep_what_the_reader_chose(client: FlaskClient, url: str) -> None:
    chosen = {"lang": ["en"], "calendar": ["hijri"]}
    page = get(client, url + "&lang=en&calendar=hijri", "ar")
    own = [urlsplit(link) for link in page.links if link.startswith("/")]
    assert len(own) > 3
    switches = 0
    for link in own:
        kept = {name: values for name, values in parse_qs(link.query).items() if name in chosen}
        assert kept.keys() == chosen.keys(), link
        switches += kept != chosen
    assert switches == 2, "one link switches the language and one the calendar"
    assert {"lang": "en", "calendar": "hijri"}.items() <= {
        field["name"]: field["value"] for field in page.all("input", type="hidden")
    }.items()


def test_the_switch_leads_to_the_same_page_in_the_other_language(client: FlaskClient) -> None:
    for url in ("/?page=2&sort=date", "/documents/ex-001?q=" + quote("كتب")):
        [switch] = get(client, url, "ar").all("a", hreflang="en")
        english = get(client, switch["href"], "ar")
        [back] = english.all("a", hreflang="ar")
        arabic = get(client, back["href"], "en")
        assert [a["datetime"] for a in english.all("time")] == [a["datetime"] for a in arabic.all("time")]
        assert urlsplit(back["href"]).path == urlsplit(quote(url, safe="/?&=%")).path


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/nowhere", 404),
        ("/documents/none", 404),
        ("/?index=none", 404),
        ("/?page=0", 400),
        ("/?date_from=x", 400),
        ("/?filter.category=" + quote("x" * 70_000), 400),
    ],
)
def test_errors_are_in_the_language_of_the_reader(client: FlaskClient, url: str, status: int) -> None:
    english = " ".join(text for _, text in get(client, url, "en", status).texts).replace(ARABIC.name, "")
    assert not ARABIC_LETTERS.search(english)
    arabic = [text for tag, text in get(client, url, "ar", status).texts if tag in ("h1", "p", "title")]
    assert any(ARABIC_LETTERS.search(text) for text in arabic)


def test_everything_but_documents_is_in_english(hostile: FlaskClient) -> None:
    """The index has Latin texts and some Arabic ones, whose letters are those of documents."""
    page = get(hostile, "/?index=books&filter.available=true&date_from=0800&sort=-year", "en")
    assert {"Filter results", "Year", "Available", "Yes", "Next", "Year: ascending", "Apply"} <= {
        text for _, text in page.texts
    }
    frame = [text for tag, text in page.texts if tag not in ("a", "bdi", "p", "time")]
    assert not [text for text in frame if ARABIC_LETTERS.search(text)]


@pytest.mark.parametrize(
    ("languages", "digits", "expected"),
    [
        ("ar", "", "104 وثائق"),
        ("ar-EG", "", "١٠٤ وثائق"),
        ("ar-MA", "", "104 وثائق"),
        ("ar", "arab", "١٠٤ وثائق"),
        ("ar-EG", "latn", "104 وثائق"),
        ("en", "arab", "104 documents"),
    ],
)
def test_digits_are_those_of_the_region_or_chosen(
    client: FlaskClient, languages: str, digits: str, expected: str
) -> None:
    assert expected in get(client, f"/?digits={digits}", languages).text


def test_every_number_of_the_page_is_in_the_chosen_digits(client: FlaskClient) -> None:
    page = get(client, "/?digits=arab&page=2&date_from=2023&calendar=hijri", "ar")
    numbers = [text for tag, text in page.texts if tag in ("h1", "span", "time", "summary", "nav")]
    assert any("١٤٤٥" in text for text in numbers)
    assert not [text for text in numbers if LATIN_DIGITS.search(text)]
    pages = [text for tag, text in page.texts if tag == "a" and text.strip("٠١٢٣٤٥٦٧٨٩") == ""]
    assert pages[:2] == ["١", "٢"]


@pytest.mark.parametrize(
    ("languages", "month"),
    [
        ("ar", "أيار/مايو 2024"),
        ("ar-AE", "مايو 2024"),
        ("ar-LB", "أيار ٢٠٢٤"),
        ("ar-DZ", "ماي 2024"),
        ("ar-MA", "ماي 2024"),
        ("en", "May 2024"),
    ],
)
def test_months_have_the_names_of_the_country(client: FlaskClient, languages: str, month: str) -> None:
    page = get(client, "/?date_from=2024-05&date_to=2024-05", languages)
    assert [text for _, text in page.texts if text == month]


def test_hijri_dates_stand_beside_gregorian_ones(client: FlaskClient) -> None:
    url = "/documents/ex-001?page=1"
    assert "1445" not in get(client, url, "ar").text
    assert "١٩ ربيع الآخر ١٤٤٥ هـ" in get(client, url, "ar-SA").text
    assert "19 Rabi II 1445 AH" in get(client, url + "&calendar=hijri", "en").text
    assert "١٤٤٥" not in get(client, url + "&calendar=gregorian", "ar-SA").text
