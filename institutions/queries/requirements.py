"""How designations stand to the requirements: one by one, and as a matrix of items by bodies."""

from __future__ import annotations

from dataclasses import dataclass

from institutions.definitions.requirements import Item, requirement_set
from institutions.models import RequirementAnswer
from institutions.queries.designations import get_designations
from institutions.results import MET, UNVERIFIED, DesignationAreas, DesignationRow


def get_answers(designation_id: int, *, set_key: str) -> dict[int, RequirementAnswer]:
    """The stored answers of a designation by number of the item."""
    return {one.item: one for one in RequirementAnswer.objects.filter(designation=designation_id, set_key=set_key)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """One item of an area: the answer of each body (key and label), and how many meet it."""

    item: Item
    answers: tuple[tuple[str, str], ...]
    met: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaGaps:
    """The matrix of one area."""

    name: str
    rows: tuple[DesignationRow, ...]
    lines: tuple[GapLine, ...]


def get_gaps(prefecture_code: str, period: int, *, kind: str, areas: DesignationAreas) -> tuple[AreaGaps, ...]:
    """Items by bodies for each area that has open designations of the category."""
    wanted = requirement_set(kind, period=period)
    rows = [row for row in get_designations(prefecture_code, period) if row.kind == kind]
    if wanted is None or not rows:
        return ()
    stored = RequirementAnswer.objects.filter(designation__in=[row.id for row in rows], set_key=wanted.key)
    given = {(one.designation_id, one.item): str(one.answer) for one in stored}
    labels = {key: str(label) for key, label in RequirementAnswer.Answer.choices}
    names = [(area.id, area.name) for area in areas.areas] + [(0, "圏域未定")]
    found = []
    for area_id, name in names:
        inside = tuple(row for row in rows if (row.area.id if row.area else 0) == area_id)
        if not inside:
            continue
        lines = []
        for item in wanted.items:
            answers = [given.get((row.id, item.number), UNVERIFIED) for row in inside]
            lines.append(
                GapLine(
                    item=item, answers=tuple((key, labels[key]) for key in answers), met=sum(a == MET for a in answers)
                )
            )
        found.append(AreaGaps(name=name, rows=inside, lines=tuple(lines)))
    return tuple(found)
