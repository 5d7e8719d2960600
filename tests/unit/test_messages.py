"""Messages: every code that the service raises has a sentence, and every placeholder a parameter."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

import search_service
from search_service.core import errors
from search_service.core.dates import InvalidDate
from search_service.core.errors import (
    EngineUnavailable,
    InvalidParameter,
    SearchServiceError,
    UnknownIndex,
)
from search_service.core.message import Message, message
from search_service.messages import english
from search_service.messages.arabic import page as arabic_page
from search_service.messages.english import page as english_page
from search_service.messages.english import phrases
from search_service.messages.rendering import FrontEnd, Language, allowed, member, render, title

PACKAGE = Path(search_service.__file__).parent
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

NEVER_ON_THE_PAGE = (
    errors.InvalidDocument,
    errors.UnreadableSource,
    errors.WriterBusy,
    errors.RebuildFailed,
    errors.NoGeneration,
)
"""Errors of loading and administration."""

OFF_THE_PAGE = ("admin", "cli", "config", "evaluation", "ingestion", "ranking", "server")
"""Packages whose messages the page does not show: it explains no scores, and settings are read before it is served."""

JSON_ONLY = {
    "body-too-large", "body-timeout", "body-incomplete", "body-too-deep", "body-not-json", "body-not-an-object",
    "wrong-type", "missing-parameter", "condition-required", "value-required", "id-differs", "content-type-unsupported",
    "job-killed",
}  # fmt: skip
"""Codes of a JSON body, which the page does not have."""

BEFORE_SERVING = {
    "backup-of-other-configuration",
    "index-exists",
    "path-exists",
    "repository-missing",
    "repository-required",
    "snapshot-refused",
    "index-dir-not-a-folder",
    "index-dir-not-unicode",
    "index-dir-unreadable",
    "index-required",
    "merge-not-supported",
    "end-is-past",
    "filter-malformed",
    "filter-of-writer",
    "not-a-duration",
    "not-a-pattern",
    "not-a-storage",
    "not-an-end",
    "redis-not-installed",
}
"""Codes that are raised before the page is served, or by a rebuild, backup or restore, or by the commands of keys."""

CONSTRUCTORS = ("config/", "core/dates", "core/errors", "core/message")
"""Modules whose codes come from their callers, or from pydantic."""

NO_CODES = {"arabic-search-data", "utf-8"}
"""Other literals of the settings in kebab-case."""

MADE_BY_RENDERING = {"range_form"}


@dataclass(frozen=True)
class Raised:
    """A place in the code that creates an error or a message."""

    place: str
    maker: type[SearchServiceError] | type[Message] | type[InvalidDate]
    code: str
    params: frozenset[str]


def makers(module: str) -> dict[str, object]:
    """Return the classes and functions that create errors or messages, by their names in a module."""
    names = vars(importlib.import_module(module))
    return {
        name: one
        for name, one in names.items()
        if one in (Message, message, InvalidDate) or (inspect.isclass(one) and issubclass(one, SearchServiceError))
    }


def calls() -> Iterator[tuple[str, object, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] in ("__init__", "__main__") or parts[:2] == ("search_service", "messages") or parts[-1] == "wsgi":
            continue
        known = makers(".".join(parts))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", known[node.func.id], node


def settings_codes() -> set[str]:
    """Return the codes of settings, which pydantic raises: the kebab-case literals of their package."""
    sources = [path.read_text() for path in (PACKAGE / "config").glob("*.py")]
    literals = [node.value for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    return {one for one in literals if isinstance(one, str) and "-" in one and CODE.fullmatch(one)} - NO_CODES


def codes_of(node: ast.expr, place: str) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*codes_of(node.body, place), *codes_of(node.orelse, place)]
    assert isinstance(node, ast.Constant), f"{place}: a code is a literal"
    return [str(node.value)]


def raised() -> list[Raised]:
    """Return every error and message that the service creates."""
    found = []
    for place, maker, call in calls():
        if place.startswith(CONSTRUCTORS) and maker is not InvalidDate:
            continue
        maker = Message if maker is message else maker
        signature = inspect.signature(maker)  # type: ignore[arg-type]
        names = list(signature.parameters)
        keywords = {one.arg for one in call.keywords}
        assert None not in keywords, f"{place}: parameters are named one by one"
        if "code" not in names:  # a class with one code
            continue
        position = names.index("code")
        assert len(call.args) == position + 1, f"{place}: only the code and what precedes it are positional"
        before = {"index": "index", "field": "field", "parameter": "parameter"}
        params = frozenset({*(before[name] for name in names[:position]), *(str(one) for one in keywords)})
        found += [Raised(place, maker, code, params) for code in codes_of(call.args[position], place)]  # type: ignore[arg-type]
    return found


FIXED: dict[str, frozenset[str]] = {
    "overloaded": frozenset(),
    "rate-limited": frozenset({"limit", "seconds"}),
    "unknown-key-id": frozenset({"id"}),
    "unknown-index": frozenset({"index", "known"}),
    "unknown-document": frozenset({"index", "id"}),
    "index-has-other-schema": frozenset({"index", "schema"}),
    "unknown-job": frozenset({"index", "id"}),
    "job-running": frozenset({"index", "id"}),
    "precondition-failed": frozenset({"index", "id"}),
    "writer-busy": frozenset({"index", "pid", "host", "work", "since"}),
}
"""The codes of classes with one code, and their parameters."""

RAISED = raised()
PAGES = (english_page.SENTENCES, arabic_page.SENTENCES)


def placeholders(template: object) -> set[str]:
    if isinstance(template, str):
        return {name for _, name, _, _ in Formatter().parse(template) if name}
    assert callable(template)
    parameters = inspect.signature(template).parameters.values()
    return {one.name for one in parameters if one.kind is one.KEYWORD_ONLY and one.default is one.empty}


def accepted_by(template: object) -> set[str] | None:
    """Return the parameters that a sentence accepts; None for any."""
    if isinstance(template, str):
        return None
    assert callable(template)
    parameters = inspect.signature(template).parameters.values()
    return None if any(one.kind is one.VAR_KEYWORD for one in parameters) else {one.name for one in parameters}


def shown_on_the_page(one: Raised) -> bool:
    return not (
        one.place.split("/")[0] in OFF_THE_PAGE
        or one.code in JSON_ONLY | BEFORE_SERVING
        or (inspect.isclass(one.maker) and issubclass(one.maker, NEVER_ON_THE_PAGE))
        or one.maker is Message
    )


def test_the_created_errors_are_found() -> None:
    assert len(RAISED) > 100
    assert {"too-long", "engine-unreachable", "not-csv", "other-configuration"} <= {one.code for one in RAISED}


@pytest.mark.parametrize("one", RAISED, ids=lambda one: f"{one.place} {one.code}")
def test_every_code_has_a_sentence(one: Raised) -> None:
    assert CODE.fullmatch(one.code), "a code is kebab-case; sentences are made by the front ends"
    catalogues = [english.SENTENCES, *(PAGES if shown_on_the_page(one) else [])]
    for sentences in catalogues:
        template = sentences[one.code]
        assert placeholders(template) <= one.params | MADE_BY_RENDERING
        accepted = accepted_by(template)
        assert accepted is None or one.params <= accepted


@pytest.mark.parametrize("code", FIXED)
def test_a_class_with_one_code_has_a_sentence(code: str) -> None:
    assert placeholders(english.SENTENCES[code]) <= FIXED[code]


def test_every_code_of_a_setting_has_a_sentence() -> None:
    assert len(settings_codes()) > 20
    assert settings_codes() <= english.SENTENCES.keys()


def test_every_sentence_is_used() -> None:
    used = {one.code for one in RAISED} | FIXED.keys() | settings_codes()
    assert english.SENTENCES.keys() - used == set()
    assert all(sentences.keys() - used == set() for sentences in PAGES)


def test_every_code_is_in_one_group() -> None:
    assert sum(map(len, english.GROUPS)) == len(english.SENTENCES)


def test_a_code_has_one_title() -> None:
    titles: dict[str, set[str]] = {}
    for one in RAISED:
        if inspect.isclass(one.maker) and issubclass(one.maker, SearchServiceError):
            name = next(phrases.TITLES[kind] for kind in one.maker.__mro__ if kind in phrases.TITLES)
            titles.setdefault(one.code, set()).add(name)
    assert {code: names for code, names in titles.items() if len(names) > 1} == {}


def test_an_unknown_code_raises() -> None:
    with pytest.raises(KeyError, match="no-such-code"):
        render(message("no-such-code"), FrontEnd.JSON_BODY)


@pytest.mark.parametrize(
    ("front_end", "expected"),
    [
        (FrontEnd.QUERY_STRING, "`filter.brand`: 'x' is not a boolean; allowed: true, false"),
        (FrontEnd.JSON_BODY, "`filters.brand`: 'x' is not a boolean; allowed: true, false"),
        (FrontEnd.COMMAND_LINE, "`--filter brand=`: 'x' is not a boolean; allowed: true, false"),
        (FrontEnd.PAGE, "Results cannot be filtered by “Brand” or by this value of it."),
    ],
)
def test_each_front_end_names_a_member_as_it_writes_it(front_end: FrontEnd, expected: str) -> None:
    assert render(InvalidParameter("filters.brand", "not-a-boolean", value="x"), front_end) == expected


def test_the_page_has_its_sentences_in_both_languages() -> None:
    assert english_page.SENTENCES.keys() == arabic_page.SENTENCES.keys()
    error = InvalidParameter("filters.brand", "not-a-boolean", value="x")
    sentence = render(error, FrontEnd.PAGE, Language.ARABIC)
    assert sentence == "لا يمكن التصفية بالحقل «العلامة التجارية» أو بالقيمة المعطاة له."


def test_a_range_is_shown_as_the_front_end_writes_it() -> None:
    error = InvalidParameter("ranges.price", "not-a-range")
    assert (
        render(error, FrontEnd.QUERY_STRING)
        == "`range.price` is not a range; write LOW..HIGH (omit one for an open range)"
    )
    assert '{"from": LOW, "to": HIGH}' in render(error, FrontEnd.JSON_BODY)
    assert "FIELD=LOW..HIGH" in render(error, FrontEnd.COMMAND_LINE)


def test_a_plain_member_is_an_option_on_the_command_line_only() -> None:
    assert [member("size", front_end) for front_end in FrontEnd] == ["size", "size", "--size", "size"]


def test_nested_messages_are_rendered() -> None:
    lost = (message("shard-lost", shard=0), message("copies-lost", count=1, shard=1))
    error = EngineUnavailable("no-shard-answers", index="news", degraded=lost)
    assert render(error, FrontEnd.QUERY_STRING) == (
        "Index 'news' cannot be searched: shard 0 is missing with all of its copies, 1 copy of shard 1 is missing"
    )


def test_an_error_is_one_line_for_the_log() -> None:
    error = InvalidParameter("q", "too-long", count=2_001, limit=2_000, unit="characters")
    assert str(error) == "too-long: parameter='q' count=2001 limit=2000 unit='characters'"
    assert "\n" not in str(InvalidParameter("sort", "not-sortable", value="a\nb", allowed=()))


def test_allowed_values_are_rendered_separately() -> None:
    assert allowed(InvalidParameter("sort", "not-sortable", value="x", allowed=("date", "-date"))) == "date, -date"
    assert allowed(InvalidParameter("pretty", "unknown-parameter", allowed=())) == "none"
    assert allowed(InvalidParameter("q", "too-long", count=9, limit=8, unit="words")) == "at most 8"
    assert allowed(InvalidParameter("q", "wrong-type", expected="string")) == "a string"


def test_an_error_has_the_title_of_its_class() -> None:
    assert title(UnknownIndex("news")) == "Unknown index"
    assert title(errors.EngineFault("engine-fault", address="", status=500, reason="x")).startswith("The search engine")
