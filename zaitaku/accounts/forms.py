"""Forms of the account pages, with Japanese words and errors that say how to mend."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils import timezone

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.lockout import Lock
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.queries import find_lock
from zaitaku.accounts.visitors import client_address


def locked_words(lock: Lock) -> str:
    """What is stopped, how long, and what to do."""
    until = timezone.localtime(lock.until)
    return (
        f"{lock.what}を一時的に止めています。あと{lock.minutes(timezone.now())}分ほど（{until:%H時%M分}まで）待ってから、"
        "もう一度お試しください。お急ぎのときは、管理者が解除できます。"
    )


class SignInForm(AuthenticationForm):
    """利用者名 and パスワード. Every attempt is logged; too many failures lock the name for this address a while."""

    username = UsernameField(
        label="利用者名",
        max_length=150,
        error_messages={"required": "利用者名を入力してください。"},
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    password = forms.CharField(
        label="パスワード",
        strip=False,
        error_messages={"required": "パスワードを入力してください。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "利用者名またはパスワードが正しくありません。"
        "大文字・小文字の違いを確かめて、もう一度入力してください。",
        "inactive": "この利用者は停止されています。管理者に連絡してください。",
    }

    def clean(self) -> dict[str, Any]:
        """Check the password unless the name is locked; write the outcome to the sign-in log."""
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        if lock := find_lock(username, address=self._address, now=timezone.now()):
            self._record(username, SignInEvent.Outcome.LOCKED)
            raise ValidationError(locked_words(lock), code="locked")
        try:
            return super().clean()
        except ValidationError:
            self._record(username, SignInEvent.Outcome.FAILED)
            raise

    @property
    def _address(self) -> str | None:
        return client_address(self.request) if self.request else None

    def _record(self, username: str, outcome: SignInEvent.Outcome) -> None:
        user = self.get_user() or User.objects.filter(username=username).first()
        record_sign_in(username, outcome=outcome, request=self.request, at=timezone.now(), user=user)


class ChangePasswordForm(PasswordChangeForm):
    """Old password once, new password twice."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "今のパスワードが正しくありません。もう一度入力してください。",
        "password_mismatch": "新しいパスワードが2つで異なります。同じものを入力してください。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("old_password", "今のパスワード"),
            ("new_password1", "新しいパスワード"),
            ("new_password2", "新しいパスワード（確認）"),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = f"{label}を入力してください。"
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password2"].help_text = "確認のため、同じものをもう一度入力してください。貼り付けもできます。"


class ApiKeyForm(forms.Form):
    """The name of a new API key."""

    name = forms.CharField(
        label="キーの名前",
        max_length=60,
        help_text="どこで何に使うキーかを書いておくと、あとで取り消すときに迷いません（例：県の集計用パソコンのR）。",
        error_messages={
            "required": "キーの名前を入力してください。",
            "max_length": "60文字までで入力してください。",
        },
    )
