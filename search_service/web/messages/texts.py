"""What a language must provide to the page: every sentence, its plurals, and how it writes a date.

`messages.arabic` and `messages.english` make one `Texts` each; one that is missing in either is a type error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from search_service.core.errors import SearchServiceError
from search_service.highlight.matched_words import MatchKind
from search_service.messages.rendering import Language


@dataclass(frozen=True, slots=True)
class Noun:
    """The forms of a counted noun by the plural categories of CLDR, with `{n}` for the number; empty for `other`."""

    zero: str
    one: str
    other: str
    two: str = ""
    few: str = ""
    many: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message instead of results.

    Attributes:
        title: what happened.
        text: the cause, or what to do.
        command: the command that solves the problem.
        detail: the English sentence, for error reports.
        way_out: the text of a link that works.
    """

    title: str
    text: str
    command: str = ""
    detail: str = ""
    way_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of the page in one language. A name in braces is replaced.

    Attributes:
        language: the language.
        name: its name in itself, for the switch.
        direction: the direction of its text, as the attribute `dir` has it.
        plural: returns the plural category of a number by the rules of CLDR.
        months: the names of the months by set: `any`, and those of countries that have their own.
        hijri_months: the names of the months of the Hijri calendar.
        hijri_date: a date of that calendar, of `{day}`, `{month}` and `{year}`.
        comma: what stands between the members of a list.
        joined_words: joins quoted words by "or", and by "nor".
        error_titles: the title of the page for each error class; a class that is not listed inherits that of its base.
        description: what the site is, for search engines; `{site}` is its name.
        cited: a title in a citation.
        histogram: the summary of the bars: labels of the `{first}`, `{last}` and `{highest}`, its `{count}`.
        ways_out: the text of the link that works, by error class; `retry` is that of a second try.
    """

    language: Language
    name: str
    direction: str
    plural: Callable[[int], str]
    results: Noun
    documents: Noun
    suggestion_count: Noun
    others: Noun

    months: Mapping[str, tuple[str, ...]]
    hijri_months: tuple[str, ...]
    hijri_date: str
    since: str
    until: str

    comma: str
    quoted: str
    quoted_or: str
    quoted_nor: str
    yes: str
    no: str

    # The frame of every page
    site: str
    description: str
    skip_to_content: str
    skip_to_results: str
    search_label: str
    search_placeholder: str
    search_button: str
    clear: str
    screen_keyboard: str
    space_key: str
    erase_key: str
    voice: str
    suggestions: str
    suggested_searches: str
    suggested_titles: str
    past_searches: str
    remember_searches: str
    forget_searches: str
    indexes: str
    settings: str
    other_language: str
    digits: Mapping[str, str]
    calendars: Mapping[str, str]

    # Filters
    filters: str
    date_from: str
    date_to: str
    apply: str
    all_dates: str
    date_path: str
    histogram: str
    more: str
    more_values: str
    search_values: str
    show: str
    chosen_value: str
    active_filters: str
    remove_filter: str
    remove_this_filter: str
    remove_filters: str

    # Results
    page: str
    pages: str
    previous: str
    next: str
    first_page: str
    orders: str
    relevance: str
    newest: str
    oldest: str
    ascending: str
    descending: str
    partial: str
    no_such_page: str
    whole_group: str
    export: str
    export_formats: Mapping[str, str]
    rule_any: str
    rule_most: str
    rule_relaxed: str
    corrected: str
    as_typed: str
    absent: str
    unmatched: str

    # Nothing found
    nothing_about: str
    nothing: str
    you_can: str
    nothing_with_filters: str
    found_without_filters: str
    without_all: str
    without_one: str
    check_spelling: str
    fewer_words: str
    without_quotes: str
    browse: str

    # A document
    back_to_results: str
    all_documents: str
    read_original: str
    similar: str
    matches: Noun
    match_of: str
    matched_words: str
    show_matched_words: str
    match_kinds: Mapping[MatchKind, str]
    not_matched: str
    previous_match: str
    next_match: str
    neighbours: str
    previous_result: str
    next_result: str
    sharing: str
    share: str
    copy_link: str
    citation: str
    cited: str
    copy_citation: str
    copied: str

    # Messages instead of results
    new_search: str
    technical_details: str
    retry: str
    retry_in: str
    retry_failed: str
    error_titles: Mapping[type[SearchServiceError], str]
    ways_out: Mapping[type[SearchServiceError], str]
    exchange_dates: str
    nothing_here: Notice
    offline: Notice
    unexpected: Notice
    no_index: Notice
