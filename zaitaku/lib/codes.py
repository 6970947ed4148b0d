"""Codes of places and institutions, and their check digits."""

from __future__ import annotations


def municipality_check_digit(code: str) -> str:
    """The sixth digit of a 全国地方公共団体コード (総務省): weights 6,5,4,3,2; last digit of 11 − (sum mod 11)."""
    total = sum(weight * int(digit) for weight, digit in zip((6, 5, 4, 3, 2), code[:5], strict=True))
    return str((11 - total % 11) % 10)


def is_municipality_code(code: str) -> bool:
    """Whether a 6-digit code carries the right check digit."""
    return len(code) == 6 and code.isdecimal() and municipality_check_digit(code) == code[5]


def luhn_check_digit(digits: str) -> str:
    """The check digit that makes `digits` + it pass Luhn's test."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def has_institution_check_digit(code: str) -> bool:
    """Whether a 10-digit 医療機関コード (都道府県2＋点数表1＋医療機関番号7) ends in a right check digit.

    Most prefectures compute it over the whole code, 埼玉 and 千葉 over the last seven digits only; either is accepted.
    """
    return any(luhn_check_digit(digits[:-1]) == digits[-1] for digits in (code, code[3:]))
