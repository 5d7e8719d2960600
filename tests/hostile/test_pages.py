"""HTML that was made to be slow, deep or broken, and HTML as people write it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index_config.schema import load_schema
from search_service.ingestion.sources import page_content
from search_service.ingestion.sources.base import RawDocument, Reject
from search_service.ingestion.sources.files import FileSources
from search_service.ingestion.sources.page_content import MAX_DEPTH, read_page
from tests.rotation import Rotation
from tests.sentences import sentence
from tests.shared_data import seed_pages

REPEATED: dict[str, Callable[[int], str]] = {
    "comments": lambda n: "<!--" * n,
    "half comments": lambda n: "<!-" * n,
    "CDATA": lambda n: "<![CDATA[" * n,
    "instructions": lambda n: "<?x " * n,
    "doctypes": lambda n: "<!DOCTYPE x " * n,
    "open brackets": lambda n: "<" * n,
    "open end tags": lambda n: "</" * n,
    "open quotation marks": lambda n: '<a b="' * n,
    "a long attribute": lambda n: '<a b="' + "x" * n,
    "many attributes": lambda n: f"<p {' '.join(f'a{number}=1' for number in range(n))}>x",
    "equal attributes": lambda n: f"<p {'a=1 ' * n}>x",
    "entities": lambda n: "&amp;" * n,
    "half entities": lambda n: "&x" * n,
    "nested inline": lambda n: "<b>" * n + "x",
    "unclosed inline and paragraphs": lambda n: "<b><p>x" * n,
    "many paragraphs in unclosed inline": lambda n: "<b>" * 200 + "<p>x" * n,
    "links": lambda n: "<a>x" * n,
    "nested blocks": lambda n: "<div>x" * n,
    "blocks": lambda n: "<div>x</div>" * n,
    "nested tables": lambda n: "<table><tr><td>x" * n,
    "nested lists": lambda n: "<ul><li>x" * n,
    "paragraphs without an end": lambda n: "<p>x" * n,
    "ends of paragraphs": lambda n: "</p>" * n,
    "ends of other elements": lambda n: "<b>" * 900 + "</i>" * n,
    "all open, then other ends": lambda n: "<b>" * n + "</i>" * n,
    "forms and paragraphs": lambda n: "<form><p>x" * n,
    "headings": lambda n: "<h1>x" * n,
    "scripts": lambda n: "<script>" * n,
    "comments in a script": lambda n: "<script>" + "<!--<script>" * n,
    "titles": lambda n: "<svg><title>x" * n,
    "line breaks": lambda n: "<p>" + "x<br>" * n,
    "spans": lambda n: "<p>" + "<span>x</span>" * n,
    "options": lambda n: "<select><option>x" * n,
    "metadata": lambda n: "<meta name=author content=x>" * n + "<p>x",
    "charsets": lambda n: "<meta " * n + "<p>x",
}
REPETITIONS = 15_000
GROWTH = 4
"""How often the longer page repeats the shorter one."""

ALLOWED = 9.0
"""How much longer it may take: linear time takes 4 times as long, quadratic time 16 times."""

SHORTEST = 0.02
"""Seconds that count for anything faster: below, the machine decides."""


def seconds(folder: Path, markup: str) -> float:
    """Return the processor time that it takes to read a page from a file: others may use the processor meanwhile."""
    path = folder / "page.html"
    path.write_text(f"<html><body>{markup}", encoding="utf-8")
    began = time.process_time()
    items = list(FileSources([str(path)], load_schema("news"), 100_000_000))
    ended = time.process_time()
    assert len(items) == 1
    return max(SHORTEST, ended - began)


@pytest.mark.full(keep=14)
@pytest.mark.parametrize("kind", REPEATED)
def test_the_time_of_a_page_is_linear_in_its_length(tmp_path: Path, kind: str) -> None:
    make = REPEATED[kind]
    ratios = []
    for _ in range(4):  # what others have in the caches of the processor counts, too
        ratios.append(seconds(tmp_path, make(GROWTH * REPETITIONS)) / seconds(tmp_path, make(REPETITIONS)))
        if ratios[-1] < ALLOWED:
            return
    pytest.fail(f"{GROWTH} times as much takes {ratios} times as long")


def test_a_page_that_nests_too_deep_is_rejected_with_the_limit(tmp_path: Path) -> None:
    for name, depth in (("a", MAX_DEPTH - 10), ("b", MAX_DEPTH + 10)):
        (tmp_path / f"{name}.html").write_text("<div>" * depth + "<p>نص")
    document, reject = FileSources([str(tmp_path)], load_schema("news"), 1_000_000)
    assert isinstance(document, RawDocument)
    assert document.content["text"] == "نص"
    assert isinstance(reject, Reject)
    assert sentence(reject.reason) == "nests HTML elements deeper than 1,000 levels"


def test_a_page_of_too_many_elements_is_rejected_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_content, "MAX_ELEMENTS", 1_000)
    (tmp_path / "a.html").write_text("<html><body>" + "<b></b>" * 998 + "x")
    (tmp_path / "b.html").write_text("<html><body>" + "<b></b>" * 999 + "x")
    document, reject = FileSources([str(tmp_path)], load_schema("news"), 1_000_000)
    assert isinstance(document, RawDocument)
    assert isinstance(reject, Reject)
    assert sentence(reject.reason) == "has more than 1,000 HTML elements"


def test_paragraphs_without_an_end_are_no_nesting() -> None:
    page = read_page("<p>فقرة" * 5 * MAX_DEPTH)
    assert page.text.split("\n") == ["فقرة"] * 5 * MAX_DEPTH


TAGS = (
    *(
        "p",
        "P class=x",
        "p/",
        "div",
        "br",
        "br/",
        "title",
        "script",
        "style",
        "form",
        "table",
        "tr",
        "td",
        "svg",
        "ul",
        "li",
    ),
    *("template", "textarea", "plaintext", "frameset", "select", "x:y", "p:p", "o:p", "body", "html lang=ar", "h1"),
    *(
        "base href=x",
        'br x-p="end"',
        "br x-p",
        "meta charset=utf-16",
        "meta name=author content=x",
        "time datetime=2024",
    ),
)
PIECES = (
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag.split()[0]}>" for tag in TAGS),
    *("<!--", "-->", "<![CDATA[", "]]>", "</", "<?xml", "?>", "<!DOCTYPE html [<!ENTITY a 'b'>]>", '<meta content="'),
    *("&a;", "&#0;", "&#x110000;", "&#xD800;", "&nbsp;", "&amp", "خبر", "\u202e", "\ufeff", "x", "\n", *"<>/='\"&;! "),
)


def test_no_page_breaks_the_reader(rotation: Rotation) -> None:
    dice = rotation.dice("pages")
    for _ in range(1_500):
        markup = "".join(dice.choices(PIECES, k=dice.randint(1, 60)))
        page = read_page(markup)
        for text in (page.title, *page.text.split("\n"), *page.metadata.values()):
            text.encode()
            assert "\n" not in text
            assert text == text.strip()


def test_markup_inside_an_article_changes_none_of_its_words(rotation: Rotation) -> None:
    dice = rotation.dice("articles")
    for text in seed_pages().values():
        paragraphs = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
        for _ in range(20):
            marked = []
            for paragraph in paragraphs:
                words = [dice.choice(("{}", "{}", "<b>{}</b>", "<a href='/x?a=1&b'>{}</a>", "{}<!-- x -->")).format(
                    word.replace("&", "&amp;").replace("<", "&lt;")
                ) for word in paragraph.split(" ")]  # fmt: skip
                marked.append("<p>" + dice.choice((" ", "  ", " \t")).join(words) + dice.choice(("", "</p>", "</p>\n")))
            menu = "<nav><p>القائمة</p></nav><script>if (a < b) document.write('<p>لا</p>')</script>"
            page = read_page(f"<html><head><title>خبر</title></head><body>{menu}<div>{''.join(marked)}</div></body>")
            assert page.text.split("\n") == paragraphs


def test_a_title_and_metadata_may_contain_tags() -> None:
    page = read_page(
        "<title>How <p class='x'> and </p> work</title><meta name=description content='A <p> tag</p>'><p>x</p>"
    )
    assert page.title == "How <p class='x'> and </p> work"
    assert page.metadata["abstract"] == "A <p> tag</p>"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>مقدمة<ul><li>أولا<li>ثانيا</ul>خاتمة<p>أخرى", "مقدمة\nأولا\nثانيا\nخاتمة\nأخرى"),
        ("<p>أ<div>ب</div>ج</p>", "أ\nب\nج"),
        ("<p>أ</p><div>ب</div><p/><p>ج</p>", "أ\nج"),
        ("<p>أ&amp;ب<b>ج</b></p>", "أ&بج"),
        ("<p>أ<template><p>لا</p></template><iframe><p>لا</p></iframe></p>", "أ"),
        ("نص خارج <p>نص داخل</p>", "نص داخل"),
    ],
)
def test_a_paragraph_lasts_as_long_as_its_tags_say(markup: str, text: str) -> None:
    assert read_page(markup).text == text
