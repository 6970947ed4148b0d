"""Designated bodies with what is known of them in a year, for deciding whether they keep their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from institutions.models import BodyReport, ReportRound
from institutions.queries.bodies import current_notifications
from institutions.queries.designations import get_designations
from institutions.queries.reports import ReportRow, compare_answers, get_report_rows
from institutions.results import ACTIVE, DESIGNATED, HUB, MET, PARTLY, UNMET, DesignationRow
from plans.models import DesignationVerification, Plan

_HANDED_IN = (BodyReport.State.SUBMITTED, BodyReport.State.CONFIRMED)
NOT_FOR_READERS = "個々の機関の報告は、県の担当者と承認者だけが見られます"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing known, or why it is not (`is_gap`). `place`: among the bodies of the same category."""

    label: str
    text: str
    place: str = ""
    is_gap: bool = False

    def as_plain(self) -> dict[str, str]:
        """As it is kept with the verification."""
        return {"label": self.label, "text": self.text, "place": self.place}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationRow:
    """A designated body with its facts, what calls for a look (`points`), and what was decided."""

    designation: DesignationRow
    facts: tuple[Fact, ...]
    points: tuple[str, ...]
    current: DesignationVerification | None
    previous: DesignationVerification | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCount:
    """An area: how many bodies of both categories stand there, and how many would without those to be replaced."""

    name: str
    active: int
    hubs: int
    active_left: int
    hubs_left: int

    @property
    def is_short(self) -> bool:
        """Whether the area would be left without one of the categories that it needs."""
        return self.active_left < 1 or self.hubs_left < 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifications:
    """The page of a year. `report_note` says how far the reports of the year are, or that there are none."""

    year: int
    rows: tuple[VerificationRow, ...]
    areas: tuple[AreaCount, ...]
    report_note: str
    counts: tuple[tuple[str, int], ...]

    @property
    def missing(self) -> int:
        return sum(row.current is None for row in self.rows)


def get_verifications(plan: Plan, *, year: int, sees_reports: bool) -> Verifications:
    """Every designated body of the plan's period; a dozen queries, however many there are."""
    designations = get_designations(plan.prefecture.code, plan.period, statuses=(DESIGNATED,))
    reports, note = _reports(plan, year)
    held = current_notifications([one.institution_id for one in designations if one.institution_id])
    decided = _decided([one.id for one in designations])
    every = list(reports.values())
    rows = tuple(
        VerificationRow(
            designation=one,
            facts=tuple(_facts(one, held, reports.get((one.body_id, one.kind)), every, sees_reports=sees_reports)),
            points=tuple(_points(one, held, reports.get((one.body_id, one.kind)), has_round=bool(note.year))),
            current=decided.get((one.id, year)),
            previous=decided.get((one.id, year - 1)),
        )
        for one in designations
    )
    counts = Counter(row.current.get_outcome_display() for row in rows if row.current)
    return Verifications(
        year=year, rows=rows, areas=tuple(_areas(rows)), report_note=note.text, counts=tuple(counts.items())
    )


def find_row(found: Verifications, designation_id: int) -> VerificationRow | None:
    """One body of the page."""
    return next((row for row in found.rows if row.designation.id == designation_id), None)


@dataclass(frozen=True, slots=True)
class _Note:
    text: str
    year: int | None = None


def _reports(plan: Plan, year: int) -> tuple[Mapping[tuple[int, str], ReportRow], _Note]:
    asked = ReportRound.objects.filter(prefecture=plan.prefecture, year=year).first()
    if asked is None:
        return {}, _Note(f"{year}年度の活動報告は集めていません。受付を始めると、重点の項目がここに出ます。")
    rows = get_report_rows(asked.pk)
    handed_in = sum(row.state in _HANDED_IN for row in rows)
    return (
        {(row.body_id, row.kind): row for row in rows},
        _Note(f"{year}年度の活動報告：{len(rows)}機関のうち{handed_in}が提出済みです。", year),
    )


def _decided(ids: Sequence[int]) -> dict[tuple[int, int], DesignationVerification]:
    found = DesignationVerification.objects.filter(designation__in=ids).select_related("by")
    return {(one.designation_id, one.year): one for one in found}


def _facts(
    one: DesignationRow,
    held: Mapping[int, Sequence[str]],
    report: ReportRow | None,
    every: Iterable[ReportRow],
    *,
    sees_reports: bool,
) -> Iterable[Fact]:
    if one.is_medical:
        yield _notified(one, held)
    if one.items:
        yield Fact(
            label="求められる機能の確認",
            text=f"{one.items}項目のうち、満たす{one.answers.get(MET, 0)}・一部{one.answers.get(PARTLY, 0)}"
            f"・満たさない{one.answers.get(UNMET, 0)}・未確認{one.items - one.verified}",
            is_gap=one.verified < one.items,
        )
    if report is None:
        yield Fact(label="活動報告", text="この年度の報告の対象になっていません", is_gap=True)
    elif not sees_reports:
        yield Fact(label="活動報告", text=f"{report.state_label}。{NOT_FOR_READERS}")
    else:
        yield from _reported(report, every)


def _notified(one: DesignationRow, held: Mapping[int, Sequence[str]]) -> Fact:
    if one.institution_id is None:
        return Fact(label="届出", text="医療機関の名簿と結び付いていないため、分かりません", is_gap=True)
    symbols = held.get(one.institution_id, ())
    return Fact(label="届出（最新の名簿）", text="・".join(symbols) or "在宅医療の届出なし", is_gap=not symbols)


def _reported(report: ReportRow, every: Iterable[ReportRow]) -> Iterable[Fact]:
    yield Fact(label="活動報告", text=report.state_label, is_gap=report.state not in _HANDED_IN)
    if report.version is None:
        return
    for line in compare_answers(report, every, last_year=None):
        if line.is_core:
            yield Fact(label=line.label, text=line.answer, place=line.place, is_gap=line.answer == "無回答")


def _points(
    one: DesignationRow, held: Mapping[int, Sequence[str]], report: ReportRow | None, *, has_round: bool
) -> Iterable[str]:
    """What calls for a look; no judgement of its own."""
    if one.kind == ACTIVE and not one.is_medical:
        yield f"病院・診療所ではありません（{one.body_kind_label}）。指針が想定する区分か確かめてください。"
    if one.listed_to is not None:
        yield f"最新の名簿にありません（{one.listed_to:%Y年%-m月%-d日}まで）。廃止・移転を確かめてください。"
    if one.kind == ACTIVE and one.is_medical and one.institution_id and not held.get(one.institution_id):
        yield "在支診・在支病などの届出がありません。"
    if one.answers.get(UNMET, 0):
        yield f"求められる機能のうち、満たさない項目が{one.answers[UNMET]}あります。"
    if has_round and (report is None or report.state not in _HANDED_IN):
        yield "この年度の活動報告が提出されていません。"


def _areas(rows: Iterable[VerificationRow]) -> Iterable[AreaCount]:
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        area = counts.setdefault(row.designation.area.name if row.designation.area else "圏域未定", Counter())
        area[row.designation.kind] += 1
        if row.current is None or row.current.outcome != DesignationVerification.Outcome.REPLACE:
            area[f"{row.designation.kind}_left"] += 1
    for name, count in counts.items():
        yield AreaCount(
            name=name,
            active=count[ACTIVE],
            hubs=count[HUB],
            active_left=count[f"{ACTIVE}_left"],
            hubs_left=count[f"{HUB}_left"],
        )
