"""Cursors: where the next page of a listing begins, as a text that clients hand back.

A cursor holds the match rule and the position of the last hit, so that the next page continues there whatever was
written meanwhile. It is signed together with everything that decides the order, so it fits no other search.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

import orjson

from search_service.core.errors import InvalidParameter
from search_service.core.index_name import IndexName
from search_service.core.results import MatchRule, Position
from search_service.query.plan import RuleStep, SearchPlan
from search_service.query.understanding.pipeline import UnderstoodQuery
from search_service.search.request import QueryRequest, SearchRequest

FIRST = "*"
"""The cursor of the first page, as Solr writes it."""

VERSION = 1
"""Of what a cursor contains; a change of the order of listings raises it, so that no page is cut from two orders."""

SIGNATURE_BYTES = 16
"""Of HMAC-SHA-256, which may be cut to half its length (RFC 2104)."""

BOUND = (*(name for name in QueryRequest.model_fields if name != "timeout_ms"), "sort")
"""The parameters that decide which documents are listed, and in which order."""


class Bookmark(NamedTuple):
    """What a cursor contains.

    Attributes:
        rule: the match rule: a search that chose again could end with another one.
        reading: how the query was read, as far as the documents decide that.
        position: where the page ended.
    """

    rule: MatchRule
    reading: str
    position: Position

    def step(self, plan: SearchPlan, understood: UnderstoodQuery) -> RuleStep:
        """Return the step of a plan with the match rule.

        Raises:
            InvalidParameter: documents have changed so much that the query is read in another way.
        """
        for step in (plan.step, *plan.looser):
            if step.rule == self.rule and reading_of(understood) == self.reading:
                return step
        raise InvalidParameter("cursor", "cursor-outdated")


def reading_of(understood: UnderstoodQuery) -> str:
    """Return a digest of what documents decide about the meaning of a query: corrections, and which words are rare."""
    rare = sorted({word.exact for word in understood.query.words if word.is_rare})
    corrections = [[each.word, each.corrected_to] for each in understood.corrections]
    return sha256(orjson.dumps([rare, corrections])).hexdigest()[:16]


class Cursors:
    """Makes and reads cursors.

    Args:
        secret: returns the key of the signatures; without it, cursors are valid in this process only.
    """

    def __init__(self, secret: Callable[[], bytes] | None = None) -> None:
        own = secrets.token_bytes(32)
        self._secret = secret or (lambda: own)

    def write(self, engine: str, index: IndexName, request: SearchRequest, bookmark: Bookmark) -> str:
        """Return the cursor of the next page."""
        rule, position = bookmark.rule, bookmark.position
        content = orjson.dumps(
            [rule.name, rule.minimum_should_match, rule.relaxed, bookmark.reading,
             position.group, position.value, position.id]
        )  # fmt: skip
        signature = self._sign(_bound(engine, index, request), content)
        return urlsafe_b64encode(signature + content).rstrip(b"=").decode()

    def read(self, engine: str, index: IndexName, request: SearchRequest) -> Bookmark:
        """Return what the cursor of a request contains.

        Raises:
            InvalidParameter: it was not made here, or for another search.
        """
        try:
            raw = urlsafe_b64decode(request.cursor.encode("ascii") + b"==")
        except ValueError:
            raw = b""
        signature, content = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(_bound(engine, index, request), content)):
            raise InvalidParameter("cursor", "cursor-invalid")
        name, required, relaxed, reading, group, value, document_id = orjson.loads(content)
        return Bookmark(MatchRule(name, required, relaxed), reading, Position(group, value, document_id))

    def _sign(self, bound: Sequence[object], content: bytes) -> bytes:
        signed = orjson.dumps(bound, option=orjson.OPT_SORT_KEYS) + b"\0" + content
        return hmac.digest(self._secret(), signed, "sha256")[:SIGNATURE_BYTES]


def _bound(engine: str, index: IndexName, request: SearchRequest) -> Sequence[object]:
    """Return what a cursor belongs to."""
    members = [getattr(request, name) for name in BOUND]
    return [VERSION, engine, index, *(dict(member) if isinstance(member, dict) else member for member in members)]
