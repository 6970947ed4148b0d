"""Every figure can be followed to the published figures, file, sheet and cell it was made of, on any day since."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions.compute import compute_indicators
from indicators.models import Item, Observation, Status
from indicators.queries.as_at import get_known_days
from indicators.queries.detail import NoSuchView, get_indicator_result
from indicators.queries.traces import NoSuchFigure, get_trace
from indicators.results import IndicatorQuery, State
from indicators.traces import FigureAddress
from institutions.models import Institution, Notification
from regions.models import Population
from tests.html import assert_sound
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.sources.models import ImportRun, SourceFile

pytestmark = pytest.mark.django_db
HOKKAIDO = {"01": 2.0, "01101": 1.0, "01102": 0.0, "01202": 1.0, "01203": 0.0}
VISITS = "ndb.medical.claims.114000110"
CLINIC = "notification.shien_clinic_3"


@pytest.fixture
def country() -> SmallCountry:
    """北海道 has a list of two clinics; 青森県 is not imported."""
    country = make_country()
    source = country.source(as_of=dt.date(2025, 10, 1))
    SourceFile.objects.filter(pk=source.pk).update(prefecture_code="01", sheets=["Sheet1"])
    country.list_clinics(2025, HOKKAIDO, source=source)
    for number, (unit, symbol) in enumerate((("01101", "支援診3"), ("01202", "支援診3")), start=1):
        clinic = Institution.objects.create(
            prefecture=country.regions["01"],
            code=f"011111111{number}",
            kind="clinic",
            name=f"試験診療所{number}",
            search_name=f"試験診療所{number}",
            unit=country.regions[unit],
            listed_from=dt.date(2025, 10, 1),
            source=source,
            source_row=number + 4,
        )
        Notification.objects.create(
            institution=clinic,
            symbol=symbol,
            listed_from=dt.date(2025, 10, 1),
            source=source,
            source_row=number + 4,
        )
    compute_indicators(["DAY_S22", "ACU_P02"])
    return country


def address(kind: str = "prefecture", region: str = "01", **changes: object) -> FigureAddress:
    return FigureAddress(**{"code": "DAY_S22", "kind": kind, "region": region, "year": 2025, **changes})  # type: ignore[arg-type] # arbitrary parts


def test_the_formula_is_told_with_the_very_numbers(country: SmallCountry) -> None:
    """2 clinics over 4,000 people of 75 and over."""
    trace = get_trace(address())
    assert trace.sentence == "2か所 ÷ 4,000人 × 100,000 ＝ 50.0か所/75歳以上10万人"
    assert (trace.figure.value, trace.is_outdated, trace.withheld) == (50.0, False, False)


def test_institutions_that_were_counted_are_listed_with_their_cells(country: SmallCountry) -> None:
    whole, unit = get_trace(address()), get_trace(address("municipality", "01202"))
    assert [(one.name, one.unit_name, one.cell) for one in whole.holders] == [
        ("試験診療所1", "中央区", "O5"),
        ("試験診療所2", "函館市", "O6"),
    ]
    assert [one.name for one in unit.holders] == ["試験診療所2"]
    assert (whole.holders_note, whole.holders_sheet) == ("", "Sheet1")


def test_a_list_that_is_not_kept_whole_says_so(country: SmallCountry) -> None:
    Notification.objects.filter(source_row=5).delete()
    assert "2か所を数えましたが、いま一覧にできるのは1か所です" in get_trace(address()).holders_note


def test_an_area_names_the_municipalities_it_was_added_up_from(country: SmallCountry) -> None:
    trace = get_trace(address("iryoken2-7", "0104"))
    clinics = next(item for item in trace.sides[0].items if item.code == CLINIC)
    assert {(part.name, part.value) for part in clinics.used} == {("中央区", 1), ("北区", 0), ("小樽市", 0)}
    assert "構成する3市区町村" in clinics.how
    assert trace.edition_note.startswith("圏域の版：二次医療圏（2018年4月1日から現在まで）。市区町村の公表値を")


def test_a_nation_without_every_prefecture_names_those_that_are_missing(country: SmallCountry) -> None:
    trace = get_trace(address("nation", "00"))
    clinics = next(item for item in trace.sides[0].items if item.code == CLINIC)
    assert trace.figure.state is State.NOT_IMPORTED
    assert [(one.name, one.reason[:3]) for one in clinics.missing] == [("青森県", "未取込")]
    assert [part.name for part in clinics.used] == ["北海道"]


def test_a_published_cell_is_named_by_sheet_and_cell(country: SmallCountry) -> None:
    ndb = country.source(as_of=dt.date(2023, 3, 31), kind=SourceFile.Kind.NDB_OPEN_DATA)
    SourceFile.objects.filter(pk=ndb.pk).update(sheets=["表紙", "全体"])
    country.observe(VISITS, 2022, {"01": 190.0}, source=ndb)
    Observation.objects.filter(source=ndb).update(sheet=1, row=5, column=7)
    trace = get_trace(address(code="ACU_P02", year=2022))
    (part,) = trace.sides[0].items[0].used
    assert (part.sheet, part.cell, part.text, part.source.sha256) == ("全体", "G5", "190", ndb.sha256)


def test_a_population_between_two_years_shows_both_and_the_step(country: SmallCountry) -> None:
    """3,600 + (4,100 − 3,600) × 2/5 = 3,800."""
    country.people("projection", 2020, {"01": 3_600})
    country.people("projection", 2025, {"01": 4_100})
    Population.objects.filter(year=2020, basis="projection").update(row=6, column=5)
    SourceFile.objects.filter(population__year=2020).update(sheets=["Sheet1"])
    ndb = country.source(as_of=dt.date(2023, 3, 31), kind=SourceFile.Kind.NDB_OPEN_DATA)
    country.observe(VISITS, 2022, {"01": 190.0}, source=ndb)
    below = get_trace(address(code="ACU_P02", year=2022)).sides[1]
    assert below.method.endswith("3,600＋（4,100－3,600）×2/5＝3,800")
    assert [(item.year, item.value) for item in below.items] == [(2020, 3600), (2025, 4100)]
    assert (below.items[0].used[0].sheet, below.items[0].used[0].cell) == ("Sheet1", "E6")


def test_a_hidden_figure_is_hidden_here_too(country: SmallCountry) -> None:
    ndb = country.source(as_of=dt.date(2023, 3, 31), kind=SourceFile.Kind.NDB_OPEN_DATA)
    country.observe(VISITS, 2022, {"01": None}, source=ndb)
    trace = get_trace(address(code="ACU_P02", year=2022))
    assert (trace.figure.state, trace.sides[0].items[0].used[0].text) == (State.SUPPRESSED, Status.SUPPRESSED.label)


def test_parts_of_a_survey_of_people_are_not_shown(country: SmallCountry) -> None:
    """What the rules of disclosure hide of a figure must not come back through its parts."""
    survey = country.source(as_of=dt.date(2023, 3, 31), kind=SourceFile.Kind.PREFECTURE_SURVEY)
    country.observe(VISITS, 2022, {"01": 190.0}, source=survey)
    Item.objects.filter(code=VISITS).update(counts_people=True)
    (part,) = get_trace(address(code="ACU_P02", year=2022)).sides[0].items[0].used
    assert (part.value, part.text) == (None, "非表示（秘匿の規則）")


def test_a_stored_value_from_other_inputs_is_said_to_wait_for_the_next_computation(country: SmallCountry) -> None:
    country.list_clinics(2025, {"01": 3.0}, source=country.source(as_of=dt.date(2026, 1, 1)))
    assert get_trace(address()).is_outdated
    compute_indicators(["DAY_S22"])
    assert not get_trace(address()).is_outdated


def newer_list(country: SmallCountry, *, on: dt.date) -> SourceFile:
    """A list of three clinics, taken in on a day."""
    newer = country.source(as_of=dt.date(2026, 1, 1))
    country.list_clinics(2025, {**HOKKAIDO, "01": 3.0}, source=newer)
    at = timezone.make_aware(dt.datetime.combine(on, dt.time(10)))
    ImportRun.objects.create(source=newer, filename="x", status=ImportRun.Status.APPLIED, started_at=at, finished_at=at)
    compute_indicators(["DAY_S22"])
    return newer


def test_an_earlier_edition_can_be_seen_as_it_was(country: SmallCountry) -> None:
    """Retrieved on 2026-11-01; the newer list was taken in on 2026-11-10."""
    newer_list(country, on=dt.date(2026, 11, 10))
    before = get_trace(address(as_at=dt.date(2026, 11, 9)))
    after = get_trace(address(as_at=dt.date(2026, 11, 10)))
    assert (before.figure.numerator, after.figure.numerator, get_trace(address()).figure.numerator) == (2, 3, 3)
    assert get_known_days("DAY_S22") == (dt.date(2026, 11, 10), dt.date(2026, 11, 1))
    clinics = next(item for item in after.sides[0].items if item.code == CLINIC)
    assert [part.value for part in clinics.replaced] == [2.0]


def test_the_detail_page_as_at_a_day_shows_what_was_known_then(country: SmallCountry, client: Client) -> None:
    newer_list(country, on=dt.date(2026, 11, 10))
    shown = {
        day: get_indicator_result(IndicatorQuery(code="DAY_S22", as_at=day)).rows[0].figure.numerator
        for day in (None, dt.date(2026, 11, 9), dt.date(2026, 11, 10))
    }
    assert shown == {None: 3, dt.date(2026, 11, 9): 2, dt.date(2026, 11, 10): 3}
    page = client.get("/indicators/DAY_S22/?as_at=2026-11-09&prefecture=01").content.decode()
    assert "<strong>2026年11月9日の時点</strong>" in page
    assert 'href="/indicators/DAY_S22/figures/prefecture/01/2025/?as_at=2026-11-09"' in page
    lines = client.get("/indicators/DAY_S22/figures.csv?as_at=2026-11-09&prefecture=01").content.decode("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(lines)))
    assert (first["分子"], first["どの日の時点か"]) == ("2", "2026-11-09")


def test_a_withdrawn_import_counts_on_no_day(country: SmallCountry) -> None:
    newer = newer_list(country, on=dt.date(2026, 11, 10))
    SourceFile.objects.filter(pk=newer.pk).update(withdrawn_at=timezone.now())
    assert get_trace(address(as_at=dt.date(2026, 11, 10))).figure.numerator == 2


def test_before_anything_was_taken_in_there_is_no_figure(country: SmallCountry) -> None:
    day = dt.date(2026, 10, 31)
    with pytest.raises(NoSuchFigure, match="2026年10月31日までに取り込まれた資料に、この指標の値はありません"):
        get_trace(address(as_at=day))
    with pytest.raises(NoSuchView, match="2026年10月31日まで") as refusal:
        get_indicator_result(IndicatorQuery(code="DAY_S22", as_at=day))
    assert refusal.value.nearest.as_at is None


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("figures/prefecture/99/2025/", 404, "地域コード「99」は都道府県にありません"),
        ("figures/planet/01/2025/", 404, "地域の区分「planet」はありません"),
        ("figures/prefecture/01/2030/", 404, "2030年度の値はありません。値があるのは2025年度です"),
        ("figures/prefecture/01/2025/?as_at=soon", 400, "日付「soon」を読み取れません"),
        ("figures/prefecture/01/2025/?as_at=2099-01-01", 400, "まだ来ていません"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(
    country: SmallCountry, client: Client, path: str, status: int, words: str
) -> None:
    response = client.get(f"/indicators/DAY_S22/{path}")
    assert response.status_code == status
    assert words in response.content.decode()
    assert_sound(response.content.decode())


def test_page_and_csv_show_the_same_parts(country: SmallCountry, client: Client) -> None:
    page = client.get("/indicators/DAY_S22/figures/prefecture/01/2025/").content.decode()
    assert_sound(page)
    text = client.get("/indicators/DAY_S22/figures/prefecture/01/2025/evidence.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    counted = [row for row in rows if row["区分"] == "数えた医療機関"]
    assert [(row["資料の地域コード"], row["セル"]) for row in counted] == [("0111111111", "O5"), ("0111111112", "O6")]
    assert sum(float(row["公表値"]) for row in rows if row["区分"] == "分子") == 2
    assert sum(float(row["公表値"]) for row in rows if row["区分"] == "分母") == 4000
    for row in counted:
        assert row["資料の地域名"] in page
        assert row["SHA-256"] in page


def test_the_way_of_a_figure_costs_few_queries(country: SmallCountry) -> None:
    with CaptureQueriesContext(connection) as one:
        get_trace(address())
    with CaptureQueriesContext(connection) as area:
        get_trace(address("iryoken2-7", "0104"))
    assert len(one) <= 24
    assert len(area) <= 24
