"""活動報告: opening a round, keeping drafts, taking reports in, returning and confirming them.

Who may do so is decided by the caller: an official of the prefecture, or whoever holds the link of the report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from institutions.definitions.reports import ReportFormat, format_named, report_format
from institutions.formulas.reports import Answers, check_answers
from institutions.models import BodyReport, Designation, ReportEvent, ReportFigure, ReportLink, ReportRound
from institutions.models import ReportVersion as Version
from institutions.queries.reports import get_last_year, get_newest_versions
from institutions.results import DESIGNATED
from regions.models import Region
from zaitaku.accounts.models import User

State = BodyReport.State
Action = ReportEvent.Action


class ReportRefused(Exception):
    """Nothing was changed; the message says why and what to do, in Japanese."""


def open_round(
    prefecture: Region, *, year: int, period: int, opened_on: dt.date, due_on: dt.date, by: User
) -> ReportRound:
    """Ask every body that is 位置付け in `period` for its report of `year`. Raises `ReportRefused`."""
    try:
        with transaction.atomic():
            made = ReportRound.objects.create(
                prefecture=prefecture, year=year, period=period, opened_on=opened_on, due_on=due_on, opened_by=by
            )
            add_bodies(made, by=by)
    except IntegrityError as error:
        if "report_round_once" in str(error):
            raise ReportRefused("この年度の活動報告は、すでに受け付けています。") from error
        if "report_round_due_after_opening" in str(error):
            raise ReportRefused("締切は、受付開始の日以後にしてください。") from error
        raise
    return made


@transaction.atomic
def add_bodies(asked: ReportRound, *, by: User) -> int:
    """Bodies designated since the round was opened are asked too; returns how many. Refused if there is none at all."""
    formats = {kind: report_format(kind, year=asked.year) for kind in (Designation.Kind.ACTIVE, Designation.Kind.HUB)}
    there = set(asked.reports.values_list("body_id", "kind"))
    designations = Designation.objects.filter(
        prefecture=asked.prefecture, period=asked.period, status=DESIGNATED, voided_at=None, kind__in=formats
    )
    made = []
    for one in designations.order_by("kind", "area__code", "body_id"):
        wanted = formats[Designation.Kind(one.kind)]
        if wanted is None or (one.body_id, one.kind) in there:
            continue
        there.add((one.body_id, one.kind))  # a body of several areas reports once
        made.append(
            BodyReport(round=asked, body_id=one.body_id, kind=one.kind, area_id=one.area_id, format_key=wanted.key)
        )
    if not there:
        raise ReportRefused("この計画期間に「位置付け」の機関がありません。先に位置付けを登録してください。")
    for report in BodyReport.objects.bulk_create(made):
        _note(report, Action.OPENED, by=by)
    return len(made)


def set_closed(asked: ReportRound, *, closed: bool) -> None:
    """Stop taking reports in, or take them in again."""
    asked.closed_at = timezone.now() if closed else None
    asked.save(update_fields=["closed_at"])


def change_due_day(asked: ReportRound, *, due_on: dt.date) -> None:
    """Move the due day. Raises `ReportRefused` for one before the opening."""
    if due_on < asked.opened_on:
        raise ReportRefused("締切は、受付開始の日以後にしてください。")
    asked.due_on = due_on
    asked.save(update_fields=["due_on"])


def save_draft(report: BodyReport, typed: Mapping[str, str]) -> None:
    """Keep what was typed, right or wrong."""
    report.draft, report.draft_at = dict(typed), timezone.now()
    report.save(update_fields=["draft", "draft_at"])


@transaction.atomic
def submit(report: BodyReport, answers: Answers, *, comment: str, reporter: str, via: str) -> Version:
    """Take a report in as a new version. Raises `ReportRefused` for what the format does not allow."""
    locked = BodyReport.objects.select_for_update(of=("self",)).select_related("round").get(pk=report.pk)
    wanted = format_named(locked.format_key)
    if locked.round.closed_at is not None:
        raise ReportRefused("受付は終了しました。都道府県の担当者に連絡してください。")
    if locked.state == State.CONFIRMED:
        raise ReportRefused("この報告は確認が済んでいます。直すときは、都道府県の担当者に差戻しを頼んでください。")
    complaints = check_answers(wanted, answers, last_year=get_last_year(locked))
    wrong = [one.text for one in complaints if not (one.is_question and comment.strip())]
    if wrong:
        raise ReportRefused("".join(wrong))
    newest = locked.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = Version.objects.create(
        report=locked,
        number=newest + 1,
        words={key: answer for key, answer in answers.items() if isinstance(answer, str) and answer},
        comment=comment.strip(),
        reporter=reporter.strip(),
        via=via,
        at=timezone.now(),
    )
    ReportFigure.objects.bulk_create(_figures(version, wanted, answers))
    locked.state, locked.draft, locked.draft_at, locked.remark = State.SUBMITTED, {}, None, ""
    locked.save(update_fields=["state", "draft", "draft_at", "remark"])
    _note(locked, Action.SUBMITTED, remark=f"第{version.number}版（{version.get_via_display()}、{version.reporter}）")
    return version


def _figures(version: Version, wanted: ReportFormat, answers: Answers) -> list[ReportFigure]:
    figures = []
    for item in wanted.items:
        number, whole = answers.get(item.key), answers.get(item.part_of)
        if isinstance(number, int):
            most = min(item.most, whole) if isinstance(whole, int) else item.most
            figures.append(ReportFigure(version=version, item=item.key, number=number, most=most))
    return figures


@transaction.atomic
def return_report(report: BodyReport, *, remark: str, by: User) -> None:
    """Give a report back with what is to be mended. Raises `ReportRefused`."""
    locked = BodyReport.objects.select_for_update().get(pk=report.pk)
    if locked.state not in (State.SUBMITTED, State.CONFIRMED):
        raise ReportRefused("提出されていない報告は、差し戻せません。")
    if not remark.strip():
        raise ReportRefused("差戻しの理由を書いてください。報告する機関に表示します。")
    locked.state, locked.remark = State.RETURNED, remark.strip()
    locked.save(update_fields=["state", "remark"])
    _note(locked, Action.RETURNED, remark=locked.remark, by=by)


@transaction.atomic
def confirm(report: BodyReport, *, version: int, by: User) -> None:
    """Confirm the version that was looked at. Raises `ReportRefused` if there is a newer one."""
    locked = BodyReport.objects.select_for_update().get(pk=report.pk)
    newest = locked.versions.aggregate(newest=Max("number"))["newest"]
    if locked.state != State.SUBMITTED:
        raise ReportRefused("確認できるのは、提出済の報告だけです。")
    if newest != version:
        raise ReportRefused("表示した後に新しい版が提出されました。内容をもう一度確かめてください。")
    locked.state = State.CONFIRMED
    locked.save(update_fields=["state"])
    _note(locked, Action.CONFIRMED, remark=f"第{version}版", by=by)


@transaction.atomic
def confirm_all_sound(asked: ReportRound, *, by: User) -> tuple[int, int]:
    """Confirm every submitted report without question or comment; returns how many were confirmed and how many wait."""
    waiting = list(asked.reports.filter(state=State.SUBMITTED).select_related("round"))
    newest = get_newest_versions([report.pk for report in waiting])
    confirmed = 0
    for report in waiting:
        version = newest[report.pk]
        doubts = check_answers(format_named(report.format_key), version.answers, last_year=get_last_year(report))
        if not doubts and not version.comment:
            confirm(report, version=version.number, by=by)
            confirmed += 1
    return confirmed, len(waiting) - confirmed


def note_link(link: ReportLink, action: ReportEvent.Action, *, by: User) -> None:
    """A line of history for a link that was issued or revoked."""
    _note(link.report, action, remark=f"期限 {timezone.localtime(link.expires_at):%Y-%m-%d}", by=by)


def _note(report: BodyReport, action: ReportEvent.Action, *, remark: str = "", by: User | None = None) -> None:
    ReportEvent.objects.create(report=report, action=action, remark=remark, by=by, at=timezone.now())
