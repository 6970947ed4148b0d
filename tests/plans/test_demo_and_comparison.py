"""The demo plan, the comparison of public plans, and 引継書: what they hold, for whom; the demo is nobody's."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import docx
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker, Settings

from plans.actions.plans import create_plan, save_chapter
from plans.actions.versions import decide, publish_version, submit_plan
from plans.formulas.guideline import Held, check_guideline
from plans.models import Chapter, Plan, PlanVersion, Target
from plans.queries.plans import get_plan_status
from regions.models import Region
from tests.indicators.places import make_notified_clinics
from tests.plans.conftest import make_user
from zaitaku.accounts.models import User


@pytest.fixture(scope="module")
def everything(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plan]:
    """The demo on a small country, a public plan of 東京都 and a draft of 兵庫県; made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_notified_clinics()
        call_command("create_demo_accounts", stdout=io.StringIO())
        call_command("create_demo_plan", stdout=io.StringIO())
        publish("13", text="評価の方法")
        hyogo = make_user("hyogo", User.Role.PREFECTURE, "28")
        create_plan(Region.objects.get(code="28"), period=2024, title="秘密の題名", by=hyogo)
        yield Plan.objects.get(is_demo=True)
        transaction.set_rollback(True)


@pytest.fixture
def demo(everything: Plan, db: None) -> Plan:
    return everything


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def publish(prefecture_code: str, *, text: str) -> PlanVersion:
    """A public plan of a prefecture for the running period with one written chapter."""
    official = make_user(f"official-{prefecture_code}", User.Role.PREFECTURE, prefecture_code)
    approver = make_user(f"approver-{prefecture_code}", User.Role.APPROVER, prefecture_code)
    prefecture = Region.objects.get(kind="prefecture", code=prefecture_code)
    plan = create_plan(prefecture, period=2024, title="実際の計画", by=official)
    save_chapter(plan.chapters.get(key="promotion").pk, text=text, base=0, by=official)
    version = decide(submit_plan(plan, note="", by=official), outcome="approved", reason="", by=approver)
    publish_version(version)
    return version


def test_the_demo_is_made_once_by_the_accounts_of_the_demo_and_marked(demo: Plan) -> None:
    assert demo.is_demo
    assert "架空" in demo.title
    assert [version.state for version in demo.versions.all()] == ["returned", "published"]
    statuses = set(demo.chapters.values_list("status", flat=True))
    assert statuses == set(Chapter.Status.values)
    assert {target.indicator_code for target in demo.targets.all()} == {"DAY_S22"}
    assert Target.objects.get(region__code="01").baseline_value == 400  # the stored count of 北海道
    said = io.StringIO()
    call_command("create_demo_plan", stdout=said)
    assert "作成済み" in said.getvalue()
    assert Plan.objects.filter(is_demo=True).count() == 1


def test_production_gets_no_demo_plan(settings: Settings, db: None) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="本番環境"):
        call_command("create_demo_plan")


def test_the_demo_stands_in_no_list_of_prefectures(demo: Plan) -> None:
    assert get_plan_status() == {"13": "2024年度から：公表", "28": "2024年度から：作成中"}
    rows = json.loads(Client().get("/plans/compare.json").content)["rows"]
    assert len(rows) == 47
    assert rows[0]["state"] == "未公表（登録なし）"  # 北海道, whose figures the demo borrows
    assert "公表された計画はまだありません" in Client().get("/plans/compare/?period=2027").content.decode()


def test_only_public_plans_are_read_and_a_draft_is_a_state(demo: Plan) -> None:
    found = json.loads(Client().get("/plans/compare.json?demo=1").content)["rows"]
    rows = {row["prefecture_code"]: row for row in found}
    assert len(rows) == 48
    assert rows["28"]["state"] == "未公表（作成中）"
    assert rows["13"]["state"] == "公表"
    assert rows["99"]["is_demo"] == 1
    page = Client().get("/plans/compare/?demo=1").content.decode()
    assert "秘密の題名" not in page
    assert "47都道府県のうち1です" in page


def test_the_guideline_is_answered_from_the_records(demo: Plan) -> None:
    version = PlanVersion.objects.get(plan__prefecture__code="13")
    answers = check_guideline(version.content, areas=())
    assert answers["evaluation"].held is Held.YES
    assert answers["targets"].held is Held.NO
    assert answers["required_target"].held is Held.NO
    own = check_guideline(demo.versions.get(state="published").content, areas=("甲", "乙"))
    assert own["scenes"].held is Held.YES
    assert own["active"].held is Held.NO  # its areas have other names


@pytest.mark.parametrize("query", ["", "tab=targets&", "tab=guideline&", "tab=pair&one=99&other=13&"])
def test_the_number_of_queries_does_not_grow_with_the_plans(
    demo: Plan, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.get(f"/plans/compare/?{query}demo=1")
    with django_assert_max_num_queries(6):
        answer = client.get(f"/plans/compare/?{query}demo=1")
    assert answer.status_code == 200
    assert "実際の計画" not in answer.content.decode()


def test_two_plans_differ_line_by_line(demo: Plan) -> None:
    rows = json.loads(Client().get("/plans/compare.json?tab=pair&demo=1&one=99&other=13").content)["rows"]
    told = {row["item"]: (row["one"], row["other"], row["differs"]) for row in rows}
    assert told["協議の場の回数"] == ("2", "0", 1)
    assert told["計画の状況"] == ("公表", "公表", 0)
    assert told["指針：推進体制と評価"][0].startswith("× なし")
    assert told["指針：推進体制と評価"][1].startswith("○ あり")


def test_what_is_wrong_in_the_address_is_named(demo: Plan) -> None:
    answer = Client().get("/plans/compare/?period=1999&tab=nothing")
    assert answer.status_code == 400
    assert "計画期間「1999」は選べません" in answer.content.decode()
    assert Client().get("/plans/compare.csv?sort=secret").status_code == 400


def test_a_target_without_a_definition_any_more_does_not_break_the_page(demo: Plan) -> None:
    page = Client().get("/plans/compare/?tab=targets&demo=1&indicator=GONE").content.decode()
    assert "この指標の県全体の目標はありません" in page


@pytest.mark.parametrize(("name", "status"), [("demo-pref", 200), ("demo-city", 403), ("demo-wg", 403)])
def test_a_handover_is_for_the_prefectures_own_people(demo: Plan, name: str, status: int) -> None:
    assert signed_in(name).get(f"/plans/{demo.pk}/handover/").status_code == status


def test_a_handover_tells_decisions_dates_open_ends_and_who_agreed(demo: Plan) -> None:
    client = signed_in("demo-pref")
    page = client.get(f"/plans/{demo.pk}/handover/").content.decode()
    for text in (
        "在宅への按分率を、圏域ごとに35～45％とする",  # a decision
        "災害への備えがありません",  # why the first version was returned
        "デモ県医師会 会長",  # who sat there
        "隣の圏域との共同の輪番",  # an open next action
        "市町村への意見照会",  # a date
        "過去の伸びの2倍を超える目標があります",  # a comment without an answer
    ):
        assert text in page
    own = client.get(f"/plans/{demo.pk}/handover/?person=デモ県在宅医療課").content.decode()
    assert "訪問診療を始める診療所への同行研修" in own
    assert "夜間・休日の往診の輪番" not in re.sub(r"<option.*?</option>", "", own)
    assert (
        "担当になっているものはありません" in client.get(f"/plans/{demo.pk}/handover/?person=だれか").content.decode()
    )


def test_a_handover_is_the_same_as_word_and_pdf(demo: Plan) -> None:
    client = signed_in("demo-pref")
    word = docx.Document(io.BytesIO(client.get(f"/plans/{demo.pk}/handover.docx").content))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert "在宅への按分率を、圏域ごとに35～45％とする。" in cells
    assert f"http://testserver/plans/{demo.pk}/demand/" in cells
    assert word.paragraphs[0].text.startswith("【デモ】引継書")
    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"/plans/{demo.pk}/handover.pdf").content))
    text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert "在宅への按分率" in text
    assert client.get(f"/plans/{demo.pk}/handover.exe").status_code == 404
