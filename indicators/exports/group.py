"""The page of a group as a table: one row an indicator."""

from __future__ import annotations

from indicators.group_profiles import GroupProfile
from indicators.results import State
from zaitaku.lib.tables import Column, Table

_COLUMNS = (
    Column(name="地域グループ名", key="group_name"),
    Column(name="構成市区町村コード", key="unit_codes", description="5桁のコードを空白で区切る"),
    Column(name="指標コード", key="indicator_code"),
    Column(name="指標名", key="indicator_name"),
    Column(name="年度", key="year", is_number=True),
    Column(name="値", key="value", is_number=True),
    Column(name="単位", key="unit"),
    Column(name="95%信頼区間下限", key="lower", is_number=True),
    Column(name="95%信頼区間上限", key="upper", is_number=True),
    Column(name="分子", key="numerator", is_number=True),
    Column(name="分母", key="denominator", is_number=True),
    Column(name="都道府県の値", key="prefecture", description="1つの県に収まるときだけ", is_number=True),
    Column(name="全国の値", key="nation", is_number=True),
    Column(name="差の確かさ", key="certainty", description="県（県をまたぐときは全国）との比較"),
    Column(name="状態", key="status", description="・".join(state.label for state in State)),
    Column(name="秘匿区分", key="suppression", description="隠されている値は「秘匿」。値は空欄"),
    Column(name="注記", key="note", description="値がない理由"),
)


def make_group_table(profile: GroupProfile) -> Table:
    """All indicators in the page's order."""
    codes = " ".join(unit.code for unit in profile.units)
    rows = [
        (
            profile.name,
            codes,
            row.card.code,
            row.card.name,
            row.year,
            row.figure.value,
            row.card.unit,
            row.figure.lower,
            row.figure.upper,
            row.figure.numerator,
            row.figure.denominator,
            None if row.prefecture is None else row.prefecture.value,
            row.nation.value,
            row.certainty,
            row.figure.state.label,
            row.figure.state.label if row.figure.state == State.SUPPRESSED else "",
            row.figure.reason,
        )
        for row in profile.rows
    ]
    about = [("構成する市区町村", "・".join(f"{unit.full_name}（{unit.code}）" for unit in profile.units))]
    about += [("出典", f"{source.citation}を加工して作成。利用条件：{source.licence}") for source in profile.sources]
    about += [("注意", note) for note in profile.notes]
    return Table(title=profile.title, columns=_COLUMNS, rows=rows, about=tuple(about))
