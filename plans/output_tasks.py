"""Long work about documents: making them, and removing old ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from plans.actions.outputs import MAKE_DOCUMENT
from plans.models import PlanOutput
from plans.outputs import delete_old_outputs, make_output
from zaitaku.jobs.kinds import Progress, job_kind


@job_kind(MAKE_DOCUMENT)
def make_plan_document(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Make the document that was asked for; the status page tells its form and size, nothing of what it says."""
    related = PlanOutput.objects.select_related("plan__prefecture", "plan__scheme", "version")
    output = related.get(plan=parameters["plan"], key=parameters["key"])
    size = make_output(output, progress)
    return {"形式": output.get_kind_display(), "大きさ（バイト）": size}


@shared_task
def delete_old_documents() -> None:
    """Every hour (settings.CELERY_BEAT_SCHEDULE)."""
    delete_old_outputs(now=timezone.now())
