"""Title, paragraphs and metadata of an HTML page, in time linear in its length.

libxml2 reads the page once and reports tags and texts; no tree is built. A tree costs more: libxml2 walks over the
attributes of an element to append one, so 100,000 of them take 40 s, and texts deep in a tree invite a search for their
ancestors. What still depends on the nesting is how libxml2 looks for the element that an end tag ends; `MAX_DEPTH`
bounds it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from lxml import etree

from search_service.core.dates import InvalidDate, date_range
from search_service.core.message import message
from search_service.ingestion.sources.base import UnreadableFile

MAX_DEPTH = 1_000
"""Elements inside one another. Pages nest 20 to 60, old ones that never close `<font>` some hundred."""

MAX_ELEMENTS = 1_000_000
"""Elements of a page. One of 10 MB, as people write them, has some 300,000; a million without any text in between take
4 s and 260 MB. There is no limit of time: it would refuse on a busy machine what it takes on a quiet one."""

_PIECE_BYTES = 16_384

_INVISIBLE = frozenset({"title", "script", "style", "template"})
"""Elements whose text is not shown in the page."""

_BOILERPLATE = _INVISIBLE | {"noscript", "nav", "header", "footer", "aside", "iframe", "noembed", "noframes"}
"""Elements whose text is left out: also what each page of a site repeats. Forms are left out unless they hold most of
the page: some systems wrap the whole of it in one."""

_HEADINGS = frozenset({"title", "h1"})

_BREAKS = frozenset(
    {"address", "article", "blockquote", "br", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "pre", "section"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
"""Elements that begin and end a line, also inside a paragraph."""

_METADATA = _DESCRIPTION, _AUTHOR, _PUBLISHED, _CANONICAL, _TIME = (
    ("name", "description"),
    ("name", "author"),
    ("property", "article:published_time"),
    ("link", "canonical"),
    ("time", "datetime"),
)

_PARAGRAPH_TAG = re.compile(r"<(?:p(?P<empty>\s*/>)|(?P<end>/?)p(?=[\s/>]))", re.IGNORECASE)
_MARK = "x-p"
_BEGIN, _END = f"<br {_MARK}", f"<br {_MARK}=end"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says.

    Attributes:
        title: the first title or heading that has a text; empty if there is none.
        text: the paragraphs, one a line, or all texts if no paragraph has one.
        metadata: `abstract`, `author`, `date` and `url`; empty where the page has none.
    """

    title: str
    text: str
    metadata: Mapping[str, str]


def read_page(markup: str) -> Page:
    r"""Return what a page says.

    Raises:
        UnreadableFile: elements are nested deeper than `MAX_DEPTH`, or are more than `MAX_ELEMENTS`.

    >>> page = read_page('<title>خبر</title><meta name="author" content="زينب"><p>فقرة<p>أخرى')
    >>> page.title, page.text, page.metadata["author"]
    ('خبر', 'فقرة\nأخرى', 'زينب')
    """
    reader = _PageReader()
    parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True)
    content = _marked_paragraphs(markup).encode()
    with suppress(etree.XMLSyntaxError):  # of a page without any tag or text; everything else is recovered from
        # In pieces: it would read a page to its end, however long that takes, after the reader has refused it.
        for begin in range(0, len(content), _PIECE_BYTES):
            parser.feed(content[begin : begin + _PIECE_BYTES])
        parser.close()
    return Page(reader.title, reader.text(), reader.metadata())


class _PageReader:
    """The target of the parser, which calls `start`, `end`, `data` and `close`.

    Attributes:
        title: the first title or heading that has a text.
    """

    def __init__(self) -> None:
        self.title = ""
        self._metadata: dict[tuple[str, str], str] = {}
        self._elements = 0
        self._depth = self._svg = self._boilerplate = self._invisible = 0  # open elements
        self._paragraphs: list[tuple[int, int]] = []  # the open ones: their number, and the depth they are in
        self._count = 0
        self._heading: list[str] | None = None
        self._buffer: list[str] = []
        self._texts: list[str] = []
        self._owners = array("l")  # the paragraph of each text; 0 for none
        self._length = 0  # of all visible text
        self._open_forms: list[tuple[int, int]] = []
        self._forms: list[tuple[int, int, int]] = []  # the first text, the text after the last, the length of the text

    def text(self) -> str:
        """Return the text of the page.

        Each text belongs to the paragraph nearest to it: without `</p>`, which old pages leave out, paragraphs nest.
        """
        kept = self._kept()
        paragraphs: dict[int, list[str]] = {}
        for number in kept:
            if owner := self._owners[number]:
                paragraphs.setdefault(owner, []).append(self._texts[number])
        lines = [_line(line) for texts in paragraphs.values() for line in "".join(texts).split("\n")]
        if not any(lines):
            lines = [_line(line) for number in kept for line in self._texts[number].split("\n")]
        return "\n".join(line for line in lines if line)

    def metadata(self) -> dict[str, str]:
        """Return the metadata by the names of our fields."""
        found = {kind: self._metadata.get(kind, "").strip() for kind in _METADATA}
        url = found[_CANONICAL]
        return {
            "abstract": _line(found[_DESCRIPTION]),
            "author": _line(found[_AUTHOR]),
            "date": next((date for date in (_line(found[_PUBLISHED]), found[_TIME]) if _is_date(date)), ""),
            "url": url if url.startswith(("http://", "https://")) else "",
        }

    def _kept(self) -> list[int]:
        """Return the indexes of the texts that are not in a small form."""
        small = [0] * (len(self._texts) + 1)
        for first, end, length in self._forms:
            if length < self._length / 2:
                small[first] += 1
                small[end] -= 1
        kept, depth = [], 0
        for number in range(len(self._texts)):
            depth += small[number]
            if not depth:
                kept.append(number)
        return kept

    # What the parser calls. Each start has its end, also where the page has none.

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        self._flush()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableFile(message("page-too-deep", limit=MAX_DEPTH))
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise UnreadableFile(message("page-of-too-many-elements", limit=MAX_ELEMENTS))
        if tag in _BREAKS:
            self._break_line()
            if tag == "br" and _MARK in attributes:
                self._mark_paragraph(begins=attributes[_MARK] != "end")
        elif tag == "form":
            self._open_forms.append((len(self._texts), self._length))
        elif tag == "svg":
            self._svg += 1
        elif attributes:
            self._read_metadata(tag, attributes)
        self._boilerplate += tag in _BOILERPLATE
        self._invisible += tag in _INVISIBLE
        if tag in _HEADINGS and not self.title and not self._svg:
            self._heading = []

    def end(self, tag: str) -> None:
        """End an element, and the paragraphs in it."""
        self._flush()
        if tag in _HEADINGS and self._heading is not None:
            self.title, self._heading = _line(_as_written("".join(self._heading))), None
        self._boilerplate -= tag in _BOILERPLATE
        self._invisible -= tag in _INVISIBLE
        while self._paragraphs and self._paragraphs[-1][1] == self._depth:
            self._paragraphs.pop()
        self._depth -= 1
        if tag in _BREAKS:
            self._break_line()
        elif tag == "form":
            first, length = self._open_forms.pop()
            self._forms.append((first, len(self._texts), self._length - length))
        elif tag == "svg":
            self._svg -= 1

    def _mark_paragraph(self, begins: bool) -> None:
        if begins:
            self._count += 1
            self._paragraphs.append((self._count, self._depth - 1))  # the mark itself is an element
        elif self._paragraphs:
            self._paragraphs.pop()

    def data(self, text: str) -> None:
        """Add a piece of a text: each entity comes by itself."""
        self._buffer.append(text)

    def close(self) -> None:
        """End the page."""
        self._flush()

    def _flush(self) -> None:
        """Add the text between two tags."""
        if not self._buffer:
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        if self._heading is not None:
            self._heading.append(text)
        if not self._invisible:
            self._length += len(_line(text))
        if not self._boilerplate:
            self._add(text)

    def _break_line(self) -> None:
        if self._paragraphs and not self._boilerplate:
            self._add("\n")

    def _add(self, text: str) -> None:
        self._texts.append(text)
        self._owners.append(self._paragraphs[-1][0] if self._paragraphs else 0)

    def _read_metadata(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keep the first element of each kind of metadata."""
        if tag == "meta":
            for name in ("name", "property"):
                self._keep((name, attributes.get(name, "")), attributes.get("content", ""))
        elif tag == "link" and "canonical" in attributes.get("rel", "").split():
            self._keep(_CANONICAL, attributes.get("href"))
        elif tag == "time":
            self._keep(_TIME, attributes.get("datetime"))

    def _keep(self, kind: tuple[str, str], value: str | None) -> None:
        if kind in _METADATA and value is not None:
            self._metadata.setdefault(kind, _as_written(value))


def _marked_paragraphs(markup: str) -> str:
    """Return a page with marked line breaks where a tag begins or ends a paragraph.

    libxml2 ends a paragraph where a list, a table or a heading begins, as browsers do, and the rest of it would belong
    to none. Pages have such paragraphs: old ones leave out `</p>`. So the reader follows the tags as they are written.
    """
    return _PARAGRAPH_TAG.sub(lambda tag: "<br>" if tag["empty"] else _END if tag["end"] else _BEGIN, markup)


def _as_written(text: str) -> str:
    """Undo `_marked_paragraphs` in a text: titles and attributes can contain tags."""
    return text.replace(_END, "</p").replace(_BEGIN, "<p") if _MARK in text else text


def _line(text: str) -> str:
    return " ".join(text.split())


def _is_date(text: str) -> bool:
    try:
        date_range(text)
    except InvalidDate:
        return False
    return True
