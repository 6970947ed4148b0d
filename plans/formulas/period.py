"""Plan periods in words. Pure."""

from __future__ import annotations

from zaitaku.lib.fiscal_years import format_fiscal_year


def period_text(first: int) -> str:
    """令和9年度(2027年度)から令和11年度(2029年度)まで."""
    return f"{format_fiscal_year(first)}から{format_fiscal_year(first + 2)}まで"
