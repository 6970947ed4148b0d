"""The two ceremonies of WebAuthn: a passkey is registered, a passkey signs in. Challenges are good once."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from zaitaku.accounts.factors import MOST_PASSKEYS, FactorRefused
from zaitaku.accounts.models import Passkey, User

_CHALLENGE = "passkey_challenge"
_LASTS = dt.timedelta(minutes=5)
REGISTER, SECOND, ALONE = "register", "second", "alone"
_FAILED = "パスキーを確かめられませんでした。もう一度お試しください。"


def registration_options(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey for this account."""
    options = generate_registration_options(
        rp_id=_host(request),
        rp_name="在宅医療計画支援システム「Zaitaku」",
        user_id=f"zaitaku-{user.pk}".encode(),
        user_name=user.username,
        user_display_name=str(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(user),
    )
    _remember(request, options.challenge, REGISTER)
    return options_to_json_dict(options)


def register(request: HttpRequest, user: User, *, answer: dict[str, Any], name: str, at: dt.datetime) -> Passkey:
    """Keep the passkey the browser has made. Raises `FactorRefused`."""
    if user.passkeys.count() >= MOST_PASSKEYS:
        raise FactorRefused(f"パスキーは{MOST_PASSKEYS}個までです。使っていないものを削除してください。")
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=_recall(request, REGISTER),
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise FactorRefused(_FAILED) from error
    credential = bytes_to_base64url(made.credential_id)
    if Passkey.objects.filter(credential=credential).exists():
        raise FactorRefused("このパスキーはすでに登録されています。")
    return Passkey.objects.create(
        user=user,
        name=name[:60] or "パスキー",
        credential=credential,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_known_transports(answer),
        created_at=at,
    )


def sign_in_options(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """What the browser needs to sign in: with one of an account's passkeys, or (no account) with any it holds.

    Alone, a passkey has to make sure of its owner itself (PIN, finger, face): it stands for the password too.
    """
    options = generate_authentication_options(
        rp_id=_host(request),
        allow_credentials=_descriptors(user) if user else None,
        user_verification=UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED,
    )
    _remember(request, options.challenge, SECOND if user else ALONE)
    return options_to_json_dict(options)


def check(request: HttpRequest, user: User | None, *, answer: dict[str, Any], at: dt.datetime) -> Passkey:
    """The passkey that signed the challenge. Raises `FactorRefused`."""
    challenge = _recall(request, SECOND if user else ALONE)
    found = Passkey.objects.select_related("user").filter(credential=str(answer.get("id", "")), user__is_active=True)
    passkey = (found.filter(user=user) if user else found).first()
    if passkey is None:
        raise FactorRefused("このパスキーは登録されていません。利用者名とパスワードでログインしてください。")
    try:
        checked = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=user is None,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise FactorRefused(_FAILED) from error
    passkey.sign_count, passkey.last_used_at = checked.new_sign_count, at
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey


def may_use_passkeys(request: HttpRequest) -> bool:
    """Browsers have passkeys on HTTPS and on `localhost` alone, and for names, not for addresses."""
    host = _host(request)
    is_name = not host.replace(".", "").isdigit() and ":" not in host
    return is_name and (request.is_secure() or host == "localhost")


def _descriptors(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential),
            transports=[AuthenticatorTransport(name) for name in passkey.transports],
        )
        for passkey in user.passkeys.all()
    ]


def _known_transports(answer: dict[str, Any]) -> list[str]:
    known = {transport.value for transport in AuthenticatorTransport}
    response = answer.get("response")
    named = response.get("transports") if isinstance(response, dict) else None
    return [name for name in named if name in known] if isinstance(named, list) else []


def _remember(request: HttpRequest, challenge: bytes, purpose: str) -> None:
    request.session[_CHALLENGE] = {
        "challenge": bytes_to_base64url(challenge),
        "for": purpose,
        "at": timezone.now().isoformat(),
    }


def _recall(request: HttpRequest, purpose: str) -> bytes:
    """The challenge that was given for this purpose; it is gone afterwards."""
    kept = request.session.pop(_CHALLENGE, None)
    if kept is None or kept["for"] != purpose or timezone.now() - dt.datetime.fromisoformat(kept["at"]) > _LASTS:
        raise FactorRefused("時間が過ぎました。もう一度、ボタンを押してください。")
    return base64url_to_bytes(kept["challenge"])


def _host(request: HttpRequest) -> str:
    host = request.get_host()
    return host if host.endswith("]") else host.rsplit(":", 1)[0]


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def read_answer(body: bytes) -> dict[str, Any]:
    """What the browser's script sent. Raises `FactorRefused` for anything but an object."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise FactorRefused(_FAILED)
    return found
