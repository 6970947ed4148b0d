"""A printed plan as plain blocks, made from the snapshot of a version; Word and PDF are written from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plans.formulas.citing import with_citations
from plans.formulas.content import Content, as_text, records
from plans.formulas.period import period_text
from zaitaku.lib.fiscal_years import format_fiscal_year
from zaitaku.lib.pictures import Caption as PictureCaption
from zaitaku.lib.pictures import in_format


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Text with marks (`zaitaku.lib.markdown`); its headings begin below `level`."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: `widths` are parts of the page's width, `numbers` the columns set to the right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure as vectors (PDF) and as points (Word), with what it shows in words."""

    name: str
    caption: str
    alt: str
    svg: bytes
    png: bytes


def make_picture(name: str, svg: bytes, *, caption: PictureCaption, alt: str) -> Picture:
    """A figure that is drawn, as both."""
    png = in_format(svg, caption=caption, file_format="png")
    return Picture(name=name, caption=caption.title, alt=alt, svg=svg, png=png)


Block = Heading | Prose | Grid | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument:
    """What is printed. `marks` (版, 状態, データの版 …) stand on the title page and `footer` on every page."""

    title: str
    subtitle: str
    marks: tuple[tuple[str, str], ...]
    footer: str
    blocks: tuple[Block, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """What is known beside the content: the version's marks, pictures by chapter key, names of indicators, sources."""

    marks: tuple[tuple[str, str], ...]
    pictures: Mapping[str, Sequence[Picture]]
    indicator_names: Mapping[str, str]
    sources: tuple[str, ...]


def make_document(content: Content, printing: Printing) -> PlanDocument:
    """The whole plan: chapters in order, each followed by the tables and pictures that belong to it."""
    head = content["plan"]
    demo = "【デモ】" if head.get("is_demo") else ""
    period = head["period"]
    return PlanDocument(
        title=f"{demo}{head['title']}",
        subtitle=f"{head['prefecture_name']}　{period_text(period)}",
        marks=printing.marks,
        footer=f"{demo}{head['title']}　{printing.marks[0][1] if printing.marks else ''}",
        blocks=tuple(_blocks(content, printing)),
        sources=printing.sources,
    )


def _blocks(content: Content, printing: Printing) -> Iterator[Block]:
    cited = {one["id"]: one for one in records(content, "citations")}
    for chapter in records(content, "chapters"):
        yield Heading(1, chapter["title"])
        if chapter["text"].strip():
            yield Prose(with_citations(chapter["text"], cited))
        yield from printing.pictures.get(chapter["key"], ())
        for make in _TABLES.get(chapter["key"], ()):
            if (grid := make(content, printing)) is not None:
                yield grid


def _grid(caption: str, columns: Sequence[tuple[str, float, bool]], rows: Sequence[Sequence[object]]) -> Grid | None:
    """A table of (label, width, is number) columns; None without rows, since an empty table tells nothing."""
    if not rows:
        return None
    return Grid(
        caption=caption,
        header=tuple(label for label, _, _ in columns),
        rows=tuple(tuple(as_text(cell) for cell in row) for row in rows),
        widths=tuple(width for _, width, _ in columns),
        numbers=frozenset(number for number, (_, _, is_number) in enumerate(columns) if is_number),
    )


def _designations(content: Content, _: Printing) -> Grid | None:
    names = ("kind", "area", "name", "address", "body_kind", "serves")
    return _grid(
        "積極的役割を担う医療機関・連携を担う拠点の一覧",
        [
            ("区分", 2, False),
            ("圏域", 1.5, False),
            ("名称", 3, False),
            ("所在地", 3, False),
            ("種類", 1.2, False),
            ("担当する市区町村", 2.3, False),
        ],
        [[one[name] for name in names] for one in records(content, "designations")],
    )


def _demand(content: Content, _: Printing) -> Grid | None:
    rows = []
    for one in records(content, "demand"):
        home = one["natural_increase"] + one["transferred"] * one["home_share"]
        care = one["transferred"] * (1 - one["home_share"])
        shown = (one["area"], format_fiscal_year(one["year"]), one["natural_increase"], one["transferred"])
        rows.append((*shown, f"{one['home_share']:.1%}", round(home, 1), round(care, 1), one["meeting"]))
    return _grid(
        "在宅の整備目標（人/日）",
        [
            ("圏域", 1.5, False),
            ("年度", 2, False),
            ("自然増", 1, True),
            ("追加的需要", 1.2, True),
            ("在宅の按分率", 1.2, True),
            ("在宅", 1, True),
            ("介護サービス", 1.2, True),
            ("合意した会議", 2, False),
        ],
        rows,
    )


def _targets(content: Content, printing: Printing) -> Grid | None:
    rows = [
        (
            printing.indicator_names.get(one["indicator_code"], one["indicator_code"]),
            one["region"],
            f"{one['baseline_text']}（{one['baseline_year']}）",
            "、".join(f"{year}：{as_text(value)}" for year, value in sorted(one["milestones"].items())),
            f"{as_text(one['end_value'])}（{one['end_year']}）",
            one["baseline_source"],
        )
        for one in records(content, "targets")
    ]
    return _grid(
        "数値目標",
        [
            ("指標", 3, False),
            ("地域", 1.2, False),
            ("現状値（年度）", 1.6, True),
            ("各年の目標", 1.8, False),
            ("目標値（年度）", 1.6, True),
            ("出典", 2.6, False),
        ],
        rows,
    )


def _policies(content: Content, _: Printing) -> Grid | None:
    rows = [
        (one["scene"], one["title"], one["text"], one["owner"], f"{one['starts']}–{one['ends']}", one["steps"])
        for one in records(content, "policies")
    ]
    return _grid(
        "施策とロードマップ",
        [
            ("場面", 1.2, False),
            ("施策", 2.2, False),
            ("内容", 3.4, False),
            ("担当", 1.4, False),
            ("年度", 1.2, False),
            ("ロードマップ", 2.6, False),
        ],
        rows,
    )


def _logic(content: Content, printing: Printing) -> Grid | None:
    rows = [
        (one["kind"], one["title"], printing.indicator_names.get(one["indicator_code"], ""), one["policy"])
        for one in records(content, "logic_nodes")
    ]
    return _grid(
        "ロジックモデルの項目",
        [("段階", 1.4, False), ("内容", 3.5, False), ("指標", 3, False), ("施策", 2.5, False)],
        rows,
    )


def _logic_edges(content: Content, _: Printing) -> Grid | None:
    rows = [(one["name"], one["reason"], one["evidence"]) for one in records(content, "logic_edges")]
    return _grid("つながりとその根拠", [("つながり", 3, False), ("理由", 3.5, False), ("根拠", 3.5, False)], rows)


def _meetings(content: Content, _: Printing) -> Grid | None:
    rows = [(one["held_on"], one["name"], one["members"], one["decisions"]) for one in records(content, "meetings")]
    columns = [("開催日", 1.4, False), ("会議", 2.2, False), ("構成員", 3, False), ("決定・意見", 3.4, False)]
    return _grid("協議の場", columns, rows)


def _schedule(content: Content, _: Printing) -> Grid | None:
    rows = [(one["starts_on"], one["ends_on"], one["title"], one["owner"]) for one in records(content, "schedule")]
    columns = [("開始", 1.4, False), ("終了", 1.4, False), ("内容", 5, False), ("担当", 2.2, False)]
    return _grid("年間スケジュール", columns, rows)


def _discharge_rules(content: Content, _: Printing) -> Grid | None:
    rows = [
        (one["area"], one["agreed_on"], _share(one), _participants(one), one["review_on"], one.get("contact", ""))
        for one in records(content, "discharge_rules")
    ]
    columns = [
        ("圏域", 1.6, False),
        ("合意日", 1.4, False),
        ("参加病院", 1.3, True),
        ("参加する市町村・機関", 3.4, False),
    ]
    return _grid("入退院支援ルール", [*columns, ("見直し予定", 1.4, False), ("問い合わせ先", 1.6, False)], rows)


def _participants(rule: Mapping[str, Any]) -> str:
    """Municipalities, then the others; versions made before rules named municipalities have only the others."""
    return "。".join(part for part in ("、".join(rule.get("municipalities", ())), rule["participants"]) if part)


def _share(rule: Mapping[str, Any]) -> str:
    if rule["hospitals"] is None:
        return ""
    return f"{rule['hospitals']}/{rule['hospitals_of']}" if rule["hospitals_of"] is not None else str(rule["hospitals"])


def _target_evaluations(content: Content, _: Printing) -> Grid | None:
    rows = [
        (one["year"], one["name"], _with_interval(one), _judged(one), one["cause"], one["next_action"])
        for one in records(content, "target_evaluations")
    ]
    return _grid("数値目標の評価", _evaluation_columns("指標と地域"), rows)


def _policy_evaluations(content: Content, _: Printing) -> Grid | None:
    rows = [
        (one["year"], one["name"], one["actual"], _judged(one), one["cause"], one["next_action"])
        for one in records(content, "policy_evaluations")
    ]
    return _grid("施策の評価", _evaluation_columns("施策"), rows)


def _evaluation_columns(name: str) -> list[tuple[str, float, bool]]:
    columns = [("年度", 0.8, False), (name, 2, False), ("実績", 2.2, False), ("評価", 2, False)]
    return [*columns, ("要因", 2, False), ("次の取組", 2, False)]


def _with_interval(one: Mapping[str, Any]) -> str:
    return f"{one['actual']}　95％信頼区間 {one['interval']}" if one["interval"] else str(one["actual"])


def _judged(one: Mapping[str, Any]) -> str:
    """The judgement; one made by hand says what the rule gave and why."""
    if not one["changed_because"]:
        return f"{one['judgement']}：{one['rule_text']}"
    return f"{one['judgement']}（変更。決まりでは{one['rule_judgement']}）：{one['changed_because']}"


def _plan_evaluations(content: Content, _: Printing) -> Grid | None:
    names = {"summary": "総括", "outcome": "成果", "structure": "提供体制", "issues": "課題と要因", "direction": "方向"}
    names |= {"opinions": "協議の場の意見と対応", "verified": "位置付けの検証（機関数）", "conclusion": "結論"}
    rows = [
        (one["name"], label, one[key])
        for one in records(content, "plan_evaluations")
        for key, label in names.items()
        if one[key]
    ]
    return _grid("計画の評価", [("評価", 1.6, False), ("項目", 1.6, False), ("内容", 6, False)], rows)


_TABLES: Mapping[str, Sequence[Callable[[Content, Printing], Grid | None]]] = {
    "present-state": (_demand,),
    "areas": (_designations,),
    "policies": (_policies,),
    "targets": (_targets,),
    "logic-model": (_logic, _logic_edges),
    "promotion": (
        _meetings,
        _schedule,
        _discharge_rules,
        _target_evaluations,
        _policy_evaluations,
        _plan_evaluations,
    ),
}
