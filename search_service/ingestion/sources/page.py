"""Reads files that hold one document each: plain text and HTML pages."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from search_service.core.message import message
from search_service.ingestion.sources.base import Item, OpenFile, Origin, RawDocument, UnreadableFile
from search_service.ingestion.sources.recognition import code_page, other_kind, wide_encoding

PAGE_FIELDS = ("title", "text")
"""The fields that each of them fills. Metadata of a page is read only for fields that the schema has."""

CHARSET_BYTES = 65_536
"""Bytes at the beginning of a page in which its charset is looked for; HTML asks for it within the first 1,024."""

_CHARSET = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}["']?([\w.:-]{1,40})|<meta[^>]{0,500}?charset\s{0,20}=\s{0,20}["']?\s{0,20}([\w.:-]{1,40})""",
    re.IGNORECASE,
)
"""How a page declares its charset. Repetitions are bounded, so that a page of `<meta` takes linear time."""

_CHARSETS = re.compile(
    r"ascii|big5\w*|cp\d+|euc_\w+|gb\w+|hz|iso2022_\w+|iso8859-\d+|johab|koi8-\w+|mac-\w+|ptcp154|shift_jis\w*|tis-620|utf-8"
)
"""Python's names of what a page can be encoded in; it has other codecs, among them slow ones such as punycode."""


def text_file(file: OpenFile) -> Iterator[Item]:
    """Yield one document: the first line is its title, the rest its text."""
    content = file.whole()
    if reason := other_kind(content):
        raise UnreadableFile(reason, raw=content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = message("not-utf8", byte=error.start + 1, charset=code_page(content))
        raise UnreadableFile(reason, raw=content) from error
    title, _, rest = text.replace("\r\n", "\n").strip().partition("\n")
    if not title:
        raise UnreadableFile(message("file-empty"))
    document = {"id": file.document_id(), "title": title.rstrip(), "text": rest.strip("\n") or title}
    yield RawDocument(Origin(file.path), document, content)


def html_file(file: OpenFile) -> Iterator[Item]:
    """Yield one document: title, paragraphs and metadata of the page."""
    from search_service.ingestion.sources.page_content import read_page  # loads libxml2; most loads have no page

    content = file.whole()
    page = read_page(_decoded_page(content))
    if not page.text:
        raise UnreadableFile(message("page-without-text"), raw=content)
    document = {"id": file.document_id(), "title": page.title or page.text.partition("\n")[0], "text": page.text}
    known = {name: value for name, value in page.metadata.items() if value and name in file.fields}
    yield RawDocument(Origin(file.path), document | known, content)


def _decoded_page(content: bytes) -> str:
    """Decode a page: as UTF-16 or UTF-32 or UTF-8 when it is that, else as it declares itself.

    Pages saved by a browser or a tool are UTF-8 and often still declare what they were. The other way round cannot
    happen: Arabic in windows-1256 is never valid UTF-8.

    >>> _decoded_page('<meta charset="windows-1256">خبر'.encode("cp1256"))[-3:]
    'خبر'
    """
    if wide := wide_encoding(content):
        return _decoded(content, wide).removeprefix("\ufeff")
    if reason := other_kind(content):
        raise UnreadableFile(reason, raw=content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = _CHARSET.search(content, 0, CHARSET_BYTES)
        if not declared:
            reason = message("charset-missing", byte=error.start + 1, charset=code_page(content))
            raise UnreadableFile(reason, raw=content) from error
        text = _decoded(content, (declared[1] or declared[2]).decode())
    if "\0" in text:
        raise UnreadableFile(message("json-nul-character", character=text.index("\0") + 1), raw=content)
    return text


def _decoded(content: bytes, charset: str) -> str:
    try:
        if not (charset.startswith("UTF-") or _CHARSETS.fullmatch(codecs.lookup(charset).name)):
            raise LookupError(charset)
        return content.decode(charset)
    except (LookupError, UnicodeError) as error:
        raise UnreadableFile(message("charset-wrong", charset=charset), raw=content) from error
