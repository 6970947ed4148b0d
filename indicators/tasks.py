"""Long work about indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from indicators.actions.access_figures import store_access_figures
from indicators.actions.compute import compute_indicators, find_outdated
from indicators.actions.report_figures import store_report_figures
from indicators.definitions.own import definition_scope, everybody
from indicators.definitions.registry import find_dependents
from indicators.definitions.report_items import described_items
from indicators.downloads import MAKE_DOWNLOAD, delete_old_files, make_file
from indicators.queries.structure import read_structure
from institutions.tasks import STORE_REPORTS
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import UNFINISHED, enqueue
from zaitaku.jobs.kinds import Progress, job_kind
from zaitaku.jobs.models import Job

ACCESS = "indicators.store_access"
COMPUTE = "compute_indicators"
PROTECT = "protect_counts"


@job_kind(COMPUTE)
def compute(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Compute the named indicators, or all active ones; the status page shows the result as it is."""
    done = compute_indicators(
        parameters.get("codes", ()), if_needed=parameters.get("if_needed", False), report=progress
    )
    result = {"計算した指標": len(done.computed), "変わりのない指標": len(done.unchanged), "値の件数": done.rows}
    if done.refused:
        return {
            **result,
            "公表を見合わせた指標": "、".join(done.refused),
            "理由": "\n".join(set(done.refused.values())),
        }
    return result


@job_kind(PROTECT)
def protect(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Protect the counts of people of the named items, or of all surveys and reports, and attack the result."""
    from indicators.actions.protect import protect_items  # brings an optimiser along, which web pages never need

    progress(0, 1, "人数の秘匿を確かめています")
    done = protect_items(parameters.get("items") or tuple(described_items()), read_structure())
    result: dict[str, Any] = {"確かめた公表": done.made, "変わりのない公表": done.unchanged}
    if done.refused:
        result |= {
            "公表を見合わせた項目": "、".join(done.refused),
            "理由": "\n".join(sorted(set(done.refused.values()))),
        }
    progress(1, 1, "人数の秘匿を確かめました")
    return result


def start_protection(*, items: tuple[str, ...] = (), by: User | None = None) -> Job:
    """Hand the protection of counts of people to a worker."""
    return enqueue(PROTECT, title="人数の秘匿と監査", parameters={"items": list(items)}, by=by)


def start_computation(*, codes: tuple[str, ...] = (), if_needed: bool = False, by: User | None = None) -> Job:
    """Hand the computation to a worker."""
    title = f"指標の計算（{'、'.join(codes)}）" if codes else "指標の計算（すべて）"
    return enqueue(COMPUTE, title=title[:200], parameters={"codes": list(codes), "if_needed": if_needed}, by=by)


def start_own_computation(code: str, *, by: User) -> Job:
    """Have a prefecture's own indicator computed, and every composite it is part of.

    The title names no indicator: anybody may read it, and the indicator may be for the prefecture alone.
    """
    with definition_scope(everybody, newest=True):
        codes = [code, *(one.code for one in find_dependents(code))]
    parameters = {"codes": codes, "if_needed": True}
    return enqueue(COMPUTE, title=f"独自の指標の計算（{code}）", parameters=parameters, by=by)


@job_kind(ACCESS)
def store_access(_parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Measure access to care anew, and have the indicators computed that are made of it."""
    progress(0, 1, "在宅医療へのアクセスを計算しています")
    stored = store_access_figures(by=None)
    if stored:
        start_computation(if_needed=True)
    progress(1, 1, "在宅医療へのアクセスを計算しました")
    return {"新しい値": stored}


@job_kind(STORE_REPORTS)
def store_reports(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Make figures of what a round has confirmed now; what single institutions report changes access to care too."""
    progress(0, 2, "確認済の活動報告を集計しています")
    figures = store_report_figures(parameters["round"], by=None)
    progress(1, 2, "在宅医療へのアクセスを計算しています")
    if figures.new + store_access_figures(by=None):
        start_computation(if_needed=True)
    progress(2, 2, "活動報告を反映しました")
    return {"集計した値": figures.stored, "独自調査を優先した項目": "、".join(figures.left_out)}


def start_access(*, by: User | None = None) -> Job:
    """Hand the measuring of access to care to a worker."""
    return enqueue(ACCESS, title="在宅医療へのアクセスの計算", parameters={}, by=by)


@job_kind(MAKE_DOWNLOAD)
def make_download_file(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Write one large file of データ入手; whoever asked for it was allowed to see what it holds."""
    with definition_scope(everybody):
        return make_file(parameters, progress)


@shared_task
def compute_what_changed() -> None:
    """Every night (settings.CELERY_BEAT_SCHEDULE): whatever no import asked for, e.g. definitions of a new release.

    A night without a change leaves no job behind, and one that is still at work is not joined by a second.
    """
    jobs = Job.objects.filter(kind=COMPUTE, status__in=UNFINISHED)
    if not jobs.exists() and find_outdated():
        enqueue(COMPUTE, title="指標の計算（夜間の点検）", parameters={"codes": [], "if_needed": True})


@shared_task
def measure_access() -> None:
    """Every night (settings.CELERY_BEAT_SCHEDULE); `compute_what_changed` follows and computes what it changes."""
    store_access_figures(by=None)


@shared_task
def delete_old_downloads() -> None:
    """Every hour (settings.CELERY_BEAT_SCHEDULE)."""
    delete_old_files(now=timezone.now())
