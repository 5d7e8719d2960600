"""Which queries are questions."""

from __future__ import annotations

import pytest

from search_service.analysis.analyzer import Analysis
from search_service.query.resources import packaged_resources
from search_service.search.planner import parse


def is_question(text: str, analysis: Analysis) -> bool:
    return parse(text, analysis, packaged_resources(analysis).get()).is_question


@pytest.mark.parametrize(
    "text",
    [
        "متى تأسست جامعة الأزهر",
        "متي تاسست جامعه الازهر",
        "أين تقع بحيرة فيكتوريا",
        "ومتى انتهت الحرب",
        "فكيف بدأت",
        "كم عدد سكان المغرب",
        "ما هو أطول نهر",
        "ما هي عاصمة كندا",
        "من هو مؤسس الدولة الأموية",
        "في أي سنة ولد ابن خلدون",
        "هل تنجح المفاوضات",
        "اسم الخليفة مؤسس بغداد؟",
        "اسم الخليفة مؤسس بغداد ؟ ",
        "the capital of France?",
    ],
)
def test_a_query_is_read_as_a_question(analysis: Analysis, text: str) -> None:
    assert is_question(text, analysis)


@pytest.mark.parametrize(
    "text",
    [
        "من القاهرة إلى بغداد",
        "ما بعد الحرب الباردة",
        "ما وراء الطبيعة",
        "متى",
        "كيفية التسجيل",
        "هلال رمضان",
        "وكيل الوزارة",
        "أسئلة وأجوبة: هل ومتى",
        "درجات الحرارة؟",
        "؟",
        "",
    ],
)
def test_a_query_is_not_read_as_a_question(analysis: Analysis, text: str) -> None:
    assert not is_question(text, analysis)
