"""行政区域 as TopoJSON (from 国土数値情報 N03): which municipalities, wards or prefectures have a boundary in it.

Only names and codes are read here, to be compared with the regions. The lines are drawn from `fixtures/geo`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Workbook

KIND = "boundaries"
PUBLISHER, LICENCE = "国土交通省", "国土数値情報利用約款（CC BY 4.0 互換）"
_N03, _LOCAL, _PREFECTURE = "N03_007", "lg_code_5", "prefecture_code"
_DAY_IN_NAME = re.compile(r"N03-\d{2}_(\d{2})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One region with a boundary: code (prefecture 2 digits, else 5) and name; `feature` is its number in the file."""

    code: str
    name: str
    feature: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryTable:
    """Every region with a boundary, once. `has_wards` says whether designated cities are drawn ward by ward."""

    outlines: tuple[Outline, ...]
    has_wards: bool
    uncoded: int


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the file is a TopoJSON of municipalities or prefectures; refuses any other JSON."""
    if not book.is_json:
        return None
    properties = next(_features(_read(book)), {})
    day = _DAY_IN_NAME.search(book.filename)
    as_of = dt.date(2000 + int(day[1]), int(day[2]), int(day[3])) if day else None
    if _N03 in properties:
        edition, key = (f"N03-{as_of.year}", f"N03-{as_of.year}") if as_of else ("N03", f"N03-{book.sha256[:12]}")
        return _edition(key=key, publisher=PUBLISHER, title=f"国土数値情報 行政区域データ（{edition}）", as_of=as_of)
    if _PREFECTURE in properties:
        what = "市区町村" if _LOCAL in properties else "都道府県"
        return _edition(
            key=f"digital-agency/{what}/{book.sha256[:12]}",
            publisher="デジタル庁",
            title=f"国土数値情報 行政区域から作られた{what}の境界",
            as_of=None,
        )
    raise refuse("JSONですが、行政区域の境界（国土数値情報N03のTopoJSON）ではありません。")


def parse(book: Workbook) -> BoundaryTable:
    """Every code with its name. Raises `FileRefused` if a code is misshapen or has two names."""
    found: dict[str, Outline] = {}
    has_wards, uncoded = False, 0
    for number, properties in enumerate(_features(_read(book)), start=1):
        code, name, is_ward = _place(properties)
        has_wards = has_wards or is_ward
        if not code:
            uncoded += 1  # 所属未定地: land no municipality is assigned to
            continue
        if not re.fullmatch(r"\d{2}|\d{5}", code) or not name:
            raise _bad(number, f"{code} {name}", "コード（都道府県2桁、市区町村5桁）と名称がありません。")
        if found.setdefault(code, Outline(code=code, name=name, feature=number)).name != name:
            raise _bad(number, f"{code} {name}", f"同じコードに別の名称「{found[code].name}」があります。")
    return BoundaryTable(outlines=tuple(found.values()), has_wards=has_wards, uncoded=uncoded)


def _edition(*, key: str, publisher: str, title: str, as_of: dt.date | None) -> Edition:
    return Edition(
        kind=KIND,
        key=f"{KIND}/{key}",
        publisher=publisher,
        title=title,
        edition=f"{as_of:%Y年%-m月%-d日}現在" if as_of else "",
        as_of=as_of,
        licence=LICENCE,
    )


def _read(book: Workbook) -> Mapping[str, Any]:
    try:
        read = json.loads(book.content)
    except (ValueError, RecursionError) as error:
        raise refuse(
            "JSONとして読めません（途中で切れている可能性があります）。もう一度ダウンロードしてください。"
        ) from error
    if not isinstance(read, dict) or read.get("type") != "Topology" or not isinstance(read.get("objects"), dict):
        raise refuse("JSONですが、TopoJSONではありません。")
    return read


def _features(topology: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for layer in topology["objects"].values():
        for geometry in layer.get("geometries", ()) if isinstance(layer, dict) else ():
            properties = geometry.get("properties") if isinstance(geometry, dict) else None
            yield properties if isinstance(properties, dict) else {}


def _place(properties: Mapping[str, Any]) -> tuple[str, str, bool]:
    """Code, name as the regions have it, and whether it is a ward."""
    said = {key: str(value or "").strip() for key, value in properties.items()}
    if _N03 in said:
        city, rest = said.get("N03_003", ""), said.get("N03_004", "")
        is_ward = city.endswith("市") and rest.endswith("区")
        return said[_N03], city + rest if is_ward else rest, is_ward
    if _LOCAL in said:
        return said[_LOCAL], said.get("city_name", ""), False
    return said.get(_PREFECTURE, ""), said.get("prefecture_name", ""), False


def _bad(number: int, found: str, reason: str) -> FileRefused:
    return refuse(reason, cell=f"{number}番目の図形", text=found.strip()[:40])
