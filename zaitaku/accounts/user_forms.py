"""Forms of the administrators' pages, and of the personal link."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.scopes import scope_problem
from zaitaku.accounts.user_queries import STATES
from zaitaku.lib.prefectures import PREFECTURES


def _date(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        error_messages={"invalid": f"{label}は2027-04-01のように入力してください。"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class FindUsersForm(forms.Form):
    """Filters of the list."""

    q = forms.CharField(label="名前・利用者名", required=False, max_length=100)
    role = forms.ChoiceField(label="役割", required=False, choices=[("", "すべて"), *User.Role.choices])
    code = forms.ChoiceField(
        label="都道府県", required=False, choices=[("", "すべて"), *((each.code, str(each)) for each in PREFECTURES)]
    )
    state = forms.ChoiceField(label="状態", required=False, choices=[("", "すべて"), *STATES.items()])


class FindSignInsForm(forms.Form):
    """Filters of the sign-in log."""

    q = forms.CharField(label="名前・利用者名", required=False, max_length=100)
    outcome = forms.ChoiceField(label="結果", required=False, choices=[("", "すべて"), *SignInEvent.Outcome.choices])
    since = _date("この日から")
    until = _date("この日まで")


class RoleForm(forms.Form):
    """Who somebody is, and what the person may do, where, and how long."""

    display_name = forms.CharField(
        label="氏名（表示名）", max_length=100, error_messages={"required": "氏名を入力してください。"}
    )
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        help_text="連絡用です。このシステムからは送りません。",
        error_messages={"invalid": "メールアドレスの形が正しくありません。"},
    )
    role = forms.ChoiceField(label="役割", choices=User.Role.choices, initial=User.Role.PREFECTURE)
    codes = forms.CharField(
        label="担当地域のコード",
        required=False,
        max_length=500,
        help_text="都道府県担当・承認者は都道府県コード（例：01）、市町村担当は市区町村コード（例：01202）。"
        "2つ以上は「、」で区切ります。ほかの役割は空欄にします。",
    )
    role_from = _date("役割の開始日", "空欄なら、すぐに始まります。")
    role_until = _date("役割の終了日", "任期が決まっているときに入れます。この日を過ぎると、閲覧だけになります。")

    def clean_codes(self) -> list[str]:
        """The codes one by one."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["codes"])
        return sorted({code for code in re.split(r"[\s,、・]+", text) if code})

    def clean(self) -> dict[str, Any]:
        """The scope fits the role, the days are in order."""
        cleaned = dict(self.cleaned_data)
        if {"role", "codes"} <= cleaned.keys() and (
            problem := scope_problem(User.Role(cleaned["role"]), cleaned["codes"])
        ):
            self.add_error("codes", problem)
        begins, ends = cleaned.get("role_from"), cleaned.get("role_until")
        if begins and ends and ends < begins:
            self.add_error("role_until", "役割の終了日は、開始日より後にしてください。")
        return cleaned


class InviteForm(RoleForm):
    """A new account."""

    username = forms.CharField(
        label="利用者名",
        max_length=150,
        help_text="ログインに使う名前です。英数字と @ . + - _ が使えます（例：職員番号）。",
        validators=[UnicodeUsernameValidator(message="利用者名に使えるのは、文字・数字と @ . + - _ だけです。")],
        error_messages={"required": "利用者名を入力してください。"},
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    field_order = ["username", "display_name", "email", "role", "codes", "role_from", "role_until"]

    def clean_username(self) -> str:
        """Refuse a name that is taken."""
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError("この利用者名はすでに使われています。別の名前にしてください。")
        return username


class ReasonForm(forms.Form):
    """Why something is done to somebody's account; goes into the audit log."""

    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="監査記録に残ります（例：本人から紛失の届出。職員証で本人を確認）。",
        error_messages={"required": "理由を入力してください。", "max_length": "300文字までで入力してください。"},
    )


class HandOverForm(ReasonForm):
    """Who takes over."""

    to = forms.ModelChoiceField(
        label="引き継ぐ人",
        queryset=User.objects.none(),
        empty_label="選んでください",
        error_messages={
            "required": "引き継ぐ人を選んでください。",
            "invalid_choice": "引き継ぐ人を選び直してください。",
        },
    )
    field_order = ["to", "reason"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Somebody of the same role who works in the same place can go on with it.
        same = User.objects.filter(role=user.role, is_active=True).exclude(pk=user.pk)
        codes = list(user.scopes.values_list("code", flat=True))
        found = same.filter(scopes__code__in=codes).distinct() if codes else same
        self.fields["to"].queryset = found.order_by("username")  # type: ignore[attr-defined]  # a ModelChoiceField


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """A password by a personal link."""

    error_messages = {
        **SetPasswordForm.error_messages,
        "password_mismatch": "パスワードが2つで異なります。同じものを入力してください。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("new_password1", "パスワード"), ("new_password2", "パスワード（確認）")):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = f"{label}を入力してください。"
        self.fields["new_password2"].help_text = "確認のため、同じものをもう一度入力してください。貼り付けもできます。"
