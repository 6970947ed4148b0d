"""在宅の整備目標: natural increase + transferred need × share; the rest of what is transferred goes to 介護. Pure.

Units are people a day, as the 地域医療構想 counts 在宅医療等. (DOMAIN §2; the share is decided in a 協議の場.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from plans.formulas.findings import Finding, Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One area in one year. `share` (0–1) is the part of `transferred` that home care takes on."""

    area: str
    year: int
    natural: float
    transferred: float
    share: float
    is_agreed: bool = True

    @property
    def home(self) -> float:
        """What home care has to provide for."""
        return self.natural + self.transferred * self.share

    @property
    def care(self) -> float:
        """What is left to 介護サービス."""
        return self.transferred * (1 - self.share)

    @property
    def percent(self) -> float:
        """The share in per cent."""
        return self.share * 100


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSum:
    """All areas of one year. `share` is the mean share, weighted by what is transferred; None if nothing is."""

    year: int
    natural: float
    transferred: float
    home: float
    care: float
    share: float | None

    @property
    def percent(self) -> float | None:
        """The mean share in per cent."""
        return None if self.share is None else self.share * 100


def sum_by_year(needs: Iterable[Need]) -> tuple[YearSum, ...]:
    """The sums of each year, oldest first."""
    years: dict[int, list[Need]] = {}
    for one in needs:
        years.setdefault(one.year, []).append(one)
    return tuple(_sum(year, years[year]) for year in sorted(years))


def _sum(year: int, needs: Sequence[Need]) -> YearSum:
    transferred = sum(one.transferred for one in needs)
    return YearSum(
        year=year,
        natural=sum(one.natural for one in needs),
        transferred=transferred,
        home=sum(one.home for one in needs),
        care=sum(one.care for one in needs),
        share=sum(one.transferred * one.share for one in needs) / transferred if transferred else None,
    )


def check_needs(needs: Sequence[Need], *, areas: Collection[str]) -> tuple[Finding, ...]:
    """Shares out of range, areas without agreement, areas that are missing in a year."""
    return (*_each(needs), *_missing(needs, areas))


def _each(needs: Sequence[Need]) -> Iterator[Finding]:
    for one in needs:
        if not 0 <= one.share <= 1:
            text = f"{one.area}（{one.year}年度）の按分率が0％から100％の間にありません。"
            yield Finding(weight=Weight.ERROR, check="按分率", text=text)
        if one.transferred > 0 and not one.is_agreed:
            text = f"{one.area}（{one.year}年度）の按分率に、合意した協議の場が記録されていません。"
            yield Finding(weight=Weight.WARNING, check="合意", text=text)


def _missing(needs: Sequence[Need], areas: Collection[str]) -> Iterator[Finding]:
    for year in sorted({one.year for one in needs}):
        there = {one.area for one in needs if one.year == year}
        missing = [area for area in areas if area not in there]
        if missing:
            text = f"{year}年度は、{'・'.join(missing)}がまだです。合計は入力のある圏域だけの値です。"
            yield Finding(weight=Weight.WARNING, check="圏域", text=text)
