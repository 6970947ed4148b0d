"""Every rule the database holds about bodies and designations, broken once; and what an official is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from institutions.actions.designations import (
    Answer,
    DesignationRefused,
    EditConflict,
    answer_requirements,
    change_many,
    change_status,
    edit_designation,
    set_catchment,
    set_rule,
    undo_batch,
    undo_last_change,
)
from institutions.models import (
    Body,
    BodyMerge,
    Catchment,
    Designation,
    DesignationChange,
    DesignationComment,
    RequirementAnswer,
)
from institutions.queries.designations import get_designations, get_history
from regions.models import Region
from tests.institutions.designated import DAY, PERIOD, area, designate, make_body, make_country, make_official
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def official() -> User:
    make_country()
    return make_official()


@pytest.fixture
def body(official: User) -> Body:
    return make_body()


def breaks(rule: str, model: Any, /, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        model._default_manager.create(**values)


def values_of(body: Body, **changes: Any) -> dict[str, Any]:
    given = {"prefecture": body.prefecture, "period": PERIOD, "kind": "active", "body": body, "area": area("0104")}
    return given | {"decided_on": DAY} | changes


def test_a_body_stands_once_in_a_category_area_and_period_while_it_is_open(body: Body) -> None:
    Designation.objects.create(**values_of(body))
    breaks("designation_open_once", Designation, **values_of(body))
    Designation.objects.create(**values_of(body, status="released", reason="廃止"))
    Designation.objects.create(**values_of(body, period=2030))
    Designation.objects.create(**values_of(body, kind="hub"))


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("designation_release_has_reason", {"status": "released"}),
        ("designation_designated_has_day_and_area", {"status": "designated"}),
        ("designation_designated_has_day_and_area", {"status": "designated", "designated_on": DAY, "area": None}),
        ("designation_period_is_three_years", {"period": 2026}),
        ("designation_kind_known", {"kind": "other"}),
        ("designation_status_known", {"status": "other"}),
        ("designation_days_in_order", {"designated_on": DAY + dt.timedelta(days=1)}),
        ("designation_support_is_allowed", {"kind": "support"}),
    ],
)
def test_a_designation_that_breaks_a_rule_is_refused(body: Body, rule: str, changes: dict[str, Any]) -> None:
    breaks(rule, Designation, **values_of(body, **changes))


def test_only_a_hub_names_the_body_of_the_municipal_programme(body: Body) -> None:
    breaks("designation_programme_of_hub", Designation, **values_of(body, programme_body=body))
    Designation.objects.create(**values_of(body, kind="hub", programme_body=body))


def test_an_area_of_another_prefecture_is_refused(body: Body) -> None:
    nation = Region.objects.get(kind="nation")
    other = Region.objects.create(kind="prefecture", code="02", name="青森県", parent=nation)
    foreign = Region.objects.create(kind="area", code="0201", name="津軽", parent=other, scheme=area("0104").scheme)
    breaks("designation_area_of_prefecture", Designation, **values_of(body, area=foreign))
    breaks("designation_area_of_prefecture", Designation, **values_of(body, area=other))


def test_the_third_category_is_used_where_the_prefecture_says_so(body: Body, official: User) -> None:
    set_rule(body.prefecture, allows_support=True)
    assert designate(body, official, kind="support").kind == "support"


def test_a_catchment_holds_each_unit_of_the_prefecture_once(body: Body, official: User) -> None:
    designation = designate(body, official, kind="hub")
    unit = Region.objects.get(code="01101")
    Catchment.objects.create(designation=designation, unit=unit)
    breaks("catchment_unit_once", Catchment, designation=designation, unit=unit)
    city = Region.objects.get(code="01100")  # its wards are the units
    breaks("catchment_unit_of_prefecture", Catchment, designation=designation, unit=city)


def test_answers_and_comments_keep_their_rules(body: Body, official: User) -> None:
    given = {"designation": designate(body, official), "set_key": "active-2024", "item": 1}
    breaks("requirement_checked_has_day", RequirementAnswer, **given, answer="met")
    breaks("requirement_checked_has_day", RequirementAnswer, **given, answer="unverified", checked_on=DAY)
    breaks("requirement_answer_known", RequirementAnswer, **given, answer="perhaps", checked_on=DAY)
    RequirementAnswer.objects.create(**given)
    breaks("requirement_answered_once", RequirementAnswer, **given)
    comment = {"designation": given["designation"], "by": official, "at": "2026-11-01T00:00:00Z"}
    breaks("designation_comment_has_text", DesignationComment, **comment, text="")


def test_a_line_of_the_history_can_be_neither_changed_nor_deleted(body: Body, official: User) -> None:
    change = designate(body, official).changes.get()
    for alter in (lambda: DesignationChange.objects.update(reason="x"), change.delete):
        with pytest.raises(IntegrityError, match="designation_history_is_kept"), transaction.atomic():
            alter()


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("body_has_name", {"name": ""}),
        ("body_of_one_register", {"is_entered": False}),
        ("body_position_iff_coordinates", {"position": "published", "latitude": None, "longitude": None}),
        ("body_code_shape", {"code": "12"}),
        ("body_demo_cannot_exist", {"code": "9910000011"}),
        ("body_demo_cannot_exist", {"is_demo": True, "name": "デモ医院", "code": "0110000017"}),
        ("body_demo_cannot_exist", {"is_demo": True, "name": "医院", "code": "9910000011"}),
        ("body_listed_period", {"listed_from": DAY, "listed_to": DAY}),
    ],
)
def test_a_body_that_breaks_a_rule_is_refused(body: Body, rule: str, changes: dict[str, Any]) -> None:
    given = {"kind": "clinic", "name": "医院", "search_text": "医院", "prefecture": body.prefecture, "is_entered": True}
    breaks(rule, Body, **given | changes)


def test_a_merge_is_of_two_bodies_and_stands_once(body: Body, official: User) -> None:
    other = make_body("デモ第二医院")
    given = {"by": official, "at": "2026-11-01T00:00:00Z"}
    breaks("body_merge_of_two", BodyMerge, duplicate=body, kept=body, **given)
    BodyMerge.objects.create(duplicate=body, kept=other, **given)
    breaks("body_merge_one_standing", BodyMerge, duplicate=body, kept=other, **given)
    breaks(
        "body_merge_undone_by_someone", BodyMerge, duplicate=other, kept=body, undone_at="2026-11-01T00:00:00Z", **given
    )


def test_the_steps_are_taken_in_order_and_each_is_told_in_the_history(body: Body, official: User) -> None:
    designation = designate(body, official, status="candidate")
    with pytest.raises(DesignationRefused, match="順に進めます"):
        change_status(designation, "designated", on=DAY, reason="", by=official)
    change_status(designation, "discussing", on=DAY, reason="協議会に諮る", by=official)
    change_status(designation, "designated", on=DAY, reason="協議会で了承", by=official)
    with pytest.raises(DesignationRefused, match="解除には理由が必要です"):
        change_status(designation, "released", on=DAY, reason="", by=official)
    change_status(designation, "released", on=DAY, reason="廃止", by=official)
    with pytest.raises(DesignationRefused, match="順に進めます"):
        change_status(designation, "designated", on=DAY, reason="", by=official)
    history = get_history(designation.pk)
    assert [line.reason for line in history] == ["廃止", "協議会で了承", "協議会に諮る", ""]
    assert ("状態", "位置付け", "解除") in history[0].changes


def test_the_last_step_is_taken_back_and_the_history_says_so(body: Body, official: User) -> None:
    designation = designate(body, official)
    change_status(designation, "released", on=DAY, reason="誤って解除", by=official)
    undo_last_change(designation, by=official)
    designation.refresh_from_db()
    assert (designation.status, designation.reason, designation.designated_on) == ("designated", "", DAY)
    assert [line.action for line in get_history(designation.pk)] == ["取消", "状態の変更", "登録"]
    with pytest.raises(DesignationRefused, match="直前の"):
        undo_last_change(designation, by=official)


def test_several_are_taken_on_together_and_back_together(body: Body, official: User) -> None:
    one = designate(body, official, status="candidate")
    two = designate(make_body("デモ第二医院"), official, status="designated")
    batch, refused = change_many([one, two], "discussing", on=DAY, reason="", by=official)
    assert batch is not None
    assert refused == ["デモ第二医院：状態は、候補→協議中→位置付け→解除の順に進めます。"]
    assert undo_batch(batch, by=official) == 1
    one.refresh_from_db()
    assert one.status == "candidate"
    with pytest.raises(DesignationRefused, match="すでに取り消されて"):
        undo_batch(batch, by=official)


def test_a_batch_that_somebody_built_on_is_not_taken_back(body: Body, official: User) -> None:
    one = designate(body, official, status="candidate")
    batch, _ = change_many([one], "discussing", on=DAY, reason="", by=official)
    assert batch is not None
    change_status(one, "designated", on=DAY, reason="", by=official)
    with pytest.raises(DesignationRefused, match="この後に変更されています"):
        undo_batch(batch, by=official)


def test_of_two_people_who_edit_the_second_is_told(body: Body, official: User) -> None:
    designation = designate(body, official)
    edit_designation(designation, {"evidence": "一人目"}, version=1, by=official)
    with pytest.raises(EditConflict, match="ほかの人が"):
        edit_designation(designation, {"evidence": "二人目"}, version=1, by=official)
    designation.refresh_from_db()
    assert designation.evidence == "一人目"


def test_answers_that_did_not_change_leave_no_trace(body: Body, official: User) -> None:
    designation = designate(body, official)
    answer = Answer(item=1, answer="met", evidence="会議録", checked_on=DAY)
    assert answer_requirements(designation, [answer], set_key="active-2024", by=official) == 1
    assert answer_requirements(designation, [answer], set_key="active-2024", by=official) == 0
    assert designation.changes.count() == 2
    (row,) = get_designations("01", PERIOD)
    assert (row.answers, row.verified, row.items) == ({"met": 1}, 1, 6)


def test_a_catchment_is_set_as_a_whole(body: Body, official: User) -> None:
    designation = designate(body, official, kind="hub")
    units = {unit.code: unit.pk for unit in Region.objects.filter(is_base_unit=True)}
    set_catchment(designation, [units["01101"], units["01102"]], by=official)
    set_catchment(designation, [units["01102"], units["01203"]], by=official)
    (row,) = get_designations("01", PERIOD)
    assert [unit.code for unit in row.catchment] == ["01102", "01203"]
