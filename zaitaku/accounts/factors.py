"""Second factors: which an account has, whether it must have one, and every write about them."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from zaitaku.accounts.api_keys import digest_of
from zaitaku.accounts.models import Passkey, RecoveryCode, User

# Who approves plans, and who gives others their rights.
REQUIRED_ROLES = frozenset({User.Role.APPROVER, User.Role.ADMINISTRATOR})
RECOVERY_CODES = 10
MOST_PASSKEYS = 10


class FactorRefused(Exception):
    """Something about second factors is not done; the words say why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What an account has. `codes_left` counts recovery codes, which are no factor of their own."""

    totp: TOTPDevice | None
    passkeys: tuple[Passkey, ...]
    codes_left: int
    is_required: bool

    @property
    def count(self) -> int:
        """Factors the account could sign in with."""
        return len(self.passkeys) + (self.totp is not None)

    @property
    def is_missing(self) -> bool:
        """Whether the account may not go on without enrolling one."""
        return self.is_required and self.count == 0


def needs_second_factor(user: User) -> bool:
    """Approvers and administrators. A demo account is exempt on the own machine, never in production."""
    if user.is_demo and not settings.IS_PRODUCTION:
        return False
    return user.role in REQUIRED_ROLES or user.is_superuser


def get_factors(user: User) -> Factors:
    """The account's factors, those under way left out."""
    return Factors(
        totp=TOTPDevice.objects.filter(user=user, confirmed=True).first(),
        passkeys=tuple(user.passkeys.order_by("created_at", "pk")),
        codes_left=user.recovery_codes.filter(used_at=None).count(),
        is_required=needs_second_factor(user),
    )


def new_key() -> str:
    """The secret of a new authenticator app: 160 random bits in hexadecimal digits."""
    return secrets.token_hex(20)


def app_with(key: str, *, user: User) -> TOTPDevice:
    """An authenticator app that is not in use yet and stored nowhere."""
    return TOTPDevice(user=user, key=key, name="認証アプリ", confirmed=False)


def secret_text(device: TOTPDevice) -> str:
    """The secret as authenticator apps take it by hand: base32 in groups of four."""
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


@transaction.atomic
def confirm_totp(user: User, *, key: str, code: str) -> bool:
    """Take the app with this secret into use if the code is its; it replaces the one there was."""
    before = list(TOTPDevice.objects.select_for_update().filter(user=user).values_list("pk", flat=True))
    device = app_with(key, user=user)
    device.confirmed = True
    # A right code stores the app, with the step it was for; a wrong one stores a failure, which is taken back.
    with transaction.atomic():
        is_right = bool(device.verify_token(code))
        if not is_right:
            transaction.set_rollback(True)
    if is_right:
        TOTPDevice.objects.filter(pk__in=before).delete()
    return is_right


@transaction.atomic
def is_right_code(user: User, *, code: str, at: dt.datetime) -> str:
    """How the account has shown who it is (`認証アプリ`, `復旧コード`); empty if the code is wrong or was used before.

    The rows are locked, so that a code sent twice at once is taken once.
    """
    typed = normalized(code)
    if typed.isdigit() and len(typed) == 6:
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        return "認証アプリ" if device is not None and device.verify_token(typed) else ""
    unused = user.recovery_codes.select_for_update().filter(digest=digest_of(typed), used_at=None)
    return "復旧コード" if unused.update(used_at=at) else ""


def normalized(code: str) -> str:
    """A typed code without blanks and hyphens, in half-width capitals."""
    half = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in half if letter.isascii() and letter.isalnum())


@transaction.atomic
def renew_recovery_codes(user: User, *, at: dt.datetime) -> list[str]:
    """Ten new codes (`ABCD-EFGH-…`, 80 bits each), which cannot be read again; those there were end."""
    user.recovery_codes.all().delete()
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=digest_of(code), created_at=at) for code in codes])
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


@transaction.atomic
def remove_totp(user: User) -> None:
    """Remove the authenticator app. Raises `FactorRefused` if it is the last factor of an account that needs one."""
    _check_not_last(user)
    TOTPDevice.objects.filter(user=user).delete()
    _drop_codes_without_factor(user)


@transaction.atomic
def remove_passkey(user: User, *, passkey_id: int) -> None:
    """Remove one passkey of one's own; as `remove_totp`."""
    _check_not_last(user)
    if not user.passkeys.filter(pk=passkey_id).delete()[0]:
        raise FactorRefused("このパスキーはないか、すでに削除されています。")
    _drop_codes_without_factor(user)


@transaction.atomic
def reset_factors(user: User) -> None:
    """Remove every factor of an account and end its sessions: the way back for somebody who has lost them all."""
    TOTPDevice.objects.filter(user=user).delete()
    user.passkeys.all().delete()
    user.recovery_codes.all().delete()
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Sign an account out everywhere."""
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])


def _check_not_last(user: User) -> None:
    # Locked, so that two removals at once do not take the last two.
    locked = User.objects.select_for_update().get(pk=user.pk)
    if needs_second_factor(locked) and get_factors(locked).count <= 1:
        raise FactorRefused(
            f"{locked.get_role_display()}には二段階認証が必要なため、最後の1つは削除できません。"
            "別の方法を登録してから、もう一度削除してください。"
        )


def _drop_codes_without_factor(user: User) -> None:
    if get_factors(user).count == 0:
        user.recovery_codes.all().delete()
