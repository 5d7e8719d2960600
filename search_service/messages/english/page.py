"""English sentences for the message codes that the search page shows, for readers who do not know the interface.

`messages.arabic.page` has the same sentences in Arabic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search_service.engines.base import MAX_WINDOW
from search_service.messages.labels import field_label

DATE_FORMS = "2024-03-11, 2024-03 or 2024"

TRY_AGAIN = "Please try again in a moment."
STALE = "This index was built with other settings or another version of the program and has to be rebuilt."
FOREIGN = "What has this name in the search engine was not made by this service, so it cannot be searched."
ADMINISTRATORS = "Those who run this service have to correct its settings."
NO_KEY = "A valid key from those who run this service is needed; programs send it in the field Authorization."
NOT_ALLOWED = "The key does not allow this request, or not for this index."
LOGGED = "Those who run this service can read about it in their log. Please try again in a moment."


def _out_of_range(*, parameter: str, value: object, high: int | None = None, **_others: object) -> str:
    if parameter == "page" and (value == 0 or str(value).startswith("-")):
        return "A page number is a whole number from 1."
    if parameter in ("page", "offset") and high is not None:
        return f"That page is too far. The first {MAX_WINDOW:,} results can be shown; narrow the search to see others."
    return f"The value of “{parameter}” is out of range."


def _not_an_integer(*, parameter: str, **_others: object) -> str:
    if parameter == "page":
        return "A page number is a whole number from 1."
    return f"The value of “{parameter}” is not a whole number."


def _too_long(*, parameter: str, unit: str, limit: int, **_others: object) -> str:
    subject = "The search" if parameter == "q" else f"The filter “{_condition(parameter)}”"
    return f"{subject} is too long: {limit:,} {unit} at most."


def _not_a_date(*, parameter: str, **_others: object) -> str:
    subject = {"date_from": "The first date", "date_to": "The last date"}.get(parameter, "The date")
    return f"{subject} is not a date. Write it like this: {DATE_FORMS}."


def _wrong_filter(*, parameter: str, **_others: object) -> str:
    return f"Results cannot be filtered by “{_condition(parameter)}” or by this value of it."


def _range_reversed(*, parameter: str, low: str, high: str, **_others: object) -> str:
    if parameter == "date_from":
        return f"The first date, {low}, is after the last date, {high}."
    return f"“{_condition(parameter)}” from {low} to {high}: the start is after the end."


def _condition(parameter: str) -> str:
    """Return the name of a filter or range: the name of its field."""
    name, _, field = parameter.partition(".")
    return field_label(field or name).en


SENTENCES: Mapping[str, str | Callable[..., str]] = {
    "unknown-parameter": "This page does not know the condition “{parameter}”.",
    "repeated-parameter": "The condition “{parameter}” is there more than once; only one is possible.",
    "mutually-exclusive": "The conditions “{parameter}” and “{other_parameter}” exclude each other.",
    "out-of-range": _out_of_range,
    "not-an-integer": _not_an_integer,
    "not-a-range": _wrong_filter,
    "range-reversed": _range_reversed,
    "not-searchable": "The field “{value}” cannot be searched.",
    "empty-list": "The value of “{parameter}” is empty.",
    "not-a-facet": "The values of the field “{value}” cannot be counted.",
    "unknown-interval": "Results cannot be counted by “{value}”.",
    "no-date-facet": "This index has no date by which results can be counted.",
    "no-date-field": "This index has no date. Remove the filter by date.",
    **dict.fromkeys(("answer-too-large", "page-too-large"), "The documents of this page are too large to be shown."),
    "unknown-step": "“{value}” is not a step of understanding a query.",
    "not-sortable": "The results of this index cannot be ordered like this.",
    "not-groupable": "Results cannot be grouped by “{value}”.",
    "not-a-tag": "“{value}” cannot mark matches.",
    "not-filterable": _wrong_filter,
    "not-rangeable": _wrong_filter,
    **dict.fromkeys(("cursor-invalid", "cursor-outdated"), "The value of “{parameter}” is of no use on this page."),
    "too-long": _too_long,
    "value-too-long": _wrong_filter,
    "lone-surrogate": _wrong_filter,
    "not-a-boolean": _wrong_filter,
    "not-a-number": _wrong_filter,
    "not-a-date": _not_a_date,
    "not-an-index-name": "“{value}” cannot be the name of an index.",
    "not-one-of": "The value “{value}” is not possible.",
    "unknown-analyzer": "There is no analyzer “{value}”.",
    "unknown-field": "The index has no field “{value}”.",
    "too-many-buckets": "A field has too many values to count. Narrow the search.",
    "too-many-distinct-values": "A field has too many values to count. Narrow the search.",
    "star-ignored": "The star in “{text}” was ignored: it stands after the beginning of a word, for the rest of it.",
    "prefix-too-short": "The star in “{text}” was ignored: write at least {limit} letters before it.",
    "slop-ignored": "The number after {text} was ignored: the quotation marks need two to {limit} different words.",
    "slop-too-large": "The number after {text} is too large; {limit} was used.",
    "or-ignored": "“{text}” was ignored: it needs a word or phrase before it and after it that is not excluded.",
    "operator-ignored": "“{text}” was ignored because no word follows it.",
    "excluded-by-word": "Documents with “{text}” are left out: «ليس» (not) is before it. Remove it to find them.",
    "field-value-ignored": "The field “{field}” is not searched for “{value}”, so this was read as plain words.",
    "quote-unpaired": "A single quotation mark was ignored.",
    "date-malformed": "is not written like this: " + DATE_FORMS,
    "date-does-not-exist": "there is no such day or time",
    "date-out-of-range": "outside the years 1 to 9999",
    "overloaded": "There are more requests than the service can answer. Please try again in a few seconds.",
    **dict.fromkeys(("key-required", "key-malformed", "key-unknown", "key-expired"), NO_KEY),
    **dict.fromkeys(("scope-missing", "index-not-allowed", "filter-not-applicable", "key-has-filter"), NOT_ALLOWED),
    "rate-limited": "You sent more requests than the service allows ({limit}). Please try again in {seconds} s.",
    **dict.fromkeys(
        ("keys-unreadable", "keys-malformed", "cursor-secret-unavailable"),
        "Those who run this service can read about it in their log.",
    ),
    "unknown-index": "The index “{index}” does not exist.",
    "unknown-document": "It may have been removed from the index, or its id may have changed.",
    **dict.fromkeys(("other-configuration", "other-schema", "unreadable-schema"), STALE),
    **dict.fromkeys(("alias-of-several", "filtered-alias", "foreign-index"), FOREIGN),
    **dict.fromkeys(("credentials-refused", "access-denied", "permission-missing"), ADMINISTRATORS),
    "index-damaged": "A file of this index was changed or lost. Those who run this service have to restore it.",
    # The address of the engine and the reason are in the log only.
    **dict.fromkeys(
        (
            "engine-unreachable",
            "engine-timeout",
            "engine-answer-unreadable",
            "engine-overloaded",
            "changes-busy",
            "changes-waiting",
            "engine-unavailable",
            "not-elasticsearch",
            "index-closed",
            "index-read-blocked",
            "index-read-only",
            "shards-missing",
            "shard-missing",
            "no-shard-answers",
            "not-explained",
            "writer-closed",
            "commit-failed",
            "disk-full",
            "disk-read-only",
            "disk-failed",
            "process-limit-reached",
            "no-temporary-folder",
        ),
        TRY_AGAIN,
    ),
    **dict.fromkeys(("engine-fault", "engine-panic"), LOGGED),
    # A reader does not need to know which file of an index is damaged.
    **dict.fromkeys(
        ("index-file-missing", "index-file-changed", "index-file-cut-short", "index-file-unreadable"), ADMINISTRATORS
    ),
    "shards-unanswered": "{count} of the {total} parts of the index did not answer.",
    "search-cut-short": "The search took too long and was ended before it was complete.",
    "shard-lost": "A part of the index is missing.",
    "copies-lost": "Some copies of parts of the index are missing.",
    "no-master": "The index cannot be written now.",
    "deadline-exceeded": "Narrow the search, or try again in a moment.",
    "client-disconnected": TRY_AGAIN,
}
"""Each code that the page can show, with its sentence."""
