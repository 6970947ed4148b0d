"""Which codes a role works with, and what is wrong with a scope."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zaitaku.accounts.models import User
from zaitaku.lib.prefectures import prefecture

# Digits of the codes a role works with (see zaitaku.accounts.permissions); the other roles work without a scope.
CODE_LENGTH = {User.Role.PREFECTURE: 2, User.Role.APPROVER: 2, User.Role.MUNICIPALITY: 5}
MEANING = {2: "都道府県コード（2桁。例：01）", 5: "市区町村コード（5桁。例：01202）"}


def scope_problem(role: User.Role, codes: Sequence[str]) -> str:
    """Why a role cannot have this scope; empty if it can."""
    length = CODE_LENGTH.get(role)
    if length is None:
        return f"{role.label}に担当地域はありません。空欄にしてください。" if codes else ""
    if not codes:
        return f"{role.label}には担当地域が必要です。{MEANING[length]}を入力してください。"
    for code in codes:
        if not re.fullmatch(f"[0-9]{{{length}}}", code) or prefecture(code[:2]) is None:
            return f"担当地域「{code}」は使えません。{role.label}の担当地域は{MEANING[length]}です。"
    return ""
