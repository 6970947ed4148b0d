"""圏域の自動提案: what to ask for, and starting the search."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from plans.area_forms import SuggestForm
from plans.area_tasks import SUGGEST, start_suggestion
from plans.queries.area_drafts import get_partition
from plans.queries.area_problem import Wishes
from plans.views.area_access import find_draft
from zaitaku.jobs.models import Job

_LISTED = 10


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def suggest(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The form with earlier searches; handing a search to a worker."""
    draft, seen = find_draft(request, draft_id, to_change=True)
    count = max(len(get_partition(draft.pk).areas), 1)
    form = SuggestForm(request.POST or None, initial={"fewest": count, "most": count})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        seconds = data.pop("seconds")
        job = start_suggestion(draft, Wishes(**data), seconds=seconds, by=seen.user)
        messages.success(request, "自動提案の計算を始めました。結果は新しい案として保存されます。")
        return redirect("jobs:job-detail", job_id=job.pk)
    jobs = Job.objects.filter(kind=SUGGEST, parameters__draft=draft.pk).order_by("-pk")[:_LISTED]
    context = {"draft": draft, "visit": seen, "form": form, "jobs": jobs}
    return render(request, "plans/areas/suggest.html", context, status=422 if form.is_bound else 200)
