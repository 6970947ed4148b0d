"""Fiscal years as officials write them. Pure."""

from __future__ import annotations


def fiscal(year: int) -> str:
    """令和9年度(2027年度)."""
    return f"令和{year - 2018}年度({year}年度)"


def period_text(first: int) -> str:
    """令和9年度(2027年度)から令和11年度(2029年度)まで."""
    return f"{fiscal(first)}から{fiscal(first + 2)}まで"
