"""What a visitor takes away with データ入手: indicators × levels × years × one edition of areas. Pure.

A `Selection` is the address of the builder and of every file it makes; the same selection always names the same rows.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from zaitaku.lib.tables import Column


class Scope(enum.StrEnum):
    """A level of regions. A designated city stands apart: its wards are among the municipalities."""

    NATION = "nation"
    PREFECTURE = "prefecture"
    AREA = "area"
    CITY = "city"
    MUNICIPALITY = "municipality"

    @property
    def label(self) -> str:
        return {
            "nation": "全国",
            "prefecture": "都道府県",
            "area": "圏域",
            "city": "政令指定都市（市全体）",
            "municipality": "市区町村",
        }[self.value]


class FileFormat(enum.StrEnum):
    """A form the rows are given in."""

    CSV = "csv"
    CP932 = "cp932"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"
    ZIP = "zip"

    @property
    def label(self) -> str:
        return {
            "csv": "CSV（UTF-8、BOM付き）",
            "cp932": "CSV（Shift_JIS・cp932）",
            "xlsx": "Excel（XLSX）",
            "parquet": "Parquet",
            "json": "JSON",
            "zip": "一式（ZIP）",
        }[self.value]

    @property
    def extension(self) -> str:
        return "csv" if self is FileFormat.CP932 else self.value

    @property
    def content_type(self) -> str:
        return {
            "csv": "text/csv; charset=utf-8",
            "cp932": "text/csv; charset=Shift_JIS",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "parquet": "application/vnd.apache.parquet",
            "json": "application/json",
            "zip": "application/zip",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Indicator codes, levels, years (none = all), prefectures (none = all) and the key of one `AreaScheme`."""

    indicators: tuple[str, ...]
    scopes: tuple[Scope, ...] = (Scope.PREFECTURE,)
    years: tuple[int, ...] = ()
    prefectures: tuple[str, ...] = ()
    scheme: str = ""

    def parameters(self) -> list[tuple[str, str]]:
        """The GET parameters in a fixed order."""
        return [
            *(("indicator", code) for code in self.indicators),
            *(("level", scope.value) for scope in self.scopes),
            *(("year", str(year)) for year in self.years),
            *(("prefecture", code) for code in self.prefectures),
            *([("scheme", self.scheme)] if self.scheme else []),
        ]

    def querystring(self) -> str:
        """`?indicator=DAY_S22&level=prefecture&year=2025`."""
        return f"?{urlencode(self.parameters())}"

    def as_json(self) -> dict[str, Any]:
        """What `from_json` takes, for the parameters of a job."""
        return {
            "indicators": list(self.indicators),
            "scopes": [scope.value for scope in self.scopes],
            "years": list(self.years),
            "prefectures": list(self.prefectures),
            "scheme": self.scheme,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The selection `as_json` described."""
        return cls(
            indicators=tuple(data["indicators"]),
            scopes=tuple(Scope(scope) for scope in data["scopes"]),
            years=tuple(data["years"]),
            prefectures=tuple(data["prefectures"]),
            scheme=data["scheme"],
        )

    def digest(self) -> str:
        """Eight hexadecimal digits that tell selections apart in file names."""
        return hashlib.sha256(self.querystring().encode()).hexdigest()[:8]

    def filename(self, file_format: FileFormat) -> str:
        """`zaitaku_DAY_S22_1a2b3c4d.csv`: ASCII only, so that every browser and file server keeps it."""
        what = self.indicators[0] if len(self.indicators) == 1 else f"{len(self.indicators)}indicators"
        suffix = "_sjis" if file_format is FileFormat.CP932 else ""
        return f"zaitaku_{what}_{self.digest()}{suffix}.{file_format.extension}"


COLUMNS = (
    Column(name="指標コード", key="indicator_code", description="指標カタログのコード"),
    Column(name="指標名", key="indicator_name", description="指標の定義にある名称"),
    Column(
        name="年度", key="year", is_number=True, description="西暦。NDBは診療年度、名簿と人口は時点の属する年または年度"
    ),
    Column(name="地域区分", key="level", description="・".join(scope.label for scope in Scope)),
    Column(name="圏域区分", key="area_scheme", description="圏域の行だけ。圏域の版のキー（例：iryoken2-8）"),
    Column(
        name="地域コード",
        key="region_code",
        description="全国00、都道府県2桁、市区町村5桁（検査数字なし）、圏域は区分ごとのコード。先頭の0を含む文字列",
    ),
    Column(name="地域名", key="region_name", description="地域の名称"),
    Column(name="都道府県コード", key="prefecture_code", description="2桁。先頭の0を含む文字列。全国は空欄"),
    Column(name="都道府県名", key="prefecture_name", description="全国は空欄"),
    Column(
        name="値",
        key="value",
        is_number=True,
        unit="列「単位」のとおり",
        description="丸める前の値。画面は小数第1位までに丸めて表示します。値がないときは空欄",
    ),
    Column(name="単位", key="unit", description="値と95%信頼区間の単位"),
    Column(name="分子", key="numerator", is_number=True, description="定義の分子。値がないときは空欄"),
    Column(name="分母", key="denominator", is_number=True, description="定義の分母。実数の指標と値がないときは空欄"),
    Column(
        name="95%信頼区間下限",
        key="lower",
        is_number=True,
        unit="列「単位」のとおり",
        description="区間を付けない指標では空欄",
    ),
    Column(
        name="95%信頼区間上限",
        key="upper",
        is_number=True,
        unit="列「単位」のとおり",
        description="区間を付けない指標では空欄",
    ),
    Column(name="状態", key="status", description="値あり・暫定値・秘匿・未取込・データなし・対象外"),
    Column(
        name="秘匿区分",
        key="suppression",
        description="隠されている値だけ：公表元の秘匿・秘匿（小さい数）・秘匿（他から計算できるため）。値は空欄",
    ),
    Column(name="値がない理由", key="reason", description="値が空欄の行の理由。値がある行では空欄"),
    Column(name="定義の版", key="definition_version", is_number=True, description="値を計算した指標定義の版"),
    Column(name="分母の注記", key="denominator_note", description="どの人口等を分母に使ったか"),
    Column(
        name="出典",
        key="source",
        description="加工に使った資料名と版。公表者・時点・利用条件は出典の一覧（sources.csv）にあります",
    ),
)
HEADER = tuple(column.name for column in COLUMNS)
Cells = Sequence[str]
