"""What a user sees about the own account."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from regions.models import Region
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.queries import get_sign_ins
from zaitaku.lib.prefectures import prefecture

_ROLE_MEANS = {
    User.Role.PREFECTURE: ("担当する都道府県の計画・圏域・位置付け・目標を編集できます。", "承認は承認者が行います。"),
    User.Role.APPROVER: (
        "担当する都道府県から提出された計画を承認または差し戻せます。",
        "編集は都道府県担当が行います。",
    ),
    User.Role.MUNICIPALITY: ("担当する市区町村の部分を編集し、都道府県の案に意見を付けられます。",),
    User.Role.WORKING_GROUP: ("47都道府県の指標と計画の状況を見比べられます。", "計画の内容は変更できません。"),
    User.Role.ANALYST: ("指標とデータを閲覧し、取り出せます。", "計画の内容は変更できません。"),
    User.Role.ADMINISTRATOR: ("利用者の管理、公的資料の取込、指標の計算を行えます。", "計画の内容は変更できません。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One's own account in words: what the role may do, the names of the scope, the latest sign-ins."""

    username: str
    name: str
    role: str
    means: tuple[str, ...]
    scopes: tuple[str, ...]
    is_demo: bool
    sign_ins: tuple[SignInEvent, ...]


def get_profile(user: User | AnonymousUser) -> Profile:
    """The profile of a signed-in user."""
    assert isinstance(user, User)
    return Profile(
        username=user.username,
        name=str(user),
        role=user.get_role_display(),
        means=_ROLE_MEANS[User.Role(user.role)],
        scopes=tuple(_scope_names(list(user.scopes.order_by("code").values_list("code", flat=True)))),
        is_demo=user.is_demo,
        sign_ins=tuple(get_sign_ins(user)),
    )


def _scope_names(codes: list[str]) -> list[str]:
    municipalities = [code for code in codes if len(code) == 5]
    kinds = (Region.Kind.MUNICIPALITY, Region.Kind.WARD)
    regions = Region.objects.filter(kind__in=kinds, code__in=municipalities, valid_to__isnull=True)
    names = dict(regions.values_list("code", "name"))
    return [_name(code, names) for code in codes]


def _name(code: str, municipalities: dict[str, str]) -> str:
    home = prefecture(code[:2])
    within = str(home) if home else f"都道府県コード {code[:2]}"
    return within if len(code) == 2 else f"{within} {municipalities.get(code, f'市区町村コード {code}')}"
