"""Who asks, and how often: API keys as bearer tokens, and limits for visitors and for keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from zaitaku.accounts.actions import note_use_of_key
from zaitaku.accounts.models import ApiKey, User
from zaitaku.accounts.queries import find_api_key
from zaitaku.rest.problems import ApiError, Code


class KeyAuthentication(BaseAuthentication):  # type: ignore[misc]  # the framework has no types
    """`Authorization: Bearer <key>`. Without it the visitor is anonymous; a key that is not valid is refused."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The key's owner and the key."""
        words = get_authorization_header(request).split()
        if not words:
            return None
        if len(words) != 2 or words[0].lower() != b"bearer":
            raise AuthenticationFailed("Authorizationの形が違います。")
        key = find_api_key(words[1].decode("latin-1"))
        if key is None:
            raise AuthenticationFailed("このAPIキーはないか、取り消されています。")
        if not key.user.is_active:
            raise ApiError(Code.FORBIDDEN, "このAPIキーの持ち主の利用者は停止されています。")
        note_use_of_key(key, at=timezone.now())
        return key.user, key

    def authenticate_header(self, _request: Request) -> str:
        """The challenge that goes with a 401."""
        return 'Bearer realm="api"'


class _Rate(SimpleRateThrottle):  # type: ignore[misc]  # the framework has no types
    """A limit whose size is read from the settings at each request."""

    scope = ""

    def get_rate(self) -> str:
        """`120/min`."""
        return str(settings.API_RATES[self.scope])


class VisitorRate(_Rate):
    """Without a key: by the address the request comes from."""

    scope = "visitor"

    def get_cache_key(self, request: Request, _view: Any) -> str | None:
        """None where the other limit counts."""
        return None if request.auth else f"api-rate:visitor:{self.get_ident(request)}"


class KeyRate(_Rate):
    """With a key: by the key."""

    scope = "key"

    def get_cache_key(self, request: Request, _view: Any) -> str | None:
        """None where the other limit counts."""
        return f"api-rate:key:{request.auth.pk}" if request.auth else None
