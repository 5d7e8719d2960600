"""What the page shows of what was found: each sentence once, whole where it can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from index_config.schema import load_schema
from search_service.config.settings import Settings
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.search.service import SearchService
from search_service.web.app import create_app

from .conftest import fill
from .test_page import get

LEAD = "وافق مجلس الوزراء على مشروع النهر الجديد في جلسة عقدها أمس"
REST = "ويمتد ثلاثين كيلومترا بين الجبل والبحر، ويسقي عشرين قرية من قرى الوادي القديم كلها. "


def client_of(folder: Path, *documents: Mapping[str, Any]) -> FlaskClient:
    engine = make_engine(Settings(index_dir=folder))
    fill(engine, "news", load_schema("news"), documents)
    return create_app(SearchService(engine), IndexName("news")).test_client()


def test_an_abstract_that_begins_the_text_is_shown_once(tmp_path: Path) -> None:
    document = {"id": "a", "title": "قرار", "abstract": LEAD, "text": f"القاهرة - {LEAD}.\n{REST * 3}"}
    client = client_of(tmp_path, document)
    for url in ("/?q=" + quote("النهر"), "/documents/a", "/documents/a?q=" + quote("النهر")):
        assert get(client, url).text.count("مشروع") == 1, url


def test_a_snippet_ends_with_its_sentence_or_with_its_word_and_an_ellipsis(tmp_path: Path) -> None:
    long = " ".join(f"كلمة{number}" for number in range(60))
    texts = {"a": f"{LEAD}.\n{REST * 3}", "b": f"{LEAD}. {REST * 3}", "c": f"{LEAD} {long}"}
    client = client_of(tmp_path, *({"id": name, "title": "قرار", "text": text} for name, text in texts.items()))
    answer = client.get("/?q=" + quote("النهر")).text
    snippets = [re.sub("<[^>]+>", "", text) for text in re.findall(r'<p class="snippet"[^>]*>(.*?)</p>', answer, re.S)]
    assert sorted(text[-2:] for text in snippets if "كلمة1" not in text) == ["ا.", "ا."]
    assert [text[-2:] for text in snippets if "كلمة1" in text] == ["\N{NO-BREAK SPACE}…"]
