"""Every parameter of a search is typed and described; `test_examples.py` checks answers against their types."""

from __future__ import annotations

from search_service.search.parameters import Form, parameters
from search_service.search.request import SearchRequest


def test_every_parameter_has_a_description_and_each_form_a_parameter() -> None:
    known = parameters(SearchRequest).values()
    assert all(one.description.endswith(".") for one in known)
    assert {one.form for one in known} == set(Form) - {Form.OBJECTS}
