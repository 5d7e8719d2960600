"""Every code that an answer over HTTP can contain is described: an example, its meaning, what to do."""

from __future__ import annotations

import inspect
import re

import pytest

from search_service.api.problem_types import EXAMPLES, HTTP_STATUSES, problem_type
from search_service.core import errors
from search_service.core.errors import SearchServiceError
from search_service.core.message import Message
from search_service.engines.elasticsearch.retry import ShardsMissing
from search_service.messages.arabic import problems as in_arabic
from search_service.messages.english import problems as in_english
from search_service.messages.english.requests import HTTP
from search_service.messages.examples import ERRORS
from search_service.messages.rendering import Language
from search_service.server.refusals import INTERNAL_ERROR, REFUSALS, REQUEST_TIMEOUT

from .test_messages import BEFORE_SERVING, FIXED, RAISED, Raised

NEVER_OVER_HTTP = (errors.UnreadableSource, errors.NoGeneration)
"""Errors of loading and administration, which only the command line shows."""

OFF_HTTP = ("admin", "cli", "config", "evaluation", "server")
"""Packages that no request calls."""

ONLY_IN_COMMANDS = {"sources-empty", "path-is-a-folder", "path-not-writable"}


def over_http(one: Raised) -> bool:
    return (
        inspect.isclass(one.maker)
        and issubclass(one.maker, SearchServiceError)
        and not issubclass(one.maker, NEVER_OVER_HTTP)
        and one.place.split("/")[0] not in OFF_HTTP
        and one.code not in BEFORE_SERVING | ONLY_IN_COMMANDS
    )


@pytest.mark.parametrize("one", [one for one in RAISED if over_http(one)], ids=lambda one: f"{one.place} {one.code}")
def test_an_error_has_an_example_of_its_class_and_parameters(one: Raised) -> None:
    assert one.code in EXAMPLES, "add an example to messages/examples.py, and its texts to messages/*/problems.py"
    example = EXAMPLES[one.code]
    assert isinstance(example, SearchServiceError)
    maker = errors.EngineUnavailable if one.maker is ShardsMissing else one.maker
    assert type(example) is maker
    assert set(example.message.params) == set(one.params)


def test_every_code_has_one_example_and_every_text_a_code() -> None:
    assert len({error.code for error in ERRORS}) == len(ERRORS)
    assert EXAMPLES.keys() >= FIXED.keys() - {"unknown-key-id"}  # of a command
    assert EXAMPLES.keys() >= HTTP.keys()
    for texts in (in_english, in_arabic):
        assert texts.MEANINGS.keys() == EXAMPLES.keys()
        assert texts.REMEDIES_OF_HTTP.keys() == {code for code, one in EXAMPLES.items() if isinstance(one, Message)}
        assert texts.REMEDIES.keys() <= {*(type(error) for error in ERRORS), SearchServiceError}
    assert in_english.REMEDIES.keys() == in_arabic.REMEDIES.keys()


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_texts_are_in_their_language(code: str) -> None:
    english, arabic = (problem_type(code, language) for language in Language)
    assert english is not None
    assert arabic is not None
    for name in ("title", "meaning", "remedy"):
        assert not re.search("[ء-ي]", english[name])
        assert re.search("[ء-ي]", arabic[name])
    assert english["meaning"].endswith(".")
    assert english["remedy"].endswith(".")
    assert english["status"] == arabic["status"]


def test_the_server_refuses_with_the_described_status() -> None:
    for refusal in (*REFUSALS.values(), INTERNAL_ERROR, REQUEST_TIMEOUT):
        code = refusal.reason.code
        assert HTTP_STATUSES.get(code, 400) == refusal.status, code
