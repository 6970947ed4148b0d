"""Forms of the second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from zaitaku.accounts.models import User

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "class": "code-input"}


class CodeForm(forms.Form):
    """The six digits of an authenticator app, or a recovery code."""

    code = forms.CharField(
        label="確認コード",
        max_length=40,
        help_text="認証アプリに表示されている6桁の数字です。貼り付けもできます。",
        error_messages={"required": "確認コードを入力してください。", "max_length": "確認コードは6桁の数字です。"},
        widget=forms.TextInput(attrs=_CODE),
    )


class SecondFactorForm(CodeForm):
    """At signing in a recovery code is taken too."""

    code = forms.CharField(
        label="確認コード",
        max_length=40,
        help_text="認証アプリの6桁の数字、または控えてある復旧コード（16文字）を入力してください。貼り付けもできます。",
        error_messages={"required": "確認コードを入力してください。", "max_length": "確認コードが長すぎます。"},
        widget=forms.TextInput(attrs={key: value for key, value in _CODE.items() if key != "inputmode"}),
    )


class ConfirmForm(forms.Form):
    """One's own password, before something that somebody at an open screen must not do."""

    password = forms.CharField(
        label="今のパスワード",
        strip=False,
        error_messages={"required": "今のパスワードを入力してください。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self._user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Refuse another password."""
        password = str(self.cleaned_data["password"])
        if not self._user.check_password(password):
            raise ValidationError("今のパスワードが正しくありません。もう一度入力してください。")
        return password
