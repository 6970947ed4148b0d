"""References to areas in an address → the areas themselves, or a sentence on why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from indicators.comparisons import ComparedArea
from indicators.groups import LONGEST_NAME, ChosenUnits
from indicators.queries.groups import choose, get_gazetteer, get_group
from regions.queries.regions import get_base_units, get_prefectures
from regions.queries.schemes import get_areas, get_scheme_membership, get_schemes
from regions.results import RegionInfo
from zaitaku.lib.prefectures import prefecture as find_prefecture

GROUP, UNITS = "group", "units"
_LONGEST_REFERENCE = 6 * 500 + 80


class NoSuchArea(LookupError):
    """The reference names nothing; the message says what and how to mend it."""


def find_area(reference: str) -> ComparedArea:
    """The area of a reference (see `indicators.comparisons`). Raises `NoSuchArea`."""
    if len(reference) > _LONGEST_REFERENCE:
        raise NoSuchArea("地域の指定が長すぎます。地域を選び直してください。")
    kind, separator, rest = reference.partition(":")
    if not separator:
        return _prefecture(reference) if len(reference) == 2 else _municipality(reference)
    if kind == GROUP:
        return _saved_group(rest, reference)
    if kind == UNITS:
        return _unsaved_group(rest, reference)
    return _scheme_area(kind, rest, reference)


def units_reference(codes: Iterable[str], name: str = "") -> str:
    """The reference of a group that nobody saved: `units:01202.01203~函館と小樽`."""
    return f"{UNITS}:{'.'.join(codes)}" + (f"~{name}" if name else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedGroup:
    """What a `units:` reference says."""

    name: str
    chosen: ChosenUnits


def read_units_reference(text: str) -> UnsavedGroup:
    """Codes and name of `01202.01203~name`; what is wrong with the codes is in `chosen.problems`."""
    codes, _, name = text.partition("~")
    return UnsavedGroup(name=name[:LONGEST_NAME], chosen=choose([code for code in codes.split(".") if code]))


def _prefecture(code: str) -> ComparedArea:
    found = next((region for region in get_prefectures() if region.code == code), None)
    if found is None:
        raise NoSuchArea(f"都道府県コード「{_shown(code)}」はありません。01から47までの2桁です。")
    units = frozenset(unit.code for unit in get_base_units(timezone.localdate()) if unit.prefecture_code == code)
    return ComparedArea(
        reference=code,
        code=code,
        name=found.name,
        kind_label="都道府県",
        prefecture_code=code,
        prefecture_name=found.name,
        region_id=found.id,
        unit_codes=units,
    )


def _municipality(code: str) -> ComparedArea:
    gazetteer = get_gazetteer()
    place = gazetteer.by_code.get(code)
    if place is None:
        raise NoSuchArea(f"「{_shown(code)}」という地域はありません。地域の名前で探して選んでください。")
    if place.is_past or place.is_out_of_scope:
        reason = "いまはありません（廃止・再編）" if place.is_past else "統計の対象外です"
        raise NoSuchArea(f"{place.full_name}（{code}）は{reason}。ほかの地域を選んでください。")
    wards = gazetteer.wards_of.get(code, ())
    return ComparedArea(
        reference=code,
        code=code,
        name=place.name,
        kind_label="政令指定都市" if wards else "行政区" if place.city_code else "市区町村",
        prefecture_code=code[:2],
        prefecture_name=_prefecture_name(code[:2]),
        region_id=place.id,
        unit_codes=frozenset(ward.code for ward in wards) or frozenset([code]),
    )


def _scheme_area(key: str, code: str, reference: str) -> ComparedArea:
    scheme = next((one for one in get_schemes() if one.key == key), None)
    if scheme is None:
        known = "・".join(f"{one.key}（{one.name}）" for one in get_schemes())
        raise NoSuchArea(f"圏域の区分「{_shown(key)}」はありません。選べるのは{known}です。")
    area = next((one for one in get_areas(key) if one.code == code), None)
    if area is None:
        raise NoSuchArea(f"{scheme.name}に「{_shown(code)}」という圏域はありません。圏域の名前で探して選んでください。")
    prefecture = _prefecture_of(area)
    ids = set(get_scheme_membership(key).units_of(area.id))
    return ComparedArea(
        reference=reference,
        code=code,
        name=area.name,
        kind_label=scheme.name,
        prefecture_code=prefecture.code if prefecture else "",
        prefecture_name=prefecture.name if prefecture else "",
        region_id=area.id,
        unit_codes=frozenset(unit.code for unit in get_base_units(timezone.localdate()) if unit.id in ids),
    )


def _saved_group(key: str, reference: str) -> ComparedArea:
    group = get_group(key[:20])
    if group is None or group.is_deleted:
        gone = "は削除されています" if group else "はありません"
        raise NoSuchArea(f"保存された地域グループ「{_shown(group.name if group else key)}」{gone}。")
    url = reverse("indicators:group-detail", args=[group.key])
    return _group(group.name, choose(group.unit_codes), reference, url=url)


def _unsaved_group(text: str, reference: str) -> ComparedArea:
    found = read_units_reference(text)
    url = reverse("indicators:group-view") + "?" + urlencode({"units": text.partition("~")[0], "name": found.name})
    return _group(found.name or "名前のない地域グループ", found.chosen, reference, url=url)


def _group(name: str, chosen: ChosenUnits, reference: str, *, url: str) -> ComparedArea:
    if chosen.problems:
        raise NoSuchArea(f"地域グループ「{_shown(name)}」を表示できません。{''.join(chosen.problems)}")
    alone = chosen.prefectures[0] if len(chosen.prefectures) == 1 else ""
    return ComparedArea(
        reference=reference,
        code=reference.partition(":")[2].partition("~")[0] if reference.startswith(GROUP) else "",
        name=name,
        kind_label="地域グループ",
        prefecture_code=alone,
        prefecture_name=_prefecture_name(alone),
        region_id=None,
        unit_codes=frozenset(chosen.codes),
        url=url,
    )


def _prefecture_of(area: RegionInfo) -> RegionInfo | None:
    return next((region for region in get_prefectures() if region.id == area.parent_id), None)


def _prefecture_name(code: str) -> str:
    found = find_prefecture(code)
    return found.name if found else ""


def _shown(text: str) -> str:
    """What was asked for, short enough to be repeated on a page."""
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"
