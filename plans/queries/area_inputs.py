"""What every change of a draft is computed from: the protected figures of the units of one prefecture.

Reading them takes seconds and a change must take milliseconds, so they are kept under the version of the data: in this
process, and in the shared cache for the others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache
from django.db import connection
from django.db.models import Max
from numpy.typing import NDArray

from indicators.definitions.own import definition_scope, definitions_state, everybody
from indicators.definitions.registry import all_definitions
from indicators.definitions.schema import Definition, Interval, Level, Method, Numerator, NumeratorItem
from indicators.formulas.draft import DraftInputs, make_draft_inputs
from indicators.formulas.figures import HIDDEN, Figures, Gap
from indicators.formulas.indicator import Inputs
from indicators.formulas.structure import Blocks, Structure
from indicators.formulas.sums import total
from indicators.models import Indicator, InputChange
from indicators.queries.inputs import read_observations
from indicators.queries.unit_figures import UnitFigures, get_unit_figures
from plans.formulas.block_figures import BlockFigures
from plans.queries.area_frame import get_frame
from regions.results import UnitRow

KEPT_SECONDS = 7 * 24 * 3600
_FORM = 3  # raise it when what is kept changes its shape
_GRADES = ("1", "2", "3")
_UNPUBLISHED = np.uint16(Gap.NO_SOURCE | Gap.NOT_PUBLISHED | Gap.NOT_COVERED | Gap.MISSING | Gap.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A plain number shown for every area: the sum of items, of the newest year or of a fixed one (a projection)."""

    key: str
    label: str
    items: tuple[str, ...]
    year: int | None = None


RESOURCES = (
    Resource(key="clinics", label="在支診", items=tuple(f"notification.shien_clinic_{n}" for n in _GRADES)),
    Resource(key="hospitals", label="在支病", items=tuple(f"notification.shien_hospital_{n}" for n in _GRADES)),
    Resource(key="nursing", label="訪問看護", items=("panel.nursing_station",)),
    Resource(key="demand", label="訪問診療の需要", items=("demand.home_visit",), year=2024),
    Resource(key="demand_later", label="訪問診療の需要", items=("demand.home_visit",), year=2040),
    Resource(key="capacity", label="追加受入可能患者", items=("survey.capacity.additional_patients",)),
)


@dataclass(frozen=True, slots=True, eq=False)
class AreaInputs:
    """One prefecture's units in the order of their codes and the figures of each.

    `definitions` name rows of `figures` instead of items; `years` tell the year of each, of resources by their key.
    `blocks`: figures published for groups of units only (`formulas.block_figures`). `whole`: the prefecture's own.
    """

    version: str
    units: tuple[UnitRow, ...]
    definitions: tuple[Definition, ...]
    years: Mapping[str, int]
    figures: DraftInputs
    blocks: tuple[BlockFigures, ...]
    whole: DraftInputs


_kept: dict[tuple[str, str], AreaInputs] = {}


def get_data_version() -> str:
    """Changes whenever an indicator, a definition or the population does (three short queries)."""
    rows = Indicator.objects.order_by("code").values_list("code", "version", "input_digest", "computed_at")
    people = InputChange.objects.filter(name=InputChange.POPULATION).aggregate(at=Max("changed_at"))["at"]
    with definition_scope(everybody):
        definitions = definitions_state()
    return hashlib.sha256(f"{people}|{definitions}|{list(rows)}".encode()).hexdigest()[:32]


def get_area_inputs(prefecture_code: str, *, on: dt.date, version: str) -> AreaInputs:
    """The inputs of a prefecture as of a version of the data."""
    key = (str(connection.settings_dict["NAME"]), prefecture_code)
    found = _kept.get(key)
    if found is None or found.version != version:
        name = f"area-inputs-{_FORM}:{key[0]}:{prefecture_code}:{version}"
        found = cache.get(name)
        if found is None:
            found = _read(prefecture_code, on=on, version=version)
            cache.set(name, found, KEPT_SECONDS)
        _kept[key] = found
    return found


def _read(prefecture_code: str, *, on: dt.date, version: str) -> AreaInputs:
    """What is for everybody, and what the prefecture shows to itself: those who see its drafts may see that, and no
    other prefecture's. It is kept for all of them, so it goes by the prefecture and not by who came first."""
    with definition_scope(lambda code: code == prefecture_code):
        return _read_inputs(prefecture_code, on=on, version=version)


def _read_inputs(prefecture_code: str, *, on: dt.date, version: str) -> AreaInputs:
    units = get_frame(prefecture_code, on=on).units
    known = get_unit_figures()
    rows: dict[str, Figures] = {}
    definitions = [one for one in all_definitions() if one.code in known.years and Level.AREA in one.levels]
    for definition in definitions:
        rows |= _rows_of(definition, known)
    counts, years = _resources(known.structure, rows)
    place = known.structure.rows_of(np.array([unit.id for unit in units], dtype=np.int64))
    at_units = {code: figures.take(place) for code, figures in rows.items()}
    own_row = np.unique(known.structure.prefecture_of_row[place])[:1]
    at_whole = {code: figures.take(own_row) for code, figures in rows.items()}
    figures = make_draft_inputs(at_units) if at_units else DraftInputs({}, Figures.absent((0, len(units))))
    return AreaInputs(
        version=version,
        units=units,
        definitions=(*(_naming_rows(one) for one in definitions), *counts),
        years={one.code: known.years[one.code] for one in definitions} | years,
        figures=figures,
        blocks=_blocks(rows, known.structure, place=place),
        whole=make_draft_inputs(at_whole) if at_whole else figures,
    )


def _rows_of(definition: Definition, known: UnitFigures) -> dict[str, Figures]:
    """Numerator and denominator of every region in the year of the indicator."""
    year = known.years[definition.code]
    inputs = known.inputs[year]
    found = {_over(definition.code): total([inputs.units(code) for code in definition.numerator.codes_in(year)])}
    if definition.method is Method.STANDARDISED_RATIO:
        return found | {definition.code: inputs.units(definition.code)}
    item = definition.denominator.item if definition.denominator else None
    if item not in (None, "units.count"):
        found[_under(definition.code)] = inputs.units(str(item))
    return found


def _naming_rows(definition: Definition) -> Definition:
    """The definition with its rows for items, so that indicators of several years are computed in one pass."""
    denominator = definition.denominator
    if denominator is not None and denominator.item not in (None, "units.count"):
        denominator = denominator.model_copy(update={"item": _under(definition.code)})
    return definition.model_copy(update={"numerator": _one_row(definition.code), "denominator": denominator})


def _one_row(code: str) -> Numerator:
    item = NumeratorItem.model_construct(code=_over(code), from_year=None, to_year=None)
    return Numerator.model_construct(text=code, items=(item,))


def _over(code: str) -> str:
    return f"{code}/over"


def _under(code: str) -> str:
    return f"{code}/under"


def _resources(structure: Structure, rows: dict[str, Figures]) -> tuple[list[Definition], dict[str, int]]:
    """Add the rows of the resources; returns a counting definition and the year of each that is known."""
    observed = read_observations({item for resource in RESOURCES for item in resource.items}, structure)
    inputs = Inputs(structure, observed)
    counts, years = [], {}
    like = next(iter(all_definitions()))
    for resource in RESOURCES:
        known = {year for item, year in observed if item in resource.items}
        year = resource.year if resource.year is not None else max(known, default=None)
        if year is None or year not in known:
            continue
        rows[_over(resource.key)] = total([inputs.figures(item, year) for item in resource.items])
        years[resource.key] = year
        changed = {"code": resource.key, "method": Method.COUNT, "denominator": None, "interval": Interval.NONE}
        counts.append(like.model_copy(update={**changed, "multiplier": 1.0, "numerator": _one_row(resource.key)}))
    return counts, years


def _blocks(rows: Mapping[str, Figures], structure: Structure, *, place: NDArray[np.intp]) -> tuple[BlockFigures, ...]:
    """Of every set of blocks (cities, areas of a scheme), the rows that are published for them and not for their units.

    A row is taken from the set that has most figures, so that no figure is put in twice.
    """
    figures = list(rows.values())
    inside = [_inside(blocks, structure, place=place) for blocks in structure.blocks]
    usable = [[_usable(one, at, units, place=place) for at, units in inside] for one in figures]
    chosen: dict[int, list[int]] = {}
    for row, by_set in enumerate(usable):
        known = [int(found.sum()) for found in by_set]
        if max(known, default=0):
            chosen.setdefault(known.index(max(known)), []).append(row)
    return tuple(
        BlockFigures(
            np.array(numbers, dtype=np.intp),
            inside[of][1],
            _stack(figures, numbers, inside[of][0]),
            np.stack([usable[number][of] for number in numbers]),
        )
        for of, numbers in chosen.items()
    )


def _usable(
    figures: Figures, blocks: NDArray[np.intp], units: Sequence[NDArray[np.intp]], *, place: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """The blocks with a figure, or hidden, whose units have none: they may stand for their units."""
    of_units = figures.take(place)
    open_units = (of_units.flags & _UNPUBLISHED) != 0
    has = figures.take(blocks).has_number | ((figures.take(blocks).flags & HIDDEN) != 0)
    return np.array([has[number] and open_units[members].all() for number, members in enumerate(units)], dtype=np.bool_)


def _stack(figures: Sequence[Figures], numbers: Sequence[int], at: NDArray[np.intp]) -> Figures:
    taken = [figures[number].take(at) for number in numbers]
    return Figures(np.stack([one.value for one in taken]), np.stack([one.flags for one in taken]))


def _inside(
    blocks: Blocks, structure: Structure, *, place: NDArray[np.intp]
) -> tuple[NDArray[np.intp], tuple[NDArray[np.intp], ...]]:
    """The rows of the blocks that lie in the prefecture, and the positions of the units of each."""
    position = np.full(len(structure), -1, dtype=np.intp)
    position[place] = np.arange(len(place))
    ends = np.append(blocks.units.starts[1:], len(blocks.units.order))
    spans = zip(blocks.units.starts.tolist(), ends.tolist(), strict=True)
    members = [position[blocks.units.order[start:end] + structure.units.start] for start, end in spans]
    whole = [number for number, units in enumerate(members) if (units >= 0).all()]
    return blocks.rows[np.array(whole, dtype=np.intp)], tuple(members[number] for number in whole)
