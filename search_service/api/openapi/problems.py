"""The problems that the answers of an operation can contain."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus

from search_service.api.operations import BODY_METHODS, Operation
from search_service.api.problems import status_of
from search_service.api.schemas.definitions import IndexDefinition, JobDefinition
from search_service.api.schemas.requests import DeleteRequest
from search_service.core.errors import (
    ClientDisconnected,
    ContentTypeUnsupported,
    DeadlineExceeded,
    EngineFault,
    EngineUnavailable,
    Forbidden,
    ForeignIndex,
    IndexReadOnly,
    InvalidParameter,
    KeysUnavailable,
    RateLimited,
    SearchServiceError,
    ServiceOverloaded,
    StaleIndex,
    Unauthenticated,
    UnknownIndex,
    WriterBusy,
)
from search_service.messages.examples import ERRORS
from search_service.search.parameters import Form, parameters

EVERYWHERE = (ServiceOverloaded, DeadlineExceeded)
OF_CALLERS = (Unauthenticated, Forbidden, RateLimited, KeysUnavailable)
OF_ENGINES = (EngineUnavailable, EngineFault)
OF_INDEXES = (UnknownIndex, ForeignIndex, StaleIndex, *OF_ENGINES)
OF_WRITES = (IndexReadOnly, WriterBusy)

CODES_OF_WRITES = frozenset({
    "changes-busy", "changes-waiting", "commit-failed", "disk-full", "disk-read-only", "document-contended",
    "key-has-filter", "shards-missing", "writer-closed",
})  # fmt: skip
"""Codes of classes that searches meet too, which only a change of an index meets."""

IN_ANY_REQUEST = frozenset({"unknown-parameter", "repeated-parameter", "out-of-range"})
IN_ANY_QUERY = frozenset({"not-an-integer"})
IN_ANY_BODY = frozenset({"wrong-type"})


def problem_codes(operation: Operation, method: str) -> dict[HTTPStatus, list[str]]:
    """Return the codes of the problems of an operation by status."""
    codes: dict[HTTPStatus, list[str]] = defaultdict(list)
    for error in ERRORS:
        if _can_raise(operation, method, error):
            codes[status_of(error)].append(error.code)
    if operation.request is not None:
        codes[HTTPStatus.INTERNAL_SERVER_ERROR].append("internal-error")
    return dict(sorted(codes.items()))


def _can_raise(operation: Operation, method: str, error: SearchServiceError) -> bool:
    if isinstance(error, operation.raises):
        return True
    if (isinstance(error, OF_WRITES) or error.code in CODES_OF_WRITES) and operation.scope not in ("write", "admin"):
        return False
    if isinstance(error, OF_CALLERS):
        return operation.scope is not None
    if operation.request is None or isinstance(error, ClientDisconnected):
        return False
    if isinstance(error, InvalidParameter):
        return _is_of_parameter(operation, method, error)
    if error.code == "not-explained":
        return operation.name == "explain"
    kinds = OF_INDEXES if "index" in operation.variables else OF_ENGINES
    return isinstance(error, (*EVERYWHERE, *kinds, *OF_WRITES))


def _is_of_parameter(operation: Operation, method: str, error: InvalidParameter) -> bool:
    """Whether the operation has the parameter that an error is about."""
    if operation.request is None:
        return False
    in_body = operation.reads_request_from_body(method)
    name = error.parameter.partition(".")[0]
    if isinstance(error, ContentTypeUnsupported):
        return bool(operation.content_types(method))
    if error.code == "id-differs":
        return operation.body is not None and "document_id" in operation.variables
    if name == "schema":
        return operation.body in (IndexDefinition, JobDefinition)
    if operation.body is IndexDefinition and error.code in ("missing-parameter", "wrong-type"):
        return True
    if operation.body is JobDefinition and error.code in ("missing-parameter", "wrong-type", "not-one-of"):
        return True
    if error.code == "not-one-of" and any(one.options for one in parameters(operation.request).values()):
        return True
    if error.code in ("condition-required", "value-required"):
        return issubclass(operation.request, DeleteRequest)
    if error.code == "not-a-boolean" and not in_body:
        forms = {one.form for one in parameters(operation.request).values()}
        return bool(forms & {Form.FLAG, Form.VALUES})
    if name == "body":
        return method in BODY_METHODS and (in_body or operation.body is not None)
    if error.code in IN_ANY_REQUEST or error.code in (IN_ANY_BODY if in_body else IN_ANY_QUERY):
        return True
    if error.code == "not-one-of":
        return any(one.options for one in parameters(operation.request).values())
    if error.code == "not-sortable":
        return "sort" in parameters(operation.request) and not parameters(operation.request)["sort"].options
    if error.code == "too-long" and "searches" in parameters(operation.request):
        return True
    if error.code == "answer-too-large":
        return bool(operation.smaller_with)
    if error.code == "page-too-large":
        return "source" in parameters(operation.request)
    if error.code == "missing-parameter":
        return any(field.is_required() for field in operation.request.model_fields.values())
    if error.code in IN_ANY_BODY | IN_ANY_QUERY:
        return False
    known = {*parameters(operation.request), *operation.variables}
    return name in known or (name == "facets" and "field" in known)
