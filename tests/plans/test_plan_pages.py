"""The pages of a plan: who gets in, writing with autosave and conflicts, comments, and the way to publication."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.plans import save_chapter
from plans.actions.versions import decide, publish_version, submit_plan
from plans.models import Chapter, ChapterDraft, ChapterRevision, Mention, Plan, PlanComment, PlanVersion
from plans.plan_urls import urlpatterns
from plans.queries.plans import get_plan_status
from regions.models import Region
from tests.plans.conftest import make_user
from tests.plans.places import make_plan
from tests.static_files import plain_static_files
from zaitaku.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
__all__ = ["plain_static_files"]

SIGN_IN, OK, GONE_ON, REFUSED, WRONG, NOT_ALLOWED = 302, 200, 302, 403, 422, 405
# Who: role and scope. The plan is 北海道's (01).
PEOPLE: dict[str, tuple[str, tuple[str, ...]] | None] = {
    "visitor": None,
    "official": ("prefecture", ("01",)),
    "official elsewhere": ("prefecture", ("13",)),
    "approver": ("approver", ("01",)),
    "approver elsewhere": ("approver", ("13",)),
    "municipality": ("municipality", ("01202",)),
    "municipality elsewhere": ("municipality", ("13101",)),
    "working group": ("working_group", ()),
    "analyst": ("analyst", ()),
    "administrator": ("administrator", ()),
}
EVERYONE = frozenset(PEOPLE)
READERS = frozenset({"official", "approver", "municipality"})
WRITERS = frozenset({"official"})
APPROVERS = frozenset({"approver"})
INSIDE = WRITERS | APPROVERS
NOBODY: frozenset[str] = frozenset()
# Name of the address → who may GET it, who may POST it.
MAY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "plan-list": (EVERYONE, NOBODY),
    "plan-comparison": (EVERYONE, NOBODY),
    "plan-comparison-file": (EVERYONE, NOBODY),
    "handover": (INSIDE, NOBODY),
    "handover-file": (INSIDE, NOBODY),
    "plan-create": (WRITERS, WRITERS),
    "plan-detail": (READERS, NOBODY),
    "plan-settings": (WRITERS, WRITERS),
    "chapter-create": (NOBODY, WRITERS),
    "comment-list": (READERS, READERS),
    "mention-seen": (NOBODY, READERS),
    "plan-submit": (WRITERS, WRITERS),
    "plan-difference": (READERS, NOBODY),
    "chapter-detail": (READERS, NOBODY),
    "chapter-settings": (WRITERS, WRITERS),
    "chapter-arrange": (NOBODY, WRITERS),
    "chapter-history": (READERS, NOBODY),
    "chapter-restore": (NOBODY, WRITERS),
    "chapter-comment": (NOBODY, READERS),
    "chapter-edit": (WRITERS, WRITERS),
    "chapter-autosave": (NOBODY, WRITERS),
    "chapter-discard": (NOBODY, WRITERS),
    "chapter-conflict": (WRITERS, WRITERS),
    "comment-reply": (NOBODY, READERS),
    # The comment was written by the official; a municipality may only resolve its own.
    "comment-resolve": (NOBODY, WRITERS),
    "version-detail": (READERS, NOBODY),
    "version-decide": (NOBODY, APPROVERS),
    "version-withdraw": (NOBODY, WRITERS),
    "version-publish": (NOBODY, WRITERS),
}
ONLY_GET = {name for name, (_, posts) in MAY.items() if not posts}
ONLY_POST = {name for name, (gets, _) in MAY.items() if not gets}


@pytest.fixture
def writer(db: None) -> User:
    return make_user("writer", "prefecture", "01")


@pytest.fixture
def plan(writer: User) -> Plan:
    made = make_plan(by=writer)
    Region.objects.create(kind="municipality", code="01202", name="函館市", parent=made.prefecture, is_base_unit=True)
    return made


@pytest.fixture
def chapter(plan: Plan) -> Chapter:
    return plan.chapters.all()[0]


@pytest.fixture
def boss(db: None) -> User:
    return make_user("boss", "approver", "01")


def browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def _person(name: str) -> User | None:
    given = PEOPLE[name]
    return make_user(name.replace(" ", "-"), given[0], *given[1]) if given else None


@pytest.fixture
def arguments(plan: Plan, chapter: Chapter, writer: User) -> dict[str, dict[str, int]]:
    """By the first word of a name, what its address needs."""
    comment = PlanComment.objects.create(plan=plan, text="意見", by=writer)
    version = submit_plan(plan, note="", by=writer)
    return {
        "plan": {"plan_id": plan.pk},
        "mention": {"plan_id": plan.pk},
        "handover": {"plan_id": plan.pk},
        "chapter": {"chapter_id": chapter.pk},
        "comment": {"comment_id": comment.pk},
        "version": {"version_id": version.pk},
    }


def _addresses(arguments: dict[str, dict[str, int]]) -> Iterator[tuple[str, str]]:
    for name in MAY:
        given: dict[str, int | str] = {**arguments[name.partition("-")[0]]}
        if name in {"plan-list", "plan-create", "plan-comparison", "plan-comparison-file"}:
            given = {}
        elif name in {"chapter-create", "comment-list"}:
            given = {**arguments["plan"]}
        if name.endswith("-file"):
            given["extension"] = "docx" if name == "handover-file" else "csv"
        yield name, reverse(f"plans:{name}", kwargs=given) + ("?prefecture=01" if name == "plan-create" else "")


def test_the_table_of_rights_names_every_address() -> None:
    assert set(MAY) == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_address_lets_in_whom_it_should_and_nobody_else(arguments: dict[str, dict[str, int]], who: str) -> None:
    client = browser(_person(who))
    outsider = SIGN_IN if who == "visitor" else REFUSED
    for name, address in _addresses(arguments):
        gets, posts = MAY[name]
        got = client.get(address).status_code
        if name in ONLY_POST:
            assert got == NOT_ALLOWED, f"GET {name}"
        elif name == "version-detail" and who == "visitor":
            assert got == REFUSED
        else:
            allowed = {OK, GONE_ON} if name == "chapter-conflict" and who in gets else {OK}
            assert got in (allowed if who in gets else {outsider}), f"GET {name}: {got}"
        # An empty form: who may post is told what is wrong with it, or it is carried out; nobody else gets so far.
        sent = client.post(address).status_code
        if name in ONLY_GET:
            assert sent == NOT_ALLOWED, f"POST {name}"
        elif who in posts:
            assert sent in {GONE_ON, WRONG, 400, 404}, f"POST {name}: {sent}"
        else:
            refusal = 401 if name == "chapter-autosave" and who == "visitor" else outsider
            assert sent == refusal, f"POST {name}: {sent}"


def test_what_outsiders_send_changes_nothing(plan: Plan, chapter: Chapter) -> None:
    for who in EVERYONE - READERS:
        client = browser(_person(who))
        client.post(reverse("plans:chapter-edit", args=[chapter.pk]), {"text": "よその文", "base": 0})
        client.post(reverse("plans:chapter-autosave", args=[chapter.pk]), {"text": "よその文", "base": 0})
        client.post(reverse("plans:comment-list", args=[plan.pk]), {"text": "よその意見"})
        client.post(reverse("plans:plan-submit", args=[plan.pk]))
    assert ChapterRevision.objects.filter(chapter__plan=plan, number__gt=0).count() == 0
    assert not ChapterDraft.objects.exists()
    assert not PlanComment.objects.exists()
    assert not PlanVersion.objects.exists()


def test_a_plan_begins_with_a_form(plan: Plan, writer: User) -> None:
    address = reverse("plans:plan-create") + "?prefecture=01"
    fields = {"title": "次の計画", "period": 2030, "model": plan.pk, "approval_levels": 2}
    answer = browser(writer).post(address, fields)
    made = Plan.objects.get(period=2030)
    assert answer.headers["Location"] == reverse("plans:plan-detail", args=[made.pk])
    assert (made.title, made.approval_levels, made.chapters.count()) == ("次の計画", 2, plan.chapters.count())
    again = browser(writer).post(address, fields)
    assert "すでにあります" in again.content.decode()


def test_autosave_keeps_a_draft_within_few_queries_and_tells_of_newer_versions(
    chapter: Chapter, writer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(writer)
    address = reverse("plans:chapter-autosave", args=[chapter.pk])
    client.post(address, {"text": "書きかけ", "base": 0})
    with django_assert_max_num_queries(10):
        answer = client.post(address, {"text": "書きかけの文", "base": 0})
    assert answer.json()["newer_by"] == ""
    assert ChapterDraft.objects.get(user=writer).text == "書きかけの文"
    assert "書きかけの文" in client.get(reverse("plans:chapter-edit", args=[chapter.pk])).content.decode()
    other = make_user("otsu", "prefecture", "01")
    save_chapter(chapter.pk, text="乙の文", base=0, by=other)
    assert client.post(address, {"text": "書きかけの文", "base": 0}).json()["newer_by"] == "otsu"


def test_a_conflict_shows_both_sides_and_each_choice_keeps_the_other_in_the_history(
    chapter: Chapter, writer: User
) -> None:
    other = make_user("otsu", "prefecture", "01")
    save_chapter(chapter.pk, text="一行目\n二行目\n三行目", base=0, by=writer)
    save_chapter(chapter.pk, text="一行目（乙）\n二行目\n三行目", base=1, by=other)
    client = browser(writer)
    mine = "一行目\n二行目\n三行目（甲）"
    sent = client.post(reverse("plans:chapter-edit", args=[chapter.pk]), {"text": mine, "base": 1})
    page = reverse("plans:chapter-conflict", args=[chapter.pk])
    assert sent.headers["Location"] == page
    shown = client.get(page)
    assert shown.context["sides"].merged.text == "一行目（乙）\n二行目\n三行目（甲）"
    assert shown.context["sides"].merged.clashes == 0
    client.post(page, {"choice": "both", "text": shown.context["sides"].merged.text, "base": 2})
    chapter.refresh_from_db()
    assert (chapter.text, chapter.version) == ("一行目（乙）\n二行目\n三行目（甲）", 3)
    assert not ChapterDraft.objects.exists()


def test_a_title_changed_by_somebody_else_is_no_conflict(chapter: Chapter, writer: User) -> None:
    client = browser(make_user("otsu", "prefecture", "01"))
    client.post(reverse("plans:chapter-settings", args=[chapter.pk]), {"title": "新しい名称", "status": "editing"})
    browser(writer).post(reverse("plans:chapter-edit", args=[chapter.pk]), {"text": "文", "base": 0})
    chapter.refresh_from_db()
    assert (chapter.title, chapter.text, chapter.version) == ("新しい名称", "文", 2)


def test_a_municipality_comments_in_its_own_name_and_the_person_named_is_told(
    plan: Plan, chapter: Chapter, writer: User
) -> None:
    town = browser(make_user("hakodate", "municipality", "01202"))
    town.post(reverse("plans:chapter-comment", args=[chapter.pk]), {"text": "@writer 離島の便を足してください。"})
    comment = PlanComment.objects.get()
    assert comment.municipality is not None
    assert (comment.municipality.name, comment.record, comment.section) == ("函館市", chapter.pk, "chapters")
    assert Mention.objects.get().user == writer
    client = browser(writer)
    workspace = reverse("plans:plan-detail", args=[plan.pk])
    assert "あなたの名前が挙がった意見" in client.get(workspace).content.decode()
    client.post(reverse("plans:mention-seen", args=[plan.pk]))
    assert "あなたの名前が挙がった意見" not in client.get(workspace).content.decode()
    client.post(reverse("plans:comment-reply", args=[comment.pk]), {"text": "足しました。"})
    client.post(reverse("plans:comment-resolve", args=[comment.pk]), {"is_resolved": "1"})
    page = client.get(reverse("plans:chapter-detail", args=[chapter.pk])).content.decode()
    assert "函館市として" in page
    assert "対応済" in page
    assert page.index("離島の便") < page.index("足しました。")


def test_a_plan_is_returned_with_a_reason_then_approved_and_public(
    plan: Plan, chapter: Chapter, writer: User, boss: User
) -> None:
    save_chapter(chapter.pk, text="初めの文", base=0, by=writer)
    official, approver = browser(writer), browser(boss)
    official.post(reverse("plans:plan-submit", args=[plan.pk]), {"note": "お願いします"})
    first = PlanVersion.objects.get()
    decision = reverse("plans:version-decide", args=[first.pk])
    refused = approver.post(decision, {"outcome": "returned", "reason": ""}, follow=True)
    assert "どこをどう直すか" in refused.content.decode()
    approver.post(decision, {"outcome": "returned", "reason": "年度を直してください"})
    assert "年度を直してください" in official.get(reverse("plans:version-detail", args=[first.pk])).content.decode()
    save_chapter(chapter.pk, text="直した文", base=1, by=writer)
    official.post(reverse("plans:plan-submit", args=[plan.pk]), {"note": ""})
    second = PlanVersion.objects.get(number=2)
    approver.post(reverse("plans:version-decide", args=[second.pk]), {"outcome": "approved", "reason": ""})
    official.post(reverse("plans:version-publish", args=[second.pk]))
    page = browser(None).get(reverse("plans:version-detail", args=[second.pk])).content.decode()
    assert "直した文" in page
    assert second.digest in page
    assert "writer" not in page
    assert "北海道の計画" in browser(None).get(reverse("plans:plan-list")).content.decode()
    assert browser(None).get(reverse("plans:version-detail", args=[first.pk])).status_code == REFUSED
    assert get_plan_status() == {"01": "2027年度から：公表"}


def test_the_difference_of_two_versions_shows_lines(plan: Plan, chapter: Chapter, writer: User, boss: User) -> None:
    save_chapter(chapter.pk, text="高齢化が進む。\n同じ行", base=0, by=writer)
    decide(submit_plan(plan, note="", by=writer), outcome="approved", reason="", by=boss)
    publish_version(PlanVersion.objects.get())
    save_chapter(chapter.pk, text="高齢化が速く進む。\n同じ行", base=1, by=writer)
    page = browser(boss).get(reverse("plans:plan-difference", args=[plan.pk])).content.decode()
    assert "<ins>速く</ins>" in page
    wrong = reverse("plans:plan-difference", args=[plan.pk])
    assert browser(boss).get(f"{wrong}?before=9").status_code == 404
    assert browser(boss).get(f"{wrong}?before=x").status_code == 404


@pytest.mark.parametrize(
    ("name", "most"), [("plan-detail", 16), ("plan-list", 10), ("comment-list", 14), ("chapter-detail", 14)]
)
def test_pages_ask_the_database_a_fixed_number_of_times(
    plan: Plan,
    chapter: Chapter,
    writer: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    name: str,
    most: int,
) -> None:
    PlanComment.objects.bulk_create(
        PlanComment(plan=plan, section="chapters", record=chapter.pk, text=f"意見{n}", by=writer) for n in range(9)
    )
    given = {"plan-list": [], "chapter-detail": [chapter.pk]}.get(name, [plan.pk])
    client = browser(writer)
    with django_assert_max_num_queries(most):
        assert client.get(reverse(f"plans:{name}", args=given)).status_code == OK
