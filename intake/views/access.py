"""Who gets to the pages on handing files in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from intake.queries.uploads import UploadDetail, get_upload, may_hand_in
from zaitaku.accounts.models import User
from zaitaku.accounts.queries import get_actor

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_those_who_import(view: _View[P]) -> _View[P]:
    """Signed in as 都道府県担当 or 管理者; visitors are asked to sign in, everyone else is told why not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_hand_in(get_actor(request.user)):
            raise PermissionDenied("資料を取り込めるのは、都道府県担当（担当する県の資料）と管理者です。")
        return view(request, *args, **kwargs)

    return cast(_View[P], login_required(guarded))


def signed_in(request: HttpRequest) -> User:
    """The user behind a guarded view."""
    assert isinstance(request.user, User)
    return request.user


def find_upload(request: HttpRequest, upload_id: int) -> UploadDetail:
    """The upload, if this person may see it; else it is not there."""
    user = signed_in(request)
    detail = get_upload(upload_id, user=user, actor=get_actor(user))
    if detail is None:
        raise Http404("この番号の受付はありません。一覧から選んでください。")
    return detail
