"""The evaluation in pages: who writes, confirms and reads, what the rule says, what is carried on, two at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator, Status
from institutions.actions.bodies import EnteredBody, enter_body
from institutions.models import Designation
from plans.actions.plans import create_plan
from plans.exports.document import Grid, Printing, make_document
from plans.models import (
    DesignationVerification,
    Plan,
    PlanEvaluation,
    Policy,
    PolicyEvaluation,
    RoadmapStep,
    Target,
    TargetEvaluation,
)
from plans.queries.content import get_content
from plans.queries.evaluations import evaluations_of, latest_judgements, open_actions
from tests.indicators.places import Country, Reason, add_gap, add_value, make_notified_clinics
from tests.plans.conftest import make_user
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db
GOOD = {"actual": "研修を2回", "judgement": "", "version": 0}
BEHIND = {**GOOD, "cause": "講師の不足", "next_action": "講師を2人増やす"}


@dataclass(frozen=True)
class Desk:
    """An official of 北海道 at the plan of 2024: a policy (one of two steps of 2025 done), a target of 50 → 60."""

    client: Client
    plan: Plan
    country: Country
    indicator: Indicator
    user: User
    boss: User
    policy: Policy
    target: Target

    def url(self, path: str = "") -> str:
        return f"/plans/{self.plan.pk}/evaluation/{path}"

    def page(self, path: str = "", *, status: int = 200) -> str:
        answer = self.client.get(self.url(path))
        assert answer.status_code == status, path
        return answer.content.decode()

    def send(self, path: str, **fields: object) -> int:
        return self.client.post(self.url(path), fields).status_code

    def policy_path(self, year: int = 2025) -> str:
        return f"{year}/policies/{self.policy.pk}/"

    def target_path(self, year: int = 2026) -> str:
        return f"{year}/targets/{self.target.pk}/"

    def confirm(self, year: int = 2024, **fields: object) -> int:
        client = Client()
        client.force_login(self.boss)
        return client.post(self.url(f"yearly/{year}/confirm/"), fields).status_code


@pytest.fixture(autouse=True)
def _late_in_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: dt.date(2026, 11, 22))


@pytest.fixture
def desk() -> Desk:
    country, indicator = make_notified_clinics()
    user = make_user("北海道担当", User.Role.PREFECTURE, "01")
    plan = create_plan(country["01"], period=2024, title="計画", by=user)
    policy = Policy.objects.create(
        plan=plan, title="訪問診療の研修", scene="daily", starts=2024, ends=2026, owner="医療課"
    )
    for text, is_done in (("設計", True), ("実施", False)):
        RoadmapStep.objects.create(policy=policy, year=2025, text=text, is_done=is_done)
    target = Target.objects.create(
        plan=plan,
        indicator_code="DAY_S22",
        region=country["01"],
        direction="raise",
        baseline_value=50,
        baseline_year=2025,
        baseline_text="50.0か所",
        baseline_source="名簿　指標DAY_S22（定義第1版）　/indicators/DAY_S22/",
        end_value=60,
        end_year=2029,
    )
    client = Client()
    client.force_login(user)
    boss = make_user("北海道承認者", User.Role.APPROVER, "01")
    return Desk(client, plan, country, indicator, user, boss, policy, target)


def body_of(desk: Desk) -> Designation:
    entered = EnteredBody(kind="clinic", name="試験診療所", unit_id=desk.country["01202"].pk)
    body = enter_body(entered, prefecture=desk.country["01"], by=None)
    return Designation.objects.create(
        prefecture=desk.country["01"],
        period=2024,
        kind="active",
        body=body,
        area=desk.country["0101"],
        status="designated",
        decided_on=dt.date(2024, 4, 1),
        designated_on=dt.date(2024, 4, 1),
    )


def test_a_policy_is_judged_by_its_roadmap_and_what_is_late_says_why(desk: Desk) -> None:
    page = desk.page(desk.policy_path())
    assert "2025年度までの項目2のうち1が済みです。" in page
    assert "C 遅れ" in page
    assert desk.send(desk.policy_path(), **GOOD) == 422
    assert desk.send(desk.policy_path(), **{**BEHIND, "judgement": "on_course"}) == 422
    assert desk.send(desk.policy_path(), **BEHIND) == 302
    found = PolicyEvaluation.objects.get()
    assert (found.judgement, found.rule_judgement, found.by) == ("behind", "behind", desk.user)
    assert "講師を2人増やす" in desk.page("2025/")
    changed = {**BEHIND, "judgement": "on_course", "changed_because": "4月に実施した", "version": 1}
    assert desk.send(desk.policy_path(), **changed) == 302
    page = desk.page("2025/")
    assert "変更（決まりではC 遅れ）：4月に実施した" in page
    assert "変更" in desk.page()


def test_a_figure_that_is_not_there_is_never_judged(desk: Desk) -> None:
    page = desk.page(desk.target_path())
    assert "2026年度までの値がまだないため、判定できません" in page
    fields = {"version": 0, "judgement": "reached", "changed_because": "達したはず"}
    assert desk.send(desk.target_path(), **fields) == 422
    assert desk.send(desk.target_path(), version=0) == 302
    assert TargetEvaluation.objects.get().judgement == "unknown"
    add_gap(desk.indicator, desk.country["01"], status=Status.SUPPRESSED, reason=Reason.SMALL_NUMBER, year=2026)
    page = desk.page(desk.target_path())
    assert "「秘匿」" in page
    assert "manual_value" not in page
    manual = {"manual_value": "55", "manual_year": "2026", "manual_source": "県の調査", "version": 1}
    assert desk.send(desk.target_path(), **manual) == 302  # the fields are not there: nothing is taken from them
    found = TargetEvaluation.objects.get()
    assert (found.judgement, found.actual_value, found.actual_state) == ("unknown", None, "秘匿")


def test_the_stored_figure_is_kept_with_interval_source_and_edition(desk: Desk) -> None:
    region = desk.country["01"]
    add_value(desk.indicator, region, numerator=424, denominator=800_000, year=2026, interval=(48.1, 58.3))
    page = desk.page(desk.target_path())
    # 424 ÷ 800,000 = 53.0; 2.5 a year give 52.5 in 2026, which the interval holds.
    assert "2026年度の値53.0は、2026年度に見込んだ52.5に達したので「B 順調」です。" in page
    assert "見込みの52.5は95％信頼区間（48.1〜58.3）に入ります" in page
    assert desk.send(desk.target_path(), version=0) == 302
    found = TargetEvaluation.objects.get()
    assert (found.actual_value, found.actual_lower, found.actual_upper) == (53.0, 48.1, 58.3)
    assert (found.actual_year, found.expected_value, found.actual_text) == (2026, 52.5, "53.0か所/75歳以上10万人")
    assert "DAY_S22（定義第" in found.actual_source
    Target.objects.update(baseline_source="名簿　指標DAY_S22（定義第9版）")
    assert "第9版から第1版に変わり" in desk.page(desk.target_path())


def test_a_figure_is_entered_by_hand_with_its_source_where_none_is_stored(desk: Desk) -> None:
    assert desk.send(desk.target_path(), version=0, manual_value="61") == 422
    manual = {"manual_value": "61", "manual_year": "2026", "manual_source": "県の調査（2026年9月）"}
    assert desk.send(desk.target_path(), version=0, **manual) == 302
    found = TargetEvaluation.objects.get()
    assert (found.judgement, found.is_manual, found.actual_source) == ("reached", True, "県の調査（2026年9月）")
    assert "手入力" in desk.page("2026/")


def test_a_year_that_has_not_begun_or_is_not_of_the_plan_cannot_be_written_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: dt.date(2025, 3, 31))
    assert desk.send(desk.policy_path(2025), **BEHIND) == 422
    assert desk.send(desk.policy_path(2023), **BEHIND) == 404
    assert "まだ始まっていません" in desk.page()


def test_a_colleague_who_was_faster_is_not_overwritten(desk: Desk) -> None:
    assert desk.send(desk.policy_path(), **BEHIND) == 302
    answer = desk.client.post(desk.url(desk.policy_path()), {**BEHIND, "actual": "研修を3回"})
    assert answer.status_code == 409
    assert "<td>研修を2回</td><td>研修を3回</td>" in answer.content.decode()
    assert PolicyEvaluation.objects.get().actual == "研修を2回"
    assert desk.send("2025/", summary="よい", meeting="", version=0) == 302
    assert desk.send("2025/", summary="わるい", meeting="", version=0) == 409


def test_the_next_action_opens_the_next_year_and_goes_into_the_roadmap_when_asked(desk: Desk) -> None:
    desk.send(desk.policy_path(2025), **BEHIND)
    (action,) = open_actions(desk.plan)
    assert (action.text, action.year, action.carried_at) == ("講師を2人増やす", 2025, None)
    page = desk.page(desk.policy_path(2026))
    assert "2025年度の評価の「次の取組」" in page
    key = f"policy-{action.evaluation_id}"
    fields = {f"pick_{key}": "on", f"policy_{key}": desk.policy.pk, f"text_{key}": "講師を増やす"}
    assert not RoadmapStep.objects.filter(year=2026).exists()
    assert desk.send("2025/carry/", **fields) == 302
    assert list(RoadmapStep.objects.filter(year=2026).values_list("text", flat=True)) == ["講師を増やす"]
    desk.policy.refresh_from_db()
    assert desk.policy.version == 1  # whoever has the policy open is told
    assert "すでに加えたもの" in desk.page("2025/carry/")
    assert desk.send(desk.policy_path(2026), **{**BEHIND, "next_action": ""}, previous_outcome="continued") == 422
    assert desk.send(desk.policy_path(2026), **BEHIND, previous_outcome="done", previous_note="増えた") == 302
    assert [one.year for one in open_actions(desk.plan)] == [2026]
    assert "行った：増えた" in desk.page("2026/")


def test_an_approver_confirms_what_is_whole_and_nobody_changes_it_then(desk: Desk) -> None:
    desk.confirm(2025)
    assert not PlanEvaluation.objects.exists()
    desk.send("2025/", summary="遅れがある", meeting="", version=0)
    desk.confirm(2025)
    assert PlanEvaluation.objects.get().confirmed_at is None  # two evaluations are missing
    desk.send(desk.policy_path(2025), **BEHIND)
    desk.send(desk.target_path(2025), version=0)
    assert latest_judgements([desk.plan.pk]) == {}
    desk.confirm(2025)
    assert PlanEvaluation.objects.get().confirmed_by == desk.boss
    found = latest_judgements([desk.plan.pk])[desk.plan.pk]
    assert (found.year, found.policies, found.targets) == (2025, {"behind": 1}, {"unknown": 1})
    assert desk.send(desk.policy_path(2025), **{**BEHIND, "version": 1}) == 422
    assert desk.send("2025/", summary="別", meeting="", version=2) == 422
    desk.confirm(2025, reopen=1)
    assert PlanEvaluation.objects.get().confirmed_at is not None  # no reason was given
    desk.confirm(2025, reopen=1, reason="実績の誤り")
    assert desk.send(desk.policy_path(2025), **{**BEHIND, "version": 1}) == 302


def test_designated_bodies_are_kept_supported_or_replaced_with_a_reason(desk: Desk) -> None:
    designation = body_of(desk)
    page = desk.page("2025/designations/")
    assert "試験診療所" in page
    assert "2025年度の活動報告は集めていません" in page
    path = f"2025/designations/{designation.pk}/"
    assert desk.send(path, outcome="support", reason="人手不足", version=0) == 422
    assert desk.send(path, outcome="replace", reason="閉院予定", next_action="後任を探す", version=0) == 302
    assert "医療機関と拠点が1つ以上必要です" in desk.page("2025/designations/")
    found = DesignationVerification.objects.get()
    assert found.facts[0]["label"] == "届出"
    assert desk.page("2025/designations/999/", status=404)
    assert "閉院予定" in desk.page("2025/")


def test_the_whole_plan_is_evaluated_with_a_conclusion(desk: Desk) -> None:
    desk.send(desk.policy_path(2025), **BEHIND)
    path = "whole/final/"
    fields = {"year": 2025, "summary": "おおむね進んだ", "meeting": "", "direction": "", "version": 0}
    assert desk.send(path, **fields) == 302
    client = Client()
    client.force_login(desk.boss)
    confirm = desk.url("final/2025/confirm/")
    client.post(confirm)
    assert PlanEvaluation.objects.get().confirmed_at is None
    fields |= {"direction": "次期に続ける", "conclusion": "adjust", "version": 1}
    assert desk.send(path, **fields) == 302
    client.post(confirm)
    assert PlanEvaluation.objects.get().confirmed_at is not None
    page = desk.page(path)
    assert "一部を見直す" in page
    assert "C 遅れ" in page
    assert desk.page("whole/other/", status=404)


def test_the_next_plan_takes_over_what_is_chosen_and_nothing_else(desk: Desk) -> None:
    designation = body_of(desk)
    desk.send(desk.policy_path(2025), **BEHIND)
    desk.send(f"2025/designations/{designation.pk}/", outcome="keep", reason="役割を果たした", version=0)
    later = create_plan(desk.country["01"], period=2027, title="次の計画", by=desk.user)
    url = f"/plans/{later.pk}/evaluation/heritage/"
    page = desk.client.get(url).content.decode()
    assert "訪問診療の研修" in page
    assert "目標を置く" in page
    assert not later.policies.exists()
    desk.client.post(url, {"policy": desk.policy.pk, "body": DesignationVerification.objects.get().pk})
    carried = later.policies.get()
    assert (carried.title, carried.starts, carried.carried_from, carried.budget) == (
        "訪問診療の研修", 2027, desk.policy, None,
    )  # fmt: skip
    assert carried.steps.get().text == "講師を2人増やす"
    assert Designation.objects.filter(period=2027, status="candidate").count() == 1
    desk.client.post(url, {"policy": desk.policy.pk})
    assert later.policies.count() == 1
    assert desk.page("heritage/", status=404)


def test_files_and_the_content_of_a_version_hold_what_the_sheet_shows(desk: Desk) -> None:
    desk.send(desk.policy_path(2025), **BEHIND)
    text = desk.client.get(f"/plans/{desk.plan.pk}/evaluation/2025.csv").content.decode("utf-8-sig")
    row = next(line for line in text.splitlines() if "訪問診療の研修" in line)
    assert "behind" in row
    assert "講師を2人増やす" in row
    rows = desk.client.get(f"/plans/{desk.plan.pk}/evaluation.json").json()["rows"]
    assert len(rows) == 6  # a policy and a target in three years, written or not
    assert get_content(desk.plan)["sections"]["policy_evaluations"] == []  # not confirmed yet
    desk.send(desk.target_path(2025), version=0)
    desk.send("2025/", summary="遅れがある", meeting="", version=0)
    desk.confirm(2025)
    sections = get_content(desk.plan)["sections"]
    assert [one["judgement"] for one in sections["policy_evaluations"]] == ["C 遅れ"]
    assert [one["judgement"] for one in sections["target_evaluations"]] == ["判定できない"]
    assert [one["summary"] for one in sections["plan_evaluations"]] == ["遅れがある"]
    printing = Printing(marks=(), pictures={}, indicator_names={}, sources=())
    blocks = make_document(get_content(desk.plan), printing).blocks
    tables = {one.caption: one.rows for one in blocks if isinstance(one, Grid)}
    assert tables["施策の評価"][0][3:] == (
        "C 遅れ：2025年度までの項目2のうち1が済みです。",
        "講師の不足",
        "講師を2人増やす",
    )
    assert tables["数値目標の評価"][0][2] == "値なし"
    assert tables["計画の評価"] == (("毎年の評価（2025年度）", "総括", "遅れがある"),)


def test_the_database_refuses_a_judgement_without_a_figure_and_a_change_without_a_reason(desk: Desk) -> None:
    for wrong in (
        {"judgement": "reached", "rule_judgement": "reached"},
        {"judgement": "on_course", "rule_judgement": "unknown", "actual_value": 1, "actual_year": 2026},
        {"judgement": "unknown", "rule_judgement": "reached"},
        {"judgement": "unknown", "is_manual": True},
        {"judgement": "unknown", "previous_outcome": "continued"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            TargetEvaluation.objects.create(target=desk.target, year=2026, by=desk.user, **wrong)


PAGES = ("", "2025/", "2025/designations/", "2025/carry/", "whole/mid_term/", "2025.csv")


@pytest.mark.parametrize(
    ("role", "codes", "reads", "changes"),
    [
        (User.Role.PREFECTURE, ["01"], True, True),
        (User.Role.APPROVER, ["01"], True, False),
        (User.Role.MUNICIPALITY, ["01202"], True, False),
        (User.Role.PREFECTURE, ["28"], False, False),
        (User.Role.WORKING_GROUP, [], False, False),
        (User.Role.ANALYST, [], False, False),
        (User.Role.ADMINISTRATOR, [], False, False),
    ],
)
def test_officials_write_approvers_confirm_municipalities_read_and_others_stay_out(
    desk: Desk, role: str, codes: list[str], *, reads: bool, changes: bool
) -> None:
    designation = body_of(desk)
    desk.client.force_login(make_user("その人", role, *codes))
    for path in (*PAGES, desk.policy_path(), desk.target_path(), f"2025/designations/{designation.pk}/"):
        assert desk.client.get(desk.url(path)).status_code == (200 if reads else 403), path
    written = [
        desk.send(desk.policy_path(), **BEHIND),
        desk.send(desk.target_path(), version=0),
        desk.send("2025/", summary="総括", meeting="", version=0),
        desk.send("whole/final/", year=2025, summary="総括", meeting="", version=0),
        desk.send(f"2025/designations/{designation.pk}/", outcome="keep", reason="よい", version=0),
        desk.send("2025/carry/"),
    ]
    assert written == [302 if changes else 403] * 6
    may_confirm = role == User.Role.APPROVER
    assert desk.send("yearly/2025/confirm/") == (302 if may_confirm else 403)
    answer = Client().get(desk.url())
    assert answer.status_code == 302


def test_the_working_group_reads_the_sheets_that_are_confirmed(desk: Desk) -> None:
    desk.send(desk.policy_path(2025), **BEHIND)
    desk.send(desk.target_path(2025), version=0)
    desk.send("2025/", summary="遅れがある", meeting="", version=0)
    member = Client()
    member.force_login(make_user("構成員", User.Role.WORKING_GROUP))
    assert member.get(desk.url("2025/")).status_code == 403
    desk.confirm(2025)
    page = member.get(desk.url("2025/"))
    assert page.status_code == 200
    assert "遅れがある" in page.content.decode()
    assert member.get(desk.url("2024/")).status_code == 403
    assert member.get(desk.url()).status_code == 403


def test_more_policies_cost_no_more_queries(desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(6):
        Policy.objects.create(plan=desk.plan, title=f"施策{number}", scene="eol", starts=2024, ends=2026)
    desk.page()
    for path, most in (("", 26), ("2025/", 26), ("2025/designations/", 30)):
        with django_assert_max_num_queries(most):
            desk.page(path)
    assert evaluations_of(desk.plan).years[1].asked == 8
