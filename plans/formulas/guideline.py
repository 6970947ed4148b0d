"""Whether a plan holds what the 指針 asks for, told from its records alone. Pure.

The check sees that something is there, not whether it is good: the words beside each answer say what was counted.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from plans.formulas.content import Content, Record, records

REQUIRED_TARGETS = frozenset({"DAY_S01"})
SCENES = ("退院支援", "日常の療養支援", "急変時の対応", "看取り")
_THEMES = {
    "disaster": ("災害・BCP",),
    "children": ("小児・医療的ケア児",),
    "professions": ("歯科", "薬局", "リハビリテーション・栄養"),
    "workforce": ("人材",),
    "public": ("ACP・住民への普及啓発",),
}


class Held(enum.StrEnum):
    """Whether the plan holds it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"

    @property
    def label(self) -> str:
        return {"yes": "あり", "partly": "一部", "no": "なし"}[self.value]

    @property
    def symbol(self) -> str:
        return {"yes": "○", "partly": "△", "no": "×"}[self.value]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item and what it was told from."""

    held: Held
    said: str


def check_guideline(content: Content, *, areas: Collection[str]) -> Mapping[str, Answer]:
    """The answer to every item that can be told from the records, by its key. `areas`: names of the plan's areas."""
    found = {
        "present": _chapter(content, "present-state", and_citations=True),
        "areas": Answer(Held.YES if areas else Held.NO, f"{len(areas)}圏域"),
        "active": _designated(content, "積極的", areas),
        "hub": _designated(content, "拠点", areas),
        "scenes": _all_of("場面", SCENES, {one["scene"] for one in records(content, "policies")}),
        "required_target": _required(content),
        "targets": _counted(content, "targets", "件"),
        "demand": _in_areas("圏域", [one["area"] for one in records(content, "demand")], areas),
        "roadmap": _roadmap(content),
        "schedule": _counted(content, "schedule", "件"),
        "meetings": _meetings(content),
        "evaluation": _chapter(content, "promotion"),
        "discharge_rules": _in_areas("圏域", [one["area"] for one in records(content, "discharge_rules")], areas),
    }
    themes = {one["theme"] for one in records(content, "policies")}
    return found | {key: _all_of("施策", wanted, themes) for key, wanted in _THEMES.items()}


def _share(part: int, whole: int, said: str) -> Answer:
    return Answer(Held.NO if not part else Held.YES if part >= whole else Held.PARTLY, said)


def _chapter(content: Content, key: str, *, and_citations: bool = False) -> Answer:
    text = next((one["text"] for one in records(content, "chapters") if one["key"] == key), "")
    letters = len("".join(text.split()))
    said = f"本文{letters:,}字"
    if not and_citations:
        return Answer(Held.YES if letters else Held.NO, said)
    cited = len(records(content, "citations"))
    return _share(bool(letters) + bool(cited), 2, f"{said}、引用した数値{cited}")


def _designated(content: Content, word: str, areas: Collection[str]) -> Answer:
    found = [one["area"] for one in records(content, "designations") if word in one["kind"]]
    return _in_areas("圏域", found, areas, count=f"{len(found):,}機関、")


def _in_areas(noun: str, found: Sequence[str], areas: Collection[str], *, count: str = "") -> Answer:
    """In how many of the areas there is one; without areas, whether there is any."""
    inside = len(set(found) & set(areas))
    if not areas:
        return Answer(Held.PARTLY if found else Held.NO, f"{count}{noun}の設定なし")
    return _share(inside, len(areas), f"{count}{len(areas)}{noun}のうち{inside}")


def _all_of(noun: str, wanted: Sequence[str], found: Collection[str]) -> Answer:
    missing = [one for one in wanted if one not in found]
    said = f"{'・'.join(missing)}の{'施策' if noun == '場面' else noun}がない" if missing else "すべてある"
    return _share(len(wanted) - len(missing), len(wanted), said)


def _required(content: Content) -> Answer:
    codes = {one["indicator_code"] for one in records(content, "targets")}
    held = bool(codes & REQUIRED_TARGETS)
    return Answer(Held.YES if held else Held.NO, "目標がある" if held else "この指標の目標がない")


def _counted(content: Content, section: str, noun: str) -> Answer:
    number = len(records(content, section))
    return Answer(Held.YES if number else Held.NO, f"{number:,}{noun}")


def _with(found: Sequence[Record], key: str) -> int:
    return sum(bool(one.get(key)) for one in found)


def _roadmap(content: Content) -> Answer:
    policies = records(content, "policies")
    planned = _with(policies, "steps")
    return _share(planned, max(len(policies), 1), f"施策{len(policies)}のうち{planned}に年度の予定")


def _meetings(content: Content) -> Answer:
    meetings = records(content, "meetings")
    decided = _with(meetings, "decisions")
    return _share(bool(meetings) + bool(decided), 2, f"{len(meetings)}回、うち決定のある回{decided}")
