"""What an indicator that is not saved yet would show: real figures of one prefecture, nothing stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indicators.definitions.schema import Definition
from indicators.formulas.figures import Gap
from indicators.formulas.indicator import YearOfIndicator, compute_year
from indicators.formulas.structure import Structure
from indicators.queries.as_at import figure_at
from indicators.queries.benchmark import Place, get_country, get_places
from indicators.queries.complete import read_complete_inputs
from indicators.queries.structure import read_structure
from indicators.results import Figure, IndicatorQuery, Level

PREVIEW_SCHEME = "iryoken2-8"
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One region of the preview."""

    name: str
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPreview:
    """The newest year of the indicator: the nation and the prefecture, its areas, its municipalities.

    `impossible`: sentences that say why the formula cannot be right, so that it is not saved; `reasons`: why regions
    have no value, with their number.
    """

    year: int | None = None
    unit: str
    has_interval: bool
    has_denominator: bool = False
    note: str = ""
    groups: tuple[tuple[str, tuple[PreviewRow, ...]], ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    impossible: tuple[tuple[str, str], ...] = ()


def get_preview(definition: Definition, *, prefecture_code: str) -> OwnPreview:
    """The figures the engine itself gives, protected as stored ones are."""
    structure = read_structure()
    inputs = read_complete_inputs([definition], structure)
    years = inputs.years(definition)
    has_interval = definition.interval != "none"
    if not years:
        reason = "この計算に必要な資料がそろう年度がありません。項目か期間を見直してください。"
        field = "components" if definition.components else "items"
        return OwnPreview(unit=definition.unit, has_interval=has_interval, impossible=((field, reason),))
    found = compute_year(definition, years[-1], inputs)
    groups = _groups(found, structure, prefecture_code)
    rows = [row for _, group in groups for row in group]
    return OwnPreview(
        year=found.year,
        unit=definition.unit,
        has_interval=has_interval,
        has_denominator=found.denominator is not None,
        note=found.note,
        groups=groups,
        reasons=tuple(Counter(row.figure.reason for row in rows if row.figure.value is None).most_common()),
        impossible=tuple(_impossible(found, rows)),
    )


def _groups(
    found: YearOfIndicator, structure: Structure, prefecture_code: str
) -> tuple[tuple[str, tuple[PreviewRow, ...]], ...]:
    whole = [place for place in get_country() if place.code in ("00", prefecture_code)]
    areas, units = (
        get_places(IndicatorQuery(code="", level=level, prefecture=prefecture_code, scheme=scheme))
        for level, scheme in ((Level.AREA, PREVIEW_SCHEME), (Level.MUNICIPALITY, ""))
    )
    named = (("全国と県", whole), ("二次医療圏（第8次）", areas), ("市区町村", units))
    return tuple((name, _rows(found, structure, places)) for name, places in named)


def _rows(found: YearOfIndicator, structure: Structure, places: Sequence[Place]) -> tuple[PreviewRow, ...]:
    rows = structure.rows_of(np.array([place.id for place in places], dtype=np.int64))
    return tuple(
        PreviewRow(name=place.name, figure=figure_at(found, int(row)))
        for place, row in zip(places, rows, strict=True)
        if row >= 0
    )


def _impossible(found: YearOfIndicator, rows: Sequence[PreviewRow]) -> list[tuple[str, str]]:
    """Formulas that contradict themselves, or are divided by nothing anywhere: with the field to mend."""
    flags = found.value.flags
    problems = []
    if np.any(flags & np.uint16(Gap.CONTRADICTORY)):
        own = [row.name for row in rows if "矛盾" in row.figure.reason]
        where = f"（{'、'.join(own[:_NAMED])}{'など' if len(own) > _NAMED else ''}）" if own else ""
        number = int(np.count_nonzero(flags & np.uint16(Gap.CONTRADICTORY)))
        problems.append(
            (
                "denominator",
                f"{found.year}年度に、分子が分母より大きいか負の数になる地域が{number}あります{where}。"
                "分子が分母の一部になっているか確かめるか、計算方法を「率」「比」に変えてください。",
            )
        )
    if found.denominator is not None and not np.any(found.denominator.value > 0):
        hidden = np.any(found.denominator.flags & np.uint16(Gap.SMALL | Gap.COMPLEMENTARY | Gap.SUPPRESSED))
        why = "秘匿されています" if hidden else "ないか、0です"
        problems.append(("denominator", f"{found.year}年度の分母は、どの地域でも{why}。別の分母を選んでください。"))
    return problems
