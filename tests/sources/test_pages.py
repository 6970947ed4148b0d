"""データの出典: the list, one source, what is loaded for whom, and the CSV — with few queries however much there is."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.html import assert_sound
from zaitaku.sources.models import ImportRun, SourceFile
from zaitaku.sources.queries import get_coverage, get_newest_as_of, get_sources, is_notification_list_loaded
from zaitaku.sources.results import SourceQuery

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 1)


def make_source(number: int = 1, **given: Any) -> SourceFile:
    values: dict[str, Any] = {
        "kind": "notification_list",
        "key": f"key/{number}",
        "publisher": "北海道厚生局",
        "title": "届出受理医療機関名簿（医科）",
        "edition": "2025年10月1日時点",
        "as_of": dt.date(2025, 10, 1),
        "licence": "公共データ利用規約（第1.0版）",
        "url": "https://kouseikyoku.example/list.xlsx",
        "filename": "01_ika.xlsx",
        "sha256": f"{number:064x}",
        "size": 1234,
        "retrieved_on": TODAY,
        "sheets": ["医科"],
        "prefecture_code": "01",
    }
    return SourceFile.objects.create(**{**values, **given})


def make_run(source: SourceFile | None, *, status: str = "applied", **given: Any) -> ImportRun:
    now = timezone.now()
    return ImportRun.objects.create(
        source=source, filename="01_ika.xlsx", status=status, started_at=now, finished_at=now, **given
    )


def page_of(client: Client, address: str = "/sources/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    page: str = response.content.decode()
    assert_sound(page)
    return page


def test_with_nothing_loaded_the_page_says_what_to_do(client: Client) -> None:
    assert "資料はまだ取り込まれていません" in page_of(client)
    assert "データ時点：未取込" in page_of(client)


def test_each_source_is_listed_with_what_was_taken(client: Client) -> None:
    make_run(make_source(), counts={"医療機関": 5400})
    page = page_of(client)
    for text in ("北海道厚生局", "2025-10-01", "医療機関 5,400", "00000000", "2026-11-01", "データ時点：2025年10月1日"):
        assert text in page


def test_the_filters_stand_in_the_address_and_an_empty_answer_offers_all(client: Client) -> None:
    make_source(1)
    make_source(2, kind="ndb_open_data", title="第9回NDBオープンデータ", prefecture_code="")
    assert "第9回NDBオープンデータ" not in page_of(client, "/sources/?prefecture=01")
    assert "第9回NDBオープンデータ" in page_of(client, "/sources/?kind=ndb_open_data")
    assert "条件に合う資料はまだ取り込まれていません" in page_of(client, "/sources/?prefecture=13")


def test_a_filter_that_does_not_exist_is_named_and_ignored(client: Client) -> None:
    make_source()
    page = page_of(client, "/sources/?kind=xx&prefecture=99")
    assert "「xx」という資料の種類はありません" in page
    assert "都道府県コード「99」はありません" in page
    assert "北海道厚生局" in page


def test_an_older_edition_stays_and_is_called_so() -> None:
    make_source(1)
    make_source(2, as_of=dt.date(2024, 10, 1))
    make_source(3, as_of=dt.date(2024, 10, 1), prefecture_code="02")
    rows = get_sources(SourceQuery(), today=TODAY)
    assert [(row.prefecture and row.prefecture.code, row.is_newest) for row in rows] == [
        ("01", True),
        ("01", False),
        ("02", True),
    ]
    assert len(get_sources(SourceQuery(newest=True), today=TODAY)) == 2


@pytest.mark.parametrize(
    ("as_of", "is_old"), [(dt.date(2024, 11, 1), False), (dt.date(2024, 10, 31), True), (None, False)]
)
def test_a_publication_is_old_after_two_years(as_of: dt.date | None, is_old: bool) -> None:
    make_source(as_of=as_of)
    assert get_sources(SourceQuery(), today=TODAY)[0].is_old is is_old


def test_a_later_run_without_change_does_not_hide_what_was_taken() -> None:
    source = make_source()
    make_run(source, counts={"医療機関": 3})
    make_run(source, status="unchanged", counts={})
    assert get_sources(SourceQuery(), today=TODAY)[0].taken == (("医療機関", 3),)


def test_one_source_shows_its_runs_with_every_complaint_at_its_cell(client: Client) -> None:
    source = make_source()
    problem = {"sheet": "医科", "cell": "J120", "text": "<不明>", "reason": "市区町村を判定できません。"}
    make_run(source, counts={"医療機関": 3}, problems=[problem])
    page = page_of(client, f"/sources/{source.pk}/")
    assert "医科!J120：「&lt;不明&gt;」市区町村を判定できません。" in page
    assert source.sha256 in page
    assert "出典：北海道厚生局「届出受理医療機関名簿（医科）」（2025年10月1日時点）を加工して作成" in page


def test_a_source_without_a_run_came_with_the_program(client: Client) -> None:
    assert "同梱されたデータ" in page_of(client, f"/sources/{make_source().pk}/")


def test_only_a_web_address_becomes_a_link(client: Client) -> None:
    page = page_of(client, f"/sources/{make_source(url='javascript:alert(1)').pk}/")
    assert 'href="javascript' not in page


def test_a_refused_file_is_shown_although_it_has_no_source(client: Client) -> None:
    make_run(None, status="refused", problems=[{"reason": "ファイルが空です。"}])
    page = page_of(client)
    assert "取り込めなかったファイル" in page
    assert "ファイルが空です。" in page


def test_what_is_not_loaded_is_said_for_each_prefecture(client: Client) -> None:
    make_source()
    coverage = get_coverage(today=TODAY)
    assert len(coverage.missing) == 46
    assert "北海道" not in [str(place) for place in coverage.missing]
    page = page_of(client, "/sources/coverage/")
    assert "未取込の都道府県：46" in page


def test_a_national_publication_that_one_prefecture_made_is_loaded_all_the_same() -> None:
    make_source(kind="area_parents", prefecture_code="24", publisher="三重県")
    national = {row.kind: row.cell for row in get_coverage(today=TODAY).national}
    assert national["area_parents"].editions == 1


def test_the_csv_opens_in_excel_and_holds_what_the_page_shows(client: Client) -> None:
    make_run(make_source(), counts={"医療機関": 3})
    make_source(2, kind="ndb_open_data", title="=1+1", prefecture_code="", as_of=None)
    response = client.get("/sources/list.csv?prefecture=01")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert 'filename="zaitaku-sources.csv"' in response["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["都道府県コード"] == "01"
    assert row["時点"] == "2025-10-01"
    assert row["取込内容"] == "医療機関 3"
    everything = list(csv.DictReader(io.StringIO(client.get("/sources/list.csv").content.decode("utf-8-sig"))))
    assert [row["資料名"] for row in everything] == ["届出受理医療機関名簿（医科）", "'=1+1"]
    assert everything[1]["時点"] == ""


def test_the_number_of_queries_does_not_grow_with_the_list(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 61):
        make_run(make_source(number), counts={"医療機関": number})
    # files, their runs, refused runs, as-of date of the frame
    with django_assert_num_queries(4):
        page = page_of(client)
    assert "全60件のうち1～50件目" in page
    with django_assert_num_queries(2):
        page_of(client, "/sources/coverage/")
    assert "全60件のうち51～60件目" in page_of(client, "/sources/?page=2")


def test_a_source_whose_import_was_undone_is_called_so_and_counts_nowhere(client: Client) -> None:
    make_source(1, as_of=dt.date(2025, 9, 1))
    undone = make_source(2, withdrawn_at=timezone.now())
    rows = get_sources(SourceQuery(), today=TODAY)
    assert [(row.id == undone.pk, row.is_newest) for row in rows] == [(True, False), (False, True)]
    cell = get_coverage(today=TODAY).prefectures[0].cells[0]
    assert (cell.as_of, cell.editions) == (dt.date(2025, 9, 1), 1)
    assert get_newest_as_of() == dt.date(2025, 9, 1)
    assert "取消済" in page_of(client)
    assert "この資料の値は、どのページでも使っていません" in page_of(client, f"/sources/{undone.pk}/")


def test_a_prefecture_whose_only_list_was_undone_has_none(client: Client) -> None:
    make_source(withdrawn_at=timezone.now())
    assert not is_notification_list_loaded("01")
    assert get_coverage(today=TODAY).prefectures[0].cells[0].source_id is None
    assert get_newest_as_of() is None
