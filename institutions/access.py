"""アクセス: the question (an address) and the finished answer; pure."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from institutions.definitions.access_capacity import CapacityChoice
from institutions.formulas.access import Share
from regions.results import AGED_65, AGED_75, AGED_85, SchemeInfo

AGES = {AGED_75: "75歳以上", AGED_65: "65歳以上", AGED_85: "85歳以上"}
REACHES = {16: "16km（往診・訪問診療の上限）", 8: "8km（近い範囲）"}
TABS = {"": "地図と表", "institutions": "数えた機関"}
PER_PEOPLE = 10_000


class State(enum.StrEnum):
    """What is known about a unit: reached, out of reach (a true zero), or why there is no figure."""

    REACHED = "reached"
    NONE = "none"
    NOT_IMPORTED = "not_imported"
    NO_POINT = "no_point"
    NO_PEOPLE = "no_people"

    @property
    def label(self) -> str:
        return _STATES[self.value]

    @property
    def is_known(self) -> bool:
        return self in {State.REACHED, State.NONE}


_STATES = {
    "reached": "届く機関あり",
    "none": "届く機関なし",
    "not_imported": "名簿が未取込",
    "no_point": "代表点がない",
    "no_people": "人口がない",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessQuery:
    """Which prefecture, how far, for whom, by which areas, and what an institution counts for."""

    prefecture: str
    reach: int = 16
    age: str = AGED_75
    scheme: str = "iryoken2-8"
    capacity: str = "grade"
    tab: str = ""

    def querystring(self) -> str:
        """The address of this view, the defaults left out."""
        usual = AccessQuery(prefecture="")
        named = ("prefecture", "reach", "age", "scheme", "capacity", "tab")
        kept = {name: getattr(self, name) for name in named if getattr(self, name) != getattr(usual, name)}
        return f"?{urlencode(kept)}"

    def change(self, **changes: Any) -> Self:
        """The neighbouring view that differs in `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAccess:
    """One municipality or ward. `radius` (km) is that of a circle of its area: how far a home may be from the point.

    `is_at_border`: institutions of a prefecture that is not imported may be in reach. `over_sea`: how many of the
    institutions lie on another landmass.
    """

    id: int
    code: str
    name: str
    area_id: int | None
    area_name: str
    city_id: int | None
    state: State
    people: float | None
    per_person: float | None
    count: int | None
    over_sea: int
    radius: float | None
    is_at_border: bool
    is_wide: bool

    @property
    def per_people(self) -> float | None:
        """Capacity for 10,000 people."""
        return None if self.per_person is None else self.per_person * PER_PEOPLE

    @property
    def is_only_over_sea(self) -> bool:
        return bool(self.count) and self.over_sea == self.count

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about the figure, in words."""
        said = (
            (self.is_only_over_sea, "海を越える機関だけ"),
            (bool(self.over_sea) and not self.is_only_over_sea, f"海を越える機関{self.over_sea}"),
            (self.is_at_border and self.state.is_known, "未取込の県が近い"),
            (self.is_wide, f"広い（半径{self.radius or 0:.0f}km相当）"),
        )
        return tuple(text for is_so, text in said if is_so)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAccess:
    """An area, a designated city or the prefecture: its units together."""

    code: str
    name: str
    kind: str
    units: int
    units_out: int
    share: Share

    @property
    def per_people(self) -> float | None:
        """Capacity for 10,000 people, weighted by people."""
        return None if self.share.per_person is None else self.share.per_person * PER_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedInstitution:
    """An institution counted for the prefecture; `people` share it, wherever they live. `body_id` is its page.

    `weight` is None where it counts for its 活動報告: what a single institution reported is not published.
    """

    code: str
    name: str
    body_id: int
    prefecture_code: str
    prefecture_name: str
    unit_code: str
    unit_name: str
    symbol: str
    weight: float | None
    is_approximate: bool
    latitude: float
    longitude: float
    people: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessResult:
    """Everything the page and its files show.

    `as_of` is the day of the prefecture's list, None where none is imported. `scheme` is None where no areas are
    stored. `unplaced` institutions have no position and are not counted. `missing_neighbours` are prefectures near by
    whose lists are not imported.
    """

    query: AccessQuery
    prefecture_name: str
    as_of: dt.date | None
    population_year: int | None
    scheme: SchemeInfo | None
    capacity: CapacityChoice
    units: tuple[UnitAccess, ...]
    areas: tuple[GroupAccess, ...]
    cities: tuple[GroupAccess, ...]
    total: GroupAccess
    institutions: tuple[CountedInstitution, ...]
    unplaced: int
    imported: int
    missing_neighbours: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.prefecture_name} 在宅医療へのアクセス"

    @property
    def age_label(self) -> str:
        return AGES[self.query.age]

    @property
    def unit(self) -> str:
        """The unit of the capacity figures."""
        counted = "機関" if self.query.capacity == "equal" else "機関相当"
        return f"{counted}／{self.age_label}1万人"

    @property
    def filters(self) -> str:
        """The conditions in words."""
        return f"直線{self.query.reach}km以内、{self.age_label}、{self.capacity.label}"

    @property
    def out_of_reach(self) -> tuple[UnitAccess, ...]:
        return tuple(one for one in self.units if one.state is State.NONE)

    @property
    def only_over_sea(self) -> tuple[UnitAccess, ...]:
        """Units that are reached from other landmasses only: by the rule in reach, by ferry perhaps not."""
        return tuple(one for one in self.units if one.is_only_over_sea)

    @property
    def approximate(self) -> int:
        """How many of the counted institutions stand at the representative point of their municipality."""
        return sum(one.is_approximate for one in self.institutions)

    @property
    def reported(self) -> int:
        """How many of the counted institutions count for their confirmed 活動報告."""
        return sum(one.weight is None for one in self.institutions)

    @property
    def outside(self) -> int:
        """How many of the counted institutions lie in another prefecture."""
        return sum(one.prefecture_code != self.query.prefecture for one in self.institutions)

    @property
    def at_border(self) -> tuple[UnitAccess, ...]:
        return tuple(one for one in self.units if one.is_at_border)

    @property
    def finding(self) -> str:
        """The page in one sentence."""
        if self.as_of is None:
            return f"{self.prefecture_name}の届出受理医療機関名簿は、まだ取り込まれていません。"
        share = self.total.share
        if share.people is None or share.out_of_reach is None:
            return "人口または代表点のない市区町村があるため、県全体の値はありません。"
        if not self.out_of_reach:
            return f"{self.prefecture_name}では、どの市区町村の代表点にも{self.query.reach}km以内に機関があります。"
        names = "、".join(one.name for one in self.out_of_reach[:8])
        more = f"ほか{len(self.out_of_reach) - 8}" if len(self.out_of_reach) > 8 else ""
        return (
            f"{self.age_label}の{share.share_out_of_reach or 0:.1f}％（{share.out_of_reach:,}人）は、代表点から"
            f"{self.query.reach}km以内に在支診・在支病のない{len(self.out_of_reach)}市区町村に住んでいます："
            f"{names}{more}。"
        )
