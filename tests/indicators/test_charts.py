"""Every chart is what plotly.js can read: Plotly's own classes, which take too long for the pages, check it here."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

import plotly.graph_objects as go
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from indicators.actions.compute import compute_indicators
from indicators.charts.profile_pictures import outlook_figure, spine_figure
from indicators.profiles import ProfileQuery
from indicators.queries.profile import get_profile
from regions.models import Population
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.lib.figures import Chart, base_figure, figure_data

pytestmark = pytest.mark.django_db
CLINICS = {"01101": 4.0, "01102": 12.0, "01202": 0.0, "01203": 3.0, "02201": 5.0, "02202": 0.0}
PEOPLE = {"01101": 240_000, "01102": 280_000, "01202": 4_000, "01203": 11_000, "02201": 27_000, "02202": 16_000}
CHARTS = {
    "bars": "/indicators/DAY_S22/?prefecture=01",
    "bars of municipalities": "/indicators/DAY_S22/?level=municipality",
    "trend": "/indicators/DAY_S22/?prefecture=01&tab=trend",
    "funnel": "/indicators/DAY_S22/?level=municipality&tab=funnel",
    "comparison": "/comparison/?area=01&area=02&basket=DAY_S22.DAY_S23",
    "scatter": "/scatter/?x=DAY_S22&y=DAY_S23&prefecture=01",
    "municipalities of the country": "/national/?tab=municipalities",
    "group": "/groups/view/?units=01202.01203",
}


@pytest.fixture(scope="module")
def computed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCountry]:
    """Clinics of two years and the people, computed once."""
    with django_db_blocker.unblock(), transaction.atomic():
        country = make_country()
        register = country.source(as_of=dt.date(2025, 1, 1), kind="population_by_age")
        Population.objects.bulk_create(
            Population(region=country.regions[code], source=register, basis="resident_register", year=2025, count=count)
            for code, count in PEOPLE.items()
        )
        for year in (2024, 2025):
            country.list_clinics(year, CLINICS, source=country.source(as_of=dt.date(year, 10, 1)))
        compute_indicators(["DAY_S22", "DAY_S23", "X_S05"])
        yield country
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_on_a_page_is_valid(client: Client, computed: SmallCountry, db: None, name: str) -> None:
    cache.clear()
    page = client.get(CHARTS[name]).content.decode()
    found = re.findall(r'<script type="application/json" data-chart-\w+>(.*?)</script>', page, flags=re.DOTALL)
    assert found
    for script in found:
        check(json.loads(script))


def test_the_pictures_of_a_profile_are_valid(computed: SmallCountry, db: None) -> None:
    result = get_profile(ProfileQuery(prefecture="01", scheme="iryoken2-7"))
    for chart in (spine_figure(result), outlook_figure(result)):
        check(figure_data(chart))


def test_the_checks_find_what_plotly_does_not_know() -> None:
    chart = base_figure(height=100)
    chart.update_xaxes(tickfont={"sise": 12})
    with pytest.raises(ValueError, match="sise"):
        check(figure_data(chart))


def test_a_change_of_a_part_leaves_the_other_parts() -> None:
    chart = Chart([], {"xaxis": {"title": {"text": "年", "font": {"size": 13}}}})
    chart.update_xaxes(title={"text": "年度"}, tickvals=[1])
    assert chart.layout["xaxis"] == {"title": {"text": "年度", "font": {"size": 13}}, "tickvals": [1]}


def check(chart: dict[str, object]) -> None:
    """Raise ValueError for anything that plotly.js has no name for."""
    go.Figure(data=chart["data"], layout=chart["layout"])
