"""Hospitals and care services handed in: the register over its editions, counts by place, and taking it all back."""

from __future__ import annotations

import csv
import io

import pytest

from indicators.models import Observation
from institutions.models import CareService, FacilityRecord
from intake.importers import ImportResult, import_bytes
from tests.institutions import test_care_services as care
from tests.institutions import test_facility_information as hospital
from tests.institutions.lists import content, make_regions, row
from zaitaku.sources.actions import withdraw_source
from zaitaku.sources.models import ImportRun, RowChange

pytestmark = pytest.mark.django_db

Status = ImportRun.Status


@pytest.fixture(autouse=True)
def _regions() -> None:
    make_regions()


def services(*lines: dict[str, str], day: str = "20250601") -> ImportResult:
    out = io.StringIO()
    csv.writer(out).writerows([care.FULL, *(care.cells(care.FULL, **line) for line in lines)])
    return import_bytes(out.getvalue().encode("utf-8-sig"), filename=f"jigyosho_130_{day}.csv")


def hospitals(*lines: list[str], day: str = "20250601") -> ImportResult:
    return import_bytes(hospital.content(*lines), filename=f"01-1_hospital_facility_info_{day}.csv")


def counts(item: str, *, year: int = 2025) -> dict[str, float | None]:
    stored = Observation.objects.filter(item__code=item, year=year, source__withdrawn_at=None)
    return dict(stored.order_by("source__as_of").values_list("region__code", "value"))


FIRST, SECOND = {"事業所番号": "0160190003"}, {"事業所番号": "0160190011", "事業所名": "デモ第二"}


def test_offices_are_counted_in_every_municipality_of_the_prefectures_in_the_file() -> None:
    result = services(FIRST, SECOND, {**FIRST, "事業所名": "同じ番号の別の棟"})
    assert result.status == Status.APPLIED
    assert result.counts["事業所"] == 3
    found = counts("care.130")
    assert (found["01"], found["01101"], found["01203"]) == (3, 3, 0)
    assert "00" not in found
    assert result.problems == ()  # 北海道 is all there is in this small country
    assert sorted(CareService.objects.values_list("office_number", "part")) == [
        ("0160190003", 1),
        ("0160190003", 2),
        ("0160190011", 1),
    ]


def test_what_a_newer_edition_leaves_out_gets_an_end_and_undoing_it_puts_that_back() -> None:
    services(FIRST, SECOND)
    newer = services(FIRST, day="20251201")
    gone = CareService.objects.get(office_number="0160190011")
    assert (str(gone.listed_from), str(gone.listed_to)) == ("2025-06-01", "2025-12-01")
    assert newer.source is not None
    withdraw_source(newer.source, by=None)
    gone.refresh_from_db()
    assert gone.listed_to is None
    assert counts("care.130")["01101"] == 2
    assert not RowChange.objects.filter(source=newer.source).exists()


def test_an_older_edition_gives_only_its_counts() -> None:
    services(FIRST, day="20251201")
    older = services(FIRST, SECOND, day="20240601")
    assert CareService.objects.count() == 1
    assert counts("care.130", year=2024)["01101"] == 2
    assert "より新しい時点" in older.problems[0].reason


def test_a_file_without_its_day_or_of_an_unknown_service_is_refused() -> None:
    assert "8桁の数字" in services(FIRST, day="").problems[0].reason
    assert "知らないサービス" in services({**FIRST, "サービスの種類": "デモ介護"}).problems[0].reason
    assert not CareService.objects.exists()


def test_a_wrong_line_at_the_end_leaves_nothing_behind() -> None:
    result = services(FIRST, {**SECOND, "定員": "十"})
    assert result.is_refused
    assert result.problems[0].cell == "S3"
    assert not CareService.objects.exists()
    assert not Observation.objects.exists()


def test_hospitals_keep_position_beds_and_how_surely_they_are_matched() -> None:
    listed = row(1, "支援病１", beds="一般　　99", address="小樽市若竹町１")
    import_bytes(content([listed]), filename="名簿.xlsx")
    line, nowhere = [*hospital.LINE], [*hospital.LINE]
    line[0], line[1], line[4], line[5] = "0199999999998", str(listed[7]), "203", "北海道小樽市若竹町１番"
    nowhere[6], nowhere[7], nowhere[13] = "0.0", "0.0", "999"
    result = hospitals(line, nowhere)
    matched = FacilityRecord.objects.get(identifier="0199999999998")
    assert (matched.match, matched.institution.name if matched.institution else "") == ("address", listed[7])
    other = FacilityRecord.objects.get(identifier=hospital.LINE[0])
    assert (other.match, other.institution, other.latitude) == ("none", None, None)
    assert other.beds["合計病床数"] == 999
    assert [problem.cell for problem in result.problems if "合計病床数" in problem.reason] == ["N3"]
    assert (counts("hospital.count")["01"], counts("hospital.beds")["01"]) == (2, 816 + 999)
