"""A prefecture and a plan of it, as small as they can be."""

from __future__ import annotations

from plans.actions.plans import create_plan
from plans.models import Plan
from regions.models import Region
from zaitaku.accounts.models import User


def make_prefecture(code: str = "01", name: str = "北海道") -> Region:
    nation, _ = Region.objects.get_or_create(kind=Region.Kind.NATION, code="00", defaults={"name": "全国"})
    return Region.objects.create(kind=Region.Kind.PREFECTURE, code=code, name=name, parent=nation)


def make_plan(*, by: User, period: int = 2027) -> Plan:
    return create_plan(make_prefecture(), period=period, title="北海道の計画", by=by)
