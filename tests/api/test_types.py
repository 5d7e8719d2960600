"""Every parameter of a search is typed and described; `test_examples.py` checks answers against their types."""

from __future__ import annotations

import dataclasses
from typing import get_type_hints

import arabic_search_client.schemas as client
from index_config.schema import Field, schema_from_dict
from search_service.api.schemas import definitions
from search_service.search.parameters import Form, parameters
from search_service.search.request import SearchRequest


def test_every_parameter_has_a_description_and_each_form_a_parameter() -> None:
    known = parameters(SearchRequest).values()
    assert all(one.description.endswith(".") for one in known)
    assert {one.form for one in known} == set(Form) - {Form.OBJECTS}


def test_a_schema_has_the_same_keys_in_files_answers_and_the_client() -> None:
    field = {name.name for name in dataclasses.fields(Field)} - {"name"}
    fields = {"title": {"kind": "text", "source": "عنوان"}, "day": {"kind": "date", "facet": True}}
    optional = {"id_from": "sku", "understanding": [], "date": "day", "freshness": 1.0, "lead": 2.0}
    keys = schema_from_dict({"name": "all", "fields": fields, **optional}, "all.toml").to_dict().keys()
    for module in (definitions, client):
        assert get_type_hints(module.FieldDefinition).keys() == field
        assert get_type_hints(module.SchemaDefinition).keys() == keys
