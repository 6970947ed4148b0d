"""What is to be mended in a file, as a table for download."""

from __future__ import annotations

from collections.abc import Iterable

from zaitaku.lib.problems import Problem
from zaitaku.lib.tables import Column, Table

_COLUMNS = (
    Column(name="シート", key="sheet", description="ファイル全体のことは空欄"),
    Column(name="セル", key="cell", description="ファイルやシート全体のことは空欄"),
    Column(name="書かれている内容", key="text"),
    Column(name="理由と直し方", key="reason"),
)


def make_problem_table(problems: Iterable[Problem], *, filename: str) -> Table:
    """One row a problem, in the order they were found."""
    rows = [(problem.sheet or None, problem.cell or None, problem.text or None, problem.reason) for problem in problems]
    return Table(title=f"{filename}の指摘", columns=_COLUMNS, rows=rows)
