"""Every address has a decision: open to everybody, by a personal link, or closed; a new one without it fails here.

Closed is what needs no entry: an address that stands in no table has to lead a visitor to the sign-in. What a role may
do where with plans, bodies and drafts is tested beside these; the pages of administrators are tested here by role.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.pages.test_every_address import ADDRESSES
from zaitaku.accounts.models import Scope, User

pytestmark = pytest.mark.django_db

# Public statistics and what explains them, lists of what is published, and the way in.
PUBLIC = {
    "accounts:passkey-sign-in", "accounts:passkey-sign-in-options", "accounts:prefecture-choose", "accounts:sign-in",
    "accounts:sign-out", "api:benchmarks", "api:definition", "api:definitions", "api:docs", "api:index",
    "api:indicator", "api:indicators", "api:institution", "api:institutions", "api:openapi-json", "api:openapi-yaml",
    "api:region", "api:regions", "api:scheme", "api:schemes", "api:source", "api:sources", "api:values", "healthz",
    "indicators:area-editions", "indicators:area-types", "indicators:citation-create", "indicators:comparison",
    "indicators:comparison-file", "indicators:data-quality", "indicators:data-quality-csv",
    "indicators:definition-history", "indicators:download", "indicators:download-codebook",
    "indicators:download-file", "indicators:download-prepare", "indicators:download-ready",
    "indicators:download-result", "indicators:figure-trace", "indicators:figure-trace-csv",
    "indicators:group-builder", "indicators:group-detail", "indicators:group-file", "indicators:group-read-file",
    "indicators:group-view", "indicators:group-view-file", "indicators:groups", "indicators:home",
    "indicators:indicator-detail", "indicators:indicator-file", "indicators:indicator-list",
    "indicators:indicator-map", "indicators:national", "indicators:national-file", "indicators:own-list",
    "indicators:profile", "indicators:profile-file", "indicators:scatter", "indicators:scatter-file",
    "institutions:access", "institutions:access-file", "institutions:candidate-list", "institutions:check-list",
    "institutions:designated-public", "institutions:designated-public-file", "institutions:designation-gaps",
    "institutions:designation-import-form", "institutions:designation-list", "institutions:institution-detail",
    "institutions:institution-list", "institutions:report-list", "institutions:resource-file",
    "institutions:resource-search", "intake:form-download", "intake:form-list", "jobs:job-detail", "jobs:job-json",
    "jobs:job-list", "pages:help-detail", "pages:help-list", "plans:plan-comparison", "plans:plan-comparison-file",
    "plans:plan-list", "plans:practice-list", "sources:source-coverage", "sources:source-detail",
    "sources:source-list", "sources:source-list-csv",
}  # fmt: skip
# A secret in the address stands for the sign-in.
BY_LINK = {
    "accounts:welcome", "institutions:report-form", "institutions:report-sheet", "institutions:report-upload",
    "plans:calendar-feed", "plans:calendar-page",
}  # fmt: skip
# They look for the thing first, which is not there; with the thing, their own tests ask who may.
AFTER_THE_THING = {
    "indicators:report-figures", "institutions:batch-undo", "institutions:body-merge", "institutions:check-file",
    "institutions:designation-bulk", "institutions:designation-catchment", "institutions:designation-checklist",
    "institutions:designation-comment", "institutions:designation-detail", "institutions:designation-edit",
    "institutions:designation-file", "institutions:designation-status", "institutions:designation-undo",
    "institutions:merge-undo", "institutions:report-decide", "institutions:report-detail",
    "institutions:report-file", "institutions:report-links", "institutions:report-open", "institutions:round-change",
    "plans:output-file", "plans:output-list", "plans:practice-detail", "plans:version-detail",
}  # fmt: skip
# Asked by scripts, which are told with 401.
SCRIPTS = {"accounts:session-state", "plans:chapter-autosave"}
# With the parts of the address that name a person.
ADMINISTRATORS: dict[str, tuple[str, ...]] = {
    "accounts:user-list": (),
    "accounts:user-invite": (),
    "accounts:user-detail": ("user_id",),
    "accounts:user-role": ("user_id",),
    "accounts:user-hand-over": ("user_id",),
    "accounts:user-act": ("user_id",),
    "accounts:sign-in-log": (),
}
AUDIT = ("audit:entry-list", "audit:row-history")
AUDIT_READERS = {User.Role.PREFECTURE, User.Role.APPROVER, User.Role.ADMINISTRATOR}
SCOPES = {User.Role.PREFECTURE: "01", User.Role.APPROVER: "01", User.Role.MUNICIPALITY: "01202"}


def ask(client: Client, name: str, **parts: object) -> HttpResponse:
    """Open the address, or press its button where it is one."""
    address = reverse(name, kwargs={**ADDRESSES[name], **parts})
    answer = client.get(address)
    found = answer if answer.status_code != 405 else client.post(address)
    assert isinstance(found, HttpResponse)
    return found


def sign_in(client: Client, role: User.Role) -> User:
    user = User.objects.create_user("someone", role=role)
    if role in SCOPES:
        Scope.objects.create(user=user, code=SCOPES[role])
    client.force_login(user)
    return user


def is_led_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/accounts/sign-in/")


def test_the_tables_name_addresses_there_are() -> None:
    named = PUBLIC | BY_LINK | AFTER_THE_THING | SCRIPTS | set(ADMINISTRATORS) | set(AUDIT)
    assert named <= set(ADDRESSES), named - set(ADDRESSES)


def test_a_visitor_is_led_to_the_sign_in_wherever_nothing_else_is_decided(client: Client) -> None:
    closed = set(ADDRESSES) - PUBLIC - BY_LINK - AFTER_THE_THING - SCRIPTS
    assert len(closed) > 100
    open_to_all = {name for name in closed if not is_led_to_sign_in(ask(client, name))}
    assert not open_to_all, "public without a decision"


def test_scripts_and_what_is_not_there_tell_a_visitor_nothing(client: Client) -> None:
    assert {name: ask(client, name).status_code for name in SCRIPTS} == dict.fromkeys(SCRIPTS, 401)
    assert {ask(client, name).status_code for name in AFTER_THE_THING} == {404}


@pytest.mark.parametrize("role", User.Role)
def test_the_pages_of_administrators_are_for_them_alone(client: Client, role: User.Role) -> None:
    user = sign_in(client, role)
    is_allowed = role == User.Role.ADMINISTRATOR
    for name, parts in ADMINISTRATORS.items():
        answer = ask(client, name, **dict.fromkeys(parts, user.pk))
        assert (answer.status_code != 403) is is_allowed, (name, role)


@pytest.mark.parametrize("role", User.Role)
def test_the_audit_log_is_for_administrators_and_prefectures(client: Client, role: User.Role) -> None:
    sign_in(client, role)
    for name in AUDIT:
        assert (ask(client, name).status_code == 200) is (role in AUDIT_READERS), (name, role)
