"""How much an institution says it does, from its newest confirmed 活動報告."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from institutions.definitions.reports import format_named
from institutions.formulas.reports import say_people
from institutions.models import BodyReport
from institutions.queries.reports import CONFIRMED, get_newest_versions
from zaitaku.lib.fiscal_years import fiscal_year, format_fiscal_year

# A report of a body that has not reported since says nothing about today.
_YEARS_KEPT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedScale:
    """What one body reported for `year`: patients visited in it, how many more it could take, deaths at home, cover.

    None where the question was not answered; `cover` in words. For officials of the prefecture, never for the public.
    """

    year: int
    visit_patients: int | None
    free_places: int | None
    home_deaths: int | None
    cover: str

    @property
    def patients(self) -> int | None:
        """How many patients the body can see: those it visited and those it could still take."""
        if self.visit_patients is None or self.free_places is None:
            return None
        return self.visit_patients + self.free_places

    @property
    def words(self) -> str:
        """One sentence; small numbers of people are not told exactly."""
        return (
            f"{format_fiscal_year(self.year)}の活動報告：訪問診療{say_people(self.visit_patients)}、"
            f"あと{say_people(self.free_places)}受入れ可、在宅看取り{say_people(self.home_deaths)}、{self.cover}"
        )


def get_reported_scales(*, today: dt.date, prefecture_code: str = "") -> Mapping[int, ReportedScale]:
    """The newest confirmed report of each real body (of one prefecture, if named), by body; three queries at most."""
    found = BodyReport.objects.filter(
        state=CONFIRMED, kind="active", body__is_demo=False, round__year__gte=fiscal_year(today) - _YEARS_KEPT
    )
    if prefecture_code:
        found = found.filter(round__prefecture__code=prefecture_code)
    newest = found.order_by("body", "-round__year").distinct("body")
    reports = list(newest.values_list("pk", "body_id", "round__year", "format_key"))
    versions = get_newest_versions([pk for pk, *_ in reports]) if reports else {}
    scales = {}
    for pk, body, year, format_key in reports:
        answers = versions[pk].answers
        numbers = {key: _number(answers.get(key)) for key in ("visit_patients", "free_places", "home_deaths")}
        cover = format_named(format_key).by_key["cover"].said(answers.get("cover"))
        scales[body] = ReportedScale(year=year, cover=cover, **numbers)
    return scales


def _number(answer: object) -> int | None:
    return answer if isinstance(answer, int) else None
