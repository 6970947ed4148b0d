"""アクセス（2SFCA）as figures of municipalities: stored like a publication, so that indicators are made of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from indicators.actions.computed_figures import ComputedFigure, store_computed
from indicators.parsers.local_codes import LOCAL
from indicators.parsers.observations import MISSING, OBSERVED, PROVISIONAL, Place, PublishedItem
from institutions.access import REACHES
from institutions.queries.access_figures import PrefectureReach, UnitReach, measure_reach
from zaitaku.accounts.models import User
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import fiscal_year
from zaitaku.sources.models import SourceFile

PEOPLE = PublishedItem(
    code="access.people_75plus", name="アクセスの計算に用いた75歳以上人口", unit="人", basis="resident"
)
CAPACITY = PublishedItem(
    code="access.capacity_16km", name="16km以内で分け合う在支診・在支病の量（2SFCA）", unit="機関相当", basis="resident"
)
OUT_OF_REACH = {
    km: PublishedItem(
        code=f"access.out_of_reach_{km}km",
        name=f"代表点から{km}km以内に在支診・在支病のない75歳以上人口",
        unit="人",
        basis="resident",
    )
    for km in REACHES
}
# Enough for a rate to one part in a million, and the same digits on every machine.
_DIGITS = 4


def store_access_figures(*, by: User | None) -> int:
    """Measure the country and store what differs from what counts; returns how many figures are new.

    A new list of one prefecture changes its neighbours too, so all with a list are measured: about a second.
    """
    return sum(
        store_computed(list(_figures(one)), edition=_edition(one), name=f"access-{one.prefecture_code}", by=by)
        for one in measure_reach(today=timezone.localdate())
    )


def _edition(one: PrefectureReach) -> Edition:
    reported = f"、うち活動報告による{one.reported}" if one.reported else ""
    return Edition(
        kind=SourceFile.Kind.COMPUTED,
        key=f"access/{one.prefecture_code}/{fiscal_year(one.as_of)}",
        publisher="このシステムによる計算",
        title="在宅医療へのアクセス（2SFCA）",
        edition=f"{one.as_of.isoformat()}の名簿の{one.counted}機関{reported}、{one.population_year}年の住民基本台帳",
        as_of=one.as_of,
        licence="公共データ利用規約（第1.0版）の資料を加工して作成",
        prefecture_code=one.prefecture_code,
    )


def _figures(one: PrefectureReach) -> Iterator[ComputedFigure]:
    year = fiscal_year(one.as_of)
    for unit in one.units:
        place = Place(kind=LOCAL, code=unit.code)
        for item, value, status in _of_unit(unit):
            yield ComputedFigure(item=item, place=place, year=year, value=value, status=status)


def _of_unit(unit: UnitReach) -> Iterator[tuple[PublishedItem, float | None, int]]:
    """The figures of one unit; those that lists still missing could change are provisional."""
    yield PEOPLE, unit.people, MISSING if unit.people is None else OBSERVED
    open_end = OBSERVED if unit.is_certain else PROVISIONAL
    capacity = None if unit.capacity is None else round(unit.capacity, _DIGITS)
    yield CAPACITY, capacity, MISSING if capacity is None else open_end
    for km, item in OUT_OF_REACH.items():
        people = unit.out_of_reach[km]
        # Whoever is reached stays reached, however many institutions come to be known.
        yield item, people, MISSING if people is None else open_end if people else OBSERVED
