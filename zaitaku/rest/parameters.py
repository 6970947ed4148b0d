"""The parameters of a resource: what may be asked for, read strictly, and described from the same place.

A parameter that does not exist is refused: a misspelt filter that is passed over would give all rows, and look right.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, cast

from django.http import QueryDict

from zaitaku.lib.addresses import LONGEST_ADDRESS
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.rest.problems import ApiError, Code

_LONGEST_SHOWN = 40
# A list of every indicator, or of 300 municipalities, fits; more is a mistake, or better asked for without a filter.
MOST_VALUES = 300


def any_text() -> tuple[str, ...]:
    """No fixed list."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter. `choices` gives the only values, `pattern` the form of a text; a number has its bounds."""

    name: str
    description: str
    example: str = ""
    choices: Callable[[], Sequence[str]] = any_text
    pattern: str = ""
    bounds: tuple[int, int] | None = None
    is_date: bool = False
    is_many: bool = False
    is_required: bool = False
    default: str | int | None = None

    def schema(self) -> dict[str, Any]:
        """The parameter's type in JSON Schema."""
        one: dict[str, Any] = {"type": "string"}
        if self.bounds:
            one = {"type": "integer", "minimum": self.bounds[0], "maximum": self.bounds[1]}
        elif self.is_date:
            one |= {"format": "date"}
        elif known := list(self.choices()):
            one |= {"enum": known}
        else:
            one |= {"pattern": self.pattern or "^.{1,200}$"}
        if self.default is not None:
            one["default"] = self.default
        many = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_VALUES, "uniqueItems": True}
        return many if self.is_many else one

    def read(self, text: str) -> str | int | dt.date:
        """One value. Raises `ApiError` with what is allowed."""
        if self.bounds:
            return self._number(text, *self.bounds)
        if self.is_date:
            return self._date(text)
        known = self.choices()
        if known and text not in known:
            raise self._wrong(text, _near(text, known))
        if not known and not re.fullmatch(self.pattern or r".{1,200}", text):
            raise self._wrong(text, f"例：{self.example}" if self.example else "")
        return text

    def _number(self, text: str, least: int, most: int) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise self._wrong(text, f"{least}から{most}までの整数です。")
        return int(text)

    def _date(self, text: str) -> dt.date:
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return dt.date.fromisoformat(text)
        except ValueError:
            pass
        raise self._wrong(text, "2026-10-01のように書いてください。")

    def _wrong(self, text: str, hint: str) -> ApiError:
        detail = f"パラメーター{self.name}の値「{shown(text)}」は使えません。"
        return ApiError(Code.INVALID_VALUE, detail, field=self.name, hint=hint)


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters of one request, read; those that were not given have their default or nothing."""

    values: Mapping[str, tuple[str | int | dt.date, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a parameter, empty if not given."""
        return str(next(iter(self.values.get(name, ())), ""))

    def texts(self, name: str) -> tuple[str, ...]:
        """All texts of a parameter that may be repeated."""
        return tuple(str(value) for value in self.values.get(name, ()))

    def integer(self, name: str) -> int | None:
        """The number, or None if not given."""
        return next((cast(int, value) for value in self.values.get(name, ())), None)

    def integers(self, name: str) -> tuple[int, ...]:
        """All numbers of a parameter that may be repeated."""
        return tuple(cast(int, value) for value in self.values.get(name, ()))

    def date(self, name: str) -> dt.date | None:
        """The day, or None if not given."""
        return next((cast(dt.date, value) for value in self.values.get(name, ())), None)


def read_parameters(query: QueryDict, parameters: Sequence[Parameter]) -> Given:
    """What was asked for. Raises `ApiError` for the first thing that is wrong."""
    known = {parameter.name: parameter for parameter in parameters}
    for name in query:
        if name not in known:
            raise ApiError(
                Code.UNKNOWN_PARAMETER,
                f"パラメーター「{shown(name)}」はありません。",
                field=shown(name),
                hint=_near(name, list(known)),
            )
    found = {name: _read_all(query.getlist(name), parameter) for name, parameter in known.items()}
    return Given({name: values for name, values in found.items() if values})


def _read_all(texts: Sequence[str], parameter: Parameter) -> tuple[str | int | dt.date, ...]:
    name = parameter.name
    if parameter.is_required and not texts:
        hint = f"例：{name}={parameter.example}" if parameter.example else ""
        raise ApiError(Code.MISSING_PARAMETER, f"パラメーター{name}が必要です。", field=name, hint=hint)
    if len(texts) > (MOST_VALUES if parameter.is_many else 1):
        most = f"{MOST_VALUES}個まで" if parameter.is_many else "1つだけ"
        raise ApiError(Code.REPEATED_PARAMETER, f"パラメーター{name}は{most}指定できます。", field=name)
    if not texts and parameter.default is not None:
        return (parameter.default,)
    return tuple(dict.fromkeys(parameter.read(text) for text in texts))


def shown(text: str) -> str:
    """What was sent, short enough to be repeated."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _near(text: str, known: Sequence[str]) -> str:
    """The known words, or where there are many those that are written most like what was sent."""
    if len(known) <= 12:
        return f"使えるのは{'・'.join(known)}です。" if known else "この資源にパラメーターはありません。"
    near = get_close_matches(text[:LONGEST_ADDRESS], known, n=3, cutoff=0.4)
    return f"似ているのは{'・'.join(near)}です。" if near else f"例：{known[0]}"


def prefecture_codes() -> tuple[str, ...]:
    return tuple(prefecture.code for prefecture in PREFECTURES)


PREFECTURE = Parameter(
    name="prefecture",
    description="都道府県コード（2桁）。繰り返すと、いずれかに当てはまるもの",
    example="24",
    choices=prefecture_codes,
    is_many=True,
)
YEAR = Parameter(
    name="year",
    description="年度（西暦4桁）。繰り返すと、いずれかに当てはまるもの。指定しなければすべて",
    example="2025",
    bounds=(1990, 2100),
    is_many=True,
)
SCHEME = Parameter(
    name="scheme",
    description="圏域の区分のキー（/api/v1/schemes/ にあるもの）",
    example="iryoken2-8",
    pattern=r"^[a-z0-9][a-z0-9-]{0,59}$",
)
