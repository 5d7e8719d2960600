"""The operations of the service as methods of both clients."""

from __future__ import annotations

from arabic_search_client.methods import Method
from arabic_search_client.operations import administration, documents, searching


class Operations:
    """The operations by the names of the OpenAPI document. The methods of `AsyncClient` are awaited."""

    search = Method(searching.search)
    search_if_changed = Method(searching.search_if_changed)
    multi_search = Method(searching.multi_search)
    facet_values = Method(searching.facet_values)
    suggest = Method(searching.suggest)
    similar_documents = Method(searching.similar_documents)
    explain = Method(searching.explain)
    analyze = Method(searching.analyze)
    highlight = Method(searching.highlight)

    get_document = Method(documents.get_document)
    get_document_if_changed = Method(documents.get_document_if_changed)
    put_document = Method(documents.put_document)
    patch_document = Method(documents.patch_document)
    delete_document = Method(documents.delete_document)
    delete_documents = Method(documents.delete_documents)

    list_indexes = Method(administration.list_indexes)
    describe_index = Method(administration.describe_index)
    create_index = Method(administration.create_index)
    delete_index = Method(administration.delete_index)
    start_job = Method(administration.start_job)
    list_jobs = Method(administration.list_jobs)
    get_job = Method(administration.get_job)
    cancel_job = Method(administration.cancel_job)

    healthz = Method(administration.healthz)
    readyz = Method(administration.readyz)
    openapi = Method(administration.openapi)
    problem = Method(administration.problem)
