"""The map of a plan's areas with the active institutions and hubs, for documents."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from institutions.models import Designation
from plans.area_maps import PALETTE, AreaMap, make_area_map
from plans.exports.document import Picture, make_picture
from plans.formulas.content import Content, records
from plans.formulas.partition import Partition, coloured, from_groups
from plans.models import Plan
from plans.queries.area_frame import Frame, get_frame
from regions import area_maps
from regions.models import AreaMembership, AreaScheme
from zaitaku.lib.pictures import Caption, LegendEntry, draw_svg

_PATTERNS = (
    '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate({})">'
    '<rect width="6" height="6" fill="#FFFFFF"/><path d="M0 0V6" stroke="#767676" stroke-width="1.5"/></pattern></defs>'
)
_MARKS = {Designation.Kind.ACTIVE: "#1A1A1A", Designation.Kind.HUB: "#0017C1"}


def make_area_picture(plan: Plan, scheme: AreaScheme, content: Content, *, on: dt.date) -> Picture | None:
    """Areas in colours with borders and names, ▲ and ■ with numbers by municipality; None without areas."""
    code = plan.prefecture.code
    members = AreaMembership.objects.filter(scheme=scheme, area__parent=plan.prefecture).order_by("area__code")
    groups: dict[str, list[str]] = {}
    for name, unit in members.values_list("area__name", "unit__code"):
        groups.setdefault(name, []).append(unit)
    if not groups:
        return None
    frame = get_frame(code, on=on)
    partition = coloured(from_groups(groups.items()), frame.neighbours)
    counts = _counts(content)
    caption = _caption(plan, scheme)
    svg = _svg(make_area_map(partition, frame, prefecture_code=code), _marks(counts, frame, code), caption.title)
    drawn = draw_svg(svg, caption=caption, file_format="svg", legend=_legend(partition))
    return make_picture("area-map", drawn, caption=caption, alt=_alt(groups, counts))


def _caption(plan: Plan, scheme: AreaScheme) -> Caption:
    demo = "【デモ】" if plan.is_demo else ""
    return Caption(
        title=f"{demo}圏域と積極的役割を担う医療機関・連携を担う拠点（{plan.prefecture.name}）",
        filters=f"{scheme.name}　▲ 積極的役割を担う医療機関の数　■ 連携を担う拠点の数（市区町村別）",
        as_of="医療機関・拠点は、この計画に記したもの",
        source="出典：位置付けの登録簿。境界は国土交通省「国土数値情報（行政区域データ）」を加工して作成",
    )


def _counts(content: Content) -> Mapping[tuple[str, str], int]:
    """The institutions that the content names, by municipality and category."""
    kinds = {one["id"]: one["kind"] for one in records(content, "designations")}
    places = Designation.objects.filter(pk__in=list(kinds), body__unit__isnull=False)
    return Counter((unit, kinds[pk]) for pk, unit in places.values_list("pk", "body__unit__code"))


def _marks(counts: Mapping[tuple[str, str], int], frame: Frame, prefecture_code: str) -> Iterator[str]:
    """A triangle and a square with numbers on each shape that has any."""
    spots = area_maps.unit_spots(prefecture_code)
    for shape, units in frame.drawn.items():
        if shape not in spots:
            continue
        left, top = spots[shape].x - 14, spots[shape].y + 8
        for place, kind in enumerate(_MARKS):
            number = sum(counts.get((unit, kind.label), 0) for unit in units)
            if number:
                yield _mark(kind, number, x=left + 26 * place, y=top)


def _mark(kind: Designation.Kind, number: int, *, x: float, y: float) -> str:
    triangle = kind == Designation.Kind.ACTIVE
    shape = f"M{x:g} {y + 9:g}l5 -9l5 9Z" if triangle else f"M{x:g} {y:g}h9v9h-9Z"
    mark = f'<path d="{shape}" fill="{_MARKS[kind]}" stroke="#FFFFFF" stroke-width="0.6"/>'
    return mark + f'<text x="{x + 11:g}" y="{y + 9:g}" font-size="10" fill="#1A1A1A">{number}</text>'


def _svg(drawn: AreaMap, marks: Iterator[str], title: str) -> str:
    shapes = "".join(f'<path d="{shape.path}" fill="{shape.fill}"/>' for shape in drawn.shapes)
    # Middle-anchored text has no outline picture: each name is set half its width to the left.
    labels = "".join(
        f'<text x="{label.x - 6 * len(label.text):g}" y="{label.y:g}" font-size="12" fill="#1A1A1A">'
        f"{escape(label.text)}</text>"
        for label in drawn.labels
    )
    frames = "".join(
        f'<rect x="{frame.x:g}" y="{frame.y:g}" width="{frame.width:g}" height="{frame.height:g}" fill="none"'
        f' stroke="#767676"/>'
        for frame in drawn.sheet.frames
    )
    patterns = "".join(_PATTERNS.format(name, turn) for name, turn in (("unassigned", 45), ("out-of-scope", 0)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{drawn.view_box}"><title>{escape(title)}</title>{patterns}'
        f'<g stroke="#6B6B6B" stroke-width="0.5" fill-rule="evenodd">{shapes}</g>'
        f'<path d="{drawn.borders}" fill="none" stroke="#1A1A1A" stroke-width="1.6"/>'
        f"{frames}{labels}{''.join(marks)}</svg>"
    )


def _legend(partition: Partition) -> list[LegendEntry]:
    return [LegendEntry(fill=PALETTE[one.colour % len(PALETTE)], label=one.name) for one in partition.areas.values()]


def _alt(groups: Mapping[str, list[str]], counts: Mapping[tuple[str, str], int]) -> str:
    """The map in words: the areas with the numbers of both kinds in each."""
    said = []
    for name, units in groups.items():
        active, hubs = (sum(counts.get((unit, kind.label), 0) for unit in units) for kind in _MARKS)
        said.append(f"{name}（{len(units)}市区町村、積極的役割{active}、拠点{hubs}）")
    return "圏域の地図。" + "、".join(said)
