"""The logic model as a picture for documents: vectors for PDF, points for Word, and the same in words."""

from __future__ import annotations

from plans.exports.document import Picture, make_picture
from plans.formulas.logic_drawing import Box, describe
from plans.formulas.period import period_text
from plans.models import Plan
from plans.queries.logic import get_logic_model, make_drawing
from zaitaku.lib.pictures import Caption, draw_svg


def caption_of(plan: Plan) -> Caption:
    """What stands above and below the drawing."""
    demo = "【デモ】" if plan.is_demo else ""
    return Caption(
        title=f"{demo}ロジックモデル（{plan.title}）",
        filters=f"{plan.prefecture.name}　{period_text(plan.period)}",
        as_of="◆は指標。値・順位は、この図を作った時点の公表値による",
        source=f"{plan.prefecture.name}作成",
    )


def make_logic_picture(plan: Plan) -> Picture | None:
    """The model of a plan as it stands; None while it has no boxes."""
    model = get_logic_model(plan)
    if not model.rows:
        return None
    caption = caption_of(plan)
    svg = make_drawing(model, title=caption.title, with_links=False)
    boxes = [
        Box(id=row.node.pk, column=number, title=row.node.title)
        for number, column in enumerate(model.columns)
        for row in column.rows
    ]
    edges = [(one.source_id, one.target_id) for one in model.edges]
    drawn = draw_svg(svg, caption=caption, file_format="svg")
    alt = describe(boxes, edges, heads=[column.label for column in model.columns])
    return make_picture("logic-model", drawn, caption=caption, alt=alt)
