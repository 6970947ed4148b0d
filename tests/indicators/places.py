"""A small country for the tests of the pages: three prefectures, one area scheme, a city with wards."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils import timezone

from indicators.definitions import get_definition
from indicators.definitions.registry import digest
from indicators.models import Indicator, IndicatorValue, IndicatorYear, Status
from regions.models import AreaScheme, Region
from zaitaku.sources.models import SourceFile

Reason = IndicatorValue.Reason


@dataclass(frozen=True)
class Country:
    """The regions by code (areas by scheme key and code)."""

    regions: dict[str, Region]

    def __getitem__(self, code: str) -> Region:
        return self.regions[code]


def make_country() -> Country:
    """全国, 北海道 with two areas, one municipality and a city of two wards, 東京都, 兵庫県."""
    made: dict[str, Region] = {}
    made["00"] = Region.objects.create(kind="nation", code="00", name="全国")
    for code, name in (("01", "北海道"), ("13", "東京都"), ("28", "兵庫県")):
        made[code] = Region.objects.create(kind="prefecture", code=code, name=name, parent=made["00"])
    scheme = AreaScheme.objects.create(
        key="iryoken2-8",
        kind=AreaScheme.Kind.SECONDARY_MEDICAL_AREA,
        name="二次医療圏（第8次医療計画）",
        effective_from=dt.date(2024, 4, 1),
    )
    for code, name in (("0101", "南渡島"), ("0102", "南檜山")):
        made[code] = Region.objects.create(kind="area", code=code, name=name, parent=made["01"], scheme=scheme)
    made["01100"] = Region.objects.create(
        kind="municipality", code="01100", name="札幌市", parent=made["01"], is_designated_city=True
    )
    for code, name in (("01101", "札幌市中央区"), ("01102", "札幌市北区")):
        made[code] = Region.objects.create(kind="ward", code=code, name=name, parent=made["01100"], is_base_unit=True)
    made["01202"] = Region.objects.create(
        kind="municipality", code="01202", name="函館市", parent=made["01"], is_base_unit=True
    )
    return Country(made)


def make_indicator(code: str) -> Indicator:
    """The index row of a definition, as a computation leaves it."""
    definition = get_definition(code)
    return Indicator.objects.create(
        code=code,
        version=definition.version,
        digest=digest(definition),
        name=definition.name,
        name_kana=definition.kana,
        definition={},
        input_digest=uuid.uuid4().hex,
        computed_at=timezone.now(),
    )


def add_value(
    indicator: Indicator,
    region: Region,
    *,
    numerator: float,
    denominator: float,
    interval: tuple[float, float] | None = None,
    year: int = 2025,
) -> None:
    """A rate per 100,000 with its parts."""
    lower, upper = interval or (None, None)
    IndicatorValue.objects.create(
        indicator=indicator,
        indicator_version=indicator.version,
        region=region,
        year=year,
        value=numerator / denominator * 100_000,
        numerator=numerator,
        denominator=denominator,
        lower=lower,
        upper=upper,
        status=Status.OBSERVED,
    )


def add_gap(indicator: Indicator, region: Region, *, status: Status, reason: Reason, year: int = 2025) -> None:
    """No value, and why."""
    IndicatorValue.objects.create(
        indicator=indicator,
        indicator_version=indicator.version,
        region=region,
        year=year,
        status=status,
        reason=reason,
    )


def add_source(indicator: Indicator, *, year: int = 2025) -> SourceFile:
    """One publication behind the values of a year."""
    source = SourceFile.objects.create(
        kind=SourceFile.Kind.NOTIFICATION_LIST,
        key="notification_list/01/2025-10-01",
        publisher="北海道厚生局",
        title="届出受理医療機関名簿（医科）",
        edition="北海道 2025年10月1日現在",
        as_of=dt.date(2025, 10, 1),
        licence="公共データ利用規約（第1.0版）",
        filename="list.xlsx",
        sha256="0" * 64,
        size=1,
        retrieved_on=dt.date(2025, 11, 1),
        prefecture_code="01",
    )
    IndicatorYear.objects.create(
        indicator=indicator, year=year, denominator_note="住民基本台帳人口（2025年1月1日）", source_ids=[source.pk]
    )
    return source


def make_notified_clinics() -> tuple[Country, Indicator]:
    """在支診 (DAY_S22): 北海道 50.0 and 兵庫県 25.0 per 100,000, 東京都 not imported, hence no national value."""
    country, indicator = make_country(), make_indicator("DAY_S22")
    add_value(indicator, country["01"], numerator=400, denominator=800_000, interval=(45.2, 55.1))
    add_value(indicator, country["28"], numerator=200, denominator=800_000, interval=(21.7, 28.7))
    add_gap(indicator, country["13"], status=Status.MISSING, reason=Reason.NOT_IMPORTED)
    add_gap(indicator, country["00"], status=Status.MISSING, reason=Reason.NOT_IMPORTED)
    add_value(indicator, country["0101"], numerator=30, denominator=60_000, interval=(33.7, 71.4))
    add_gap(indicator, country["0102"], status=Status.SUPPRESSED, reason=Reason.NUMERATOR_SUPPRESSED)
    add_value(indicator, country["01202"], numerator=0, denominator=40_000, interval=(0.0, 9.2))
    add_value(indicator, country["01101"], numerator=10, denominator=20_000, interval=(24.0, 92.0))
    add_source(indicator)
    return country, indicator
