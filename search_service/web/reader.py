"""What a reader gets to see: the language, digits and calendar that the address or the browser asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from werkzeug.datastructures import LanguageAccept

from search_service.messages.rendering import Language
from search_service.web.messages.arabic import ARABIC
from search_service.web.messages.english import ENGLISH
from search_service.web.messages.texts import Texts
from search_service.web.messages.wording import Wording
from search_service.web.site import Site
from search_service.web.url_state import CALENDAR, DIGITS, LANGUAGE, State

LANGUAGES: Mapping[Language, Texts] = {Language.ARABIC: ARABIC, Language.ENGLISH: ENGLISH}

ARAB_REGIONS = frozenset(
    {"BH", "EG", "IQ", "JO", "KM", "KW", "LB", "MR", "OM", "PS", "QA", "SA", "SD", "SO", "SY", "YE"}
)
"""Regions in which Arabic is written with the digits ١٢٣ (CLDR: default numbering systems of `ar`)."""

MONTHS_BY_REGION: Mapping[str, str] = {
    **dict.fromkeys(("AE", "BH", "EG", "KW", "LY", "OM", "QA", "SA", "SD", "YE"), "egypt"),
    **dict.fromkeys(("IQ", "JO", "LB", "PS", "SY"), "levant"),
    **dict.fromkeys(("DZ", "TN"), "algeria"),
    "MA": "morocco",
}
"""The names of months by region; elsewhere months have two names."""

HIJRI_REGIONS = frozenset({"SA"})
"""Regions in which the Umm al-Qura calendar is used beside the Gregorian one (CLDR: calendar preferences)."""


def wording_for(state: State, accepted: LanguageAccept, site: Site) -> Wording:
    """Return the words of a page for the parameters of its address, the site, and the languages of the browser."""
    chosen = state.get(LANGUAGE)
    language = next((one for one in Language if one.value == chosen), None)
    if language is None:
        preferred = accepted.best_match([one.value for one in Language])
        language = Language(preferred or site.language)
    is_arabic = language is Language.ARABIC
    region = (site.country or _region(accepted.values())) if is_arabic else ""
    texts = LANGUAGES[language]
    digits, calendar = state.get(DIGITS), state.get(CALENDAR)
    if digits not in texts.digits:
        digits = site.digits or ("arab" if region in ARAB_REGIONS else "latn")
    return Wording(
        texts,
        digits=digits if is_arabic else "latn",
        months=MONTHS_BY_REGION.get(region, "any"),
        hijri=_has_hijri(calendar, region, site),
        site_name=str(getattr(site.name, language.value)) if site.name else "",
        field_name=site.field_name,
        index_name=site.index_name,
        value_name=site.value_name,
    )


def _has_hijri(calendar: str, region: str, site: Site) -> bool:
    if calendar in ("hijri", "gregorian"):
        return calendar == "hijri"
    return region in HIJRI_REGIONS if site.hijri is None else site.hijri


def _region(tags: Iterable[str]) -> str:
    """Return the region of the first Arabic tag that has one.

    >>> _region(["en-US", "ar", "ar-EG"]), _region(["ar-Arab-MA"]), _region(["ar"])
    ('EG', 'MA', '')
    """
    for tag in tags:
        language, *parts = tag.split("-")
        region = next((part.upper() for part in parts if len(part) == 2 and part.isalpha()), "")
        if language.lower() == Language.ARABIC.value and region:
            return region
    return ""


def other_language(words: Wording) -> Texts:
    """Return the texts of the language to switch to."""
    return next(texts for language, texts in LANGUAGES.items() if language is not words.texts.language)


def display_choices(words: Wording) -> Iterator[tuple[str, str, str]]:
    """Yield the other ways to show a page: the text of a link, and the parameter and value that it sets."""
    if words.texts.language is Language.ARABIC:
        digits = "latn" if words.digits == "arab" else "arab"
        yield words.texts.digits[digits], DIGITS, digits
    calendar = "gregorian" if words.hijri else "hijri"
    yield words.texts.calendars[calendar], CALENDAR, calendar
