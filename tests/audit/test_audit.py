"""The audit log: kept by the database for whoever changes something, and out of reach of the site's own role."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client

from tests.plans.places import make_plan
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.audit.actions import acting_as, grant_to_site
from zaitaku.audit.models import AuditEntry

# Tables of plans that are not watched, and why.
NOT_WATCHED = {
    "plans_chapterdraft": "typed and not saved",
    "plans_chapterrevision": "is a history itself and cannot be changed",
    "plans_mention": "follows from the comment",
    "plans_draftarea": "the steps of a draft are its history",
    "plans_draftunit": "the steps of a draft are its history",
    "plans_draftstep": "is a history itself",
    "plans_draftmove": "is a history itself",
}


@pytest.fixture
def official(db: None) -> User:
    return User.objects.create_user("official", role=User.Role.PREFECTURE, display_name="担当者")


@pytest.fixture
def site_role(db: None) -> str:
    """A role with the rights of web server and workers; it goes with the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE zaitaku_site_of_a_test")
    grant_to_site("zaitaku_site_of_a_test")
    return "zaitaku_site_of_a_test"


def _execute(statement: str, *, role: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)
        cursor.execute("RESET ROLE")


def test_a_change_is_noted_with_who_from_where_and_what_it_was(official: User) -> None:
    with acting_as(official, address="192.0.2.1", reason="年の誤り"):
        plan = make_plan(by=official)
        plan.title = "新しい名称"
        plan.save(update_fields=["title"])
    entry = AuditEntry.objects.filter(table="plans_plan", action="UPDATE").get()
    assert (entry.actor, entry.actor_name, entry.address, entry.reason) == (
        official.pk,
        "担当者",
        "192.0.2.1",
        "年の誤り",
    )
    assert (entry.before, entry.after) == ({"title": "北海道の計画"}, {"title": "新しい名称"})
    assert entry.row == str(plan.pk)


def test_direct_sql_is_noted_too_and_under_no_persons_name(official: User) -> None:
    with acting_as(official):
        plan = make_plan(by=official)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE plans_plan SET title = 'x' WHERE id = %s", [plan.pk])
    entry = AuditEntry.objects.filter(table="plans_plan", action="UPDATE").get()
    assert (entry.actor, entry.actor_name) == (None, "")
    assert entry.database_role


def test_writing_what_stands_there_already_is_no_change(official: User) -> None:
    plan = make_plan(by=official)
    plan.save(update_fields=["title"])
    assert not AuditEntry.objects.filter(table="plans_plan", action="UPDATE").exists()


def test_no_password_gets_into_the_log(official: User) -> None:
    official.set_password("geheim-und-lang-genug")
    official.save()
    official.delete()
    assert "password" not in "".join(
        str(entry.before) + str(entry.after) for entry in AuditEntry.objects.filter(table="accounts_user")
    )


@pytest.mark.parametrize("statement", ["UPDATE audit_auditentry SET actor_name = 'x'", "DELETE FROM audit_auditentry"])
def test_not_even_the_owner_changes_the_log(official: User, statement: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_auditentry (at) VALUES (now())",
        "UPDATE audit_auditentry SET actor_name = 'x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "ALTER TABLE plans_plan DISABLE TRIGGER audited",
        "DROP TRIGGER audited ON plans_plan",
        "UPDATE accounts_signinevent SET outcome = 'failed'",
        "DELETE FROM accounts_signinevent",
    ],
)
def test_the_sites_role_neither_writes_the_log_nor_switches_it_off(site_role: str, statement: str) -> None:
    with pytest.raises(ProgrammingError):
        _execute(statement, role=site_role)


def test_the_sites_role_works_and_is_noted(official: User, site_role: str) -> None:
    plan = make_plan(by=official)
    _execute("UPDATE plans_plan SET title = '役割による変更'", role=site_role)
    assert AuditEntry.objects.get(table="plans_plan", action="UPDATE").row == str(plan.pk)


def test_a_request_is_noted_under_who_sends_it(client: Client, official: User) -> None:
    official.set_password("a-long-enough-password")
    official.save()
    client.force_login(official)
    client.post("/accounts/password/", {"old_password": "a-long-enough-password"})  # refused: nothing to note
    before = AuditEntry.objects.count()
    client.post("/accounts/sign-out/")
    assert SignInEvent.objects.filter(outcome="signed_out").exists()
    assert AuditEntry.objects.count() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('zaitaku.actor', true)")
        assert cursor.fetchone() in [("",), (None,)]


def test_every_table_of_plans_and_decisions_is_watched(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audited'")
        watched = {name for (name,) in cursor.fetchall()}
    tables = {model._meta.db_table for model in apps.get_app_config("plans").get_models()}
    assert tables - watched == set(NOT_WATCHED)
    assert {"institutions_designation", "accounts_user", "accounts_scope"} <= watched
