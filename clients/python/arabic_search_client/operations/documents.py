"""Operations on documents. Changes need a key of scope `write`; what has been answered is durable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Unpack

import httpx

from arabic_search_client.answers.documents import Document, LineResult, Removal, WrittenDocument
from arabic_search_client.calls import (
    JSON,
    MERGE_PATCH,
    NDJSON,
    Call,
    content_of,
    headers_of,
    json_bytes,
    nothing_of,
    path_of,
    query_string,
    reading,
    tagged_content_of,
    unless_unchanged,
)
from arabic_search_client.parameters import (
    ChangeParameters,
    CommonParameters,
    RefreshParameters,
    RemovalParameters,
)


def get_document(index: str, document_id: str, **parameters: Unpack[CommonParameters]) -> Call[Document]:
    """Return a document as it was written, with every change that is acknowledged."""
    return reading(path_of("v1", "indexes", index, "documents", document_id), parameters, tagged_content_of)


def get_document_if_changed(
    index: str, document_id: str, etag: str, **parameters: Unpack[CommonParameters]
) -> Call[Document | None]:
    """Return a document; None if it is still that with this `etag`."""
    asked = {**parameters, "if_none_match": etag}
    path = path_of("v1", "indexes", index, "documents", document_id)
    return reading(path, asked, unless_unchanged(tagged_content_of))


def put_document(
    index: str, document_id: str, document: Mapping[str, Any], **parameters: Unpack[ChangeParameters]
) -> Call[WrittenDocument]:
    """Add a document, or replace the one of the same id."""
    return _change("PUT", index, document_id, parameters, tagged_content_of, json_bytes(document))


def patch_document(
    index: str, document_id: str, changes: Mapping[str, Any], **parameters: Unpack[ChangeParameters]
) -> Call[WrittenDocument]:
    """Change some fields of a document: None removes a field (JSON merge patch, RFC 7396)."""
    return _change("PATCH", index, document_id, parameters, tagged_content_of, json_bytes(changes))


def delete_document(index: str, document_id: str, **parameters: Unpack[ChangeParameters]) -> Call[None]:
    """Remove a document.

    Raises:
        UnknownDocument: there is none; also if the answer to an earlier try was lost.
    """
    return _change("DELETE", index, document_id, parameters, nothing_of)


def _change(
    method: str, index: str, document_id: str, parameters: ChangeParameters, read: Any, body: bytes | None = None
) -> Call[Any]:
    headers = headers_of(parameters)
    return Call(
        method=method,
        path=path_of("v1", "indexes", index, "documents", document_id) + query_string(parameters),
        body=body,
        content_type=MERGE_PATCH if method == "PATCH" else JSON,
        headers=headers,
        read=read,
        # Once such a change is made, its condition no longer holds; and a patch may meet what others changed since.
        is_repeatable=method != "PATCH" and not headers,
    )


def delete_documents(index: str, **parameters: Unpack[RemovalParameters]) -> Call[Removal]:
    """Remove the documents that filters select; try it with `dry_run=True` first.

    Repeat it while `complete` of the answer is False.

    Raises:
        ValueError: a filter has no value.
    """
    for name, values in parameters.get("filters", {}).items():
        if not isinstance(values, int) and not values:  # a query string would lose it, and select more
            raise ValueError(f"`filters`: no value for {name!r}")
    path = path_of("v1", "indexes", index, "documents") + query_string(parameters)
    return Call(method="DELETE", path=path, read=content_of)


def change_documents(
    index: str, lines: bytes, before: int = 0, **parameters: Unpack[RefreshParameters]
) -> Call[list[LineResult]]:
    """Add, replace and remove the documents of some lines of JSON; `before` is the number of those sent before."""

    def read(response: httpx.Response) -> list[LineResult]:
        results: list[LineResult] = [json.loads(line) for line in response.content.splitlines()]
        for result in results:
            result["line"] += before
        return results

    path = path_of("v1", "indexes", index, "documents") + query_string(parameters)
    return Call(method="POST", path=path, body=lines, content_type=NDJSON, read=read)
