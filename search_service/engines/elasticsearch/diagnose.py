"""Compares an index with its compiled configuration and probes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index_config.analyzers import ANALYZERS
from index_config.elasticsearch_analysis import copying_analyzer
from search_service.analysis.analyzer import Analysis
from search_service.core.errors import EngineUnavailable, RebuildFailed
from search_service.core.index_state import CheckResult
from search_service.core.message import message
from search_service.engines.elasticsearch.catalog import Generation
from search_service.engines.elasticsearch.health import health_of
from search_service.engines.elasticsearch.rebuild.verification import check_search, sample_documents
from search_service.engines.elasticsearch.search.session import SearchClient

OLDEST_VERSION = 9
DIFFERENCES_SHOWN = 5

GOLDEN_TEXTS = (
    "وَالمَدْرَسَةُ الكُبرىٰ في بيروت",
    "مسؤول مسئول شيء شئ إلى على",
    "الريـــاض ﷲ ﻻ اﻷردن کتاب",
    'تنظيم"داعش" بروكسل.واعلن #اليوم_الوطني 2015م ٣٫١٤',
    "ali@example.com https://example.com/a?b=1 COVID-19 😀",
)
"""Texts whose terms are compared: each rule of the analysis changes one of them."""


class Doctor:
    """Checks one generation.

    Args:
        search_client: the connection and the catalog of indexes.
        analysis: produces the tokens that the index should have.
    """

    def __init__(self, search_client: SearchClient, analysis: Analysis) -> None:
        self._search_client = search_client
        self._client = search_client.client
        self._catalog = search_client.catalog
        self._analysis = analysis

    def checks(self, generation: Generation) -> Iterator[CheckResult]:
        """Yield the result of each check."""
        yield self._version()
        yield self._health(generation)
        yield CheckResult(
            "fingerprint", generation.is_up_to_date,
            message("fingerprint-current", fingerprint=generation.fingerprint) if generation.is_up_to_date
            else message("fingerprint-differs", fingerprint=generation.fingerprint, index=generation.index),
        )  # fmt: skip
        compiled = self._catalog.compiled(generation.schema)
        live = self._client.indices.get(index=generation.name)[generation.name]
        yield _compare("settings", compiled["settings"]["index"], live["settings"]["index"])
        yield _compare("mapping", compiled["mappings"]["properties"], live["mappings"]["properties"])
        yield self._writable(live["settings"]["index"])
        yield self._tokens(generation)
        yield self._probe(generation)

    def _version(self) -> CheckResult:
        version = str(self._client.info()["version"]["number"])
        old = int(version.split(".")[0]) < OLDEST_VERSION
        if old:
            return CheckResult("version", False, message("version-too-old", version=version, needed=OLDEST_VERSION))
        return CheckResult("version", True, message("version-supported", version=version))

    def _health(self, generation: Generation) -> CheckResult:
        try:
            missing = health_of(self._search_client, generation).degraded
        except EngineUnavailable as error:
            return CheckResult("shards", False, error.message)
        detail = message("shards-degraded", degraded=missing) if missing else message("shards-complete")
        return CheckResult("shards", not missing, detail)

    def _writable(self, settings: Mapping[str, Any]) -> CheckResult:
        blocks = [name for name, value in settings.get("blocks", {}).items() if str(value) == "true"]
        detail = message("writes-blocked", blocks=tuple(blocks)) if blocks else message("writes-accepted")
        return CheckResult("writes", not blocks, detail)

    def _tokens(self, generation: Generation) -> CheckResult:
        """Compare the terms that Elasticsearch makes of the terms that it copies."""
        different = []
        count = 0
        for analyzer in (one for one in ANALYZERS if one.copied_from):
            for text in GOLDEN_TEXTS:
                answer = self._client.indices.analyze(
                    index=generation.name,
                    analyzer=copying_analyzer(analyzer),
                    text=" ".join(self._terms(analyzer.copied_from, text)),
                )
                ours = self._terms(analyzer.name, text)
                count += len(ours)
                if [token["token"] for token in answer["tokens"]] != ours:
                    different.append(f"{analyzer.name}({text!r})")
        if different:
            return CheckResult("tokens", False, message("tokens-differ", texts=tuple(different)))
        return CheckResult("tokens", True, message("tokens-equal", count=count))

    def _terms(self, analyzer: str, text: str) -> list[str]:
        return [token.text for token in self._analysis.tokens(analyzer, text)]

    def _probe(self, generation: Generation) -> CheckResult:
        samples = sample_documents(self._client, generation.name)
        try:
            check_search(self._client, generation.name, generation.schema, self._analysis, samples)
        except RebuildFailed as error:
            return CheckResult("probe", False, error.message)
        detail = message("documents-found", count=len(samples)) if samples else message("index-empty")
        return CheckResult("probe", True, detail)


def _compare(what: str, expected: Mapping[str, Any], live: Mapping[str, Any]) -> CheckResult:
    """Compare settings or a mapping; the live ones may have more keys, such as the number of shards."""
    different = sorted(_differences(expected, live))
    if different:
        shown = tuple(different[:DIFFERENCES_SHOWN])
        return CheckResult(what, False, message("differs-from-compiled", count=len(different), paths=shown))
    return CheckResult(what, True, message("as-compiled"))


def _differences(expected: Any, live: Any, path: str = "") -> Iterator[str]:
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            below = live.get(key) if isinstance(live, Mapping) else None
            yield from _differences(value, below, f"{path}.{key}" if path else str(key))
    elif _leaf(expected) != _leaf(live) and not _is_default(expected, live):
        yield path


def _leaf(value: Any) -> Any:
    """Return a value as Elasticsearch returns it: every setting is a string."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return [_leaf(one) for one in value]
    return str(value)


def _is_default(expected: Any, live: Any) -> bool:
    """Whether the live mapping omits a default, such as `doc_values: true`."""
    return live is None and expected is True
