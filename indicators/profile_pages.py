"""The rendered part of 県・圏域プロファイル that depends on data alone, kept until the data change."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.template.loader import render_to_string

from indicators.charts.profile import spine_drawing
from indicators.charts.profile_outlook import outlook_drawing
from indicators.definitions.own import definitions_state
from indicators.definitions.registry import all_definitions
from indicators.models import Indicator
from indicators.page_keys import KEPT_SECONDS, release
from indicators.profile_hints import hints_state, make_profile_hints
from indicators.profiles import MatrixCell, MatrixRow, Part, ProfileQuery, ProfileResult
from indicators.queries.profile import get_profile
from regions.queries.schemes import get_schemes
from zaitaku.lib.statistics.comparison import Verdict

# As many columns as fit beside the names on a printed A4 page.
_COLUMNS_A_TABLE = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    """The finished body and what the frame needs to know of it; `body` is safe HTML."""

    title: str
    body: str
    as_of: dt.date | None
    querystring: str


def get_profile_key(query: ProfileQuery) -> str:
    """What the page depends on: the place, all values behind it, hints, and the program that draws it.

    Only the indicators that the visitor may see count: a page kept for one is never shown to another who may not.
    """
    visible = {definition.code for definition in all_definitions()}
    found = Indicator.objects.order_by("code").values_list("code", "version", "digest", "input_digest", "computed_at")
    state = "|".join(str(row) for row in found if row[0] in visible)
    parts = (release(), definitions_state(), hints_state(), state, query.querystring())
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def get_profile_page(query: ProfileQuery, *, key: str) -> ProfilePage:
    """The page of one place, from the cache if it was already made under this key. Raises `NoSuchProfile`."""
    page: ProfilePage | None = cache.get(f"profile-page:{key}")
    if page is None:
        page = make_profile_page(get_profile(query))
        cache.set(f"profile-page:{key}", page, KEPT_SECONDS)
    return page


def make_profile_page(result: ProfileResult) -> ProfilePage:
    """Render one profile."""
    context = {
        "result": result,
        "query": result.query,
        "groups": [
            {"label": group.label, "rows": [(row, spine_drawing(row)) for row in group.rows]} for group in result.spine
        ],
        "outlook_rows": [(year, [line.at(year) for line in result.outlook.lines]) for year in result.outlook.years],
        "chart": outlook_drawing(result.outlook),
        "tables": list(matrix_tables(result)),
        "schemes": get_schemes(),
        "hints": make_profile_hints(result.query, _certain_gaps(result)),
    }
    return ProfilePage(
        title=result.title,
        body=render_to_string("indicators/profile_body.html", context),
        as_of=result.as_of,
        querystring=result.query.querystring(),
    )


def _certain_gaps(result: ProfileResult) -> dict[str, str]:
    """The indicators in which the place is certainly worse than what it is compared with, the greatest gap first."""
    rows = [row for group in result.spine for row in group.rows if row.verdict is Verdict.WORSE]
    return {row.card.code: row.card.name for row in sorted(rows, key=lambda row: -(row.gap or 0.0))}


def matrix_tables(
    result: ProfileResult,
) -> Iterator[tuple[Sequence[Part], list[tuple[MatrixRow, Sequence[MatrixCell]]]]]:
    """The matrix in tables of about as many columns each, none wider than a page."""
    parts, rows = result.matrix.parts, result.matrix.rows
    number = -(-len(parts) // _COLUMNS_A_TABLE)
    for table in range(number):
        columns = slice(len(parts) * table // number, len(parts) * (table + 1) // number)
        yield parts[columns], [(row, row.cells[columns]) for row in rows]
