"""The service over an Elasticsearch that fails, as its callers, its readers and its administrator see it."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from search_service.analysis.analyzer import Analysis
from search_service.config.settings import ElasticsearchSettings
from search_service.core.index_name import IndexName
from search_service.engines.elasticsearch.engine import make_elasticsearch_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app

SEARCH = "/v1/indexes/news/search?q=الخبر"
PAGE = "/?q=الخبر"
UNAVAILABLE, SILENT = "The search engine is not available", "محرك البحث لا يستجيب"
"""What a problem document and a page say of an engine that cannot be used."""

REQUEST_ID = re.compile(r" \[request \w+\]$")

SECRETS = re.compile("secret", re.IGNORECASE)
"""Every secret of these tests has this word in it."""


class Site:
    """A service whose index is `news`.

    Args:
        settings: where its Elasticsearch is.
        analysis: how texts are read.
        caplog: what is logged.
    """

    def __init__(self, settings: ElasticsearchSettings, analysis: Analysis, caplog: pytest.LogCaptureFixture) -> None:
        self.url = settings.urls[0]
        self.analysis = analysis
        self.engine = make_elasticsearch_engine(settings, analysis)
        self.client = create_app(SearchService(self.engine), IndexName("news")).test_client()
        self._caplog = caplog

    def get(self, address: str = SEARCH) -> Any:
        """Return the content of an answer."""
        response = self.client.get(address)
        assert response.status_code == 200, response.text
        return response.get_json()

    def problem(self, status: int, title: str, address: str = SEARCH) -> str:
        """Ask for something that fails; return what is wrong. It is logged in one line, with its code."""
        response, logged = self._ask(address)
        assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.text
        content = response.get_json()
        assert (content["status"], content["title"]) == (status, title)
        detail = str(content["detail"])
        if status >= 500 and address != "/readyz":
            assert len(logged) == 1, logged
            assert f": {content['code']}" in logged[0]
        return detail

    def page(self, status: int, heading: str) -> TestResponse:
        """Ask for the search page, which fails with a page of its own."""
        response, logged = self._ask(PAGE)
        assert (response.status_code, response.mimetype) == (status, "text/html"), response.text
        assert f"<h1>{heading}</h1>" in response.text
        assert len(logged) == (status >= 500), logged
        return response

    def fails(self, status: int, title: str, heading: str) -> str:
        """Ask for a search and for the search page, which both fail; return what is wrong."""
        detail = self.problem(status, title)
        self.page(status, heading)
        return detail

    def logged(self) -> list[str]:
        """Return what was logged since the last call."""
        found = [record for record in self._caplog.records if record.levelno >= logging.WARNING]
        self._caplog.clear()
        for record in found:
            assert record.exc_info is None, record.getMessage()
            assert "\n" not in record.getMessage()
        # A handler of the process that an earlier test has set up may have added the id of the request.
        return [REQUEST_ID.sub("", record.getMessage()) for record in found]

    def _ask(self, address: str) -> tuple[TestResponse, list[str]]:
        self.logged()
        response = self.client.get(address)
        logged = self.logged()
        for text in (response.text, *logged):
            assert "Traceback" not in text
            assert not SECRETS.search(text)
        return response, logged
