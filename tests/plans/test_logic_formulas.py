"""Checks and drawing of the logic model, on models small enough to see through."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from plans.formulas.logic_checks import Aim, Edge, Model, Node, check_logic_model
from plans.formulas.logic_drawing import Box, describe, draw_logic_model

NODES = (
    Node(id=1, kind="policy", title="研修を行う", policy=7),
    Node(id=2, kind="activity", title="診療所が始める", indicator="DAY_S22"),
    Node(id=3, kind="intermediate", title="受けられる人が増える", indicator="DAY_P13"),
    Node(id=4, kind="outcome", title="望む場所で過ごせる"),
)
EDGES = tuple(Edge(source=one, target=one + 1, reason="理由") for one in (1, 2, 3))
WHOLE = Model(
    nodes=NODES,
    edges=EDGES,
    aims=[Aim(indicator="DAY_P13", direction="raise")],
    policies={7: "研修"},
    indicators={"DAY_S22": "在支診", "DAY_P13": "訪問診療"},
    good={"DAY_S22": "higher", "DAY_P13": "higher"},
    valued={"DAY_S22", "DAY_P13"},
)


def checks(model: Model) -> list[tuple[str, int | None]]:
    return [(one.check, one.record) for one in check_logic_model(model)]


def test_a_whole_model_has_nothing_to_mend() -> None:
    assert checks(WHOLE) == []


def test_a_policy_that_leads_to_no_indicator_is_named() -> None:
    bare = [replace(node, indicator="") for node in NODES]
    assert checks(replace(WHOLE, nodes=bare, aims=[])) == [("指標のない施策", 1)]


def test_outcomes_that_no_policy_leads_to_are_named() -> None:
    assert checks(replace(WHOLE, edges=EDGES[1:])) == [
        ("指標のない施策", 1),
        ("施策のないアウトカム", 3),
        ("施策のないアウトカム", 4),
        ("つながりのない項目", 1),
    ]


def test_an_arrow_back_is_an_error_and_a_circle_does_not_hang_the_check() -> None:
    circle = (*EDGES, Edge(source=3, target=2, reason="理由"))
    assert checks(replace(WHOLE, edges=circle)) == [("逆向きのつながり", 3)]


def test_a_target_in_the_wrong_direction_is_an_error() -> None:
    assert checks(replace(WHOLE, aims=[Aim(indicator="DAY_P13", direction="lower")])) == [("方向", 3)]
    neutral = replace(WHOLE, good={}, aims=[Aim(indicator="DAY_P13", direction="lower")])
    assert checks(neutral) == []


def test_indicators_that_no_table_holds_are_found_in_every_text() -> None:
    edge = replace(EDGES[2], evidence="指標「ない指標」とEOL_S99による")
    found = check_logic_model(replace(WHOLE, edges=(*EDGES[:2], edge)))
    assert [one.text for one in found] == [
        "「受けられる人が増える」に書かれた指標EOL_S99は、指標カタログにありません。",
        "「受けられる人が増える」に書かれた指標「ない指標」は、指標カタログにありません。",
    ]
    nodes = (*NODES[:3], replace(NODES[3], indicator="ZZZ_S01"))
    assert checks(replace(WHOLE, nodes=nodes)) == [("ない指標", 4)]


def test_an_indicator_without_value_or_baseline_is_named() -> None:
    assert checks(replace(WHOLE, valued={"DAY_S22"})) == [("現状値のない目標", 3)]
    aims = [Aim(indicator="DAY_P13", direction="raise", has_baseline=False)]
    assert checks(replace(WHOLE, aims=aims)) == [("現状値のない目標", 3)]


def test_remarks_come_last() -> None:
    model = replace(WHOLE, aims=[], policies={7: "研修", 8: "輪番"}, edges=(*EDGES[:2], replace(EDGES[2], reason=" ")))
    assert [one for one, _ in checks(model)] == ["目標のない指標", "モデルにない施策", "理由のないつながり"]


def test_the_drawing_holds_every_box_once_and_every_arrow_and_escapes_what_was_typed() -> None:
    boxes = [
        Box(id=1, column=0, title="<b>研修</b> & 支援", href="#node-1"),
        Box(id=2, column=1, title="始める", notes=("◆在支診",)),
    ]
    svg = draw_logic_model(boxes, [(1, 2), (1, 99)], heads=["施策", "活動"], title="図", with_links=True)
    root = ElementTree.fromstring(svg)  # noqa: S314 - what was drawn here
    space = "{http://www.w3.org/2000/svg}"
    texts = [one.text for one in root.iter(f"{space}text")]
    assert texts == ["施策", "活動", "<b>研修</b> & 支援", "始める", "◆在支診"]
    assert [one.get("href") for one in root.iter(f"{space}a")] == ["#node-1"]
    assert len(list(root.iter(f"{space}path"))) == 2  # the curve and its tip; an unknown box has no arrow
    words = describe(boxes, [(1, 2)], heads=["施策", "活動"])
    assert words == "施策：<b>研修</b> & 支援。活動：始める。「<b>研修</b> & 支援」から「始める」へ。"
