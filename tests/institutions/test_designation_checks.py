"""The checks on situations small enough to be worked out by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from institutions.definitions import notification_symbols
from institutions.formulas.candidates import propose
from institutions.formulas.checks import CHECKS, Finding, Place, Situation, distance_km, run_checks
from institutions.results import AreaUnits, PlaceName
from tests.institutions.designated import row

TODAY = dt.date(2026, 11, 21)
UNITS = {
    11: Place(name=PlaceName(id=11, code="01101", name="中央区"), latitude=43.05, longitude=141.3),
    12: Place(name=PlaceName(id=12, code="01102", name="北区"), latitude=43.15, longitude=141.35),
    21: Place(name=PlaceName(id=21, code="01203", name="小樽市"), latitude=43.15, longitude=140.95),
}
AREAS = (
    AreaUnits(id=1, code="0104", name="札幌", unit_ids=(11, 12)),
    AreaUnits(id=2, code="0103", name="後志", unit_ids=(21,)),
)
NAMES = {number: place.name for number, place in UNITS.items()}
HUB = row(
    9, kind="hub", body_id=9, body_name="デモ医師会", body_kind="medical_association", institution_id=None,
    catchment=(NAMES[11], NAMES[12]), items=5, answers={"met": 5},
)  # fmt: skip
SOUND = Situation(
    rows=(row(1), HUB),
    areas=AREAS[:1],
    units={number: UNITS[number] for number in (11, 12)},
    supported=frozenset({11, 12}),
    holders=frozenset({1}),
    today=TODAY,
)


def found(check: str, **changes: object) -> list[Finding]:
    situation = dataclasses.replace(SOUND, **changes)  # type: ignore[arg-type]  # fields of the situation
    return [one for one in run_checks(situation) if one.check == check]


def test_a_sound_prefecture_has_no_findings() -> None:
    assert run_checks(SOUND) == ()


def test_every_check_names_its_rule_and_what_is_to_be_done() -> None:
    assert all(check.title and check.rule and check.remedy for check in CHECKS.values())


def test_an_area_without_either_category_is_found_and_candidates_do_not_count() -> None:
    waiting = row(2, status="candidate", area=PlaceName(id=2, code="0103", name="後志"))
    (active,) = found("area_without_active", areas=AREAS, rows=(*SOUND.rows, waiting))
    assert (active.severity, active.target, active.number) == ("error", "area:2", 2)
    assert "候補・協議中が1件" in active.text
    (hub,) = found("area_without_hub", areas=AREAS)
    assert "候補もありません" in hub.text


def test_a_home_nursing_office_as_active_is_flagged_never_removed() -> None:
    (one,) = found("not_medical", rows=(row(1, body_kind="home_nursing", body_kind_label="訪問看護"), HUB))
    assert one.text == "訪問看護で、病院・診療所ではありません。"


def test_a_closed_clinic_and_one_that_gave_up_its_notification_are_told_apart() -> None:
    rows = (row(1, listed_to=dt.date(2026, 10, 1)), row(2), HUB)
    assert [one.target for one in found("closed", rows=rows)] == ["designation:1"]
    assert [one.target for one in found("notification_withdrawn", rows=rows)] == ["designation:2"]
    assert found("notification_withdrawn", rows=rows, holders=None) == []


def test_a_hub_without_catchment_leaves_its_municipalities_without_a_hub() -> None:
    rows = (row(1), dataclasses.replace(HUB, catchment=(NAMES[11],)))
    assert [one.subject for one in found("unit_without_hub", rows=rows)] == ["北区"]
    empty = (row(1), dataclasses.replace(HUB, catchment=()))
    assert [one.severity for one in found("hub_without_catchment", rows=empty)] == ["error"]


def test_overlaps_of_roles_are_noted() -> None:
    second = dataclasses.replace(HUB, id=10, body_id=1, body_name="デモ医院1", catchment=(NAMES[12],))
    programme = dataclasses.replace(HUB, programme=PlaceName(id=9, code="", name="デモ医師会"))
    texts = [one.text for one in found("overlap", rows=(row(1), programme, second))]
    assert len(texts) == 3
    assert "積極的役割を担う医療機関を兼ねています" in texts[1]
    assert texts[2] == "北区を担当する拠点が2か所あります（デモ医師会、デモ医院1）。"


def test_requirements_unmet_partly_met_and_unverified_are_three_things() -> None:
    rows = (
        row(1, answers={"met": 4, "unmet": 1, "partly": 1}),
        row(2, answers={"met": 5, "partly": 1}),
        row(3, answers={"met": 4, "unverified": 1}),
        HUB,
    )
    assert [(one.number, one.severity) for one in found("requirement_unmet", rows=rows)] == [
        (1, "warning"),
        (2, "note"),
    ]
    (unverified,) = found("requirement_unverified", rows=rows)
    assert unverified.text == "6項目のうち2項目が未確認です。"  # one answered 未確認, one never answered


def test_an_overdue_recheck_says_by_how_many_days() -> None:
    rows = (row(1, recheck_on=TODAY - dt.timedelta(days=3)), row(2, recheck_on=TODAY), HUB)
    assert [one.text for one in found("recheck_overdue", rows=rows)] == ["再確認の期限を3日過ぎています。"]


def test_a_body_outside_every_area_is_found() -> None:
    rows = (row(1, unit=NAMES[21]), row(2, unit=None), HUB)
    assert [one.number for one in found("outside_areas", rows=rows)] == [1, 2]


def test_more_than_sixteen_kilometres_is_said_with_the_distance() -> None:
    units = dict(UNITS)
    far = dataclasses.replace(HUB, catchment=(NAMES[11], NAMES[12], NAMES[21]))
    (one,) = found("too_far", rows=(row(1), far), units=units, areas=AREAS)
    # 0.35° of longitude at 43.1° (28.4 km) and 0.1° of latitude (11.1 km): √(28.4² + 11.1²) = 30.5 and a bit.
    assert one.text == "担当する小樽市の代表点まで直線で約31kmあります（代表点は概略です）。"
    assert distance_km(43.05, 141.3, 43.15, 140.95) == pytest.approx(30.5, abs=0.1)


def test_a_municipality_without_support_says_which_area_covers_it() -> None:
    (one,) = found("unit_without_support", supported=frozenset({11}))
    assert one.text.startswith("北区には在支診も在支病もありません。札幌（位置付けた積極的役割を担う医療機関1か所）")
    assert found("unit_without_support", supported=None) == []


def test_the_gravest_findings_come_first() -> None:
    severities = [one.severity for one in run_checks(dataclasses.replace(SOUND, rows=(), supported=frozenset()))]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert {"error", "note"} <= set(severities)


def test_a_proposal_says_what_speaks_for_and_against() -> None:
    strong = propose(
        ["支援病1", "在医総管1", "在緩診病"], notification_symbols(), kind="hospital", beds=60, is_closed=False
    )
    weak = propose(["支援診3"], notification_symbols(), kind="clinic", beds=0, is_closed=False)
    assert strong is not None
    assert weak is not None
    assert strong.weight > weak.weight
    assert strong.speaks_against == ()
    assert strong.scale == "常勤医師3人以上（届出の要件）、病床60床"
    assert len(weak.speaks_against) == 3
    assert weak.scale == "医師数は報告なし、病床なし"
    assert propose(["在医総管1"], notification_symbols(), kind="clinic", beds=0, is_closed=False) is None
