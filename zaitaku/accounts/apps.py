from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone


class AccountsConfig(AppConfig):
    name = "zaitaku.accounts"
    verbose_name = "アカウント"

    def ready(self) -> None:
        """Whatever signs somebody in, the clock of the session begins; without it the session would be over at once."""
        user_logged_in.connect(_begin_session, dispatch_uid="zaitaku.accounts.session")


def _begin_session(request: HttpRequest, **_: Any) -> None:
    from zaitaku.accounts.sessions import begin

    begin(request.session, now=timezone.now())
