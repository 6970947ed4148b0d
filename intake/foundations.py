"""Files that regions and areas are made from: taken in as a check that they say what is stored.

Regions, areas and maps are made from several files together, by dated rules (`regions/definitions`), so one file alone
amends none of them. What it can do is confirm or contradict them, place by place.
"""

from __future__ import annotations

from regions.queries.agreement import Agreement
from zaitaku.lib.problems import FileRefused, Problem

_MOST_DIFFERENCES = 100
_MAPS = Problem("地図は簡略化した境界（fixtures/geo）で描きます。この資料は照合だけに使い、地図は変わりません。")
_HOW_TO_AMEND = Problem(
    "登録されている地域・圏域と違いがあるため取り込みません。合併などの変更は、管理者が日付のある規則"
    "（regions/definitions）を加え、make fixtures で基礎データを作り直して反映します。"
)


def confirm(agreement: Agreement) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Counts of rows that agree, and notes. Raises `FileRefused` with every difference."""
    if agreement.differences:
        raise FileRefused(_HOW_TO_AMEND, *agreement.differences[:_MOST_DIFFERENCES])
    return {"登録と一致": agreement.agreeing, "変更": 0}, agreement.notes


def confirm_boundaries(agreement: Agreement) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """The same for boundaries, saying that maps stay as they are."""
    counts, notes = confirm(agreement)
    return counts, (_MAPS, *notes)
