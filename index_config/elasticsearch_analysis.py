"""The analyzers as Elasticsearch settings: the same chains that the Python analysis runs.

Every analyzer folds by the rules and the table, parts what is glued together, cuts by the `standard` tokenizer, and
then runs its token filters (`analyzers.ANALYZERS`). Queries do not pass through them: the service analyses a query
itself and sends words joined by spaces. The service also makes the terms of the fields
(`Analyzer.made_by_service`). The chains that need no lexicon are defined here nevertheless, so that `_analyze` shows
what is indexed. The n-grams of all fields together are made of these terms (`Analyzer.copied_from`), by the remaining
token filters of the analyzer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from index_config import morphology
from index_config.analyzers import ANALYZERS, LEXICON_FILTER, Analyzer
from index_config.respelling import AFTER_TABLE, BEFORE_TABLE
from index_config.segmentation import BORDER, GLUE, MAX_TOKEN_LENGTH

ELASTICSEARCH_ANALYZERS = tuple(one for one in ANALYZERS if LEXICON_FILTER not in one.filters)
"""The analyzers that Elasticsearch has."""

_FILTERS = {
    "light_stem": ("protected", "stem_unless_protected"),
    "grams": ("pad", "edge", "grams"),
}
"""The Elasticsearch token filters that implement one of ours under other names."""


def analysis_settings(mapping: Mapping[str, str], protected: Mapping[str, str]) -> dict[str, Any]:
    r"""Return the `analysis` part of an index's settings.

    Args:
        mapping: the normalisation table, code point to its folding.
        protected: folded words that the stemmer does not change by rule, with their stems.

    >>> analysis_settings({"أ": "ا"}, {})["char_filter"]["normalization"]["mappings"]
    ['\\u0623 => \\u0627']
    """
    return {
        "char_filter": {
            "normalization": {
                "type": "mapping",
                "mappings": [f"{_escaped(source)} => {_escaped(mapping[source])}" for source in sorted(mapping)],
            },
            **{
                rule.name: {"type": "pattern_replace", "pattern": rule.pattern, "replacement": rule.replacement}
                for rule in (*BEFORE_TABLE, *AFTER_TABLE)
            },
            "glue": {"type": "pattern_replace", "pattern": GLUE, "replacement": " "},
            "borders": {"type": "pattern_replace", "pattern": BORDER, "replacement": " $0"},
        },
        "tokenizer": {"words": {"type": "standard", "max_token_length": MAX_TOKEN_LENGTH}},
        "filter": _filters(protected),
        "analyzer": {
            analyzer.name: {
                "type": "custom",
                "char_filter": _char_filters(analyzer.char_filter),
                "tokenizer": analyzer.tokenizer,
                "filter": _theirs(analyzer.filters),
            }
            for analyzer in ELASTICSEARCH_ANALYZERS
        }
        | {
            copying_analyzer(one): {
                "type": "custom",
                "tokenizer": "whitespace",
                "filter": _theirs(one.remaining_filters),
            }
            for one in ANALYZERS
            if one.copied_from and one.remaining_filters
        },
    }


def copying_analyzer(analyzer: Analyzer) -> str:
    """Return the name of the analyzer of a field that terms are copied to.

    >>> [copying_analyzer(one) for one in ANALYZERS if one.copied_from]
    ['whitespace', 'ngram_of_terms']
    """
    return f"{analyzer.name}_of_terms" if analyzer.remaining_filters else "whitespace"


def _theirs(filters: Sequence[str]) -> list[str]:
    return [theirs for ours in filters for theirs in _FILTERS.get(ours, (ours,))]


def _char_filters(table: str) -> list[str]:
    return [
        *(rule.name for rule in BEFORE_TABLE),
        table,
        *(rule.name for rule in AFTER_TABLE),
        "glue",
        "borders",
    ]


def _filters(protected: Mapping[str, str]) -> dict[str, Any]:
    overrides = [f"{word} => {protected[word]}" for word in sorted(protected)]
    edge, length = morphology.GRAM_EDGE, morphology.GRAM_LENGTH
    return {
        "protected": {"type": "stemmer_override", "rules": overrides},  # also marks these words as keywords
        # Only the `light_stem` filter skips keywords by itself. The script takes no measurable time.
        "stem_unless_protected": {
            "type": "condition",
            "filter": ["light_stem", "final_hamza", "further_prefix", "further_suffix"],
            "script": {"source": "!token.isKeyword()"},
        },
        "light_stem": {"type": "stemmer", "language": "arabic"},
        "final_hamza": _replace(morphology.FINAL_HAMZA, "$1"),
        "further_prefix": _replace(morphology.FURTHER_PREFIX, ""),
        "further_suffix": _replace(morphology.FURTHER_SUFFIX, "$1$2"),
        # With its edges, a word of one letter is shorter than a gram; the ngram filter would drop it.
        "pad": _replace("^.$", f"$0{edge}"),
        "edge": _replace("^.+$", f"{edge}$0{edge}"),
        "grams": {"type": "ngram", "min_gram": length, "max_gram": length},
        "pairs": {"type": "shingle", "min_shingle_size": 2, "max_shingle_size": 2, "output_unigrams": False},
        "strip_article": _replace(f"^{morphology.ARTICLE}(?=.)", ""),
        "prefixes": {"type": "edge_ngram", "min_gram": 1, "max_gram": morphology.MAX_PREFIX_LENGTH},
    }


def _replace(pattern: str, replacement: str) -> dict[str, Any]:
    return {"type": "pattern_replace", "pattern": pattern, "replacement": replacement, "all": False}


def _escaped(text: str) -> str:
    r"""Return a text as \uXXXX escapes: marks, invisible characters and mixed directions are hard to read.

    >>> _escaped("ا😀")
    '\\u0627\\ud83d\\ude00'
    """
    units = text.encode("utf-16-be").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
