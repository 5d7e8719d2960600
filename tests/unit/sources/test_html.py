"""HTML pages: text without boilerplate, metadata and encodings."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_config.schema import schema_from_dict
from tests.sentences import sentence
from tests.unit.sources.reading import LIMIT, contents, only_reject, read, write

PAGE = """<!DOCTYPE html>
<html><head><title> خبر
 عاجل </title>
<meta name="description" content="ملخص">
<meta name="author" content="زينب">
<meta property="article:published_time" content="2024-03-11T07:40:00+02:00">
<link rel="canonical" href="https://example.com/1">
<style>p { color: red }</style><script>var p = "<p>لا</p>";</script></head>
<body><header><h1>الموقع</h1><nav><p>القائمة</p></nav></header>
<p>فقرة <b>أو</b>لى<br>سطر<!-- لا --></p>
<script>document.write("<p>لا</p>")</script>
<p>فقرة&nbsp;ثانية &lt;3</p>
<aside><p>اقرأ أيضا</p></aside><form><p>اشترك</p></form><footer><p>الحقوق</p></footer>
</body></html>"""


def test_an_html_page_is_a_document(tmp_path: Path) -> None:
    [document] = contents(read(write(tmp_path / "a.html", PAGE)))
    assert document == {
        "id": "a.html",
        "title": "خبر عاجل",
        "text": "فقرة أولى\nسطر\nفقرة ثانية <3",
        "abstract": "ملخص",
        "author": "زينب",
        "date": "2024-03-11T07:40:00+02:00",
        "url": "https://example.com/1",
    }


def test_a_page_has_the_fields_of_the_schema_only(tmp_path: Path) -> None:
    few = schema_from_dict({"name": "few", "fields": {"title": {"kind": "text"}, "text": {"kind": "text"}}}, "few.toml")
    [document] = contents(read(write(tmp_path / "a.htm", PAGE), schema=few))
    assert list(document) == ["id", "title", "text"]


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("cp1256", '<meta charset="windows-1256">'),
        ("cp1256", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">'),
        ("iso8859-6", '<?xml version="1.0" encoding="iso-8859-6"?>'),
        ("utf-8", '<meta charset="windows-1256">'),
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
    ],
)
def test_the_charset_of_a_page_is_detected(tmp_path: Path, encoding: str, declaration: str) -> None:
    page = f"{declaration}<html><title>خبر</title><p>نص عربي</p></html>"
    [document] = contents(read(write(tmp_path / "a.html", page.encode(encoding))))
    assert (document["title"], document["text"]) == ("خبر", "نص عربي")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "contains no text"),
        (b"<title>x</title><script>x</script>", "contains no text"),
        ("<p>خبر".encode("cp1256"), "is not UTF-8 (byte 4) and declares no charset"),
        (b'<meta charset="utf-8"><p>\xff', "is neither UTF-8 nor utf-8"),
        (b'<meta charset="no-such"><p>\xff', "is neither UTF-8 nor no-such"),
        (b"<p>" + b"x" * LIMIT, "is larger than 10000 bytes"),
    ],
)
def test_an_invalid_page_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    reject = only_reject(read(write(tmp_path / "a.html", content)))
    assert reject.origin.line is None
    assert sentence(reject.reason).startswith(reason)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>واحد<p>اثنان<p>ثلاثة", "واحد\nاثنان\nثلاثة"),
        ("<div>بلا <i>فقرات</i></div>", "بلا\nفقرات"),
        ("<form><p>الصفحة كلها في نموذج</p><form><p>بحث</p></form></form>", "الصفحة كلها في نموذج"),
        ("<header><nav><form>x</form></nav></header><p>نص</p>", "نص"),
        ("<p></p><p> </p>نص خارج الفقرات", "نص خارج الفقرات"),
    ],
)
def test_paragraphs_of_a_page(tmp_path: Path, body: str, text: str) -> None:
    assert contents(read(write(tmp_path / "a.html", f"<body>{body}</body>")))[0]["text"] == text


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("<time datetime='2024-03'>آذار</time>", "date", "2024-03"),
        ("<time datetime='أمس'>أمس</time>", "date", None),
        ("<meta property='article:published_time' content='x'><time datetime='2024'></time>", "date", "2024"),
        ("<link rel='canonical' href='/relative'>", "url", None),
        ("<link rel='canonical'>", "url", None),
        ("<meta name='author'>", "author", None),
    ],
)
def test_metadata_of_a_page(tmp_path: Path, head: str, field: str, value: str | None) -> None:
    [document] = contents(read(write(tmp_path / "a.html", f"{head}<h1>عنوان</h1><p>نص</p>")))
    assert document.get(field) == value
    assert document["title"] == "عنوان"
