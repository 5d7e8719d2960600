"""Renders errors and messages as sentences, with parameters named as each front end writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from http import HTTPStatus

from search_service.core.errors import InvalidParameter, SearchServiceError
from search_service.core.message import Message, Value
from search_service.messages import arabic, english
from search_service.messages.arabic import page as arabic_page
from search_service.messages.arabic import phrases as arabic_phrases
from search_service.messages.arabic import problems as arabic_problems
from search_service.messages.english import page as english_page
from search_service.messages.english import phrases
from search_service.messages.english import problems as english_problems
from search_service.messages.languages import Pages, Phrases
from search_service.search.parameters import parameters
from search_service.search.request import SearchRequest

Template = str | Callable[..., str]


class FrontEnd(Enum):
    """The front end that shows a sentence."""

    QUERY_STRING = "query string"
    JSON_BODY = "JSON body"
    COMMAND_LINE = "command line"
    PAGE = "page"


class Language(Enum):
    """The language of a sentence, as `Accept-Language` and `Content-Language` have it."""

    ENGLISH = "en"
    ARABIC = "ar"


MEMBERS = ("parameter", "other_parameter")
"""Parameters of messages that contain the path of a request member."""

MAX_SHOWN = 300
"""Code points of a value in a sentence: a request may send a million."""

WHOLE = ("path", "place", "reason")
"""Parameters of messages that do not come from a request."""

COUNTED = ("unit",)
"""Parameters of messages with the name of what is counted, for which each language has a word."""

PLACE = "place"
"""The parameter with a path of this machine. Only the command line shows it."""

RANGE_FORMS: Mapping[FrontEnd, str] = {
    FrontEnd.QUERY_STRING: "LOW..HIGH (omit one for an open range)",
    FrontEnd.JSON_BODY: '{"from": LOW, "to": HIGH} (omit one for an open range)',
    FrontEnd.COMMAND_LINE: "FIELD=LOW..HIGH (omit one for an open range)",
    FrontEnd.PAGE: "LOW..HIGH",
}


PHRASES: Mapping[Language, Phrases] = {Language.ENGLISH: phrases, Language.ARABIC: arabic_phrases}

PAGES: Mapping[Language, Pages] = {Language.ENGLISH: english_problems, Language.ARABIC: arabic_problems}

SENTENCES: Mapping[Language, Mapping[str, Template]] = {
    Language.ENGLISH: english.SENTENCES,
    Language.ARABIC: {**english.SENTENCES, **arabic.SENTENCES},  # English is better than none
}

PAGE_SENTENCES: Mapping[Language, Mapping[str, Template]] = {
    Language.ENGLISH: english_page.SENTENCES,
    Language.ARABIC: arabic_page.SENTENCES,
}
"""The sentences of the search page, which readers see who do not know the interface."""

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


def render(reported: SearchServiceError | Message, front_end: FrontEnd, language: Language = Language.ENGLISH) -> str:
    """Return the sentence of an error or message. The page has sentences of its own.

    Raises:
        KeyError: the code has no sentence.

    >>> render(InvalidParameter("page", "mutually-exclusive", other_parameter="offset"), FrontEnd.QUERY_STRING)
    '`page` and `offset` are mutually exclusive'
    """
    sentences = PAGE_SENTENCES[language] if front_end is FrontEnd.PAGE else SENTENCES[language]
    return _sentence(sentences, _message(reported), front_end, language)


def title(error: SearchServiceError, language: Language = Language.ENGLISH) -> str:
    """Return the title of an error, which its class decides.

    >>> title(InvalidParameter("page", "not-an-integer", value="x"))
    'Invalid parameter'
    """
    titles = PHRASES[language].TITLES
    return next(titles[kind] for kind in type(error).__mro__ if kind in titles)


def status_title(status: HTTPStatus, language: Language = Language.ENGLISH) -> str:
    """Return the title of an error of HTTP itself.

    >>> status_title(HTTPStatus.NOT_FOUND)
    'Not Found'
    """
    return arabic_phrases.STATUSES[status] if language is Language.ARABIC else status.phrase


def meaning(code: str, language: Language = Language.ENGLISH) -> str:
    """Return what a code means; every code in an answer over HTTP has this.

    >>> meaning("host-missing")
    'A request of HTTP/1.1 needs the header field Host.'
    """
    return PAGES[language].MEANINGS[code]


def remedy(reported: SearchServiceError | Message, language: Language = Language.ENGLISH) -> str:
    """Return what to do about an error or a message about HTTP itself.

    >>> remedy(Message("host-missing"))
    'Send the header field Host.'
    """
    texts = PAGES[language]
    if isinstance(reported, Message):
        return texts.REMEDIES_OF_HTTP[reported.code]
    return next(texts.REMEDIES[kind] for kind in type(reported).__mro__ if kind in texts.REMEDIES)


def not_ready(language: Language = Language.ENGLISH) -> str:
    """Return the title of the answer that the service is not ready."""
    return PHRASES[language].NOT_READY


def allowed(
    error: InvalidParameter, front_end: FrontEnd = FrontEnd.QUERY_STRING, language: Language = Language.ENGLISH
) -> str:
    """Return the allowed values as text; empty if only the sentence contains them.

    >>> allowed(InvalidParameter("size", "out-of-range", value=101, low=0, high=100))
    '0 to 100'
    """
    params = error.message.params
    words = PHRASES[language]
    if "allowed" in params:
        return str(_shown("allowed", params["allowed"], front_end, language))
    if error.code == "not-a-range":
        return _range_form(front_end, language)
    if "low" in params:
        return words.allowed_range(params["low"], params.get("high"))
    if "limit" in params:
        return words.at_most(params["limit"])
    expected = params.get("expected")
    return words.TYPES[expected] if isinstance(expected, str) else words.ALLOWED.get(error.code, "")


def _message(reported: SearchServiceError | Message) -> Message:
    return reported if isinstance(reported, Message) else reported.message


def _sentence(sentences: Mapping[str, Template], message: Message, front_end: FrontEnd, language: Language) -> str:
    template = sentences[message.code]
    shown = {name: _shown(name, value, front_end, language) for name, value in message.params.items()}
    if isinstance(template, str):
        return template.format(**shown, range_form=_range_form(front_end, language))
    return template(**shown)


def _range_form(front_end: FrontEnd, language: Language) -> str:
    if language is Language.ENGLISH:
        return RANGE_FORMS[front_end]
    return arabic_phrases.RANGE_IN_BODY if front_end is FrontEnd.JSON_BODY else arabic_phrases.RANGE_IN_QUERY


def _shown(name: str, value: Value, front_end: FrontEnd, language: Language) -> str | int | float | None:
    """Return the text of a parameter in a sentence."""
    is_arabic = language is Language.ARABIC
    if isinstance(value, Message):
        return render(value, front_end, language)
    if isinstance(value, tuple):
        return _list(value, front_end, language)
    if name == PLACE and front_end is not FrontEnd.COMMAND_LINE:
        return ""
    if isinstance(value, str) and len(value) > MAX_SHOWN and name not in WHOLE:
        value = f"{value[:MAX_SHOWN]}…"
    if name in MEMBERS and isinstance(value, str):
        written = member(value, front_end)
        if is_arabic and front_end is not FrontEnd.PAGE:
            return arabic_phrases.isolated(written)
        return written if front_end is FrontEnd.PAGE or _is_setting(value) else f"`{written}`"
    if name in ("type", "expected") and isinstance(value, str):
        return PHRASES[language].TYPES[value]
    if is_arabic and isinstance(value, str) and value and name not in COUNTED:
        return arabic_phrases.isolated(value)
    return value


def _list(items: tuple[str, ...] | tuple[Message, ...], front_end: FrontEnd, language: Language) -> str:
    """Return the text of a list."""
    texts = [item if isinstance(item, str) else render(item, front_end, language) for item in items]
    if language is Language.ENGLISH:
        return ", ".join(texts) or "none"
    if len(items) > 1 and isinstance(items[0], str):
        texts = [arabic_phrases.isolated(text, always=True) for text in texts]  # else Latin names would run backwards
    return "، ".join(texts) or arabic_phrases.NONE
