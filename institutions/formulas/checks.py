"""What is wrong with, or missing from, the designations of one prefecture and period. Pure: data in, findings out.

Each check is a function of `Situation`; `CHECKS` names them all. A finding says what was found in words, on which rule
it rests, and where it is mended.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from institutions.results import (
    ACTIVE,
    DESIGNATED,
    HUB,
    PARTLY,
    UNMET,
    AreaUnits,
    DesignationRow,
    PlaceName,
)

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = {ERROR: "要対応", WARNING: "要確認", NOTE: "参考"}
LIMIT_KM = 16.0
_GUIDE = "在宅医療の体制構築に係る指針"
_EARTH_KM = 6371.0088  # mean radius of GRS 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A base unit with its representative point, if the boundaries have one."""

    name: PlaceName
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything the checks look at.

    `rows` are the open designations (候補 to 位置付け). `supported` are the units with a 在支診 or 在支病, and
    `holders` the institutions that hold such a notification now; both None where no list of the prefecture is stored.
    """

    rows: tuple[DesignationRow, ...]
    areas: tuple[AreaUnits, ...]
    units: Mapping[int, Place]
    supported: frozenset[int] | None
    holders: frozenset[int] | None
    today: dt.date

    @property
    def designated(self) -> tuple[DesignationRow, ...]:
        """What counts: 位置付け."""
        return tuple(row for row in self.rows if row.status == DESIGNATED)

    def area_of(self, unit_id: int) -> AreaUnits | None:
        """The area a unit lies in."""
        return next((area for area in self.areas if unit_id in area.unit_ids), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at; `target` says what it is about (`designation:12`, `area:3`, `unit:4`)."""

    check: str
    severity: str
    target: str
    subject: str
    text: str

    @property
    def key(self) -> str:
        """The same finding has the same key in every run."""
        return f"{self.check}:{self.target}"

    @property
    def severity_label(self) -> str:
        """The severity in words."""
        return SEVERITIES[self.severity]

    @property
    def title(self) -> str:
        """What the check is about."""
        return CHECKS[self.check].title

    @property
    def rule(self) -> str:
        """What the check rests on."""
        return CHECKS[self.check].rule

    @property
    def number(self) -> int:
        """The id in `target`."""
        return int(self.target.split(":")[1])


@dataclass(frozen=True, slots=True)
class Check:
    """A check as the page names it: title, the rule it rests on, what is to be done, and how it is found."""

    title: str
    rule: str
    remedy: str
    find: Callable[[Situation], Iterator[tuple[str, str, str, str]]]


def run_checks(situation: Situation) -> tuple[Finding, ...]:
    """Every finding, the gravest first, then in the order of the checks."""
    found = [
        Finding(check=key, severity=severity, target=target, subject=subject, text=text)
        for key, check in CHECKS.items()
        for severity, target, subject, text in check.find(situation)
    ]
    order = list(SEVERITIES)
    return tuple(sorted(found, key=lambda one: order.index(one.severity)))


_Found = Iterator[tuple[str, str, str, str]]


def _of(row: DesignationRow) -> str:
    return f"designation:{row.id}"


def _area_without(kind: str, name: str) -> Callable[[Situation], _Found]:
    def find(situation: Situation) -> _Found:
        for area in situation.areas:
            rows = [row for row in situation.rows if row.kind == kind and row.area and row.area.id == area.id]
            if any(row.status == DESIGNATED for row in rows):
                continue
            waiting = f"候補・協議中が{len(rows)}件あります。" if rows else "候補もありません。"
            text = f"{area.name}に、位置付けた{name}がありません。{waiting}"
            yield ERROR, f"area:{area.id}", area.name, text

    return find


def _not_medical(situation: Situation) -> _Found:
    for row in situation.rows:
        if row.kind == ACTIVE and not row.is_medical:
            yield WARNING, _of(row), row.body_name, f"{row.body_kind_label}で、病院・診療所ではありません。"


def _closed(situation: Situation) -> _Found:
    for row in situation.rows:
        if row.listed_to is not None:
            day = f"{row.listed_to:%Y}年{row.listed_to.month}月{row.listed_to.day}日"
            yield ERROR, _of(row), row.body_name, f"{day}時点の名簿に載っていません（廃止・移転・コードの変更）。"


def _notification_withdrawn(situation: Situation) -> _Found:
    if situation.holders is None:
        return
    for row in situation.rows:
        is_listed = row.institution_id is not None and row.listed_to is None
        if row.kind == ACTIVE and row.is_medical and is_listed and row.institution_id not in situation.holders:
            yield WARNING, _of(row), row.body_name, "最新の名簿に、在支診・在支病の届出がありません。"


def _no_catchment(situation: Situation) -> _Found:
    for row in situation.rows:
        if row.kind == HUB and not row.catchment:
            severity = ERROR if row.status == DESIGNATED else WARNING
            yield severity, _of(row), row.body_name, "担当する市区町村が登録されていません。"


def _unit_without_hub(situation: Situation) -> _Found:
    served = {unit.id for row in situation.designated if row.kind == HUB for unit in row.catchment}
    for unit_id, place in situation.units.items():
        if unit_id not in served:
            area = situation.area_of(unit_id)
            where = f"（{area.name}）" if area else ""
            text = f"{place.name.name}{where}を担当する拠点がありません。"
            yield WARNING, f"unit:{unit_id}", place.name.name, text


def _overlap(situation: Situation) -> _Found:
    """The same body as both, the same municipality served by two hubs, the hub as body of the municipal programme."""
    active = {row.body_id for row in situation.rows if row.kind == ACTIVE}
    servers: dict[int, list[DesignationRow]] = {}
    for row in situation.rows:
        if row.kind != HUB:
            continue
        if row.body_id in active:
            text = "積極的役割を担う医療機関を兼ねています。認められますが、両方の役割を果たせるかを確かめてください。"
            yield NOTE, _of(row), row.body_name, text
        if row.programme is not None and row.programme.id == row.body_id:
            text = (
                "在宅医療・介護連携推進事業の実施主体と同じです。全年齢を対象とする拠点の役割と分けて記録してください。"
            )
            yield NOTE, f"designation:{row.id}:programme", row.body_name, text
        for unit in row.catchment:
            servers.setdefault(unit.id, []).append(row)
    for unit_id, rows in servers.items():
        if len(rows) > 1 and unit_id in situation.units:
            names = "、".join(row.body_name for row in rows)
            name = situation.units[unit_id].name.name
            yield NOTE, f"unit:{unit_id}", name, f"{name}を担当する拠点が{len(rows)}か所あります（{names}）。"


def _requirements(situation: Situation) -> _Found:
    for row in situation.rows:
        unmet, partly = row.answers.get(UNMET, 0), row.answers.get(PARTLY, 0)
        if unmet:
            yield WARNING, _of(row), row.body_name, f"{row.items}項目のうち{unmet}項目を満たしていません。"
        elif partly:
            yield NOTE, _of(row), row.body_name, f"{row.items}項目のうち{partly}項目は一部だけを満たしています。"


def _unverified(situation: Situation) -> _Found:
    for row in situation.designated:
        if row.items and row.verified < row.items:
            text = f"{row.items}項目のうち{row.items - row.verified}項目が未確認です。"
            yield WARNING, _of(row), row.body_name, text


def _recheck_overdue(situation: Situation) -> _Found:
    for row in situation.rows:
        if row.recheck_on is not None and row.recheck_on < situation.today:
            days = (situation.today - row.recheck_on).days
            yield WARNING, _of(row), row.body_name, f"再確認の期限を{days}日過ぎています。"


def _outside_areas(situation: Situation) -> _Found:
    inside = {unit for area in situation.areas for unit in area.unit_ids}
    for row in situation.rows:
        if row.body_kind == "municipality":
            continue  # a designated city has wards in place of itself, and serves the areas they lie in
        if row.unit is None:
            yield (
                WARNING,
                _of(row),
                row.body_name,
                "所在する市区町村が分からないため、どの圏域にあるかを判定できません。",
            )
        elif row.unit.id not in inside:
            yield WARNING, _of(row), row.body_name, f"{row.unit.name}は、この都道府県のどの圏域にも入っていません。"


def _too_far(situation: Situation) -> _Found:
    for row in situation.designated:
        if row.latitude is None or row.longitude is None:
            continue
        for unit in row.catchment:
            place = situation.units.get(unit.id)
            if place is None or place.latitude is None or place.longitude is None:
                continue
            km = distance_km(row.latitude, row.longitude, place.latitude, place.longitude)
            if km > LIMIT_KM:
                text = f"担当する{unit.name}の代表点まで直線で約{km:.0f}kmあります（代表点は概略です）。"
                severity = WARNING if row.kind == ACTIVE else NOTE
                yield severity, f"designation:{row.id}:{unit.code}", row.body_name, text


def _unit_without_support(situation: Situation) -> _Found:
    if situation.supported is None:
        return
    for unit_id, place in situation.units.items():
        if unit_id in situation.supported:
            continue
        area = situation.area_of(unit_id)
        if area is None:
            text = f"{place.name.name}には在支診も在支病もなく、どの圏域にも入っていません。"
        else:
            count = sum(
                row.kind == ACTIVE and row.area is not None and row.area.id == area.id for row in situation.designated
            )
            covered = f"{area.name}（位置付けた積極的役割を担う医療機関{count}か所）で支えます。"
            text = f"{place.name.name}には在支診も在支病もありません。{covered}"
        yield NOTE, f"unit:{unit_id}", place.name.name, text


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance by the haversine formula."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    turn = math.radians(other_longitude - longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))


CHECKS: Mapping[str, Check] = {
    "area_without_active": Check(
        "積極的役割を担う医療機関のない圏域",
        f"{_GUIDE}：圏域内に1つ以上",
        "候補から選ぶか、圏域の範囲を見直してください。",
        _area_without(ACTIVE, "積極的役割を担う医療機関"),
    ),
    "area_without_hub": Check(
        "拠点のない圏域",
        f"{_GUIDE}：圏域内に1つ以上",
        "拠点となる機関を登録するか、圏域の範囲を見直してください。",
        _area_without(HUB, "連携を担う拠点"),
    ),
    "closed": Check(
        "名簿に載っていない機関",
        "届出受理医療機関名簿・医療情報ネット・介護サービス情報公表システム",
        "廃止なら解除し、コードや名称が変わっただけなら新しい機関に統合してください。",
        _closed,
    ),
    "not_medical": Check(
        "病院・診療所でない積極的役割を担う医療機関",
        f"{_GUIDE}：積極的役割を担うのは病院・診療所",
        "位置付けを見直すか、拠点として登録し直してください。登録は消えません。",
        _not_medical,
    ),
    "notification_withdrawn": Check(
        "在支診・在支病の届出がない積極的役割を担う医療機関",
        f"{_GUIDE}：在宅療養支援診療所・在宅療養支援病院等が担うことを想定",
        "届出の状況を医療機関に確かめてください。",
        _notification_withdrawn,
    ),
    "hub_without_catchment": Check(
        "担当する市区町村のない拠点",
        f"{_GUIDE}：拠点は担う範囲を定める",
        "位置付けの詳細で、担当する市区町村を登録してください。",
        _no_catchment,
    ),
    "unit_without_hub": Check(
        "拠点のない市区町村",
        f"{_GUIDE}：地域の実情に応じて切れ目なく拠点を置く",
        "どの拠点が担当するかを登録してください。",
        _unit_without_hub,
    ),
    "requirement_unmet": Check(
        "満たしていない要件",
        f"{_GUIDE}：求められる事項",
        "支援の内容を決めるか、位置付けを見直してください。",
        _requirements,
    ),
    "requirement_unverified": Check(
        "未確認の要件",
        f"{_GUIDE}：求められる事項",
        "要件の確認表に判定と根拠を記入してください。",
        _unverified,
    ),
    "recheck_overdue": Check(
        "再確認の期限切れ",
        "県が定めた再確認の期限",
        "要件を確かめ、新しい期限を入れてください。",
        _recheck_overdue,
    ),
    "outside_areas": Check(
        "圏域に入らない機関",
        f"{_GUIDE}：圏域ごとに位置付ける",
        "圏域の構成か、機関の市区町村を確かめてください。",
        _outside_areas,
    ),
    "too_far": Check(
        "16kmを超える距離",
        "診療報酬：往診・訪問診療は原則として半径16km以内",
        "より近い機関が担当できないかを確かめてください。",
        _too_far,
    ),
    "unit_without_support": Check(
        "在支診・在支病のない市区町村",
        "届出受理医療機関名簿",
        "どの圏域・機関が支えるかを計画に書いてください。",
        _unit_without_support,
    ),
    "overlap": Check(
        "役割の重なり",
        f"{_GUIDE}：兼ねることは妨げない",
        "役割の分担を確かめてください。",
        _overlap,
    ),
}
