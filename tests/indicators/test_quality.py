"""What is loaded, missing and old, prefecture by prefecture; marks and breaks as data; editions of areas."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.definitions.marks import STATUSES, mark_rows, marks_of
from indicators.definitions.series_breaks import breaks
from indicators.models import Status
from indicators.parsers.marks import NDB, read_figure
from indicators.queries.area_editions import get_area_editions
from indicators.queries.quality import get_data_quality
from regions.models import AreaMembership, AreaScheme, Region
from tests.html import assert_sound
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.sources.freshness import freshness_rules, is_old
from zaitaku.sources.models import SourceFile

TODAY = dt.date(2026, 11, 21)
NDB_KIND = SourceFile.Kind.NDB_OPEN_DATA


@pytest.fixture
def country(db: None) -> SmallCountry:
    """A list of 北海道, and an NDB round with a hidden figure in 青森県."""
    country = make_country()
    notified = country.source(as_of=dt.date(2025, 10, 1))
    SourceFile.objects.filter(pk=notified.pk).update(prefecture_code="01")
    country.observe("notification.shien_clinic_3", 2025, {"01": 2.0, "01202": 2.0}, source=notified)
    ndb = country.source(as_of=dt.date(2022, 3, 31), kind=NDB_KIND)
    country.observe("ndb.medical.claims.114000110", 2021, {"01": 5.0, "0101": 5.0, "02": None}, source=ndb)
    return country


def test_the_matrix_counts_figures_by_prefecture_year_and_status(country: SmallCountry) -> None:
    """01: the prefecture and its area; 02: one hidden figure; 03 has nothing."""
    result = get_data_quality(NDB_KIND.value, today=TODAY)
    cells = {row.prefecture.code: row.cells[0] for row in result.prefectures}
    hokkaido, aomori = cells["01"], cells["02"]
    assert hokkaido is not None
    assert aomori is not None
    assert (hokkaido.observed, hokkaido.suppressed) == (2, 0)
    assert (aomori.observed, aomori.gaps) == (0, (("秘匿", 1),))
    assert cells["03"] is None
    assert result.current.years == (2021,)


def test_prefectures_without_their_list_are_not_imported_and_never_zero(country: SmallCountry) -> None:
    result = get_data_quality(SourceFile.Kind.NOTIFICATION_LIST.value, today=TODAY)
    assert [row.prefecture.code for row in result.prefectures if any(row.cells)] == ["01"]
    assert len(result.missing) == 46


def test_each_kind_is_old_by_its_own_rule(country: SmallCountry) -> None:
    """NDB of March 2022 is 56 months old (48 allowed), the list of October 2025 13 months (24 allowed)."""
    kinds = {kind.kind: kind.is_old for kind in get_data_quality(NDB_KIND.value, today=TODAY).kinds}
    assert kinds[NDB_KIND.value]
    assert not kinds[SourceFile.Kind.NOTIFICATION_LIST.value]


@pytest.mark.parametrize(("today", "old"), [(dt.date(2026, 3, 31), False), (dt.date(2026, 4, 1), True)])
def test_a_file_is_old_the_day_after_its_months_are_over(today: dt.date, old: bool) -> None:
    assert is_old(NDB_KIND.value, dt.date(2022, 3, 31), today=today) is old


def test_every_kind_of_file_has_a_rule_of_freshness() -> None:
    assert set(freshness_rules()) == {kind.value for kind in SourceFile.Kind}


def test_a_withdrawn_source_is_not_loaded(country: SmallCountry) -> None:
    SourceFile.objects.filter(kind=NDB_KIND).update(withdrawn_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    assert get_data_quality(NDB_KIND.value, today=TODAY).current.years == ()


def test_page_and_csv_show_the_same_numbers_in_few_queries(country: SmallCountry, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/sources/quality/?kind=ndb_open_data").content.decode()
    assert len(queries) <= 6
    assert_sound(page)
    assert "秘匿 1" in page
    text = client.get("/sources/quality.csv").content.decode("utf-8-sig")
    rows = {(row["資料の種類"], row["都道府県コード"]): row for row in csv.DictReader(io.StringIO(text))}
    label = str(NDB_KIND.label)
    assert (rows[label, "02"]["値"], rows[label, "02"]["秘匿"], rows[label, "02"]["状態"]) == ("0", "1", "取込済")
    assert (rows[label, "03"]["値"], rows[label, "03"]["状態"]) == ("", "未取込")


def test_pages_on_sources_lead_to_quality_and_editions(country: SmallCountry, client: Client) -> None:
    page = client.get("/sources/").content.decode()
    assert 'href="/sources/quality/"' in page
    assert 'href="/sources/areas/"' in page


def test_marks_have_the_statuses_of_the_database() -> None:
    named = {"suppressed": Status.SUPPRESSED, "missing": Status.MISSING, "not_applicable": Status.NOT_APPLICABLE}
    assert {name: status for name, status in STATUSES.items() if name != "zero"} == named
    assert {mark.status for mark in mark_rows()} <= set(STATUSES)


def test_a_dash_means_what_its_publisher_says() -> None:
    """Hidden in NDB and 地域別データ集, zero in e-Stat exports, missing in the 地域医療構想 workbook."""
    read = {
        name: read_figure("－", marks_of(name)) for name in ("ndb", "regional_data_set", "estat", "regional_vision")
    }
    assert read == {
        "ndb": (None, Status.SUPPRESSED),
        "regional_data_set": (None, Status.SUPPRESSED),
        "estat": (0.0, Status.OBSERVED),
        "regional_vision": (None, Status.MISSING),
    }
    assert read_figure("…", marks_of("estat")) == (None, Status.MISSING)
    assert read_figure("*", NDB) is None


def test_the_revision_of_june_2024_is_a_dated_break_of_claims() -> None:
    (revision,) = breaks()
    assert (revision.on, revision.items, revision.position) == (dt.date(2024, 6, 1), "ndb.", 2024 + 2 / 12)


def test_areas_that_merge_between_editions_are_listed_and_the_others_are_not(country: SmallCountry) -> None:
    """The later edition joins 0104 and 0101 and leaves 0201 as it is."""
    later = AreaScheme.objects.create(
        key="iryoken2-8", kind="secondary_medical_area", name="第8次", effective_from=dt.date(2024, 4, 1)
    )
    for code, parent, units in (
        ("01X", "01", ("01101", "01102", "01203", "01202")),
        ("0201", "02", ("02201", "02202")),
    ):
        area = Region.objects.create(kind="area", code=code, name=code, parent=country.regions[parent], scheme=later)
        AreaMembership.objects.bulk_create(
            AreaMembership(scheme=later, area=area, unit=country.regions[unit]) for unit in units
        )
    (merger,) = get_area_editions().mergers
    assert (merger.code, merger.parts, merger.is_exact) == ("01X", ("0101 0101", "0104 0104"), True)


def test_the_page_of_editions_shows_rules_and_where_they_were_applied(country: SmallCountry, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/sources/areas/").content.decode()
    assert len(queries) <= 14
    assert_sound(page)
    for words in ("浜松市の行政区再編（7区から3区）", "二次医療圏（第7次医療計画）", "福島県浜通り地域", "1地域・1値"):
        assert words in page
