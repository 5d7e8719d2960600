"""Histograms of collections from a week of news to ten thousand years."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_service.core.results import FacetBucket
from search_service.web import histogram
from search_service.web.messages.arabic import ARABIC
from search_service.web.messages.wording import Wording
from search_service.web.url_state import State

WORDS = Wording(ARABIC)


def show(client: FlaskClient, counts: dict[str, int], **state: str) -> histogram.Histogram | None:
    counted = [FacetBucket(date, count) for date, count in counts.items()]
    counted_by = "day" if len(next(iter(counts), "")) > len("2024-01") else "month"
    with client.application.test_request_context():
        return histogram.histogram(counted, State(tuple(state.items())), WORDS, counted_by)


def bars_of(client: FlaskClient, counts: dict[str, int], **state: str) -> list[histogram.Bar]:
    shown = show(client, counts, **state)
    return shown.bars if shown else []


def test_empty_months_between_others_have_bars(client: FlaskClient) -> None:
    bars = bars_of(client, {"2023-12": 4, "2024-02": 1})
    assert [(bar.count, bar.height) for bar in bars] == [(4, 100), (0, 0), (1, 25)]
    assert bars[2].href == "/?date_from=2024-02-01&date_to=2024-02-29"
    assert bars[2].label == "شباط/فبراير 2024"


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        ("2025-12", ("2020", "2025")),
        ("2150-01", ("2020 – 2029", "2150 – 2159")),
        ("2999-01", ("2000 – 2099", "2900 – 2999")),
    ],
)
def test_bars_become_years_decades_and_centuries(client: FlaskClient, last: str, labels: tuple[str, str]) -> None:
    bars = bars_of(client, {"2020-05": 1, last: 1})
    assert (bars[0].label, bars[-1].label) == labels
    assert len(bars) <= histogram.MAX_BARS


def test_the_first_and_the_last_date(client: FlaskClient) -> None:
    bars = bars_of(client, {"0001-01": 1, "9999-12": 1})
    assert bars[0].href == "/?date_from=0001-01-01&date_to=0999-12-31"
    assert bars[-1].href.endswith("date_to=9999-12-31")


def test_a_chosen_range_has_finer_bars(client: FlaskClient) -> None:
    months = {"0950-01": 5, "2020-05": 1, "2020-07": 2}
    bars = bars_of(client, months, date_from="2020-01-01", date_to="2020-12-31")
    assert [bar.count for bar in bars] == [0, 0, 0, 0, 1, 0, 2], "up to the last document"
    assert all(bar.chosen for bar in bars)


def test_a_chosen_month_is_shown_by_day_with_the_way_back(client: FlaskClient) -> None:
    shown = show(
        client, {"2018-09-30": 5, "2018-10-02": 3, "2018-10-31": 1}, date_from="2018-10-01", date_to="2018-10-31"
    )
    assert shown is not None
    assert [(bar.first, bar.count) for bar in shown.bars if bar.count] == [("2018-10-02", 3), ("2018-10-31", 1)]
    assert len(shown.bars) == 31
    assert all(bar.chosen for bar in shown.bars)
    assert [(link.text, link.href) for link in shown.path] == [
        ("كل التواريخ", "/"),
        ("2018", "/?date_from=2018-01-01&date_to=2018-12-31"),
        ("تشرين الأول/أكتوبر 2018", ""),
    ]


def test_a_chosen_day_is_shown_within_its_month(client: FlaskClient) -> None:
    bars = bars_of(client, {"2018-10-02": 3, "2018-10-05": 1}, date_from="2018-10-05", date_to="2018-10-05")
    assert (len(bars), [bar.first for bar in bars if bar.chosen]) == (31, ["2018-10-05"])


def test_a_dense_time_is_shown_in_finer_steps_between_all_earlier_and_all_later_dates(client: FlaskClient) -> None:
    months = {"2012-03": 1, "2018-01": 60, "2018-11": 39, "2021-05": 2}
    bars = bars_of(client, months)
    assert [(bar.first, bar.last, bar.count) for bar in bars if bar.count] == [
        ("", "2017-12-31", 1),
        ("2018-01-01", "2018-01-31", 60),
        ("2018-11-01", "2018-11-30", 39),
        ("2019-01-01", "", 2),
    ]
    assert bars[0].href == "/?date_to=2017-12-31"
    assert sum(bar.count for bar in bars) == sum(months.values())


@pytest.mark.parametrize("ends", [{"date_from": "2020-06-01"}, {"date_to": "2020-06-30"}], ids=str)
def test_a_range_with_one_end_is_shown_to_the_last_or_first_document(client: FlaskClient, ends: dict[str, str]) -> None:
    bars = bars_of(client, {"2020-05": 1, "2020-06": 2, "2020-07": 3}, **ends)
    assert len(bars) == 2
    assert all(bar.chosen for bar in bars)


def test_dates_without_documents_leave_all_bars_to_choose_from(client: FlaskClient) -> None:
    bars = bars_of(client, {"2020-05": 1, "2020-07": 3}, date_from="1990-01-01", date_to="1990-12-31")
    assert [bar.count for bar in bars] == [1, 0, 3]
    assert not any(bar.chosen for bar in bars)


def test_documents_of_one_week_are_shown_by_day(client: FlaskClient) -> None:
    assert histogram.is_short([FacetBucket("2024-01", 4)])
    bars = bars_of(client, {"2024-01-03": 2, "2024-01-08": 2})
    assert [bar.count for bar in bars] == [2, 0, 0, 0, 0, 2]


def test_one_day_has_no_bars(client: FlaskClient) -> None:
    assert bars_of(client, {"2024-01-05": 9}) == []
    assert bars_of(client, {}) == []


@given(
    st.dictionaries(st.dates(date(1, 1, 1)), st.integers(1, 1000), min_size=1, max_size=40),
    st.none() | st.tuples(st.dates(date(1, 1, 1)), st.dates(date(1, 1, 1))),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_bars_of_all_dates_count_every_document_and_never_overlap(
    client: FlaskClient, counts: dict[date, int], chosen: tuple[date, date] | None
) -> None:
    days = {day.isoformat(): counts[day] for day in sorted(counts)}
    state = dict(zip(("date_from", "date_to"), map(str, sorted(chosen)), strict=True)) if chosen else {}
    bars = bars_of(client, days, **state)
    assert len(bars) <= histogram.MAX_BARS + 2
    assert all(one.last < other.first for one, other in pairwise(bars))
    if bars and not chosen:
        assert sum(bar.count for bar in bars) == sum(counts.values())
