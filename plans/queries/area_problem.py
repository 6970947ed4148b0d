"""The problem of proposing areas for a prefecture, from what is known of its units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plans.formulas.districting_problem import Problem
from plans.queries.area_designations import get_unit_designations
from plans.queries.area_inputs import get_area_inputs, get_data_version
from plans.queries.area_links import get_joined_neighbours
from plans.queries.area_live import count_candidates
from plans.queries.area_population import KEYS, get_people
from regions.queries.points import get_points
from zaitaku.lib.geodesics import distances_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What an official asks of a proposal; persons and km, None for no bound."""

    fewest: int
    most: int
    least_people: int | None = None
    most_people: int | None = None
    farthest: float | None = None
    is_contiguous: bool = True
    needs_active: bool = True
    needs_hub: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaProblem:
    """The problem, the units its positions stand for, and in words what could not be asked for."""

    problem: Problem
    codes: tuple[str, ...]
    names: Mapping[str, str]
    notes: tuple[str, ...]


def get_problem(prefecture_code: str, wishes: Wishes, *, on: dt.date) -> AreaProblem:
    """Units with a boundary, the distance between their points, people of 75 and over as travellers."""
    version = get_data_version()
    inputs = get_area_inputs(prefecture_code, on=on, version=version)
    points = {point.code: point for point in get_points(on=on, prefecture_code=prefecture_code).values()}
    rows = [number for number, unit in enumerate(inputs.units) if unit.code in points]
    codes = tuple(inputs.units[number].code for number in rows)
    people = get_people(inputs.units, version=version).units[rows]
    designated = get_unit_designations(prefecture_code)
    candidates = count_candidates(inputs)
    active, hubs, notes = _asked(wishes, designated.active_counts, designated.hub_counts, candidates, codes)
    at = {code: number for number, code in enumerate(codes)}
    neighbours = get_joined_neighbours(prefecture_code, on=on)
    latitude = np.array([points[code].latitude for code in codes])
    longitude = np.array([points[code].longitude for code in codes])
    problem = Problem(
        distance=distances_km(latitude[:, None], longitude[:, None], latitude[None, :], longitude[None, :]),
        weight=np.nan_to_num(people[:, KEYS.index("aged75")]),
        population=np.nan_to_num(people[:, KEYS.index("total")]),
        neighbours=tuple(frozenset(at[other] for other in neighbours.get(code, ()) if other in at) for code in codes),
        fewest=wishes.fewest,
        most=wishes.most,
        active=active,
        hubs=hubs,
        least_people=None if wishes.least_people is None else float(wishes.least_people),
        most_people=None if wishes.most_people is None else float(wishes.most_people),
        farthest=wishes.farthest,
        is_contiguous=wishes.is_contiguous,
    )
    names = {unit.code: unit.name for unit in inputs.units}
    return AreaProblem(problem=problem, codes=codes, names=names, notes=notes)


def _asked(
    wishes: Wishes,
    active: Mapping[str, int] | None,
    hubs: Mapping[str, int] | None,
    candidates: Mapping[str, int] | None,
    codes: tuple[str, ...],
) -> tuple[NDArray[np.int64] | None, NDArray[np.int64] | None, tuple[str, ...]]:
    """The counts to ask for; what nobody has registered cannot be asked for, and that is said."""
    notes = []
    counted = active
    if wishes.needs_active and active is None:
        counted = candidates
        notes.append(
            "積極的役割を担う医療機関の位置付けがまだないため、在支診・在支病の届出で代えました。"
            if candidates is not None
            else "積極的役割を担う医療機関も在支診・在支病の届出もまだ登録がないため、その有無は条件にしていません。"
        )
    if wishes.needs_hub and hubs is None:
        notes.append("連携を担う拠点の位置付けがまだないため、その有無は条件にしていません。")
    return (
        _counts(counted, codes) if wishes.needs_active else None,
        _counts(hubs, codes) if wishes.needs_hub else None,
        tuple(notes),
    )


def _counts(found: Mapping[str, int] | None, codes: tuple[str, ...]) -> NDArray[np.int64] | None:
    return None if found is None else np.array([found.get(code, 0) for code in codes], dtype=np.int64)
