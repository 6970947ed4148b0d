"""A country of two prefectures in the database, small enough to compute by hand.

01 北海道: 札幌市 with wards 中央区 and 北区, 函館市, 小樽市. 02 青森県: 青森市, 弘前市.
Scheme `iryoken2-7`: 0104 = 札幌 and 小樽, 0101 = 函館, 0201 = 青森 and 弘前. Codes and figures are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from indicators.models import IndicatorValue, Item, Observation, Status
from regions.models import AreaMembership, AreaScheme, Population, Region
from zaitaku.sources.models import SourceFile

UNITS = ("01101", "01102", "01202", "01203", "02201", "02202")


@dataclass(slots=True)
class SmallCountry:
    """Regions by code, and makers of what is published about them."""

    regions: dict[str, Region] = field(default_factory=dict)
    _sources: int = 0

    def source(self, *, as_of: dt.date, kind: str = SourceFile.Kind.NOTIFICATION_LIST) -> SourceFile:
        """A source file of its own."""
        self._sources += 1
        return SourceFile.objects.create(
            kind=kind,
            key=f"test/{self._sources}",
            publisher="試験",
            title=f"試験用の資料{self._sources}",
            as_of=as_of,
            licence="試験",
            filename=f"test{self._sources}.xlsx",
            sha256=f"{self._sources:064x}",
            size=1,
            retrieved_on=dt.date(2026, 11, 1),
        )

    def observe(
        self,
        item: str,
        year: int,
        figures: dict[str, float | None],
        *,
        source: SourceFile,
        status: int = Status.OBSERVED,
    ) -> None:
        """Figures of an item by region code; None is suppressed."""
        known, _created = Item.objects.get_or_create(code=item, defaults={"name": item, "unit": "か所"})
        Observation.objects.bulk_create(
            Observation(
                source=source,
                item=known,
                region=self.regions[code],
                year=year,
                value=value,
                status=Status.SUPPRESSED if value is None else status,
            )
            for code, value in figures.items()
        )

    def list_clinics(self, year: int, figures: dict[str, float], *, source: SourceFile) -> None:
        """The whole of a notification list: 支援診３ as given, every other kind zero everywhere."""
        self.observe("notification.shien_clinic_3", year, dict(figures), source=source)
        rest = [f"notification.shien_clinic_{n}" for n in (1, 2)] + [
            f"notification.shien_hospital_{n}" for n in (1, 2, 3)
        ]
        for item in rest:
            self.observe(item, year, dict.fromkeys(figures, 0.0), source=source)

    def people(self, basis: str, year: int, aged_75: dict[str, int]) -> None:
        """Residents of 75 and over."""
        source = self.source(as_of=dt.date(year, 1, 1), kind=SourceFile.Kind.POPULATION_BY_AGE)
        Population.objects.bulk_create(
            Population(region=self.regions[code], source=source, basis=basis, year=year, age_from=75, count=count)
            for code, count in aged_75.items()
        )

    def value(self, indicator: str, region: str, year: int) -> IndicatorValue:
        """The stored value."""
        return IndicatorValue.objects.get(indicator__code=indicator, region=self.regions[region], year=year)


def make_country() -> SmallCountry:
    """The regions, areas and a register of 2025: 1,000 people of 75 and over in every municipality and ward."""
    country = SmallCountry()
    add = country.regions
    add["00"] = Region.objects.create(kind="nation", code="00", name="全国")
    for code, name in (("01", "北海道"), ("02", "青森県")):
        add[code] = Region.objects.create(kind="prefecture", code=code, name=name, parent=add["00"])
    add["01100"] = Region.objects.create(
        kind="municipality", code="01100", name="札幌市", parent=add["01"], is_designated_city=True
    )
    for code, name in (("01101", "中央区"), ("01102", "北区")):
        add[code] = Region.objects.create(kind="ward", code=code, name=name, parent=add["01100"], is_base_unit=True)
    for code, name in (("01202", "函館市"), ("01203", "小樽市"), ("02201", "青森市"), ("02202", "弘前市")):
        add[code] = Region.objects.create(
            kind="municipality", code=code, name=name, parent=add[code[:2]], is_base_unit=True
        )
    scheme = AreaScheme.objects.create(
        key="iryoken2-7", kind="secondary_medical_area", name="二次医療圏", effective_from=dt.date(2018, 4, 1)
    )
    for code, units in {"0104": ("01101", "01102", "01203"), "0101": ("01202",), "0201": ("02201", "02202")}.items():
        add[code] = Region.objects.create(kind="area", code=code, name=code, parent=add[code[:2]], scheme=scheme)
        AreaMembership.objects.bulk_create(
            AreaMembership(scheme=scheme, area=add[code], unit=add[unit]) for unit in units
        )
    country.people("resident_register", 2025, dict.fromkeys(UNITS, 1000))
    return country
