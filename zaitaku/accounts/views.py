"""Sign-in, sign-out, password change, and the choice of a prefecture."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.forms import ChangePasswordForm, SignInForm
from zaitaku.accounts.middleware import ENDED
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.passkeys import may_use_passkeys
from zaitaku.accounts.prefecture_choice import PARAMETER, remember_prefecture
from zaitaku.accounts.signing_in import after_password
from zaitaku.lib.addresses import LONGEST_ADDRESS


class SignInView(auth_views.LoginView):
    """ログイン: afterwards back to `next`, else to the home page of the own prefecture."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:  # type: ignore[override]  # the stubs know the `request` of Django 6 alone
        """`next`, unless it is longer than any address of this site."""
        url = super().get_redirect_url()
        return url if len(url) <= LONGEST_ADDRESS else ""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: on to the second step, or in."""
        user = form.get_user()
        assert isinstance(user, User)
        self.request.session.pop(ENDED, None)
        return redirect(after_password(self.request, user, next_url=self.get_success_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether a session has just ended here, and whether passkeys can be offered."""
        return super().get_context_data(
            **kwargs,
            session_ended=self.request.session.get(ENDED, False),
            may_use_passkeys=may_use_passkeys(self.request),
        )


class SignOutView(auth_views.LogoutView):
    """ログアウト (POST only), back to the home page."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Sign out, log it and say so."""
        user = request.user
        response = super().post(request, *args, **kwargs)
        if not isinstance(user, AnonymousUser):
            record_sign_in(
                user.username,
                outcome=SignInEvent.Outcome.SIGNED_OUT,
                request=request,
                at=timezone.now(),
                user=user,
            )
            messages.success(request, "ログアウトしました。")
        return response


class ChangePasswordView(auth_views.PasswordChangeView):
    """パスワードの変更 for oneself."""

    template_name = "accounts/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("pages:profile")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Keep the new password and say so on the profile page."""
        messages.success(self.request, "パスワードを変更しました。")
        return super().form_valid(form)


@require_safe
def choose_prefecture(request: HttpRequest) -> HttpResponseRedirect:
    """Remember `?prefecture=` for the session and go back to `next`, now about that prefecture."""
    chosen = remember_prefecture(request, request.GET.get(PARAMETER, ""))
    parts = urlsplit(request.GET.get("next", ""))
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != PARAMETER]
    if chosen is not None:
        query.append((PARAMETER, chosen.code))
    # Only the path of `next` is used, and only one of this site: never a way out to another host.
    target = f"{parts.path}?{urlencode(query)}" if query else parts.path
    if not parts.path.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("indicators:home")
    return redirect(target)
