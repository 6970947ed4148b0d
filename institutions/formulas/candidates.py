"""Who might be designated: what an institution's notifications speak for and against, in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from institutions.definitions import NotificationSymbol

# Each reason with its weight: the order of the list follows from it, never whether somebody is proposed at all.
_FAMILY_WORDS = {
    1: ("機能強化型（単独）の届出。常勤医師3人以上で、24時間の往診・訪問看護の体制を単独でもつ", 40),
    2: ("機能強化型（連携）の届出。ほかの医療機関と合わせて、24時間の体制と常勤医師3人以上をもつ", 30),
    3: ("従来型の届出。24時間連絡を受け、往診・訪問看護ができる体制をもつ", 20),
}
_SYMBOL_WORDS = {
    "在後病": ("在宅療養後方支援病院の届出。登録患者の急変時に入院を受け入れる", 20),
    "在医総管1": ("在宅時医学総合管理料の届出。計画的な訪問診療を続けている", 8),
    "在総": ("在宅がん医療総合診療料の届出。がんの看取りまでの体制をもつ", 6),
    "在緩診実": ("在宅緩和ケア充実診療所の届出。緊急往診と看取りの十分な実績がある", 10),
    "在緩診病": ("在宅緩和ケア充実病院の届出。緊急往診と看取りの十分な実績がある", 10),
    "在診実1": ("在宅療養実績加算1の届出。緊急往診と看取りの実績がある", 8),
    "在診実2": ("在宅療養実績加算2の届出。緊急往診と看取りの実績がある", 6),
    "在病実1": ("在宅療養実績加算1の届出。緊急往診と看取りの実績がある", 8),
    "在病実2": ("在宅療養実績加算2の届出。緊急往診と看取りの実績がある", 6),
    "医情連": ("在宅医療情報連携加算の届出。ICTで情報を共有している", 4),
    "介保連": ("介護保険施設等連携往診加算の届出。施設の急変に応じる", 3),
    "入退支": ("入退院支援加算の届出。退院時の調整を担う", 3),
}
_FAMILIES = ("shien_clinic", "shien_hospital")
BACKUP = "在後病"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What speaks for and against an institution; a higher `weight` stands further up. Not a verdict."""

    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    scale: str
    weight: int


def propose(
    held: Collection[str], symbols: Mapping[str, NotificationSymbol], *, kind: str, beds: int | None, is_closed: bool
) -> Proposal | None:
    """The proposal for an institution with these current notifications; None without 在支診・在支病 or 後方支援.

    The meaning of the grades: 特掲診療料の施設基準等（在宅療養支援診療所・在宅療養支援病院）. How many physicians an
    institution really has is in no list, so the scale is unknown but for what a grade asks for.
    """
    grade = min((symbols[one].grade for one in held if symbols[one].family in _FAMILIES), default=None)
    if grade is None and BACKUP not in held:
        return None
    speaks_for, weight = [], 0
    if grade is not None:
        word, points = _FAMILY_WORDS[grade]
        speaks_for.append(word)
        weight += points
    for symbol in sorted(held, key=lambda one: -_SYMBOL_WORDS.get(one, ("", 0))[1]):
        if symbol in _SYMBOL_WORDS:
            word, points = _SYMBOL_WORDS[symbol]
            speaks_for.append(word)
            weight += points
    return Proposal(
        speaks_for=tuple(speaks_for),
        speaks_against=_against(held, grade, kind=kind, beds=beds, is_closed=is_closed),
        scale=_scale(grade, beds),
        weight=weight - (100 if is_closed else 0),
    )


def _against(
    held: Collection[str], grade: int | None, *, kind: str, beds: int | None, is_closed: bool
) -> tuple[str, ...]:
    found = []
    if is_closed:
        found.append("最新の名簿に載っていません（廃止・移転・コードの変更の可能性）")
    if grade is None:
        found.append("在支診・在支病の届出がありません。自ら24時間の在宅医療を行うかを確かめてください")
    if not any(one.startswith(("在緩", "在診実", "在病実", "在総")) for one in held):
        found.append("看取り・緊急往診の実績を示す届出がありません。実績を確かめてください")
    if "在医総管1" not in held:
        found.append("在医総管の届出がありません。計画的な訪問診療を行っているかを確かめてください")
    if kind == "clinic" and not beds:
        found.append("病床がありません。急変時の入院先との連携を確かめてください")
    return tuple(found)


def _scale(grade: int | None, beds: int | None) -> str:
    physicians = {
        1: "常勤医師3人以上（届出の要件）",
        2: "連携する医療機関と合わせて常勤医師3人以上（届出の要件）",
    }.get(grade or 0, "医師数は報告なし")
    return f"{physicians}、病床{beds}床" if beds else f"{physicians}、病床なし"
