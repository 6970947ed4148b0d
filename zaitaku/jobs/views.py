"""計算の状況: what runs, what ran, and stopping it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from zaitaku.accounts.models import User
from zaitaku.jobs import actions, queries
from zaitaku.jobs.models import Job


@require_safe
def list_jobs(request: HttpRequest) -> HttpResponse:
    """The newest jobs."""
    jobs = list(queries.recent_jobs())
    rows = [{"job": job, "duration": queries.duration(job)} for job in jobs]
    return render(request, "jobs/list.html", {"rows": rows})


@require_safe
def show_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job; for htmx only the part that changes."""
    job = get_object_or_404(Job.objects.select_related("by"), pk=job_id)
    context = {"job": job, "may_cancel": queries.may_cancel(job, request.user), "duration": queries.duration(job)}
    template = "jobs/progress.html" if getattr(request, "htmx", False) else "jobs/detail.html"
    return render(request, template, context)


@require_safe
def show_job_json(_request: HttpRequest, job_id: int) -> HttpResponse:
    """The state of one job for programs."""
    job = get_object_or_404(Job, pk=job_id)
    return JsonResponse(queries.status_json(job), json_dumps_params={"ensure_ascii": False})


@require_POST
@login_required
def cancel_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask a job to stop."""
    job = get_object_or_404(Job, pk=job_id)
    if not queries.may_cancel(job, request.user):
        raise PermissionDenied("このジョブを中止できるのは、依頼した人と管理者です。")
    assert isinstance(request.user, User)
    job = actions.request_cancel(job_id, by=request.user)
    stopped = job.status == Job.Status.CANCELLED
    messages.success(request, "中止しました。" if stopped else "中止を依頼しました。区切りのよいところで止まります。")
    return redirect("jobs:job-detail", job_id=job_id)
