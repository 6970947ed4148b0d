"""APIキー: make a key for one's own programs, see which there are, end one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zaitaku.accounts.actions import TooManyKeys, create_api_key, revoke_api_key
from zaitaku.accounts.api_keys import MOST_KEYS
from zaitaku.accounts.forms import ApiKeyForm
from zaitaku.accounts.models import User
from zaitaku.accounts.queries import get_api_keys


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_key_list(request: HttpRequest) -> HttpResponse:
    """One's own keys; POST makes one, and its answer is the only page that ever shows it."""
    user = request.user
    assert isinstance(user, User)
    form = ApiKeyForm(request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_valid():
        try:
            _key, secret = create_api_key(form.cleaned_data["name"], by=user, at=timezone.now())
            form = ApiKeyForm()
        except TooManyKeys:
            form.add_error(None, f"使えるキーは{MOST_KEYS}個までです。使っていないキーを取り消してください。")
    context = {"form": form, "secret": secret, "keys": get_api_keys(user)}
    return render(request, "accounts/api_keys.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def api_key_revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """End one of one's own keys."""
    user = request.user
    assert isinstance(user, User)
    if revoke_api_key(key_id, by=user, at=timezone.now()):
        messages.success(request, "APIキーを取り消しました。このキーを使うプログラムは、すぐに使えなくなります。")
    else:
        messages.error(request, "このキーはないか、すでに取り消されています。")
    return redirect("accounts:api-key-list")
