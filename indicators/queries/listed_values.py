"""The values of a `Selection` row by row, for those who read them in parts.

The same rows as データ入手 gives (`selected_values`), each with its key, so that a reader can go on behind the last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from indicators.models import IndicatorValue, Status
from indicators.queries.selected_values import (
    HIDDEN,
    HIDDEN_BY_PUBLISHER,
    STATES,
    SelectedIndicator,
    places_statement,
    years_condition,
)
from indicators.results import State
from indicators.selections import Scope, Selection

Key = tuple[int, int, int]
_START: Key = (0, 0, 0)
_SCOPES = tuple(Scope)
_STATEMENT = """
    SELECT v.indicator_id, v.year, v.region_id, place.scope, place.scheme_key, place.region_code, place.region_name,
           place.prefecture_code, place.prefecture_name, v.value, v.numerator, v.denominator, v.lower, v.upper,
           v.status, v.reason, v.indicator_version
    FROM indicators_indicatorvalue AS v
    JOIN ({places}) AS place ON place.region_id = v.region_id
    WHERE v.indicator_id = ANY({indicators}) AND {years} AND {regions}
      AND (v.indicator_id, v.year, v.region_id) > ({after})
    ORDER BY v.indicator_id, v.year, v.region_id
    LIMIT {limit}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedValue:
    """One stored value, not rounded, with the place it is about. `suppression` and `reason` are empty where it is."""

    key: Key
    indicator: SelectedIndicator
    year: int
    scope: Scope
    scheme: str
    region_code: str
    region_name: str
    prefecture_code: str
    prefecture_name: str
    value: float | None
    numerator: float | None
    denominator: float | None
    lower: float | None
    upper: float | None
    state: State
    suppression: str
    reason: str
    definition_version: int


def list_values(
    selection: Selection,
    indicators: Sequence[SelectedIndicator],
    *,
    regions: Collection[str] = (),
    after: Key | None,
    limit: int,
) -> tuple[ListedValue, ...]:
    """Values in the order of their keys; of the regions with these codes alone, if any are given (one query)."""
    by_id = {indicator.id: indicator for indicator in indicators}
    condition = sql.SQL("place.region_code = ANY({})").format(sql.Literal(list(regions)))
    statement = sql.SQL(_STATEMENT).format(
        places=places_statement(selection),
        indicators=sql.Literal(list(by_id)),
        years=years_condition(selection),
        regions=condition if regions else sql.SQL("TRUE"),
        after=sql.SQL(", ").join(sql.Literal(part) for part in after or _START),
        limit=sql.Literal(limit),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(_listed(row, by_id) for row in cursor.fetchall())


def describe_state(status: int, reason: int) -> tuple[State, str, str]:
    """State, 秘匿区分 and why there is no value, as every output says it; the last two may be empty."""
    known = IndicatorValue.Reason(reason)
    state = State.NOT_IMPORTED if known == IndicatorValue.Reason.NOT_IMPORTED else STATES[Status(status)]
    suppression = HIDDEN.get(known, HIDDEN_BY_PUBLISHER) if status == Status.SUPPRESSED else ""
    return state, suppression, str(known.label)


def _listed(row: Sequence[Any], indicators: Mapping[int, SelectedIndicator]) -> ListedValue:
    indicator_id, year, region_id, scope, scheme, code, name, prefecture, prefecture_name, *numbers = row
    value, numerator, denominator, lower, upper, status, reason, version = numbers
    state, suppression, why = describe_state(status, reason)
    return ListedValue(
        key=(indicator_id, year, region_id),
        indicator=indicators[indicator_id],
        year=year,
        scope=_SCOPES[scope],
        scheme=scheme or "",
        region_code=code,
        region_name=name,
        prefecture_code=prefecture or "",
        prefecture_name=prefecture_name or "",
        value=_plain(value),
        numerator=_plain(numerator),
        denominator=_plain(denominator),
        lower=_plain(lower),
        upper=_plain(upper),
        state=state,
        suppression=suppression,
        reason=why,
        definition_version=version,
    )


def _plain(value: float | None) -> float | None:
    """`+ 0.0` turns a stored −0 into 0."""
    return None if value is None else value + 0.0
