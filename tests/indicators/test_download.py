"""データ入手: the same figures in every form, hidden cells, bad addresses, jobs; our own files pass the self-check."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators import downloads
from indicators.downloads import delete_old_files, get_file, make_file, request_file
from indicators.models import IndicatorValue, Status
from indicators.queries.selected_values import get_selected_indicators, stream_rows
from indicators.selections import HEADER, FileFormat, Scope, Selection
from regions.models import AreaMembership, Region
from tests.html import assert_sound
from tests.indicators.places import Country, Reason, add_gap, add_value, make_indicator, make_notified_clinics
from tests.static_files import plain_static_files  # noqa: F401 - a fixture
from zaitaku.jobs.models import Job
from zaitaku.lib.machine_readable import inspect_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
EVERYTHING = "?indicator=DAY_S22&" + "&".join(f"level={scope.value}" for scope in Scope) + "&scheme=iryoken2-8"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """Files of jobs go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def get(file_format: str, query: str = EVERYTHING) -> bytes:
    response = Client().get(f"/download/figures.{file_format}{query}")
    assert response.status_code == 200, response.content.decode()
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined] # the client's response has it where it streams


def add_member(country: Country) -> None:
    """函館市 in 南渡島."""
    scheme = country["0101"].scheme
    assert scheme is not None
    AreaMembership.objects.create(scheme=scheme, area=country["0101"], unit=country["01202"])


def csv_rows(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def as_texts(row: dict[str, Any] | tuple[Any, ...]) -> list[str]:
    """Cells of a typed form as the CSV writes them."""
    cells = row.values() if isinstance(row, dict) else row
    return ["" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
            for cell in cells]  # fmt: skip


def test_preview_csv_xlsx_parquet_and_json_show_the_same_cells(tmp_path: Path) -> None:
    make_notified_clinics()
    header, *expected = csv_rows(get("csv"))
    assert tuple(header) == HEADER
    assert len(expected) == 8
    assert csv_rows(get("cp932"), "cp932")[1:] == expected
    book = openpyxl.load_workbook(io.BytesIO(get("xlsx")))
    assert [as_texts(row) for row in book["データ"].iter_rows(min_row=2, values_only=True)] == expected
    parquet = tmp_path / "figures.parquet"
    parquet.write_bytes(get("parquet"))
    assert [as_texts(row) for row in pyarrow.parquet.read_table(parquet).to_pylist()] == expected
    assert [as_texts(row) for row in json.loads(get("json"))["rows"]] == expected
    page = Client().get(f"/download/{EVERYTHING}")
    assert [[cell for _, cell in row] for row in page.context["rows"]] == expected
    assert page.context["download"].rows == 8
    assert_sound(page.content.decode())


def test_a_row_tells_value_interval_parts_source_and_version() -> None:
    make_notified_clinics()
    first = dict(zip(*csv_rows(get("csv", "?indicator=DAY_S22&level=prefecture&prefecture=01")), strict=True))
    assert first == {
        "指標コード": "DAY_S22",
        "指標名": "在宅療養支援診療所数（計）",
        "年度": "2025",
        "地域区分": "都道府県",
        "圏域区分": "",
        "地域コード": "01",
        "地域名": "北海道",
        "都道府県コード": "01",
        "都道府県名": "北海道",
        "値": "50",
        "単位": first["単位"],
        "分子": "400",
        "分母": "800000",
        "95%信頼区間下限": "45.2",
        "95%信頼区間上限": "55.1",
        "状態": "値あり",
        "秘匿区分": "",
        "値がない理由": "",
        "定義の版": first["定義の版"],
        "分母の注記": "住民基本台帳人口（2025年1月1日）",
        "出典": "届出受理医療機関名簿（医科）（北海道 2025年10月1日現在）",
    }


def test_zero_hidden_not_imported_and_missing_stay_four_different_things() -> None:
    country, indicator = make_notified_clinics()
    add_gap(indicator, country["01102"], status=Status.SUPPRESSED, reason=Reason.SMALL_NUMBER)
    rows = [dict(zip(HEADER, row, strict=True)) for row in csv_rows(get("csv"))[1:]]
    told = {row["地域コード"]: (row["値"], row["状態"], row["秘匿区分"], row["値がない理由"]) for row in rows}
    assert told["01202"] == ("0", "値あり", "", "")
    assert told["0102"] == ("", "秘匿", "公表元の秘匿", "公表時に秘匿されています")
    assert told["01102"] == ("", "秘匿", "秘匿（小さい数）", "秘匿（小さい数）")
    assert told["13"] == ("", "未取込", "", str(Reason.NOT_IMPORTED.label))


def test_a_designated_city_stands_apart_from_its_wards() -> None:
    country, indicator = make_notified_clinics()
    add_value(indicator, country["01100"], numerator=10, denominator=40_000)
    units = csv_rows(get("csv", "?indicator=DAY_S22&level=municipality"))[1:]
    assert [row[5] for row in units] == ["01101", "01202"]
    cities = csv_rows(get("csv", "?indicator=DAY_S22&level=city"))[1:]
    assert [(row[3], row[5]) for row in cities] == [("政令指定都市（市全体）", "01100")]


def test_rows_are_those_of_the_chosen_years_prefectures_and_edition_of_areas() -> None:
    country, indicator = make_notified_clinics()
    add_value(indicator, country["01"], numerator=1, denominator=100_000, year=2024)
    indicator.years.create(year=2024)
    assert [row[2] for row in csv_rows(get("csv", "?indicator=DAY_S22&prefecture=01"))[1:]] == ["2024", "2025"]
    assert [row[2] for row in csv_rows(get("csv", "?indicator=DAY_S22&prefecture=01&year=2024"))[1:]] == ["2024"]
    areas = csv_rows(get("csv", "?indicator=DAY_S22&level=area&prefecture=28"))[1:]
    assert areas == []


def test_numbers_are_whole_precision_without_exponent() -> None:
    country, _ = make_notified_clinics()
    IndicatorValue.objects.filter(region=country["01"]).update(value=1 / 3, numerator=0.00001234, denominator=2e15)
    row = csv_rows(get("csv", "?indicator=DAY_S22&prefecture=01"))[1]
    assert row[9] == "0.3333333333333333"
    assert row[11:13] == ["0.00001234", "2000000000000000"]


def test_a_name_that_looks_like_a_formula_is_guarded_in_csv_alone() -> None:
    country, _ = make_notified_clinics()
    Region.objects.filter(pk=country["01202"].pk).update(name="=1+1")
    query = "?indicator=DAY_S22&level=municipality"
    assert csv_rows(get("csv", query))[2][6] == "'=1+1"
    assert json.loads(get("json", query))["rows"][1]["region_name"] == "=1+1"


def test_every_substitution_of_cp932_is_listed_before_the_file_is_taken() -> None:
    country, _ = make_notified_clinics()
    Region.objects.filter(pk=country["01202"].pk).update(name="𠮷野—町")
    query = "?indicator=DAY_S22&level=municipality"
    page = Client().get(f"/download/{query}")
    assert [(s.character, s.replacement) for s in page.context["substitutions"]] == [("—", "―"), ("𠮷", "吉")]
    assert csv_rows(get("cp932", query), "cp932")[2][6] == "吉野―町"
    assert csv_rows(get("csv", query))[2][6] == "𠮷野—町"


@pytest.mark.parametrize("file_format", ["csv", "cp932", "xlsx", "parquet", "zip"])
def test_our_own_files_pass_the_self_check(file_format: str, tmp_path: Path) -> None:
    country, _ = make_notified_clinics()
    add_member(country)
    path = tmp_path / f"figures.{FileFormat(file_format).extension}"
    path.write_bytes(get(file_format))
    codebook = [row[2] for row in csv_rows(Client().get("/download/codebook.csv").content)[1:]]
    assert inspect_file(path, codebook=codebook) == ()


def test_the_zip_holds_data_areas_definitions_sources_codebook_and_readme() -> None:
    country, _ = make_notified_clinics()
    add_member(country)
    with zipfile.ZipFile(io.BytesIO(get("zip"))) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
        assert archive.getinfo("data.csv").compress_type == zipfile.ZIP_DEFLATED
    assert set(content) == {
        "data.csv", "indicators.csv", "sources.csv", "area_membership.csv", "codebook.csv", "README.txt"
    }  # fmt: skip
    assert csv_rows(content["data.csv"]) == csv_rows(get("csv"))
    assert csv_rows(content["area_membership.csv"])[1][2:] == ["0101", "南渡島", "01", "北海道", "01202", "函館市"]
    readme = content["README.txt"].decode("utf-8-sig")
    assert "北海道厚生局「届出受理医療機関名簿（医科）」" in readme
    assert "を加工して作成" in readme
    assert "公共データ利用規約（第1.0版）" in readme


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?indicator=DAY_S99", "指標コード「DAY_S99」はありません。似たコードはDAY_S"),
        ("?indicator=DAY_S22&year=1871", "1871年度の値はありません。いちばん近いのは2025年度です。"),
        ("?indicator=DAY_S22&year=いつか", "年度「いつか」を読み取れません"),
        ("?indicator=DAY_S22&level=village", "地域の区分「village」は選べません"),
        ("?indicator=DAY_S22&prefecture=99", "都道府県コード「99」はありません"),
        ("?indicator=DAY_S22&level=area&scheme=old", "圏域の区分「old」はありません。選べるのはiryoken2-8です。"),
        ("?indicator=" + "A" * 20_000, "条件が長すぎて読み取れません"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_and_offers_the_nearest(query: str, said: str) -> None:
    make_notified_clinics()
    for address in (f"/download/{query}", f"/download/figures.csv{query}"):
        response = Client().get(address)
        page = response.content.decode()
        assert response.status_code == 400
        assert said in page
        nearest = response.context["nearest"]
        assert Client().get(f"/download/{nearest}").status_code == 200
        assert_sound(page)


def test_without_an_indicator_the_builder_asks_for_one() -> None:
    make_notified_clinics()
    assert "指標がまだ選ばれていません" in Client().get("/download/").content.decode()
    assert "1つ以上選んでください" in Client().get("/download/figures.csv").content.decode()
    assert Client().get(f"/download/figures.pdf{EVERYTHING}").status_code == 404


def test_an_indicator_without_values_is_named_and_leaves_the_rest() -> None:
    make_notified_clinics()
    page = Client().get("/download/?indicator=DAY_S22&indicator=DAY_S01")
    assert page.context["missing"] == ["DAY_S01"]
    assert page.context["download"].rows == 3


def test_the_builder_and_a_csv_need_a_fixed_number_of_queries() -> None:
    make_notified_clinics()
    for indicator in (make_indicator("DAY_S01"), make_indicator("DAY_S02")):
        indicator.years.create(year=2025)
    with CaptureQueriesContext(connection) as few:
        Client().get("/download/?indicator=DAY_S22")
    with CaptureQueriesContext(connection) as many:
        Client().get("/download/?indicator=DAY_S22&indicator=DAY_S01&year=2025&level=area&level=nation")
    assert len(few) <= 18
    assert len(many) <= len(few) + 1  # of the second indicator, since the first has no row


def test_a_large_file_is_made_once_by_a_job_and_kept_for_days(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    make_notified_clinics()
    monkeypatch.setattr("indicators.views.download.MOST_ROWS_AT_ONCE", 5)
    refused = Client().get(f"/download/figures.xlsx{EVERYTHING}")
    assert refused.status_code == 400
    assert "Excel（XLSX）は8行あるので" in refused.content.decode()
    data = {"indicator": "DAY_S22", "level": "prefecture", "format": "xlsx"}
    first = Client().post("/download/prepare/", data)
    again = Client().post("/download/prepare/", data)
    assert first.status_code == 302
    assert first["Location"] == again["Location"]
    job = Job.objects.get()
    assert "このページを離れても作成は続きます" in Client().get(first["Location"]).content.decode()
    result = make_file(job.parameters, lambda *_: None)
    assert result["行数"] == 3
    Job.objects.filter(pk=job.pk).update(status=Job.Status.SUCCEEDED, finished_at=timezone.now(), result=result)
    assert f"{first['Location']}file" in Client().get(first["Location"]).content.decode()
    found = Client().get(f"{first['Location']}file")
    assert openpyxl.load_workbook(io.BytesIO(b"".join(found.streaming_content)))["データ"].max_row == 4  # type: ignore[attr-defined] # the client's response has it where it streams
    assert Client().post("/download/prepare/", data)["Location"] == first["Location"]


def test_old_files_are_deleted_and_the_page_says_so(media: Path) -> None:
    make_notified_clinics()
    job = request_file(Selection(indicators=("DAY_S22",)), FileFormat.ZIP, address="http://testserver/", by=None)
    make_file(job.parameters, lambda *_: None)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.SUCCEEDED, finished_at=timezone.now())
    job.refresh_from_db()
    found = get_file(job)
    assert found is not None
    assert delete_old_files(now=timezone.now()) == 0
    week_ago = (timezone.now() - dt.timedelta(days=8)).timestamp()
    os.utime(found[0], (week_ago, week_ago))
    assert delete_old_files(now=timezone.now()) == 1
    assert "保存期間（7日）を過ぎたため削除しました" in Client().get(f"/download/{job.pk}/").content.decode()
    assert Client().get(f"/download/{job.pk}/file").status_code == 404


def test_only_so_many_files_wait_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make_notified_clinics()
    monkeypatch.setattr(downloads, "MOST_WAITING", 1)
    Client().post("/download/prepare/", {"indicator": "DAY_S22", "format": "zip"})
    refused = Client().post("/download/prepare/", {"indicator": "DAY_S22", "format": "parquet"}, follow=True)
    assert "込み合っています" in refused.content.decode()
    assert Job.objects.count() == 1


def test_a_selection_survives_its_address_and_its_job() -> None:
    selection = Selection(
        indicators=("ACU_P01", "DAY_S22"), scopes=(Scope.AREA,), years=(2022,), prefectures=("01",), scheme="kosoiki"
    )
    assert Selection.from_json(json.loads(json.dumps(selection.as_json()))) == selection
    chosen = "?indicator=ACU_P01&indicator=DAY_S22&level=area&year=2022&prefecture=01&scheme=kosoiki"
    assert selection.querystring() == chosen


def test_rows_come_in_the_order_of_indicator_year_level_and_code() -> None:
    country, _ = make_notified_clinics()
    other = make_indicator("DAY_S01")
    add_value(other, country["01"], numerator=1, denominator=1000)
    other.years.create(year=2025)
    selection = Selection(indicators=("DAY_S01", "DAY_S22"), scopes=(Scope.NATION, Scope.PREFECTURE))
    rows = [row[:6] for row in stream_rows(selection, get_selected_indicators(selection))]
    assert [(row[0], row[5]) for row in rows] == [
        ("DAY_S01", "01"), ("DAY_S22", "00"), ("DAY_S22", "01"), ("DAY_S22", "13"), ("DAY_S22", "28")
    ]  # fmt: skip


def test_the_page_of_an_indicator_leads_to_its_data() -> None:
    make_notified_clinics()
    page = Client().get("/indicators/DAY_S22/?level=area&prefecture=01").content.decode()
    assert 'href="/download/?indicator=DAY_S22&amp;level=area&amp;scheme=iryoken2-8"' in page
    assert 'href="/download/">データ入手</a>' in page
