"""A survey of people, municipality by municipality, in the database: what is stored, shown and exported of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from indicators.actions import protect as protect_module
from indicators.actions.compute import compute_indicators
from indicators.actions.protect import protect_items
from indicators.models import IndicatorValue, Protection, Publication, Status
from indicators.queries.structure import read_structure
from regions.models import Population
from tests.indicators.small_country import UNITS, SmallCountry, make_country
from tests.static_files import plain_static_files  # noqa: F401 - a fixture
from zaitaku.lib.disclosure.protection import Unprotectable
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db
Reason = IndicatorValue.Reason
WHOLE, PART = "survey.wish.respondents", "survey.wish.as_wished"
# 小樽市 has 15 respondents, 3 of them as wished; everything else is large.
RESPONDENTS = {"01101": 200.0, "01102": 300.0, "01202": 150.0, "01203": 60.0, "02201": 90.0, "02202": 80.0}
AS_WISHED = {"01101": 120.0, "01102": 160.0, "01202": 90.0, "01203": 3.0, "02201": 50.0, "02202": 40.0}


@pytest.fixture
def country() -> SmallCountry:
    country = make_country()
    source = country.source(as_of=dt.date(2025, 1, 1), kind=SourceFile.Kind.POPULATION_BY_AGE)
    Population.objects.bulk_create(
        Population(region=country.regions[code], source=source, basis="resident_register", year=2025, count=100_000)
        for code in UNITS
    )
    return country


def _survey(country: SmallCountry, respondents: dict[str, float], as_wished: dict[str, float]) -> SourceFile:
    source = country.source(as_of=dt.date(2025, 10, 1), kind=SourceFile.Kind.PREFECTURE_SURVEY)
    country.observe(WHOLE, 2025, dict(respondents), source=source)
    country.observe(PART, 2025, dict(as_wished), source=source)
    return source


@pytest.fixture
def surveyed(country: SmallCountry) -> SmallCountry:
    _survey(country, RESPONDENTS, AS_WISHED)
    compute_indicators(["X_O06"])
    return country


def test_a_small_count_is_hidden_with_its_rate_and_interval_and_says_why(surveyed: SmallCountry) -> None:
    value = surveyed.value("X_O06", "01203", 2025)
    assert (value.status, value.reason) == (Status.SUPPRESSED, Reason.SMALL_NUMBER)
    assert (value.value, value.numerator, value.lower, value.upper) == (None, None, None, None)


def test_what_would_give_it_away_is_hidden_for_a_reason_of_its_own(surveyed: SmallCountry) -> None:
    """0104 is 札幌's wards and 小樽: 283 as wished. One ward at least must go, and so 札幌市 as a whole."""
    hidden = IndicatorValue.objects.filter(reason=Reason.COULD_BE_WORKED_OUT).values_list("region__code", flat=True)
    assert {"01101", "01102"} & set(hidden)
    assert surveyed.value("X_O06", "0104", 2025).numerator == 283 or "0104" in hidden
    assert surveyed.value("X_O06", "02", 2025).value == pytest.approx(100 * 90 / 170)


def test_the_publication_is_recorded_with_its_audit(surveyed: SmallCountry) -> None:
    publication = Publication.objects.get()
    assert (publication.family, publication.year, publication.result) == (WHOLE, 2025, "passed")
    assert publication.is_current
    assert publication.primary == 1
    assert publication.primary + publication.secondary == Protection.objects.count()


def test_nothing_is_protected_twice_until_a_figure_changes(surveyed: SmallCountry) -> None:
    run = protect_items([PART], read_structure())
    assert (run.made, run.unchanged) == (0, 1)
    _survey(surveyed, {"01203": 61.0}, {"01203": 30.0})
    compute_indicators(["X_O06"], if_needed=True)
    assert surveyed.value("X_O06", "01203", 2025).value == pytest.approx(100 * 30 / 61)
    assert Publication.objects.filter(is_current=True).count() == 1


def test_a_refused_publication_names_the_cells_and_leaves_the_previous_values(
    surveyed: SmallCountry, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = surveyed.value("X_O06", "01101", 2025).value
    _survey(surveyed, {"01202": 151.0}, {"01202": 91.0})

    def refuse(*_arguments: object, **_options: object) -> None:
        raise Unprotectable(["小樽市・希望どおり"])

    monkeypatch.setattr(protect_module, "protect_counts", refuse)
    done = compute_indicators(["X_O06"])
    assert "小樽市・希望どおり" in done.refused["X_O06"]
    assert done.computed == ()
    assert surveyed.value("X_O06", "01101", 2025).value == before
    assert Publication.objects.get(is_current=True).result == "passed"
    assert "小樽市" in Publication.objects.get(result="refused").problem


def test_in_a_village_no_number_is_shown_and_nobody_can_subtract_it(country: SmallCountry) -> None:
    village = country.regions["01203"]
    Population.objects.filter(region=village, age_from__isnull=True).update(count=1_500)
    _survey(country, RESPONDENTS, AS_WISHED)
    compute_indicators(["X_O06"])
    value = country.value("X_O06", "01203", 2025)
    assert (value.numerator, value.denominator, value.reason) == (None, None, Reason.SMALL_NUMBER)


def test_ndb_patients_stay_as_published(country: SmallCountry) -> None:
    source = country.source(as_of=dt.date(2023, 3, 31), kind=SourceFile.Kind.NDB_OPEN_DATA)
    country.observe("ndb.medical.patients.114000110", 2025, {"01": 190.0, "0104": None, "0101": 90.0}, source=source)
    compute_indicators(["ACU_P01"])
    assert country.value("ACU_P01", "0104", 2025).reason == Reason.NUMERATOR_SUPPRESSED
    assert not Publication.objects.exists()


# Everything public, read as a stranger reads it


def _public_rows(client: Client) -> Iterator[dict[str, str]]:
    """Every line of every CSV and JSON of the indicator, at every level."""
    for level, scheme in (("prefecture", ""), ("area", "iryoken2-7"), ("municipality", "")):
        for tab in ("chart", "trend"):
            address = {"level": level, "scheme": scheme, "prefecture": "", "year": "2025", "tab": tab}
            for extension in ("csv", "json"):
                response = client.get(
                    reverse("indicators:indicator-file", args=["X_O06", extension]),
                    {key: value for key, value in address.items() if value or key == "prefecture"},
                )
                assert response.status_code == 200, (extension, level, response.status_code)
                content = b"".join(response) if response.streaming else response.content
                yield from _rows_of(content.decode("utf-8-sig"))


def _rows_of(text: str) -> Iterator[dict[str, str]]:
    if text.lstrip().startswith("{"):
        for row in json.loads(text)["rows"]:
            yield {str(key): "" if value is None else str(value) for key, value in row.items()}
    else:
        yield from csv.DictReader(io.StringIO(text))


def test_nobody_recovers_a_hidden_count_from_all_exports_together(surveyed: SmallCountry, client: Client) -> None:
    """The slow attacker: every whole-number table of the four units of 北海道 that agrees with all that is public."""
    shown: dict[str, float] = {}
    for row in _public_rows(client):
        code = row.get("地域コード") or row.get("region_code") or ""
        numerator = row.get("分子") or row.get("numerator") or ""
        if numerator:
            shown[code] = float(numerator)
    assert "01203" not in shown
    units = ("01101", "01102", "01202", "01203")
    sums = {"01": units, "01100": units[:2], "0104": (units[0], units[1], units[3]), "0101": (units[2],)}
    possible = [table for table in _tables(units, shown) if _fits(dict(zip(units, table, strict=True)), shown, sums)]
    for place, unit in enumerate(units):
        if unit not in shown:
            assert len({table[place] for table in possible}) > 1, unit


def _tables(units: tuple[str, ...], shown: dict[str, float]) -> Iterator[tuple[int, ...]]:
    """Candidates: shown counts as they are, hidden ones anything up to 300, the small one 1 to 9."""
    choices = [
        [int(shown[unit])] if unit in shown else list(range(1, 10)) if unit == "01203" else list(range(10, 301))
        for unit in units
    ]
    yield from itertools.product(*choices)


def _fits(table: dict[str, int], shown: dict[str, float], sums: dict[str, tuple[str, ...]]) -> bool:
    return all(sum(table[part] for part in parts) == shown[total] for total, parts in sums.items() if total in shown)


def test_no_page_shows_what_is_hidden(surveyed: SmallCountry, client: Client) -> None:
    """The hidden share of 小樽市 is 3 ÷ 60 = 5.0 %, its interval 1.7–13.7."""
    for tab in ("chart", "map", "trend", "table"):
        address = reverse("indicators:indicator-detail", args=["X_O06"])
        page = client.get(address, {"level": "municipality", "prefecture": "01", "year": "2025", "tab": tab})
        assert page.status_code == 200
        text = page.content.decode()
        assert "小樽市" in text or tab in ("map", "trend")
        for secret in ("1.7", "13.7", ">5.0<", "[5.0,", ",5.0,"):
            assert secret not in text.replace("stroke-width", ""), (tab, secret)
