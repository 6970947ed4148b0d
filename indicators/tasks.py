"""Long work about indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from indicators.actions.compute import compute_indicators
from indicators.downloads import MAKE_DOWNLOAD, delete_old_files, make_file
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import enqueue
from zaitaku.jobs.kinds import Progress, job_kind
from zaitaku.jobs.models import Job

COMPUTE = "compute_indicators"


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


def start_computation(*, codes: tuple[str, ...] = (), if_needed: bool = False, by: User | None = None) -> Job:
    """Hand the computation to a worker."""
    title = f"指標の計算（{'、'.join(codes)}）" if codes else "指標の計算（すべて）"
    return enqueue(COMPUTE, title=title[:200], parameters={"codes": list(codes), "if_needed": if_needed}, by=by)


@job_kind(MAKE_DOWNLOAD)
def make_download_file(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Write one large file of データ入手."""
    return make_file(parameters, progress)


@shared_task
def delete_old_downloads() -> None:
    """Every hour (settings.CELERY_BEAT_SCHEDULE)."""
    delete_old_files(now=timezone.now())
