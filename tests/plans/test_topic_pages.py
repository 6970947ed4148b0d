"""Targets, demand, policies and the logic model in pages: who gets in, what is refused, two people at once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator
from plans.actions.plans import create_plan
from plans.models import LogicNode, Milestone, Plan, Policy, RoadmapStep, Target
from tests.indicators.places import Country, add_value, make_notified_clinics
from tests.plans.conftest import make_user
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db
POLICY = {"title": "訪問診療の研修", "scene": "daily", "starts": 2027, "ends": 2029, "status": "planned", "version": 0}


@dataclass(frozen=True)
class Desk:
    """An official of 北海道 at the plan of 2027."""

    client: Client
    plan: Plan
    country: Country
    user: User

    def url(self, path: str = "") -> str:
        return f"/plans/{self.plan.pk}/{path}"

    def page(self, path: str, *, status: int = 200) -> str:
        answer = self.client.get(self.url(path))
        assert answer.status_code == status
        return answer.content.decode()

    def send(self, path: str, **fields: object) -> int:
        return self.client.post(self.url(path), fields).status_code


@pytest.fixture
def desk() -> Desk:
    country, _ = make_notified_clinics()
    user = make_user("北海道担当", User.Role.PREFECTURE, "01")
    client = Client()
    client.force_login(user)
    return Desk(client, create_plan(country["01"], period=2027, title="計画", by=user), country, user)


def choose(desk: Desk, region: str = "01", measure: str = "rate") -> str:
    return f"targets/new/?indicator=DAY_S22&region={desk.country[region].pk}&measure={measure}"


def add(desk: Desk, **fields: object) -> Target:
    given = {"direction": "raise", "end_value": "60", "end_year": "2029", **fields}
    assert desk.send(choose(desk), **given) == 302
    return Target.objects.latest("pk")


def test_a_target_begins_from_the_stored_figure_with_its_source_and_a_straight_way(desk: Desk) -> None:
    target = add(desk)
    assert (target.baseline_value, target.baseline_year) == (50.0, 2025)
    assert target.baseline_text == "50.0か所/75歳以上10万人"
    assert "届出受理医療機関名簿（医科）" in target.baseline_source
    assert "/indicators/DAY_S22/?prefecture=01" in target.baseline_source
    # 50 → 60 from 2025 to 2029: 2.5 a year.
    assert dict(target.milestones.values_list("year", "value")) == {2027: 55.0, 2028: 57.5}
    assert desk.send(choose(desk), direction="raise", end_value="70", end_year="2029") == 422


def test_a_hidden_or_missing_baseline_is_refused_with_its_reason(desk: Desk) -> None:
    assert "「秘匿」" in desk.page(choose(desk, "0102"), status=422)
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"end_value": "40"}, {"end_year": "2025"}, {"end_value": "many"}, {"direction": "lower"}]
)
def test_an_end_on_the_wrong_side_is_refused_in_the_form(desk: Desk, wrong: dict[str, str]) -> None:
    fields = {"direction": "raise", "end_value": "60", "end_year": "2029", **wrong}
    assert desk.send(choose(desk), **fields) == 422
    assert not Target.objects.exists()


def test_a_newer_figure_becomes_the_actual_and_is_judged(desk: Desk) -> None:
    add(desk)
    page = desk.page("targets/")
    assert "新しい値はまだない" in page
    indicator = Indicator.objects.get()
    add_value(indicator, desk.country["01"], numerator=424, denominator=800_000, year=2026)
    # 424 ÷ 800,000 = 53.0; 2.5 a year give 52.5 in 2026, and 3 of 10 are done.
    page = desk.page("targets/")
    assert "53.0" in page
    assert "B 順調" in page
    assert "30%" in page


def test_a_colleague_who_was_faster_is_not_overwritten(desk: Desk) -> None:
    target = add(desk)
    path = f"targets/{target.pk}/"
    fields = {"direction": "raise", "end_year": "2029", "milestone_2027": "", "milestone_2028": "58"}
    assert desk.send(path, **fields, end_value="61", version=0) == 302
    answer = desk.client.post(desk.url(path), {**fields, "end_value": "65", "version": 0})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "<td>61.0</td><td>65.0</td>" in page
    assert 'name="version" value="1"' in page
    target.refresh_from_db()
    assert target.end_value == 61
    assert list(Milestone.objects.values_list("year", "value")) == [(2028, 58.0)]
    assert desk.send(path, **fields, end_value="65", version=1, linear=1) == 302
    assert dict(Milestone.objects.values_list("year", "value")) == {2027: 57.5, 2028: 61.2}


def test_a_target_is_taken_out_and_brought_back(desk: Desk) -> None:
    target = add(desk)
    assert desk.send(f"targets/{target.pk}/remove/") == 302
    assert "外した目標（1）" in desk.page("targets/")
    again = add(desk)
    assert desk.send(f"targets/{target.pk}/remove/", undo=1) == 302
    target.refresh_from_db()
    assert target.removed_at is not None  # another one has taken its place
    desk.send(f"targets/{again.pk}/remove/")
    desk.send(f"targets/{target.pk}/remove/", undo=1)
    target.refresh_from_db()
    assert target.removed_at is None


def test_policies_are_written_with_their_roadmap(desk: Desk) -> None:
    assert desk.send("policies/new/", **POLICY, roadmap="2027 設計\n令和10 開始 済") == 302
    policy = Policy.objects.get()
    steps = RoadmapStep.objects.values_list("year", "text", "is_done")
    assert list(steps.all()) == [(2027, "設計", False), (2028, "開始", True)]
    kept = RoadmapStep.objects.get(year=2027).pk
    assert desk.send(f"policies/{policy.pk}/", **POLICY, roadmap="2027 設計\n2029 評価") == 302
    assert list(steps.all()) == [(2027, "設計", False), (2029, "評価", False)]
    assert RoadmapStep.objects.get(year=2027).pk == kept
    assert desk.send(f"policies/{policy.pk}/", **POLICY) == 409
    for wrong in ({"roadmap": "設計だけ"}, {"ends": 2026}, {"title": ""}):
        assert desk.send("policies/new/", **{**POLICY, **wrong}) == 422
    assert "評価" in desk.page("roadmap/")
    assert "条件に合う施策はありません" in desk.page("policies/?scene=eol")


def test_the_logic_model_is_built_by_forms_and_checked(desk: Desk) -> None:
    desk.send("logic/", kind="policy", title="研修")
    desk.send("logic/", kind="outcome", title="増える", indicator_code="DAY_S22")
    first, last = LogicNode.objects.all()
    assert desk.send("logic/edges/", source=first.pk, target=last.pk, reason="理由") == 302
    assert desk.send("logic/edges/", source=first.pk, target=last.pk) == 422
    assert desk.send("logic/edges/", source=first.pk, target=first.pk) == 422
    page = desk.page("logic/")
    assert "この県の値がなく、現状値を示せません" in page  # nothing stands anywhere before a computation
    assert f'<a href="#node-{last.pk}"' in page
    assert desk.client.get(desk.url("logic/drawing.svg")).content.startswith(b"<svg")
    path = f"logic/nodes/{first.pk}/"
    assert desk.send(path, kind="policy", title="研修と支援", version=0) == 302
    assert desk.send(path, kind="policy", title="別", version=0) == 409
    assert desk.send(path, remove=1) == 302
    assert not desk.plan.logic_edges.exists()


def test_agreed_demand_is_summed_and_shares_stay_in_range(desk: Desk) -> None:
    area = desk.country["0101"].pk
    row = {"area": area, "year": 2028, "natural_increase": "10", "transferred": "40", "share_percent": "25"}
    assert desk.send("demand/", **row) == 302
    assert desk.send("demand/", **row) == 422
    assert desk.send("demand/", **{**row, "year": 2029, "share_percent": "101"}) == 422
    page = desk.page("demand/")
    assert "合意した協議の場が記録されていません" in page
    assert "2028年度は、南檜山がまだです" in page
    assert page.count('<td class="number">20.0</td>') == 2  # the row and the sum: 10 + 40 × 25 %
    agreement = desk.plan.demand.get()
    assert agreement.home_share == 0.25


PAGES = ("targets/", "demand/", "policies/", "roadmap/", "logic/")


@pytest.mark.parametrize(
    ("role", "codes", "reads", "changes"),
    [
        (User.Role.PREFECTURE, ["01"], True, True),
        (User.Role.APPROVER, ["01"], True, False),
        (User.Role.MUNICIPALITY, ["01202"], True, False),
        (User.Role.PREFECTURE, ["28"], False, False),
        (User.Role.MUNICIPALITY, ["28100"], False, False),
        (User.Role.WORKING_GROUP, [], False, False),
        (User.Role.ANALYST, [], False, False),
        (User.Role.ADMINISTRATOR, [], False, False),
    ],
)
def test_officials_write_their_approvers_and_municipalities_read_others_stay_out(
    desk: Desk, role: str, codes: list[str], *, reads: bool, changes: bool
) -> None:
    target = add(desk)
    desk.client.force_login(make_user("その人", role, *codes))
    for path in (*PAGES, f"targets/{target.pk}/"):
        assert desk.client.get(desk.url(path)).status_code == (200 if reads else 403), path
    written = [
        desk.send("policies/new/", **POLICY),
        desk.send("logic/", kind="policy", title="研修"),
        desk.send(f"targets/{target.pk}/remove/"),
    ]
    assert written == [302 if changes else 403] * 3
    assert Policy.objects.exists() == LogicNode.objects.exists() == changes
    answer = Client().get(desk.url("targets/"))
    assert answer.status_code == 302
    assert "/accounts/sign-in/" in answer["Location"]


def test_more_targets_and_policies_cost_no_more_queries(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    add(desk)
    for number in range(8):
        desk.send("policies/new/", **{**POLICY, "title": f"施策{number}"}, roadmap="2027 設計")
    for path, most in (("targets/", 24), ("policies/", 20), ("roadmap/", 20)):
        with django_assert_max_num_queries(most):
            desk.page(path)
