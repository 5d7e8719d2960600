"""Reads files that hold one document each: plain text and HTML pages."""

from __future__ import annotations

import codecs
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from search_service.core.dates import date_range
from search_service.core.message import message
from search_service.ingestion.sources.base import EXCERPT_BYTES, Item, OpenFile, Origin, RawDocument, UnreadableFile

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

PAGE_FIELDS = ("title", "text")
"""The fields that each of them fills. Metadata of a page is read only for fields that the schema has."""

_BOILERPLATE = ("title", "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form")


def text_file(part: OpenFile) -> Iterator[Item]:
    """Yield one document: the first line is its title, the rest its text."""
    content = part.whole()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(message("not-utf8", byte=error.start + 1), raw=content) from error
    title, _, rest = text.replace("\r\n", "\n").strip().partition("\n")
    if not title:
        raise UnreadableFile(message("file-empty"))
    document = {"id": part.id, "title": title.rstrip(), "text": rest.strip("\n") or title}
    yield RawDocument(Origin(part.path), document, content)


def html_file(part: OpenFile) -> Iterator[Item]:
    """Yield one document: title, paragraphs and metadata of the page."""
    content = part.whole()
    page = _soup(_decoded_page(content))
    title, about = _title(page), _about(page)
    text = _paragraphs(page)
    if not text:
        raise UnreadableFile(message("page-without-text"), raw=content)
    document = {"id": part.id, "title": title or text.partition("\n")[0], "text": text}
    known = {name: value for name, value in about.items() if value and name in part.fields}
    yield RawDocument(Origin(part.path), document | known, content)


def _decoded_page(content: bytes) -> str:
    """Decode a page: by its byte order mark, as UTF-8 when it is that, else as it declares itself.

    Pages saved by a browser or a tool are UTF-8 and often still declare what they were. The other way round cannot
    happen: Arabic in windows-1256 is never valid UTF-8.

    >>> _decoded_page('<meta charset="windows-1256">خبر'.encode("cp1256"))[-3:]
    'خبر'
    """
    from bs4.dammit import EncodingDetector  # loaded with bs4, see _soup

    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        declared: str | None = "utf-16"
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            wrong = error
        declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    if not declared:
        raise UnreadableFile(message("charset-missing", byte=wrong.start + 1), raw=content)
    try:
        return content.decode(declared)
    except (LookupError, UnicodeError) as error:
        raise UnreadableFile(message("charset-wrong", charset=declared), raw=content) from error


def _soup(markup: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup  # takes as long to load as all the rest, and most loads have no page
    from bs4.exceptions import ParserRejectedMarkup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wonders whether XHTML is XML, or a short text a file name
        try:
            return BeautifulSoup(markup, "html.parser")
        except ParserRejectedMarkup as error:
            raise UnreadableFile(message("not-html", reason=str(error)), raw=markup[:EXCERPT_BYTES].encode()) from error


def _title(page: BeautifulSoup) -> str:
    found = (_line(tag.get_text()) for tag in page.find_all(["title", "h1"]) if not tag.find_parent("svg"))
    return next((title for title in found if title), "")


def _about(page: BeautifulSoup) -> dict[str, str]:
    """Return the metadata of a page by the names of our fields."""
    canonical = page.find("link", rel="canonical", href=True)
    url = _attribute(canonical, "href")
    time = page.find("time", datetime=True)
    dates = (_meta(page, property="article:published_time"), _attribute(time, "datetime"))
    return {
        "abstract": _meta(page, name="description"),
        "author": _meta(page, name="author"),
        "date": next((date for date in dates if _is_date(date)), ""),
        "url": url if url.startswith(("http://", "https://")) else "",
    }


def _meta(page: BeautifulSoup, **wanted: str) -> str:
    return _line(_attribute(page.find("meta", attrs=dict(wanted)), "content"))


def _attribute(tag: Tag | None, name: str) -> str:
    return str(tag.get(name) or "").strip() if tag else ""


def _is_date(text: str) -> bool:
    try:
        date_range(text)
    except ValueError:
        return False
    return True


def _paragraphs(page: BeautifulSoup) -> str:
    """Return the paragraphs of the body, or all of its text when it has none.

    Each text belongs to the paragraph nearest to it: without `</p>`, which old pages leave out, paragraphs nest.
    """
    body = page.body or page
    half = len(body.get_text()) / 2
    for tag in body.find_all(_BOILERPLATE):
        # Some systems wrap the whole page in one form.
        if tag.name != "form" or len(tag.get_text()) < half:
            tag.decompose()
    for tag in body.find_all("br"):
        tag.replace_with("\n")
    texts: dict[int, list[str]] = {}
    for string in body.strings:
        if paragraph := string.find_parent("p"):
            texts.setdefault(id(paragraph), []).append(string)
    lines = [_line(line) for text in texts.values() for line in "".join(text).split("\n")]
    if not any(lines):
        lines = [_line(line) for line in body.get_text("\n").split("\n")]
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    return " ".join(text.split())
