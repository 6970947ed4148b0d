"""監査記録 as pages: found, read field by field, taken away as CSV; a prefecture sees its own and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plans.actions.plans import create_plan
from plans.models import Plan, Policy
from tests.html import assert_sound
from tests.plans.places import make_plan, make_prefecture
from zaitaku.accounts.models import Scope, User
from zaitaku.accounts.permissions import Actor
from zaitaku.audit.actions import acting_as
from zaitaku.audit.models import AuditEntry
from zaitaku.audit.queries import find_entries
from zaitaku.audit.scope import prefecture_paths

pytestmark = pytest.mark.django_db
AUDIT = "/audit/"


def make_official(name: str, role: User.Role, *codes: str) -> User:
    user = User.objects.create_user(name, role=role, display_name=f"{name}さん")
    Scope.objects.bulk_create([Scope(user=user, code=code) for code in codes])
    return user


@pytest.fixture
def plan() -> Plan:
    official = make_official("hokkaido", User.Role.PREFECTURE, "01")
    with acting_as(official, address="192.0.2.1", reason="名称の誤り"):
        plan = make_plan(by=official)
        plan.title = "北海道の計画（改）"
        plan.save(update_fields=["title"])
    return plan


@pytest.fixture
def admin(client: Client) -> User:
    user = make_official("admin", User.Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_a_change_is_read_field_by_field_with_who_and_why(client: Client, admin: User, plan: Plan) -> None:
    page = client.get(f"{AUDIT}?table=plans_plan&action=UPDATE").content.decode()
    assert_sound(page)
    for words in ("hokkaidoさん", "名称の誤り", "<del>北海道の計画</del>", "<ins>北海道の計画（改）</ins>"):
        assert words in page
    entry = AuditEntry.objects.get(table="plans_plan", action="UPDATE")
    detail = client.get(f"{AUDIT}{entry.pk}/").content.decode()
    assert_sound(detail)
    assert "192.0.2.1" in detail
    history = client.get(f"{AUDIT}rows/plans_plan/{plan.pk}/").content.decode()
    assert_sound(history)
    assert "追加" in history


@pytest.mark.parametrize(
    ("query", "count"),
    [("person=hokkaido", 1), ("person=nobody", 0), ("since=2999-01-01", 0), ("until=2999-01-01", 1), ("row=0", 0)],
)
def test_the_search_narrows(client: Client, admin: User, plan: Plan, query: str, count: int) -> None:
    page = client.get(f"{AUDIT}?table=plans_plan&action=UPDATE&{query}").content.decode()
    assert ("北海道の計画（改）" in page) is bool(count)
    assert ("当てはまる記録はありません" in page) is not bool(count)


def test_a_wrong_day_is_explained(client: Client, admin: User) -> None:
    answer = client.get(f"{AUDIT}?since=yesterday")
    assert answer.status_code == 400
    assert "2027-04-01のように" in answer.content.decode()


def test_the_file_has_a_row_for_each_changed_field(client: Client, admin: User, plan: Plan) -> None:
    text = client.get(f"{AUDIT}?table=plans_plan&action=UPDATE&format=csv").content.decode("utf-8-sig")
    header, line = text.splitlines()
    assert header.startswith("番号,日時,利用者,接続元,理由")
    assert "plans_plan" in line
    assert line.endswith("title,北海道の計画,北海道の計画（改）")


@pytest.mark.parametrize("role", [User.Role.PREFECTURE, User.Role.APPROVER])
def test_a_prefecture_reads_its_own_changes_and_no_others(client: Client, plan: Plan, role: User.Role) -> None:
    other = create_plan(make_prefecture("02", "青森県"), period=2027, title="青森県の計画", by=plan.created_by)
    client.force_login(make_official("aomori", role, "02"))
    page = client.get(AUDIT).content.decode()
    assert "青森県の計画" in page
    assert "北海道の計画" not in page
    assert "accounts_user" not in page
    foreign = AuditEntry.objects.get(table="plans_plan", action="UPDATE")
    assert client.get(f"{AUDIT}{foreign.pk}/").status_code == 404
    assert "見られる記録はありません" in client.get(f"{AUDIT}rows/plans_plan/{plan.pk}/").content.decode()
    assert "北海道" not in client.get(f"{AUDIT}?format=csv").content.decode()
    assert "見られる記録はありません" not in client.get(f"{AUDIT}rows/plans_plan/{other.pk}/").content.decode()


def test_what_was_deleted_is_still_seen_by_its_prefecture(plan: Plan) -> None:
    policy = Policy.objects.create(plan=plan, title="施策", scene="daily", starts=2027, ends=2029)
    row = str(policy.pk)
    policy.delete()
    own, other = (Actor(role="prefecture", codes=frozenset({code})) for code in ("01", "02"))
    assert find_entries(own, table="plans_policy", row=row, action="DELETE").count() == 1
    assert not find_entries(other, table="plans_policy", row=row).exists()


@pytest.mark.parametrize("role", [User.Role.MUNICIPALITY, User.Role.WORKING_GROUP, User.Role.ANALYST])
def test_others_are_told_why_they_do_not_read_it(client: Client, role: User.Role) -> None:
    client.force_login(make_official("x", role, "01202"))
    answer = client.get(AUDIT)
    assert answer.status_code == 403
    assert "監査記録を見られるのは" in answer.content.decode()


def test_an_official_out_of_time_reads_nothing(client: Client) -> None:
    user = make_official("former", User.Role.PREFECTURE, "01")
    User.objects.filter(pk=user.pk).update(role_until=dt.date(2020, 3, 31))
    client.force_login(User.objects.get(pk=user.pk))
    assert client.get(AUDIT).status_code == 403


def test_every_table_of_a_plan_leads_to_its_prefecture() -> None:
    found = {model for model, _path in prefecture_paths()}
    lost = {model._meta.label for model in apps.get_app_config("plans").get_models() if model not in found}
    # Shared over prefectures, or of none.
    assert lost <= {"plans.UnitLink", "plans.Practice"}, lost


def test_the_page_asks_the_same_however_many_lines_there_are(client: Client, admin: User, plan: Plan) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{AUDIT}?table=plans_plan")
        return len(captured)

    client.get(AUDIT)
    few = queries()
    for number in range(5):
        plan.title = f"{number}"
        plan.save(update_fields=["title"])
    assert queries() == few
