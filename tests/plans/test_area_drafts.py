"""Drafts of areas in the database: steps, undo, conflicts, what the database refuses, adoption."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from plans.actions.area_adoption import AdoptionRefused, adopt_draft, withdraw_adoption
from plans.actions.area_drafts import (
    DraftConflict,
    NameTaken,
    NothingToMove,
    change_draft,
    create_draft,
    fork_draft,
    redo,
    undo,
)
from plans.actions.area_links import LinkRefused, assume_links, save_link
from plans.formulas import partition as areas
from plans.formulas.partition import Partition, from_groups
from plans.models import AreaDraft, DraftArea, DraftStep, DraftUnit, UnitLink
from plans.parsers.area_csv import parse_area_csv
from plans.queries.area_drafts import find_prefecture, get_history, get_partition, get_partition_at, get_state
from plans.queries.area_frame import get_frame
from plans.queries.area_starts import UNITS, get_start, get_starts
from regions.models import AreaMembership, AreaScheme, Region
from tests.plans.conftest import TOTTORI, make_user
from zaitaku.accounts.models import User
from zaitaku.lib.problems import FileRefused

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 1)
# 鳥取市, 岩美町 in the east; 米子市, 境港市 in the west; 倉吉市 between them.
EAST, WEST, MIDDLE = ("31201", "31302"), ("31202", "31204"), "31203"


@pytest.fixture
def draft(official: User) -> AreaDraft:
    """Two areas of two units each; everything else is in none."""
    partition = from_groups([("東部", EAST), ("西部", WEST)])
    return create_draft(find_prefecture(TOTTORI), name="案", origin="試験", partition=partition, by=official)


def move(draft: AreaDraft, unit: str, *, to: int | None, by: User, version: int) -> int:
    """One assignment; the version it led to."""
    command = partial(areas.assign, units=[unit], to=to)
    return change_draft(draft.pk, command, version=version, text=f"{unit}を移す", by=by).version


def test_a_hundred_steps_are_undone_one_by_one_and_redone(draft: AreaDraft, official: User) -> None:
    version, seen = draft.version, [get_partition(draft.pk)]
    for number in range(100):
        version = move(draft, MIDDLE, to=1 + number % 2, by=official, version=version)
        seen.append(get_partition(draft.pk))
    for expected in seen[-2::-1]:
        version = undo(draft.pk, version=version, by=official).version
        assert get_partition(draft.pk) == expected
    with pytest.raises(NothingToMove, match="これより前の操作はありません"):
        undo(draft.pk, version=version, by=official)
    for expected in seen[1:6]:
        version = redo(draft.pk, version=version, by=official).version
        assert get_partition(draft.pk) == expected


def test_a_change_after_an_undo_begins_a_branch_and_the_old_steps_stay(draft: AreaDraft, official: User) -> None:
    version = move(draft, MIDDLE, to=1, by=official, version=draft.version)
    version = undo(draft.pk, version=version, by=official).version
    version = move(draft, MIDDLE, to=2, by=official, version=version)
    with pytest.raises(NothingToMove, match="やり直せる操作はありません"):
        redo(draft.pk, version=version, by=official)
    assert DraftStep.objects.filter(draft=draft).count() == 3
    draft.refresh_from_db()
    assert [row.text for row in get_history(draft)] == [f"{MIDDLE}を移す", "作成（試験）"]
    assert get_partition_at(draft, 2).area_of[MIDDLE] == 1


def test_two_people_who_change_different_places_both_keep_their_change(draft: AreaDraft, official: User) -> None:
    other = make_user("同僚", User.Role.PREFECTURE, TOTTORI)
    seen = draft.version
    move(draft, MIDDLE, to=1, by=other, version=seen)
    command = partial(areas.assign, units=[WEST[0]], to=None)
    done = change_draft(draft.pk, command, version=seen, text="外す", by=official)
    assert done.was_merged
    after = get_partition(draft.pk).area_of
    assert after[MIDDLE] == 1
    assert WEST[0] not in after


def test_two_people_who_change_the_same_place_are_asked_and_nothing_is_lost(draft: AreaDraft, official: User) -> None:
    other = make_user("同僚", User.Role.PREFECTURE, TOTTORI)
    seen = draft.version
    move(draft, MIDDLE, to=1, by=other, version=seen)
    mine = partial(areas.assign, units=[MIDDLE], to=2)
    with pytest.raises(DraftConflict) as caught:
        change_draft(draft.pk, mine, version=seen, text="私の変更", by=official)
    assert [step.by for step in caught.value.others] == [other]
    assert get_partition(draft.pk).area_of[MIDDLE] == 1, "theirs stays until I decide"

    copy = fork_draft(draft.pk, mine, version=seen, text="私の変更", by=official)
    assert get_partition(copy.pk).area_of[MIDDLE] == 2
    assert get_partition(draft.pk).area_of[MIDDLE] == 1, "both are kept"

    change_draft(draft.pk, mine, version=seen, text="私の変更", by=official, is_forced=True)
    assert get_partition(draft.pk).area_of[MIDDLE] == 2, "mine on top"
    with pytest.raises(DraftConflict):
        undo(draft.pk, version=seen, by=other)


def test_the_database_holds_no_municipality_in_two_areas(draft: AreaDraft) -> None:
    unit = Region.objects.get(code=EAST[0], kind=Region.Kind.MUNICIPALITY)
    west = DraftArea.objects.get(draft=draft, number=2)
    with pytest.raises(IntegrityError, match="draft_unit_once"), transaction.atomic():
        DraftUnit.objects.create(draft=draft, unit=unit, area=west)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"number": 1, "name": "別"}, "draft_area_number_once"),
        ({"number": 9, "name": ""}, "draft_area_has_name"),
        ({"number": 0, "name": "零"}, "draft_area_number_from_one"),
    ],
)
def test_the_database_refuses_an_area_that_cannot_be(draft: AreaDraft, values: dict[str, object], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DraftArea.objects.create(draft=draft, **values)


def test_names_are_told_apart(draft: AreaDraft, official: User) -> None:
    DraftArea.objects.create(draft=draft, number=9, name="東部")
    with pytest.raises(IntegrityError, match="draft_area_name_once"), transaction.atomic():
        transaction.get_connection().check_constraints()
    DraftArea.objects.filter(number=9).delete()
    with pytest.raises(NameTaken, match="「案」という案はすでにあります"):
        create_draft(draft.prefecture, name="案", origin="", partition=Partition(), by=official)


def test_every_start_names_what_it_has_and_what_is_missing(official: User) -> None:
    starts = {start.key: start for start in get_starts(TOTTORI)}
    assert starts["scheme:iryoken2-8"].text == "3圏域"
    assert not starts["none:public_health_centre"].is_open
    assert not starts["none:home_care_area"].is_open
    assert len(get_start(UNITS, prefecture_code=TOTTORI, on=TODAY).areas) == 19
    medical = get_start("scheme:iryoken2-8", prefecture_code=TOTTORI, on=TODAY)
    assert (len(medical.areas), len(medical.area_of)) == (3, 19)
    with pytest.raises(LookupError):
        get_start("scheme:nothing", prefecture_code=TOTTORI, on=TODAY)


def test_a_csv_gives_areas_by_code_with_or_without_check_digit_and_by_name(official: User) -> None:
    places = get_frame(TOTTORI, on=TODAY).places
    content = "市区町村コード,圏域名\r\n31201,東部\r\n312029,西部\r\n 倉吉市 ,中部\r\n岩美町,東部\r\n".encode("cp932")
    assert parse_area_csv(content, places) == (
        ("東部", ("31201", "31302")),
        ("西部", ("31202",)),
        ("中部", ("31203",)),
    )


def test_a_csv_with_mistakes_names_every_line_and_stores_nothing(official: User) -> None:
    places = get_frame(TOTTORI, on=TODAY).places
    content = "31201,東部\n99999,東部\n31202,\n鳥取市,西部\n".encode()
    with pytest.raises(FileRefused) as caught:
        parse_area_csv(content, places)
    said = [str(problem) for problem in caught.value.problems]
    assert [line.split("：")[0] for line in said] == ["2行目", "3行目", "4行目"]
    assert "1行目ですでに圏域に入れています" in said[2]


def test_islands_get_an_assumed_crossing_that_the_prefecture_can_replace(official: User) -> None:
    okinawa = find_prefecture("47")
    assert assume_links(okinawa, on=TODAY) > 5
    assert assume_links(okinawa, on=TODAY) == 0, "only a prefecture without any gets them"
    save_link(okinawa, one="47201", other="47353", kind=UnitLink.Kind.FERRY, note="那覇—渡嘉敷", by=official)
    assert UnitLink.objects.get(kind=UnitLink.Kind.FERRY).note == "那覇—渡嘉敷"
    with pytest.raises(LinkRefused, match="別のもの"):
        save_link(okinawa, one="47201", other="47201", kind="ferry", note="", by=official)


def test_an_adopted_draft_becomes_a_scheme_and_ends_the_one_before(official: User) -> None:
    prefecture = find_prefecture(TOTTORI)
    partition = get_start("scheme:iryoken2-8", prefecture_code=TOTTORI, on=TODAY)
    first = create_draft(prefecture, name="一", origin="", partition=partition, by=official)
    second = create_draft(prefecture, name="二", origin="", partition=partition, by=official)
    begins, later = dt.date(2027, 4, 1), dt.date(2030, 4, 1)
    one = adopt_draft(first.pk, version=1, effective_from=begins, name="在宅医療圏", by=official)
    two = adopt_draft(second.pk, version=1, effective_from=later, name="在宅医療圏（新）", by=official)
    one.refresh_from_db()
    assert (one.effective_from, one.effective_to, two.effective_to) == (begins, later, None)
    assert AreaMembership.objects.filter(scheme=two).count() == 19
    assert [area.code for area in two.areas.order_by("code")] == ["3101", "3102", "3103"]
    with pytest.raises(AdoptionRefused, match="すでに在宅医療圏として決定"):
        adopt_draft(second.pk, version=1, effective_from=dt.date(2033, 4, 1), name="再", by=official)

    withdraw_adoption(two.pk, prefecture_code=TOTTORI)
    one.refresh_from_db()
    assert one.effective_to is None
    assert get_state(AreaDraft.objects.get(pk=second.pk)).adopted_key == ""
    assert not AreaScheme.objects.filter(name="在宅医療圏（新）").exists()


def test_a_draft_that_leaves_somebody_out_is_not_adopted(draft: AreaDraft, official: User) -> None:
    with pytest.raises(AdoptionRefused, match="どの圏域にも入っていない市区町村が15あります"):
        adopt_draft(draft.pk, version=1, effective_from=dt.date(2027, 4, 1), name="在宅医療圏", by=official)
