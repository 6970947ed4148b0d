"""県・圏域プロファイル on a country small enough to work out by hand; page, CSV, JSON and XLSX say the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from indicators.actions.compute import compute_indicators
from indicators.charts.profile import scale_of, spine_drawing
from indicators.profiles import ProfileQuery, ProfileResult
from indicators.queries.profile import NoSuchProfile, get_profile
from regions.models import AreaMembership, AreaScheme, Population, Region
from tests.html import assert_sound
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.lib.statistics.comparison import Position
from zaitaku.sources.models import SourceFile

SCHEME = "iryoken2-7"
# 支援診３ by unit: 31 in 北海道 (775.0 per 100,000 of 4,000), 2 in 青森県 (100.0 of 2,000), 33 in all (550.0 of 6,000).
CLINICS = {"01101": 20.0, "01102": 10.0, "01202": 0.0, "01203": 1.0, "02201": 2.0, "02202": 0.0}


@pytest.fixture(scope="module")
def computed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCountry]:
    """Clinics, hospitals (none) and all that follows, computed once; each test changes it for itself alone."""
    with django_db_blocker.unblock(), transaction.atomic():
        country = make_country()
        country.list_clinics(2025, CLINICS, source=country.source(as_of=dt.date(2025, 10, 1)))
        add_demand(country)
        add_people(country)
        compute_indicators(["DAY_S02", "DAY_S22", "DAY_S23", "X_S13"])
        yield country
        transaction.set_rollback(True)


@pytest.fixture
def country(computed: SmallCountry, db: None) -> SmallCountry:
    """The country inside the transaction of a test."""
    return computed


def add_demand(country: SmallCountry) -> None:
    """構想区域 0151 = the area 0104, 0152 = 0101; 青森県 is one with 弘前市 alone outside any."""
    scheme = AreaScheme.objects.create(
        key="kosoiki", kind="vision_area", name="構想区域", effective_from=dt.date(2016, 4, 1)
    )
    for code, units in {"0151": ("01101", "01102", "01203"), "0152": ("01202",), "0251": ("02201",)}.items():
        area = Region.objects.create(
            kind="area", code=code, name=f"区域{code}", parent=country.regions[code[:2]], scheme=scheme
        )
        country.regions[code] = area
        AreaMembership.objects.bulk_create(
            AreaMembership(scheme=scheme, area=area, unit=country.regions[unit]) for unit in units
        )
    source = country.source(as_of=dt.date(2026, 3, 1))
    for year, figures in {2024: {"0151": 93.0, "0152": 20.0}, 2040: {"0151": 124.0, "0152": 30.0}}.items():
        country.observe("demand.home_visit", year, {**figures, "01": sum(figures.values())}, source=source)


def add_people(country: SmallCountry) -> None:
    """Projected people of 75 and over: 1,000 in each unit in 2025 and 1,200 in 2040; 85 and over now."""
    projection = country.source(as_of=dt.date(2023, 12, 1), kind=SourceFile.Kind.POPULATION_PROJECTION)
    register = country.source(as_of=dt.date(2025, 1, 1), kind=SourceFile.Kind.POPULATION_BY_AGE)
    for code, units in {"01": 4, "01101": 1, "01102": 1, "01203": 1}.items():
        region = country.regions[code]
        for year, people in ((2025, 1000), (2040, 1200)):
            Population.objects.create(
                region=region, source=projection, basis="projection", year=year, age_from=75, count=people * units
            )
        Population.objects.create(
            region=region, source=register, basis="resident_register", year=2025, count=10_000 * units
        )
        Population.objects.create(
            region=region, source=register, basis="resident_register", year=2025, age_from=85, count=300 * units
        )


def profile(prefecture: str, **place: str) -> ProfileResult:
    return get_profile(ProfileQuery(prefecture=prefecture, scheme=SCHEME, **place))


def test_the_first_look_names_the_certain_gaps_with_their_numbers(country: SmallCountry) -> None:
    """青森県: 2 clinics, at most 7.2 given chance (361 per 100,000), below the national 550.0."""
    look = profile("02").first_look
    assert [one.card.code for one in look.gaps] == ["DAY_S02", "DAY_S22"]
    assert look.gaps[1].sentence == (
        "青森県の在宅療養支援診療所数（計）（75歳以上10万人あたり）は100.0か所（実数2か所、2025年度）。"
        "全国550.0か所の0.18倍で、偶然では説明しにくい差です（望ましくない側）。"
    )
    # 従来型, 計, and no hospitals anywhere: three comparisons, 0.15 by chance alone (shown as 0.2).
    assert (look.compared, look.certain_gaps) == (3, 2)
    assert "3指標を比べました" in look.notes[0]
    assert "約0.2指標" in look.notes[0]


def test_the_home_page_says_the_same_as_the_profile(client: Client, country: SmallCountry) -> None:
    page = client.get("/?prefecture=02").content.decode()
    assert_sound(page)
    assert all(one.sentence in page for one in profile("02").first_look.gaps)
    assert "（95％区間 " in page


def test_what_chance_may_explain_is_no_gap(country: SmallCountry) -> None:
    """北海道: 31 clinics, 21.1 to 44.0 given chance, 527 to 1,100 per 100,000; the nation has 550.0."""
    result = profile("01")
    assert not result.first_look.gaps
    row = next(row for row in result.rows if row.card.code == "DAY_S22")
    assert (row.figure.text, row.position, row.mark.word) == ("775.0", Position.SAME, "差があるとは言えない")


def test_a_change_over_five_years_is_told_where_chance_does_not_explain_it(country: SmallCountry) -> None:
    for year, count in zip(range(2021, 2026), (10.0, 40.0, 80.0, 120.0, 160.0), strict=True):
        if year < 2025:
            country.people("resident_register", year, dict.fromkeys(CLINICS, 1000))
        source = country.source(as_of=dt.date(year, 11, 1))
        country.list_clinics(year, {**CLINICS, "01101": count}, source=source)
    compute_indicators(["DAY_S22"])
    look = profile("01").first_look
    # 北海道: 10 + 10 + 0 + 1 = 21 (525.0) in 2021, 171 (4,275.0) in 2025.
    assert [one.sentence for one in look.changes] == [
        "北海道の在宅療養支援診療所数（計）は2021年度の525.0か所から2025年度の4,275.0か所へ増えました。"
        "偶然では説明しにくい変化です。"
    ]


def test_without_a_national_value_the_prefectures_that_have_one_stand_in_for_it(country: SmallCountry) -> None:
    """秋田県 has no list: the nation has no value, the other two together have 33 ÷ 6,000."""
    add = country.regions
    add["05"] = Region.objects.create(kind="prefecture", code="05", name="秋田県", parent=add["00"])
    add["05201"] = Region.objects.create(
        kind="municipality", code="05201", name="秋田市", parent=add["05"], is_base_unit=True
    )
    compute_indicators(["DAY_S22"])
    result = profile("02")
    row = next(row for row in result.rows if row.card.code == "DAY_S22")
    assert (row.reference.label, row.reference.text, row.position) == ("2都道府県計", "550.0", Position.LOWER)
    assert any("2都道府県計" in note for note in result.notes)
    missing = next(row for row in profile("05").rows if row.card.code == "DAY_S22")
    assert missing.figure.value is None
    assert missing.position is Position.NOT_COMPARED


def test_the_matrix_compares_each_area_with_its_prefecture(country: SmallCountry) -> None:
    """函館 (0101): none, at most 3.7 given chance (369 per 100,000), below 775.0; 札幌・小樽 (0104): 31 of 3,000."""
    matrix = profile("01").matrix
    assert [part.code for part in matrix.parts] == ["0101", "0104"]
    row = next(row for row in matrix.rows if row.card.code == "DAY_S22")
    assert row.reference.text == "775.0"
    assert [(cell.figure.text, cell.position, cell.mark.symbol) for cell in row.cells] == [
        ("0.0", Position.LOWER, "▽"),
        ("1,033.3", Position.SAME, ""),
    ]


def test_inequality_names_the_municipalities_without_any(country: SmallCountry) -> None:
    inequality = profile("01").inequality
    assert [part.name for part in inequality.without] == ["函館市"]
    measures = {measure.key: measure for measure in inequality.measures}
    assert (measures["none"].figure.text, measures["none"].sentence) == ("25.0", "4市区町村のうち1（函館市）。")
    # 中央区 20 of 1,000 people, 函館市 none.
    assert measures["gap"].figure.value == 2000
    assert "最大は中央区の2,000.0、最小は函館市の0.0" in measures["gap"].sentence


def test_demand_of_an_area_is_that_of_the_vision_areas_that_fit_exactly(country: SmallCountry) -> None:
    """0104 = 構想区域 0151: 93 visits a month in 2024, 124 in 2040 (1.33 times); 31 institutions: 3.0 → 4.0 each."""
    outlook = profile("01", area="0104").outlook
    lines = {line.key: line for line in outlook.lines}
    assert lines["demand"].values == (93.0, 124.0)
    assert lines["75plus"].values == (3000.0, 3600.0)
    assert lines["75plus"].change == "1.20倍（2025→2040年）"
    assert lines["65plus"].values == (None, None)
    assert "月93件から2040年の月124件へ、1.33倍" in outlook.finding
    assert "1か所あたりの需要は月3.0件から4.0件" in outlook.finding
    assert any("85歳以上は" in note and "900人" in note for note in outlook.notes)


def test_where_areas_and_vision_areas_do_not_coincide_no_demand_is_made_up(country: SmallCountry) -> None:
    """0201 is 青森市 and 弘前市, the 構想区域 青森市 alone; a ward is smaller than its 構想区域."""
    for place in ({"prefecture": "02", "area": "0201"}, {"prefecture": "01", "municipality": "01101"}):
        outlook = profile(**place).outlook
        assert "demand" not in {line.key for line in outlook.lines}
        assert any("構想区域と一致しない" in note for note in outlook.notes)
    assert profile("01").outlook.lines[-1].values == (113.0, 154.0)


def test_a_municipality_has_a_profile_with_nothing_inside(country: SmallCountry) -> None:
    result = profile("01", municipality="01203")
    assert result.name == "小樽市"
    assert not result.matrix.rows
    assert not result.inequality.measures
    assert [one.name for one in result.introduction.above] == ["北海道", "0104"]


def test_page_csv_json_and_xlsx_show_the_same_figures(client: Client, country: SmallCountry) -> None:
    address = f"prefecture=01&scheme={SCHEME}"
    page = client.get(f"/profile/?{address}").content.decode()
    assert_sound(page)
    lines = list(csv.DictReader(io.StringIO(client.get(f"/profile/figures.csv?{address}").content.decode("utf-8-sig"))))
    rows = json.loads(client.get(f"/profile/figures.json?{address}").content)["rows"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/profile/figures.xlsx?{address}").content))
    sheet = list(book["データ"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == len(rows) == len(sheet) == len(profile_rows(country))
    for line, row, cells in zip(lines, rows, sheet, strict=True):
        number = float(line["値"]) if line["値"] else None
        assert number == row["value"] == cells[9], line
        assert line["地域コード"] == row["region_code"] == cells[7]
        assert line["状態"] == row["status"] == cells[28]
        decimals = 0 if line["部分"] == "人口と需要" else 1
        if row["value"] is not None:
            assert f"{row['value']:,.{decimals}f}" in page
    zero = next(line for line in lines if line["地域コード"] == "0101" and line["指標コード"] == "DAY_S22")
    assert (zero["値"], zero["状態"], zero["良し悪し"]) == ("0", "値あり", "望ましくない側")


def profile_rows(_country: SmallCountry) -> list[object]:
    """Indicators, cells of the matrix, years of each line, measures of inequality."""
    result = profile("01")
    cells = [cell for row in result.matrix.rows for cell in row.cells]
    points = [value for line in result.outlook.lines for value in line.values]
    return [*result.rows, *cells, *points, *result.inequality.measures]


@pytest.mark.parametrize("chart", ["spine", "outlook"])
def test_each_chart_is_a_picture_with_its_place_and_source(client: Client, country: SmallCountry, chart: str) -> None:
    response = client.get(f"/profile/{chart}.svg?prefecture=01&scheme={SCHEME}")
    picture = response.content.decode()
    assert response["Content-Type"] == "image/svg+xml"
    assert "北海道" in picture
    assert "出典：" in picture


def test_the_reference_stands_in_the_middle_of_every_row(country: SmallCountry) -> None:
    for row in profile("02").rows:
        scale = scale_of(row)
        if row.reference.value is not None:
            assert scale.at(row.reference.value) == 150
        assert -1 <= scale.share(row.spread.minimum) <= scale.share(row.spread.maximum) <= 1
        assert 'aria-hidden="true"' in spine_drawing(row)


def test_the_profile_takes_few_queries(
    client: Client, country: SmallCountry, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # In a transaction lists of regions are read anew each time; a running site reads them once, and asks 11 times.
    with django_assert_max_num_queries(50):
        client.get(f"/profile/?prefecture=01&scheme={SCHEME}")
    # Kept: the version of the data, the state of the cases shown beside them, and the date in the frame.
    with django_assert_max_num_queries(4):
        client.get(f"/profile/?prefecture=01&scheme={SCHEME}")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("prefecture=99", 400, "都道府県コード「99」はありません"),
        (f"prefecture=01&scheme={SCHEME}&area=9999", 404, "コード「9999」の圏域はありません"),
        (f"prefecture=01&scheme={SCHEME}&municipality=01100", 404, "政令指定都市は行政区ごと"),
        ("prefecture=01&scheme=none", 404, "圏域の区分「none」はありません"),
        (f"prefecture=01&area={'9' * 20_000}&scheme={SCHEME}", 404, "の圏域はありません"),
    ],
)
def test_a_place_that_is_not_there_is_named_and_the_nearest_offered(
    client: Client, country: SmallCountry, address: str, status: int, words: str
) -> None:
    response = client.get(f"/profile/?{address}")
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "いちばん近いプロファイルを開く" in page
    assert "9" * 100 not in page
    assert_sound(page)


def test_an_unknown_area_leads_to_its_prefecture(country: SmallCountry) -> None:
    with pytest.raises(NoSuchProfile) as refusal:
        profile("01", area="0201")
    assert refusal.value.nearest == ProfileQuery(prefecture="01", scheme=SCHEME)


@pytest.mark.django_db
def test_without_a_prefecture_the_list_to_choose_from_is_shown(client: Client) -> None:
    page = client.get("/profile/").content.decode()
    assert page.count('href="/profile/?prefecture=') == 47
    assert_sound(page)


def test_an_ending_or_chart_that_is_not_there_is_answered_in_japanese(client: Client) -> None:
    assert "この形式では出力できません" in client.get("/profile/figures.pdf?prefecture=01").content.decode()
    assert "この図はありません" in client.get("/profile/map.svg?prefecture=01").content.decode()
