"""協議の場: the list with its search, one meeting, writing it down, and its decisions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.meetings import add_decision, add_meeting, change_decision, change_meeting, remove_decision
from plans.actions.rows import RowConflict, bring_row_back, remove_row
from plans.meeting_forms import DecisionForm, MeetingFilter, MeetingForm
from plans.models import Meeting, MeetingDecision, Plan
from plans.queries.decided import list_things
from plans.queries.discharge_rules import get_municipalities
from plans.queries.meetings import find_meeting, list_bodies, list_meetings, view_meeting
from plans.views.topic_access import base_version, field_conflicts, visit_plan
from zaitaku.accounts.queries import get_actor

_NO_MEETING = "この番号の会議はありません。「協議の場」の一覧から選んでください。"


@require_safe
@login_required
def show_meetings(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The meetings one may read; words and 会議体 are chosen in the address."""
    seen = visit_plan(request, plan_id)
    actor = get_actor(request.user)
    chosen = MeetingFilter(request.GET, bodies=list_bodies(seen.plan))
    wanted = chosen.cleaned_data if chosen.is_valid() else {}
    words, body = wanted.get("q", ""), wanted.get("body", "")
    context = {
        "visit": seen,
        "filter": chosen,
        "is_filtered": bool(words or body),
        "rows": list_meetings(seen.plan, actor=actor, words=words, body=body),
        "removed": list_meetings(seen.plan, actor=actor, removed=True) if seen.may_change else (),
    }
    return render(request, "plans/meetings/list.html", context)


@require_safe
@login_required
def show_meeting(request: HttpRequest, plan_id: int, meeting_id: int) -> HttpResponse:
    """One meeting. Whoever was not invited to a closed one is told that there is none."""
    seen = visit_plan(request, plan_id)
    meeting = find_meeting(seen.plan, meeting_id, actor=get_actor(request.user))
    if meeting is None:
        raise Http404(_NO_MEETING)
    return render(request, "plans/meetings/detail.html", {"visit": seen, "view": view_meeting(meeting)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_meeting(request: HttpRequest, plan_id: int, meeting_id: int | None = None) -> HttpResponse:
    """A new meeting, or one that is there."""
    seen = visit_plan(request, plan_id, to_change=True)
    meeting = None if meeting_id is None else get_object_or_404(Meeting, pk=meeting_id, plan=seen.plan)
    data = request.POST if request.method == "POST" else None
    form = MeetingForm(data, instance=meeting, municipalities=get_municipalities(seen.plan.prefecture))
    version, conflicts = 0 if meeting is None else meeting.version, None
    if form.is_bound and form.is_valid():
        try:
            saved = _save(seen.plan, meeting, form, base=base_version(request))
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, f"「{saved.name}」を保存しました。")
            return redirect("plans:meeting-detail", plan_id=plan_id, meeting_id=saved.pk)
    context = {"visit": seen, "form": form, "meeting": meeting, "version": version, "conflicts": conflicts}
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    return render(request, "plans/meetings/edit.html", context, status=status)


def _save(plan: Plan, meeting: Meeting | None, form: MeetingForm, *, base: int) -> Meeting:
    if meeting is None:
        return add_meeting(plan, changes=form.changes, members=form.members, invited=form.invited)
    return change_meeting(meeting, base=base, changes=form.changes, members=form.members, invited=form.invited)


@require_POST
@login_required
def remove_meeting(request: HttpRequest, plan_id: int, meeting_id: int) -> HttpResponse:
    """Take a meeting out, or bring it back (`undo`)."""
    seen = visit_plan(request, plan_id, to_change=True)
    meeting = get_object_or_404(Meeting, pk=meeting_id, plan=seen.plan)
    if "undo" in request.POST:
        bring_row_back(meeting)
        messages.success(request, "会議を元に戻しました。")
    else:
        remove_row(meeting)
        messages.success(request, "会議を外しました。一覧の下の「外した会議」から元に戻せます。")
    return redirect("plans:meeting-list", plan_id=plan_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_decision(request: HttpRequest, plan_id: int, meeting_id: int, decision_id: int | None = None) -> HttpResponse:
    """A new decision of a meeting, or one that is there; `remove` deletes it."""
    seen = visit_plan(request, plan_id, to_change=True)
    meeting = get_object_or_404(Meeting, pk=meeting_id, plan=seen.plan, removed_at=None)
    decision = None
    if decision_id is not None:
        decision = get_object_or_404(MeetingDecision, pk=decision_id, meeting=meeting)
    page = redirect("plans:meeting-detail", plan_id=plan_id, meeting_id=meeting_id)
    if decision is not None and "remove" in request.POST:
        remove_decision(decision)
        messages.success(request, "決定を削除しました。")
        return page
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, groups=list_things(seen.plan), decision=decision)
    version, conflicts = 0 if decision is None else decision.version, None
    if form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("text", "change")}
        try:
            if decision is None:
                add_decision(meeting, **given, things=form.changed)
            else:
                change_decision(decision, base=base_version(request), **given, things=form.changed)
        except RowConflict as conflict:
            conflicts, version = field_conflicts(form, conflict.current), conflict.version
        else:
            messages.success(request, "決定を保存しました。")
            return page
    context = {"visit": seen, "meeting": meeting, "decision": decision, "form": form, "version": version}
    status = 409 if conflicts is not None else 422 if form.is_bound else 200
    return render(request, "plans/meetings/decision.html", {**context, "conflicts": conflicts}, status=status)
