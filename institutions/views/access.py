"""Who sees and changes what on these pages, and which prefecture and period a page is about."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from institutions.definitions.periods import PlanPeriod, plan_periods
from institutions.forms import read_period
from institutions.models import Designation
from institutions.results import PlaceName
from regions.models import Region
from regions.queries.regions import get_base_units
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import Actor, may_approve, may_comment, may_edit, may_see_drafts
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.accounts.queries import get_actor
from zaitaku.lib.prefectures import Prefecture


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What every page on designations needs: place, period, and what this visitor may do there."""

    prefecture: Prefecture
    period: PlanPeriod
    periods: tuple[PlanPeriod, ...]
    may_edit: bool
    may_comment: bool
    may_see_drafts: bool

    @property
    def querystring(self) -> str:
        """The parameters links to neighbouring pages carry."""
        return f"?prefecture={self.prefecture.code}&period={self.period.start}"


def get_page(request: HttpRequest, *, period: PlanPeriod | None = None) -> PageContext | None:
    """The page's context, of `period` where the address names none; None while no prefecture is chosen."""
    prefecture = chosen_prefecture(request)
    if prefecture is None:
        return None
    today = timezone.localdate()
    return page_of(request, prefecture, read_period(request.GET, today=today, default=period))


def page_of(request: HttpRequest, prefecture: Prefecture, period: PlanPeriod) -> PageContext:
    """The context of a page whose prefecture and period are known."""
    actor = get_actor(request.user)
    return PageContext(
        prefecture=prefecture,
        period=period,
        periods=plan_periods(today=timezone.localdate()),
        may_edit=may_edit(actor, prefecture.code),
        may_comment=may_comment(actor, prefecture.code),
        may_see_drafts=may_see_drafts(actor, prefecture.code),
    )


def find_designation(request: HttpRequest, designation_id: int) -> tuple[Designation, Actor]:
    """A designation this visitor may see: what is not 位置付け is not there for others."""
    related = ("body__unit", "prefecture", "area", "programme_body")
    found = Designation.objects.filter(pk=designation_id, voided_at=None).select_related(*related).first()
    actor = get_actor(request.user)
    is_public = found is not None and found.status == Designation.Status.DESIGNATED
    if found is None or not (is_public or may_see_drafts(actor, found.prefecture.code)):
        raise Http404("この番号の位置付けはありません。一覧から選んでください。")
    return found, actor


def may_read_reports(actor: Actor, prefecture_code: str) -> bool:
    """What single bodies reported is for the officials of the prefecture and who approves there."""
    return may_edit(actor, prefecture_code) or may_approve(actor, prefecture_code)


def require_editor(request: HttpRequest, prefecture_code: str) -> User:
    """The official of the prefecture who acts. Raises `PermissionDenied` for everybody else."""
    if not may_edit(get_actor(request.user), prefecture_code):
        raise PermissionDenied("位置付けを変更できるのは、その都道府県の担当者だけです。")
    assert isinstance(request.user, User)
    return request.user


def sign_in_first(request: HttpRequest) -> HttpResponse | None:
    """Visitors are asked to sign in before they are told what they may not do."""
    return None if request.user.is_authenticated else redirect_to_login(request.get_full_path())


def find_prefecture(code: str) -> Region:
    """The region of a prefecture."""
    try:
        return Region.objects.get(kind=Region.Kind.PREFECTURE, code=code)
    except Region.DoesNotExist:
        raise Http404("この都道府県はありません。") from None


def unit_names(prefecture_code: str) -> tuple[PlaceName, ...]:
    """The municipalities and wards of a prefecture, by code."""
    return tuple(
        PlaceName(id=unit.id, code=unit.code, name=unit.name)
        for unit in get_base_units(timezone.localdate())
        if unit.prefecture_code == prefecture_code
    )
