"""A plan is written by several people, handed in, decided and published; what was said stays as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from plans.actions.plans import (
    add_chapter,
    bring_chapter_back,
    create_plan,
    keep_draft,
    move_chapter,
    remove_chapter,
    rename_chapter,
    restore_revision,
    save_chapter,
)
from plans.actions.versions import decide, publish_version, submit_plan, withdraw_version
from plans.formulas.content import ChangeKind, FieldOf, SectionOf, canonical, difference, digest, make_content
from plans.models import Chapter, ChapterDraft, ChapterRevision, Plan, PlanVersion
from plans.queries.content import SECTIONS, get_content
from plans.results import Conflict, PlanRefusal, Saved
from regions.models import Region
from zaitaku.accounts.models import User

SECTION = SectionOf(
    key="targets", label="目標", name_field="name", fields=(FieldOf("name", "名称"), FieldOf("end", "目標値"))
)


@pytest.fixture
def prefecture(db: None) -> Region:
    nation = Region.objects.create(kind=Region.Kind.NATION, code="00", name="全国")
    return Region.objects.create(kind=Region.Kind.PREFECTURE, code="01", name="北海道", parent=nation)


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    return lambda name: User.objects.get_or_create(username=name, defaults={"role": User.Role.PREFECTURE})[0]


@pytest.fixture
def plan(prefecture: Region, person: Callable[[str], User]) -> Plan:
    return create_plan(prefecture, period=2027, title="北海道の計画", by=person("writer"))


def _first(plan: Plan) -> Chapter:
    return plan.chapters.order_by("position")[0]


def test_a_new_plan_has_the_chapters_of_the_template_in_their_order(plan: Plan) -> None:
    assert [chapter.key for chapter in plan.chapters.all()][:3] == ["present-state", "functions", "areas"]
    assert set(plan.chapters.values_list("status", flat=True)) == {"not_started"}
    assert list(plan.years) == [2027, 2028, 2029]


def test_a_prefecture_has_one_plan_a_period(plan: Plan, person: Callable[[str], User]) -> None:
    with pytest.raises(PlanRefusal, match="すでにあります"):
        create_plan(plan.prefecture, period=2027, title="もう一つ", by=person("writer"))
    with pytest.raises(IntegrityError, match="plan_once"), transaction.atomic():
        Plan.objects.create(prefecture=plan.prefecture, period=2027, title="x", created_by=person("writer"))
    with pytest.raises(IntegrityError, match="plan_period_is_three_years"), transaction.atomic():
        Plan.objects.create(prefecture=plan.prefecture, period=2028, title="x", created_by=person("writer"))


def test_the_next_plan_begins_with_the_texts_of_the_last(plan: Plan, person: Callable[[str], User]) -> None:
    save_chapter(_first(plan).pk, text="高齢化が進む。", base=0, by=person("writer"))
    following = create_plan(plan.prefecture, period=2030, title="次の計画", by=person("writer"), model=plan)
    assert _first(following).text == "高齢化が進む。"
    assert following.chapters.count() == plan.chapters.count()


def test_two_people_saving_the_same_chapter_lose_nothing(plan: Plan, person: Callable[[str], User]) -> None:
    chapter = _first(plan)
    assert save_chapter(chapter.pk, text="甲の文", base=0, by=person("kou")) == Saved(version=1)
    answer = save_chapter(chapter.pk, text="乙の文", base=0, by=person("otsu"))
    assert isinstance(answer, Conflict)
    assert (answer.base_text, answer.theirs, answer.mine, answer.theirs_by) == ("", "甲の文", "乙の文", "kou")
    assert ChapterDraft.objects.get(chapter=chapter).text == "乙の文"
    # Having seen both, 乙 saves on top of 甲's version; the draft is done with.
    assert save_chapter(chapter.pk, text="甲と乙の文", base=answer.theirs_version, by=person("otsu")) == Saved(
        version=2
    )
    assert not ChapterDraft.objects.exists()
    assert list(ChapterRevision.objects.filter(chapter=chapter).order_by("number").values_list("text", flat=True)) == [
        "",
        "甲の文",
        "甲と乙の文",
    ]


def test_saving_what_stands_there_already_makes_no_version(plan: Plan, person: Callable[[str], User]) -> None:
    chapter = _first(plan)
    save_chapter(chapter.pk, text="同じ文", base=0, by=person("kou"))
    assert save_chapter(chapter.pk, text="同じ文", base=0, by=person("otsu")) == Saved(version=1)


def test_an_autosaved_draft_is_one_persons_own(plan: Plan, person: Callable[[str], User]) -> None:
    chapter = _first(plan)
    keep_draft(chapter.pk, text="書きかけ", base=0, by=person("kou"))
    keep_draft(chapter.pk, text="書きかけ2", base=0, by=person("kou"))
    keep_draft(chapter.pk, text="別の人", base=0, by=person("otsu"))
    assert sorted(ChapterDraft.objects.values_list("user__username", "text")) == [
        ("kou", "書きかけ2"),
        ("otsu", "別の人"),
    ]
    chapter.refresh_from_db()
    assert chapter.text == ""


def test_chapters_are_added_moved_renamed_removed_and_brought_back(plan: Plan, person: Callable[[str], User]) -> None:
    own = add_chapter(plan, title="離島の在宅医療", by=person("kou"))
    move_chapter(own, up=True)
    titles = [chapter.title for chapter in plan.chapters.all()]
    assert titles[-2:] == ["離島の在宅医療", "別表（圏域別指標）"]
    rename_chapter(own.pk, title="離島・へき地の在宅医療", by=person("kou"))
    remove_chapter(own)
    assert "離島・へき地の在宅医療" not in str(get_content(plan))
    bring_chapter_back(own)
    assert "離島・へき地の在宅医療" in str(get_content(plan))
    restore_revision(own.pk, number=0, by=person("kou"))
    own.refresh_from_db()
    assert (own.title, own.version) == ("離島の在宅医療", 2)


def test_a_plan_goes_from_submission_to_publication(plan: Plan, person: Callable[[str], User]) -> None:
    save_chapter(_first(plan).pk, text="初めの文", base=0, by=person("writer"))
    first = submit_plan(plan, note="", by=person("writer"))
    with pytest.raises(PlanRefusal, match="確認中"):
        submit_plan(plan, note="", by=person("writer"))
    with pytest.raises(PlanRefusal, match="自分が提出した"):
        decide(first, outcome="approved", reason="", by=person("writer"))
    with pytest.raises(PlanRefusal, match="理由"):
        decide(first, outcome="returned", reason=" ", by=person("boss"))
    assert decide(first, outcome="returned", reason="年を直す", by=person("boss")).state == "returned"
    with pytest.raises(PlanRefusal, match="変わったところがありません"):
        submit_plan(plan, note="", by=person("writer"))
    save_chapter(_first(plan).pk, text="直した文", base=1, by=person("writer"))
    second = submit_plan(plan, note="直しました", by=person("writer"))
    assert decide(second, outcome="approved", reason="", by=person("boss")).state == "approved"
    publish_version(second)
    changes = difference(first.content, second.content, sections=SECTIONS)
    assert [(change.name, [(f.label, f.before, f.after) for f in change.fields]) for change in changes] == [
        ("現状と課題", [("本文", "初めの文", "直した文")])
    ]


def test_two_levels_of_approval_need_two_people(plan: Plan, person: Callable[[str], User]) -> None:
    Plan.objects.filter(pk=plan.pk).update(approval_levels=2)
    version = submit_plan(plan, note="", by=person("writer"))
    assert decide(version, outcome="approved", reason="", by=person("boss")).state == "first_approved"
    with pytest.raises(PlanRefusal, match="ほかの承認者"):
        decide(version, outcome="approved", reason="", by=person("boss"))
    assert decide(version, outcome="approved", reason="", by=person("chief")).state == "approved"


def test_only_who_submitted_takes_back_and_only_before_a_decision(plan: Plan, person: Callable[[str], User]) -> None:
    version = submit_plan(plan, note="", by=person("writer"))
    with pytest.raises(PlanRefusal, match="提出した"):
        withdraw_version(version, by=person("other"))
    withdraw_version(version, by=person("writer"))
    again = submit_plan(plan, note="", by=person("writer"))
    assert again.number == 2
    decide(again, outcome="approved", reason="", by=person("boss"))
    with pytest.raises(PlanRefusal, match="取り下げられません"):
        withdraw_version(again, by=person("writer"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plans_planversion SET content = '{}'",
        "UPDATE plans_planversion SET digest = repeat('0', 64)",
        "DELETE FROM plans_planversion",
        "UPDATE plans_chapterrevision SET text = 'x'",
        "DELETE FROM plans_chapterrevision",
        "UPDATE plans_versiondecision SET reason = 'x'",
        "DELETE FROM plans_versiondecision",
    ],
)
def test_the_database_refuses_to_change_what_was_said(
    plan: Plan, person: Callable[[str], User], statement: str
) -> None:
    decide(submit_plan(plan, note="", by=person("writer")), outcome="approved", reason="", by=person("boss"))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_published_version_stays_published(plan: Plan, person: Callable[[str], User]) -> None:
    version = submit_plan(plan, note="", by=person("writer"))
    decide(version, outcome="approved", reason="", by=person("boss"))
    publish_version(version)
    with pytest.raises(IntegrityError, match="stays published"), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(state="approved", published_at=None)


def test_the_difference_names_added_removed_and_changed_records() -> None:
    before = make_content({}, {"targets": [{"id": 1, "name": "甲", "end": 10}, {"id": 2, "name": "乙", "end": 5}]})
    after = make_content({}, {"targets": [{"id": 2, "name": "乙", "end": 7.5}, {"id": 3, "name": "丙", "end": None}]})
    changes = difference(before, after, sections=[SECTION])
    assert [(change.record, change.kind, change.name) for change in changes] == [
        (2, ChangeKind.CHANGED, "乙"),
        (3, ChangeKind.ADDED, "丙"),
        (1, ChangeKind.REMOVED, "甲"),
    ]
    assert [(f.label, f.before, f.after) for f in changes[0].fields] == [("目標値", "5", "7.5")]
    assert [(f.label, f.before, f.after) for f in changes[1].fields] == [("名称", None, "丙")]


_RECORDS = st.lists(
    st.fixed_dictionaries({"id": st.integers(1, 6), "name": st.text(max_size=3), "end": st.none() | st.integers(0, 9)}),
    unique_by=lambda record: record["id"],
    max_size=5,
)


@given(_RECORDS, _RECORDS)
def test_there_is_a_difference_exactly_where_contents_differ_apart_from_order(
    before: list[dict[str, object]], after: list[dict[str, object]]
) -> None:
    one, other = (make_content({}, {"targets": records}) for records in (before, after))

    def plain(records: list[dict[str, object]]) -> dict[object, object]:
        return {record["id"]: (record["name"], record["end"]) for record in records}

    changes = difference(one, other, sections=[SECTION])
    filled = [change for change in changes if change.fields or change.kind is not ChangeKind.CHANGED]
    assert bool(filled) == (plain(before) != plain(after))
    assert not difference(one, one, sections=[SECTION])


def test_one_content_has_one_text_whatever_the_order_of_its_keys() -> None:
    assert canonical({"a": 1, "b": "在宅"}) == canonical({"b": "在宅", "a": 1}) == '{"a":1,"b":"在宅"}'
    assert digest({"a": 1}) == digest({"a": 1})
    with pytest.raises(ValueError, match="need an id each"):
        make_content({}, {"targets": [{"id": 1}, {"id": 1}]})
