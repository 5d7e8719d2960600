"""Renders errors and messages as sentences, with parameters named as each front end writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from search_service.core.errors import InvalidParameter, SearchServiceError
from search_service.core.message import Message, Value
from search_service.messages import arabic, english
from search_service.messages.english import phrases
from search_service.search.parameters import parameters
from search_service.search.request import SearchRequest

Template = str | Callable[..., str]


class FrontEnd(Enum):
    """The front end that shows a sentence."""

    QUERY_STRING = "query string"
    JSON_BODY = "JSON body"
    COMMAND_LINE = "command line"
    PAGE = "page"


MEMBERS = ("parameter", "other_parameter")
"""Parameters of messages that contain the path of a request member."""

MAX_SHOWN = 300
"""Code points of a value in a sentence: a request may send a million."""

WHOLE = ("path", "place", "reason")
"""Parameters of messages that do not come from a request."""

PLACE = "place"
"""The parameter with a path of this machine. Only the command line shows it."""

RANGE_FORMS: Mapping[FrontEnd, str] = {
    FrontEnd.QUERY_STRING: "LOW..HIGH (omit one for an open range)",
    FrontEnd.JSON_BODY: '{"from": LOW, "to": HIGH} (omit one for an open range)',
    FrontEnd.COMMAND_LINE: "FIELD=LOW..HIGH (omit one for an open range)",
    FrontEnd.PAGE: "LOW..HIGH",
}

ARGUMENTS: Mapping[str, str] = {"file": "FILE", "index": "INDEX", "sources": "SOURCE", "text": "TEXT"}
"""The arguments of commands, by request member. Other members are options."""


def member(path: str, front_end: FrontEnd) -> str:
    """Return the name of a request member in a front end; names of settings are the same everywhere.

    >>> [member("filters.category", front_end) for front_end in FrontEnd]
    ['filter.category', 'filters.category', '--filter category=', 'filter.category']
    >>> member("date_from", FrontEnd.COMMAND_LINE), member("INDEX_DIR", FrontEnd.COMMAND_LINE)
    ('--date-from', 'INDEX_DIR')
    """
    name, _, field = path.partition(".")
    if front_end is FrontEnd.JSON_BODY or _is_setting(path):
        return path
    parameter = parameters(SearchRequest).get(name)
    if front_end is FrontEnd.COMMAND_LINE:
        option = parameter.option if parameter else ARGUMENTS.get(name) or f"--{name.replace('_', '-')}"
        return f"{option} {field}=" if field else option
    return f"{parameter.query}{field}" if field and parameter else path


def _is_setting(path: str) -> bool:
    """Return whether a path is an environment variable or a key in a file."""
    return path != path.lower() or " " in path


def render(reported: SearchServiceError | Message, front_end: FrontEnd) -> str:
    """Return the sentence of an error or message, in Arabic on the page and in English elsewhere.

    Raises:
        KeyError: the code has no sentence.

    >>> render(InvalidParameter("page", "mutually-exclusive", other_parameter="offset"), FrontEnd.QUERY_STRING)
    '`page` and `offset` are mutually exclusive'
    """
    catalogue = arabic if front_end is FrontEnd.PAGE else english
    return _sentence(catalogue.SENTENCES, _message(reported), front_end)


def title(error: SearchServiceError) -> str:
    """Return the English title of an error, which its class decides.

    >>> title(InvalidParameter("page", "not-an-integer", value="x"))
    'Invalid parameter'
    """
    return next(phrases.TITLES[kind] for kind in type(error).__mro__ if kind in phrases.TITLES)


def allowed(error: InvalidParameter, front_end: FrontEnd = FrontEnd.QUERY_STRING) -> str:
    """Return the allowed values as English text; empty if only the sentence contains them.

    >>> allowed(InvalidParameter("size", "out-of-range", value=101, low=0, high=100))
    '0 to 100'
    """
    params = error.message.params
    if "allowed" in params:
        return str(_shown("allowed", params["allowed"], front_end))
    if error.code == "not-a-range":
        return RANGE_FORMS[front_end]
    if "low" in params:
        return phrases.allowed_range(params["low"], params.get("high"))
    if "limit" in params:
        return f"at most {params['limit']}"
    expected = params.get("expected")
    return phrases.TYPES[expected] if isinstance(expected, str) else phrases.ALLOWED.get(error.code, "")


def _message(reported: SearchServiceError | Message) -> Message:
    return reported if isinstance(reported, Message) else reported.message


def _sentence(sentences: Mapping[str, Template], message: Message, front_end: FrontEnd) -> str:
    template = sentences[message.code]
    shown = {name: _shown(name, value, front_end) for name, value in message.params.items()}
    if isinstance(template, str):
        return template.format(**shown, range_form=RANGE_FORMS[front_end])
    return template(**shown)


def _shown(name: str, value: Value, front_end: FrontEnd) -> str | int | float | None:
    """Return the text of a parameter in a sentence."""
    if isinstance(value, Message):
        return render(value, front_end)
    if isinstance(value, tuple):
        return ", ".join(item if isinstance(item, str) else render(item, front_end) for item in value) or "none"
    if name == PLACE and front_end is not FrontEnd.COMMAND_LINE:
        return ""
    if isinstance(value, str) and len(value) > MAX_SHOWN and name not in WHOLE:
        value = f"{value[:MAX_SHOWN]}…"
    if name in MEMBERS and isinstance(value, str):
        written = member(value, front_end)
        return written if front_end is FrontEnd.PAGE or _is_setting(value) else f"`{written}`"
    if name in ("type", "expected") and isinstance(value, str):
        return phrases.TYPES[value]
    return value
