"""How long the sign-in still lasts, going on with it, and what could not be sent when it had ended."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zaitaku.accounts.kept_forms import find_kept_form, forget_kept_form
from zaitaku.accounts.models import User
from zaitaku.accounts.sessions import time_left

# Names of fields of the forms that people write in; others are shown under their number.
_LABELS = {
    "text": "本文",
    "title": "名称",
    "name": "名称",
    "note": "備考",
    "reason": "理由",
    "body": "意見",
    "comment": "意見",
    "summary": "概要",
    "description": "説明",
    "content": "内容",
    "minutes": "議事の内容",
    "decisions": "決まったこと",
    "owner": "担当",
    "evidence": "根拠",
    "cause": "要因",
    "next_action": "次の対応",
}
_SHORT = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_state(request: HttpRequest) -> HttpResponse:
    """Seconds until the sign-in ends. POST goes on with it; the middleware has noted the action by then."""
    if not isinstance(request.user, User):
        return JsonResponse({"problem": "session"}, status=401)
    left = time_left(request.session, now=timezone.now())
    return JsonResponse({"seconds": left.seconds, "can_go_on": left.can_go_on})


@dataclass(frozen=True, slots=True)
class _Written:
    """A field of a kept form: written text is shown to be read and changed, choices and numbers go along unseen."""

    number: int
    name: str
    value: str

    @property
    def is_text(self) -> bool:
        return len(self.value) > _SHORT or "\n" in self.value or not self.value.isascii()

    @property
    def label(self) -> str:
        return _LABELS.get(self.name.rsplit("-", 1)[-1], f"入力欄{self.number}")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept_form(request: HttpRequest, token: str) -> HttpResponse:
    """What was written when the session had ended, to be sent again to where it was going; POST throws it away."""
    assert isinstance(request.user, User)
    if request.method == "POST":
        forget_kept_form(request.user, token)
        messages.success(request, "預かっていた内容を捨てました。")
        return redirect("indicators:home")
    kept = find_kept_form(request.user, token)
    if kept is None:
        raise Http404("預かっていた内容はありません。2時間が過ぎたか、別の利用者が書いたものです。")
    written = [_Written(number, name, value) for number, (name, value) in enumerate(kept.fields, start=1)]
    return render(request, "accounts/kept_form.html", {"kept": kept, "written": written, "token": token})
