"""Kinds of files beside the lists: surveys of a prefecture, and the population files of the whole country."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count, Sum

import regions.fixtures
from indicators.exports.survey_form import FormRegion, survey_form_csv
from indicators.models import Observation
from intake.actions.uploads import apply_upload, check_upload, receive_upload, start_applying
from intake.importers import import_file
from intake.kinds import IMPORTERS, describe_kinds
from intake.models import Upload
from regions.models import AreaScheme, Population, Region
from tests.institutions.lists import make_regions
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.sources.models import ImportRun, SourceFile

pytestmark = pytest.mark.django_db
RESPONDENTS = "survey.satisfaction.respondents"


def filled_in(values: dict[str, str], *, places: tuple[FormRegion, ...]) -> SimpleUploadedFile:
    """The form on satisfaction with the number of respondents of each named place."""
    rows = list(csv.DictReader(io.StringIO(survey_form_csv(places, theme="満足度").decode("utf-8-sig"))))
    for row in rows:
        if row["項目コード"] == RESPONDENTS and row["地域名"] in values:
            row |= {
                "値": values[row["地域名"]],
                "年度": "令和8年度",
                "調査名": "デモ在宅医療調査",
                "調査時点": "2026-10-01",
            }
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("調査.csv", out.getvalue().encode("utf-8-sig"))


def survey_places() -> tuple[FormRegion, ...]:
    """北海道 with one of two areas, and 小樽市."""
    make_regions()
    prefecture = Region.objects.get(code="01", kind=Region.Kind.PREFECTURE)
    scheme = AreaScheme.objects.create(
        key="iryoken2-8", kind=AreaScheme.Kind.SECONDARY_MEDICAL_AREA, name="二次医療圏", effective_from="2024-04-01"
    )
    for code, name in (("0104", "札幌"), ("0103", "後志")):
        Region.objects.create(kind=Region.Kind.AREA, code=code, name=name, parent=prefecture, scheme=scheme)
    return (
        FormRegion("都道府県", "01", "北海道"),
        FormRegion("二次医療圏", "0104", "札幌"),
        FormRegion("市区町村", "01203", "小樽市"),
    )


def test_a_survey_of_the_own_prefecture_is_taken_in_by_its_official(official: User) -> None:
    file = filled_in({"北海道": "120", "札幌": "80", "小樽市": "0"}, places=survey_places())
    upload = check_upload(receive_upload(file, by=official))
    assert (upload.status, upload.problems) == (Upload.Status.READY, [])
    start_applying(upload)
    apply_upload(upload)
    stored = Observation.objects.filter(source=upload.source, item__code=RESPONDENTS)
    assert dict(stored.values_list("region__name", "value")) == {"北海道": 120.0, "札幌": 80.0, "小樽市": 0.0}


def test_a_survey_of_another_prefecture_is_refused() -> None:
    aomori = make_user("aomori", role=User.Role.PREFECTURE, codes=("02",))
    file = filled_in({"北海道": "120"}, places=survey_places())
    upload = check_upload(receive_upload(file, by=aomori))
    assert upload.status == Upload.Status.REFUSED
    assert "担当する都道府県の資料ではない" in upload.problems[0]["reason"]
    assert upload.title == "デモ在宅医療調査"


def test_mistakes_of_a_survey_are_all_named_at_their_cells(official: User) -> None:
    file = filled_in({"北海道": "many", "小樽市": "-1"}, places=survey_places())
    upload = check_upload(receive_upload(file, by=official))
    assert upload.status == Upload.Status.REFUSED
    assert [problem["text"] for problem in upload.problems] == ["many", "-1"]
    assert all(problem["cell"].startswith("G") for problem in upload.problems)


def test_every_kind_is_described_and_those_of_a_prefecture_come_first() -> None:
    described = describe_kinds()
    assert {kind.label for kind in described} <= {str(one.kind.label) for one in IMPORTERS}
    assert all(kind.about.endswith("。") or kind.about.endswith("）。") for kind in described)
    order = [kind.by_prefecture for kind in described]
    assert order == sorted(order, reverse=True)


@pytest.mark.conformance
def test_population_files_taken_in_one_by_one_give_what_the_fixtures_hold(shared_data: Path) -> None:
    regions.fixtures.load(Path(settings.BASE_DIR) / "fixtures")
    for name in (regions.fixtures.BY_AGE, *regions.fixtures.PROJECTION.values()):
        path = shared_data / name
        source = SourceFile.objects.get(filename=path.name)
        before = _population(source)
        Population.objects.filter(source=source).delete()
        result = import_file(path)
        assert (result.status, result.source) == (ImportRun.Status.APPLIED, source), result.problems
        assert _population(source) == before
        assert before[0] > 5_000


@pytest.mark.conformance
def test_shares_without_their_total_are_refused_with_what_to_take_in_first(shared_data: Path) -> None:
    regions.fixtures.load(Path(settings.BASE_DIR) / "fixtures")
    Population.objects.filter(basis=Population.Basis.PROJECTION).delete()
    result = import_file(shared_data / regions.fixtures.PROJECTION["65plus"])
    assert result.is_refused
    assert "先に同じ推計の「結果表1 総人口」" in result.problems[0].reason


def _population(source: SourceFile) -> tuple[int, int]:
    found = Population.objects.filter(source=source).aggregate(rows=Count("pk"), persons=Sum("count"))
    return found["rows"], found["persons"]
