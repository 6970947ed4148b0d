"""Areas like one another, by the variables of `definitions/similarity.toml`, with the distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indicators.definitions.similarity import similarity
from indicators.formulas.figures import Floats
from indicators.formulas.indicator import Inputs
from indicators.queries.inputs import read_population
from indicators.queries.structure import read_structure
from zaitaku.lib.statistics.similarity import classify, standardise

_TOTAL, _AGED_75, _AGED_85 = "population.total", "population.75plus", "population.85plus"
_REGISTER = "resident_register"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarArea:
    """A region like another: `differences` in standard deviations of each variable (the other minus this one)."""

    region_id: int
    distance: float
    differences: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """For each region in the order asked for: the similar ones, nearest first, and its type (空 in a gap)."""

    similar: tuple[tuple[SimilarArea, ...], ...]
    types: tuple[str, ...]
    note: str


def get_likeness(region_ids: Sequence[int]) -> Likeness:
    """Who is like whom among the regions given, by the newest residents' register."""
    rules = similarity()
    values, year = _variables(region_ids)
    names = [variable.name for variable in rules.variables]
    table = np.column_stack([values[variable.key] for variable in rules.variables])
    similar = _all_similar(table, region_ids, names=names, count=rules.count)
    types = classify(np.exp(values["population"]), types=[kind.as_type() for kind in rules.types])
    note = f"{'・'.join(names)}の近さ（住民基本台帳人口 {year}年1月1日、標準偏差を単位とする距離）" if year else ""
    return Likeness(similar=similar, types=tuple(types), note=note)


def _all_similar(
    table: Floats, region_ids: Sequence[int], *, names: Sequence[str], count: int
) -> tuple[tuple[SimilarArea, ...], ...]:
    """What `zaitaku.lib.statistics.similarity.similar_areas` finds for one region, for all at once.

    A region that lacks a variable here lacks them all (they come from one register), so none is compared in part.
    """
    scores = standardise(table)
    square = sum((np.subtract.outer(column, column) ** 2 for column in scores.T), start=np.zeros((len(table),) * 2))
    distance = np.sqrt(square / len(names))
    np.fill_diagonal(distance, np.nan)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :count]
    return tuple(
        tuple(
            SimilarArea(
                region_id=int(region_ids[other]),
                distance=round(float(distance[place, other]), 2),
                differences={
                    name: round(float(scores[other, number] - scores[place, number]), 2)
                    for number, name in enumerate(names)
                },
            )
            for other in nearest[place]
            if not np.isnan(distance[place, other])
        )
        for place in range(len(table))
    )


def _variables(region_ids: Sequence[int]) -> tuple[dict[str, Floats], int | None]:
    """The variables of each region, and the year of the register they are from."""
    structure = read_structure()
    measures = (_TOTAL, _AGED_75, _AGED_85)
    population = read_population(set(measures), structure, up_to=9999)
    years = [year for measure, basis, year in population if (measure, basis) == (_TOTAL, _REGISTER)]
    rows = structure.rows_of(np.array(region_ids, dtype=np.int64))
    if not years:
        nothing = np.full(len(region_ids), np.nan)
        return {"population": nothing, "share_75": nothing, "share_85": nothing}, None
    inputs = Inputs(structure, {}, population)
    total, aged_75, aged_85 = (
        np.where(rows >= 0, inputs.denominator(measure, max(years))[0].value[rows], np.nan) for measure in measures
    )
    people = np.where(total > 0, total, np.nan)
    return {"population": np.log(people), "share_75": aged_75 / people, "share_85": aged_85 / people}, max(years)
