"""Reading 活動報告: rounds, who has reported, what was reported, and last year's answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from institutions.definitions.reports import ReportItem, format_named
from institutions.formulas.reports import (
    FEWEST_BODIES,
    SMALL_NUMBER,
    Answer,
    Answers,
    Complaint,
    Spread,
    check_answers,
    spread_of,
)
from institutions.models import BodyReport, ReportFigure, ReportLink, ReportRound, ReportVersion
from zaitaku.lib.fiscal_years import format_fiscal_year

CONFIRMED = BodyReport.State.CONFIRMED
_ROUNDS = ReportRound.objects.select_related("prefecture")
HANDED_IN = (BodyReport.State.SUBMITTED, BodyReport.State.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionAnswers:
    """One version as it was handed in; `answers` hold numbers (yes 1, no 0) and words of what was answered."""

    number: int
    answers: Answers
    comment: str
    reporter: str
    via: str
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """A round as pages need it."""

    id: int
    prefecture_code: str
    year: int
    period: int
    opened_on: dt.date
    due_on: dt.date
    is_closed: bool

    @property
    def label(self) -> str:
        """`令和8年度(2026年度)`."""
        return format_fiscal_year(self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One body in the list of a round. `link`: none, open, expired."""

    id: int
    body_id: int
    body_name: str
    body_kind: str
    is_demo: bool
    kind: str
    kind_label: str
    area_code: str
    area_name: str
    unit_code: str
    unit_kind: str
    state: str
    state_label: str
    is_overdue: bool
    has_draft: bool
    link: str
    format_key: str
    version: VersionAnswers | None
    doubts: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How far a category of an area is: how many bodies are asked, handed in (confirmed ones too), confirmed."""

    area_name: str
    kind: str
    kind_label: str
    asked: int
    handed_in: int
    confirmed: int

    @property
    def missing(self) -> int:
        """Asked and not handed in."""
        return self.asked - self.handed_in

    @property
    def percent(self) -> int:
        """Handed in, of those asked."""
        return round(100 * self.handed_in / self.asked)


def get_rounds(prefecture_code: str) -> tuple[RoundFacts, ...]:
    """The rounds of a prefecture, the newest year first."""
    return tuple(map(_facts, _ROUNDS.filter(prefecture__code=prefecture_code).order_by("-year")))


def get_round(round_id: int) -> RoundFacts:
    """One round. Raises `ReportRound.DoesNotExist`."""
    return _facts(_ROUNDS.get(pk=round_id))


def find_round(round_id: int) -> RoundFacts | None:
    """The same for a number that may be of no round."""
    found = _ROUNDS.filter(pk=round_id).first()
    return _facts(found) if found else None


def _facts(one: ReportRound) -> RoundFacts:
    return RoundFacts(
        id=one.pk,
        prefecture_code=one.prefecture.code,
        year=one.year,
        period=one.period,
        opened_on=one.opened_on,
        due_on=one.due_on,
        is_closed=one.closed_at is not None,
    )


def get_report_rows(round_id: int) -> tuple[ReportRow, ...]:
    """Every body of a round by area, category and name, with its newest version; six queries for any number of them."""
    newest_link = ReportLink.objects.filter(report=OuterRef("pk"), revoked_at__isnull=True)
    reports = list(
        BodyReport.objects.filter(round=round_id)
        .select_related("round__prefecture", "body__unit", "area")
        .annotate(link_ends=Subquery(newest_link.values("expires_at")[:1]))
        .order_by("area__code", "kind", "body__search_text", "pk")
    )
    versions = get_newest_versions([report.pk for report in reports])
    before = _answers_of_last_year(reports)
    return tuple(_row(one, versions.get(one.pk), before.get((one.body_id, one.kind))) for one in reports)


def _row(one: BodyReport, version: VersionAnswers | None, before: Answers | None) -> ReportRow:
    wanted = format_named(one.format_key)
    ends: dt.datetime | None = getattr(one, "link_ends", None)
    link = "" if ends is None else "open" if ends > timezone.now() else "expired"
    return ReportRow(
        id=one.pk,
        body_id=one.body_id,
        body_name=one.body.name,
        body_kind=one.body.kind,
        is_demo=one.body.is_demo,
        kind=one.kind,
        kind_label=one.get_kind_display(),
        area_code=one.area.code if one.area else "",
        area_name=one.area.name if one.area else "圏域未定",
        unit_code=one.body.unit.code if one.body.unit else "",
        unit_kind=one.body.unit.kind if one.body.unit else "",
        state=one.state,
        state_label=one.get_state_display(),
        is_overdue=one.state not in HANDED_IN and timezone.localdate() > one.round.due_on,
        has_draft=bool(one.draft),
        link=link,
        format_key=one.format_key,
        version=version,
        doubts=tuple(check_answers(wanted, version.answers, last_year=before)) if version else (),
    )


def get_newest_versions(report_ids: Collection[int]) -> Mapping[int, VersionAnswers]:
    """The newest version of each report that has one. Two queries."""
    newest = ReportVersion.objects.filter(report__in=report_ids).order_by("report", "-number").distinct("report")
    return {one.report_id: answers for one, answers in _with_answers(newest)}


def get_versions(report_id: int) -> tuple[VersionAnswers, ...]:
    """Every version of a report, the newest first."""
    versions = ReportVersion.objects.filter(report=report_id).order_by("-number")
    return tuple(answers for _, answers in _with_answers(versions))


def _with_answers(versions: Iterable[ReportVersion]) -> Iterable[tuple[ReportVersion, VersionAnswers]]:
    found = list(versions)
    numbers: dict[int, dict[str, Answer]] = defaultdict(dict)
    figures = ReportFigure.objects.filter(version__in=[one.pk for one in found])
    for version, item, number in figures.values_list("version_id", "item", "number"):
        numbers[version][item] = number
    for one in found:
        yield (
            one,
            VersionAnswers(
                number=one.number,
                answers=numbers[one.pk] | one.words,
                comment=one.comment,
                reporter=one.reporter,
                via=one.get_via_display(),
                at=one.at,
            ),
        )


def get_last_year(report: BodyReport) -> Answers | None:
    """What the same body reported in the same category for the year before; None without a report."""
    return _answers_of_last_year([report]).get((report.body_id, report.kind))


def _answers_of_last_year(reports: Collection[BodyReport]) -> dict[tuple[int, str], Answers]:
    if not reports:
        return {}
    asked = next(iter(reports)).round
    before = BodyReport.objects.filter(
        round__prefecture=asked.prefecture_id, round__year=asked.year - 1, body__in=[one.body_id for one in reports]
    )
    places = {pk: (body, kind) for pk, body, kind in before.values_list("pk", "body_id", "kind")}
    versions = get_newest_versions(list(places)) if places else {}
    return {places[pk]: version.answers for pk, version in versions.items()}


def count_completeness(rows: Iterable[ReportRow]) -> tuple[Completeness, ...]:
    """Asked, handed in and confirmed by area and category, in the order of the rows."""
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for row in rows:
        counts.setdefault((row.area_name, row.kind, row.kind_label), Counter())[row.state] += 1
    return tuple(
        Completeness(
            area_name=area,
            kind=kind,
            kind_label=label,
            asked=count.total(),
            handed_in=sum(count[state] for state in HANDED_IN),
            confirmed=count[CONFIRMED],
        )
        for (area, kind, label), count in counts.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAnswer:
    """One answer beside last year's and those of the other bodies of its category, in words."""

    section: str
    label: str
    is_core: bool
    answer: str
    last_year: str
    spread: str
    place: str
    doubts: tuple[str, ...]


def compare_answers(row: ReportRow, rows: Iterable[ReportRow], *, last_year: Answers | None) -> list[ComparedAnswer]:
    """The newest version of a report, item by item, for an official who verifies it.

    The spread counts the bodies of the same category and format that handed in, this one too; with fewer than three
    that answered there is none, and a small number of people is not told exactly.
    """
    same = [
        one.version.answers
        for one in rows
        if one.version and one.state in HANDED_IN and (one.kind, one.format_key) == (row.kind, row.format_key)
    ]
    answers = row.version.answers if row.version else {}
    lines = []
    for item in format_named(row.format_key).items:
        answer = answers.get(item.key)
        spread = spread_of(one.get(item.key) for one in same) if item.kind == "count" else None
        lines.append(
            ComparedAnswer(
                section=item.section,
                label=item.label,
                is_core=item.is_core,
                answer=item.said(answer),
                last_year=item.said(last_year.get(item.key)) if last_year is not None else "",
                spread=say_spread(spread, item) if item.kind == "count" else "",
                place=_say_place(spread, answer),
                doubts=tuple(one.text for one in row.doubts if one.key == item.key),
            )
        )
    return lines


def say_spread(spread: Spread | None, item: ReportItem) -> str:
    """`中央値 24（四分位 12〜40）、5機関`; why there is none otherwise."""
    if spread is None:
        return f"{FEWEST_BODIES}機関未満のため表示しません"
    lower, median, upper = (_say_number(n, item) for n in (spread.lower, spread.median, spread.upper))
    return f"中央値 {median}（四分位 {lower}〜{upper}）、{spread.bodies}機関"


def _say_number(number: float, item: ReportItem) -> str:
    if item.counts_people and 0 < number < SMALL_NUMBER:
        return f"{SMALL_NUMBER}未満"
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def _say_place(spread: Spread | None, answer: Answer) -> str:
    if spread is None or not isinstance(answer, int) or spread.lower == spread.upper:
        return ""
    if answer > spread.upper:
        return "上位4分の1"
    return "下位4分の1" if answer < spread.lower else "中ほど"
