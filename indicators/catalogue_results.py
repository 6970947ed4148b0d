"""What 指標カタログ asks for and shows. Pure values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Self
from urllib.parse import urlencode

from indicators.results import DefinitionCard, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One line of the catalogue. `years` and `levels` say what there is; both empty means データ未整備."""

    definition: DefinitionCard
    years: tuple[int, ...]
    levels: tuple[Level, ...]
    prefectures: int = 0
    coverage: tuple[tuple[Level, tuple[int, ...]], ...] = ()

    @property
    def coverage_text(self) -> tuple[tuple[str, str], ...]:
        """Level and its years: `都道府県`, `2019・2021・2022年度`; from the fifth on `2014～2022年度の9年分`."""
        return tuple((level.label, _years_text(years)) for level, years in self.coverage)

    @property
    def is_available(self) -> bool:
        return bool(self.years)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """How many indicators one kind has in one phase, and how many of them have figures."""

    phase: str
    kind: str
    total: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueQuery:
    """The filters of the catalogue; empty means all. `basket` filters nothing and goes along in every link."""

    words: str = ""
    phase: str = ""
    kind: str = ""
    available: str = ""
    only: str = ""
    basket: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether fewer than all indicators may be shown."""
        return any((self.words, self.phase, self.kind, self.available, self.only))

    def querystring(self) -> str:
        """The GET parameters that differ from the default."""
        parameters = {name: value for name, value in asdict(self).items() if value}
        return f"?{urlencode(parameters)}" if parameters else ""

    def change(self, **changes: str) -> Self:
        """The neighbouring view that differs in `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueGroup:
    """The indicators of one phase."""

    phase: str
    label: str
    available: tuple[CatalogueEntry, ...]
    missing: tuple[CatalogueEntry, ...]

    @property
    def total(self) -> int:
        return len(self.available) + len(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueResult:
    """The catalogue as filtered, and the grid of all indicators."""

    query: CatalogueQuery
    entries: tuple[CatalogueEntry, ...]
    grid: tuple[tuple[str, str, tuple[GridCell, ...]], ...]
    kinds: tuple[tuple[str, str], ...]
    total: int
    total_available: int
    unchecked: int = 0
    due: int = 0

    @property
    def groups(self) -> tuple[CatalogueGroup, ...]:
        """The entries that pass the filters by phase, those with figures apart from those without."""
        found = (
            CatalogueGroup(
                phase=phase,
                label=label,
                available=tuple(e for e in self.entries if e.definition.phase == phase and e.is_available),
                missing=tuple(e for e in self.entries if e.definition.phase == phase and not e.is_available),
            )
            for phase, label, _ in self.grid
        )
        return tuple(group for group in found if group.total)


_LISTED_YEARS = 4


def _years_text(years: tuple[int, ...]) -> str:
    if len(years) <= _LISTED_YEARS:
        return "・".join(map(str, years)) + "年度"
    return f"{years[0]}～{years[-1]}年度の{len(years)}年分"
