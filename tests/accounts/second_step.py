"""Signing in as the tests need it: passwords, and codes as an authenticator app makes them."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from zaitaku.accounts.models import User

PASSWORD = "correct horse battery"
SIGN_IN = "/accounts/sign-in/"
SECOND = "/accounts/sign-in/second/"


def make_user(name: str = "approver", role: User.Role = User.Role.APPROVER, **given: Any) -> User:
    """An account with the password of these tests."""
    return User.objects.create_user(name, password=PASSWORD, role=role, **given)


def make_app(user: User) -> TOTPDevice:
    """An authenticator app in use."""
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name="認証アプリ", confirmed=True)
    return device


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    """What the app shows, or shows in so many steps of 30 seconds."""
    app = TOTP(device.bin_key)
    app.time = time.time() + steps * 30
    return f"{app.token():06}"


def give_password(client: Client, name: str = "approver", *, next_url: str = "") -> str:
    """Where the right password leads to."""
    answer = client.post(SIGN_IN, {"username": name, "password": PASSWORD, "next": next_url})
    return str(answer["Location"])


def is_signed_in(client: Client) -> bool:
    """Whether this browser is signed in."""
    return client.get("/accounts/session/").status_code == 200
