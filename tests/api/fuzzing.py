"""Runs schemathesis over the OpenAPI document of an application, and collects what it finds."""

from __future__ import annotations

import json
import re
import warnings
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from search_service.api.operations import operations

CONFIG = """
seed = {seed}
# Its client for WSGI does not unpack answers.
headers = {{ Accept-Encoding = "identity", Accept-Language = "{language}", Authorization = "Bearer {key}" }}

[generation]
max-examples = {examples}
database = "none"

[phases.stateful]
enabled = false  # the document has no links

[parameters]
"path.index" = "{index}"

[checks]
# Which field can be sorted, counted or filtered depends on the index, which no document of the interface knows.
positive_data_acceptance.enabled = false
# A request may ask for less time than it takes.
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "504"]
"""

LINES = """
# The body is text: whatever in it is no line of JSON is a problem in the answer.
checks.negative_data_rejection.enabled = false
"""
"""More configuration of an operation whose body has lines."""

SEVERAL = """
[[operations]]
include-operation-id = "multi_search"
# Each search has a problem of its own in the answer, so that one that is wrong does not prevent the others.
checks.negative_data_rejection.enabled = false
"""
"""The configuration of several searches in one request."""

FAULT_OF_SCHEMATHESIS = "unexpected keyword argument 'max_redirects'"
"""In the error when it repeats a request whose body is not JSON, without a key."""

CHANGING = """
[[operations]]
include-operation-id = "{operation_id}"
parameters = {{ "path.index" = "{index}" }}
"""
"""The configuration of an operation that changes an index: it must not take the documents from those that search."""

ARABIC = re.compile("[ء-ي]")

SCRATCH = "scratch"
"""The index whose documents are changed."""

MADE = "made"
"""The index that is created and deleted."""


@dataclass
class Findings:
    """What a run did and found.

    Attributes:
        requests: how many requests it sent.
        statuses: the statuses of the answers by operation.
        failures: one line and a curl command for each kind of failure.
    """

    requests: int = 0
    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    failures: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, operation: str, kind: str, text: str) -> None:
        """Note a failure, unless one of the same kind is known."""
        self.failures.setdefault((operation, kind), text)


@schemathesis.serializer("application/x-ndjson", "application/ndjson", "application/jsonl")
def _lines(_context: Any, value: Any) -> bytes:
    """Return a body of lines: text as it is, anything else as a line of JSON."""
    return value.encode(errors="surrogatepass") if isinstance(value, str) else json.dumps(value).encode()


def fuzz(
    app: Flask,
    index: str,
    seed: int,
    examples: int,
    language: str = "en",
    key: str = "",
    only: Collection[str] | None = None,
) -> Findings:
    """Send requests that match the document, and requests that do not, to every operation.

    Args:
        app: the application.
        index: the index that is searched; what changes one changes `SCRATCH` or `MADE`.
        seed: decides what is sent.
        language: of problems.
        key: allows every operation.
        examples: random requests for each operation, besides the examples of the document and their variations.
        only: identifiers of the operations to test; all of them by default.
    """
    text = CONFIG.format(seed=seed, examples=examples, index=index, language=language, key=key)
    for operation in operations(app).values():
        text += SEVERAL if operation.name == "multi_search" else ""
        if operation.scope in ("write", "admin"):
            changed = MADE if operation.tag == "indexes" else SCRATCH
            text += CHANGING.format(operation_id=operation.name, index=changed)
            text += LINES if operation.max_body_bytes is None else ""
    config = SchemathesisConfig.from_str(text)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
    findings = Findings()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Generating overly large repr")  # of a random schema or list of searches
        for event in from_schema(schema if only is None else schema.include(operation_id=sorted(only))).execute():
            if isinstance(event, events.ScenarioFinished):
                _collect(event.recorder, schema.raw_schema, findings)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                error = str(getattr(event, "exception", None) or getattr(event, "value", event))
                if FAULT_OF_SCHEMATHESIS not in error:
                    findings.note("schemathesis", type(event).__name__, error)
    return findings


def _collect(recorder: Any, document: Any, findings: Findings) -> None:
    for case_id, interaction in recorder.interactions.items():
        case = recorder.cases[case_id].value
        response = interaction.response
        findings.requests += 1
        if response is None:
            continue
        findings.statuses[recorder.label].add(response.status_code)
        described = document["paths"][case.operation.path].get(case.method.lower(), {}).get("responses", {})
        undocumented = _undocumented_problem(described, response)
        if undocumented:
            findings.note(recorder.label, undocumented, case.as_curl_command())
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                command = recorder.cases[case_id].value.as_curl_command()
                findings.note(recorder.label, check.name, f"{check.failure_info.failure}\n{command}")


def _undocumented_problem(described: Any, response: Any) -> str:
    """Return what of a problem is not in the document, or not in its language; empty if all is well."""
    codes = described.get(str(response.status_code), {}).get("x-problem-codes")
    if codes is None or response.status_code < 400:
        return ""
    content = response.json()
    code = content["code"]
    if response.headers["content-language"] == ["ar"] and not (ARABIC.search(content["title"] + content["detail"])):
        return f"{code} has no Arabic sentence"
    return "" if code in codes else f"{code} is not among the codes of {response.status_code}"
