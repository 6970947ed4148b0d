"""What the editor's page and its answers to the script are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from plans.area_maps import PALETTE, PALETTE_NAMES, AreaMap, make_area_map, map_json
from plans.area_rows import choice_rows, finding_rows, indicator_rows, overview_rows
from plans.formulas.partition import counterparts
from plans.queries.area_drafts import DraftState
from plans.queries.area_frame import Frame, get_frame
from plans.queries.area_live import LiveDraft, get_live


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """One unit, or a designated city as a whole (`units` are then its wards), in the table of the editor."""

    code: str
    name: str
    units: tuple[str, ...]
    area: int | None
    area_name: str
    is_city: bool = False
    city: str = ""
    aged: str = ""
    candidates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """The whole state of the editor."""

    state: DraftState
    live: LiveDraft
    map: AreaMap
    lines: tuple[UnitLine, ...]
    chosen: int | None

    @property
    def results(self) -> SafeString:
        """The part that is replaced after every change."""
        return render_to_string("plans/areas/results.html", {"editor": self, "live": self.live, "state": self.state})

    @property
    def palette(self) -> list[tuple[int, str, str]]:
        """Colours by number, value and name."""
        return [(number, value, PALETTE_NAMES[number]) for number, value in enumerate(PALETTE)]

    @property
    def area_choices(self) -> SafeString:
        """The areas to choose from with their fill."""
        fills = [PALETTE[row.area.colour % len(PALETTE)] for row in self.live.areas]
        return choice_rows(self.live.areas, fills=fills, chosen=self.chosen)

    @property
    def findings(self) -> SafeString:
        """What is to be mended or looked at."""
        return finding_rows(self.live.findings)

    @property
    def aged_range(self) -> str:
        """Persons of 75 and over in the smallest and the largest area."""
        column = next(column for column in self.live.columns if column.key == "aged75")
        return short_range([cell.value for cell in column.cells])

    @property
    def is_stale(self) -> bool:
        """Whether the data changed since somebody looked at the results."""
        return bool(self.state.looked_at_data) and self.state.looked_at_data != self.live.data_version

    @property
    def overview(self) -> SafeString:
        """Rows of the overview, written in Python: a template would take longer than the computation."""
        return overview_rows(self.live)

    @property
    def matrix(self) -> SafeString:
        """Rows of the indicators."""
        return indicator_rows(self.live.indicators)


def make_editor(state: DraftState, *, on: dt.date, chosen: int | None = None) -> Editor:
    """Compute and draw a draft."""
    frame = get_frame(state.prefecture_code, on=on)
    live = get_live(state.partition, prefecture_code=state.prefecture_code, on=on)
    numbers = sorted(state.partition.areas)
    return Editor(
        state=state,
        live=live,
        map=make_area_map(state.partition, frame, prefecture_code=state.prefecture_code),
        lines=tuple(_lines(frame, state, live)),
        chosen=chosen if chosen in state.partition.areas else next(iter(numbers), None),
    )


def _lines(frame: Frame, state: DraftState, live: LiveDraft) -> list[UnitLine]:
    """Units by code; before the wards of a city the city, so that it can be moved as a whole."""
    lines: list[UnitLine] = []
    done: set[str] = set()
    for unit in frame.units:
        city = frame.cities.get(unit.code)
        if city is not None and city.code not in done:
            done.add(city.code)
            name = f"{city.name}（全{len(city.wards)}区）"
            lines.append(_line(state, live, code=city.code, name=name, units=city.wards))
        of = city.code if city is not None else ""
        lines.append(_line(state, live, code=unit.code, name=unit.name, units=(unit.code,), city=of))
    return lines


def _line(
    state: DraftState, live: LiveDraft, *, code: str, name: str, units: tuple[str, ...], city: str = ""
) -> UnitLine:
    found = {state.partition.area_of.get(unit) for unit in units}
    area = found.pop() if len(found) == 1 else None
    mixed = bool(found)
    known = "複数の圏域" if mixed else state.partition.areas[area].name if area is not None else "未割当"
    return UnitLine(
        code=code,
        name=name,
        units=units,
        area=area,
        area_name=known,
        is_city=len(units) > 1,
        city=city,
        aged=_sum(live.aged, units),
        candidates=_sum(live.candidates, units),
    )


def _sum(numbers: Mapping[str, float] | None, units: tuple[str, ...]) -> str:
    """The sum as text; データなし if any part is not known."""
    if numbers is None or any(unit not in numbers for unit in units):
        return "データなし"
    return f"{sum(numbers[unit] for unit in units):,.0f}"


def editor_json(editor: Editor, *, message: str = "") -> dict[str, object]:
    """The answer to the script after a change."""
    return {
        "version": editor.state.version,
        "map": map_json(editor.map),
        "areas": {line.code: line.area_name for line in editor.lines},
        "palette": render_to_string("plans/areas/palette.html", {"editor": editor}),
        "results": editor.results,
        "summary": render_to_string("plans/areas/summary.html", {"editor": editor, "live": editor.live}),
        "message": message,
        "canUndo": editor.state.can_undo,
        "canRedo": editor.state.can_redo,
        "unassigned": len(editor.live.unassigned),
        "steps": editor.state.steps,
        "choices": [[row.area.number, row.area.name] for row in editor.live.areas],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two drafts; `differing` are the units whose area in one does not correspond to their area in the other."""

    one: Editor
    other: Editor
    differing: tuple[tuple[str, str, str, str], ...]
    figures: tuple[tuple[str, str, str], ...]

    @property
    def editors(self) -> tuple[Editor, Editor]:
        """Both drafts."""
        return self.one, self.other

    @property
    def marked(self) -> list[str]:
        """Path data of the shapes with a unit that differs."""
        codes = {code for code, *_ in self.differing}
        return [shape.path for shape in self.one.map.shapes if codes & set(shape.units)]


def make_comparison(one: DraftState, other: DraftState, *, on: dt.date) -> Comparison:
    """Compute both drafts and what differs between them, unit by unit."""
    editors = make_editor(one, on=on), make_editor(other, on=on)
    names = editors[0].live.names
    same = counterparts(one.partition, other.partition)
    mine, theirs = one.partition.area_of, other.partition.area_of
    differing = [
        (code, name, area_name(one, code), area_name(other, code))
        for code, name in names.items()
        if (same.get(mine[code]) if code in mine else None) != theirs.get(code)
    ]
    return Comparison(
        one=editors[0], other=editors[1], differing=tuple(differing), figures=tuple(_figures(editors[0], editors[1]))
    )


def area_name(state: DraftState, unit: str) -> str:
    """The area of a unit by name."""
    number = state.partition.area_of.get(unit)
    return state.partition.areas[number].name if number is not None else "未割当"


def _figures(one: Editor, other: Editor) -> list[tuple[str, str, str]]:
    """What tells two drafts apart at a glance, each as text."""
    rows = [
        ("圏域の数", *(str(len(editor.live.areas)) for editor in (one, other))),
        ("未割当の市区町村", *(str(len(editor.live.unassigned)) for editor in (one, other))),
        ("飛び地", *(str(editor.live.pieces_apart) for editor in (one, other))),
        ("要修正の確認事項", *(str(editor.live.errors) for editor in (one, other))),
        ("要確認の確認事項", *(str(editor.live.warnings) for editor in (one, other))),
    ]
    for number, column in enumerate(one.live.columns):
        pair = (column, other.live.columns[number])
        rows.append(
            (f"{column.label}（圏域の最小〜最大）", *(short_range([c.value for c in col.cells]) for col in pair))
        )
    return [(label, left, right) for label, left, right in rows]


def short_range(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "データなし"
    decimals = 0 if all(float(value).is_integer() for value in known) else 1
    return f"{min(known):,.{decimals}f}〜{max(known):,.{decimals}f}".replace("-", "−")
