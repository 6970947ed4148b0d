"""What somebody sent when the session had ended: kept two hours for that account, and given back."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache

from zaitaku.accounts.models import User

KEPT_FOR = dt.timedelta(hours=2)
LARGEST = 1_000_000  # characters
# Nothing that lets somebody in is ever kept.
_SECRET = re.compile(r"password|passwd|secret|token|otp|^code$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The address a form was sent to, its fields in their order (without files), and when."""

    path: str
    fields: tuple[tuple[str, str], ...]
    at: dt.datetime


def keep_form(user: User, *, path: str, fields: Mapping[str, Sequence[str]], now: dt.datetime) -> str:
    """Keep a form and return the token of its page; empty if there is nothing to keep, or too much."""
    found = [(name, value) for name, values in fields.items() if not _SECRET.search(name) for value in values]
    if not any(value for _name, value in found) or sum(len(value) for _name, value in found) > LARGEST:
        return ""
    token = secrets.token_urlsafe(24)
    kept = {"path": path, "fields": found, "at": now.isoformat()}
    cache.set(_key(user, token), kept, timeout=int(KEPT_FOR.total_seconds()))
    return token


def find_kept_form(user: User, token: str) -> KeptForm | None:
    """What was kept for this account under this token."""
    kept = cache.get(_key(user, token)) if len(token) <= 64 else None
    if kept is None:
        return None
    fields = tuple((name, value) for name, value in kept["fields"])
    return KeptForm(path=kept["path"], fields=fields, at=dt.datetime.fromisoformat(kept["at"]))


def forget_kept_form(user: User, token: str) -> None:
    """Throw it away."""
    cache.delete(_key(user, token))


def _key(user: User, token: str) -> str:
    return f"kept-form:{user.pk}:{token}"
