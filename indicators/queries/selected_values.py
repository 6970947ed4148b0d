"""The rows of a `Selection`, made into CSV by PostgreSQL itself and handed on as they come.

One COPY an indicator, in the order of the selection: the first rows are there before the last are read, and neither
server nor process ever holds more than one indicator. Everything else (XLSX, Parquet, JSON, the preview) is read from
these same lines, so that no output can differ from another.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max
from psycopg import Connection, Cursor, sql

from indicators.definitions import get_definition
from indicators.definitions.own import find_outdated_values
from indicators.models import Indicator, IndicatorValue, IndicatorYear, Status
from indicators.queries.detail import make_source_lines
from indicators.results import SourceLine, State
from indicators.selections import COLUMNS, Scope, Selection
from zaitaku.sources.models import SourceFile

CHUNK_BYTES = 1 << 16
_Reason = IndicatorValue.Reason
STATES = {
    Status.OBSERVED: State.OBSERVED,
    Status.PROVISIONAL: State.PROVISIONAL,
    Status.SUPPRESSED: State.SUPPRESSED,
    Status.MISSING: State.MISSING,
    Status.NOT_APPLICABLE: State.NOT_APPLICABLE,
}
HIDDEN_BY_PUBLISHER = "公表元の秘匿"
HIDDEN = {_Reason.SMALL_NUMBER: "秘匿（小さい数）", _Reason.COULD_BE_WORKED_OUT: "秘匿（他から計算できるため）"}
_SCOPE_CONDITIONS = {
    Scope.NATION: "r.kind = 'nation'",
    Scope.PREFECTURE: "r.kind = 'prefecture'",
    Scope.AREA: "r.kind = 'area' AND s.key = {scheme}",
    Scope.CITY: "r.kind = 'municipality' AND r.is_designated_city",
    Scope.MUNICIPALITY: "r.is_base_unit",
}
# The labels are put on after the sort (OFFSET 0 keeps the planner from moving them), so that it sorts narrow rows.
_STATEMENT = """
    SELECT {labels}
    FROM (
        SELECT v.year, v.value, v.numerator, v.denominator, v.lower, v.upper, v.status, v.reason, v.indicator_version,
               place.*
        FROM pg_temp.download_place AS place
        JOIN indicators_indicatorvalue AS v ON v.region_id = place.region_id
        WHERE v.indicator_id = {indicator} AND {years}
        ORDER BY v.year, place.position
        OFFSET 0
    ) AS row
"""
_PLACES = """
    SELECT r.id AS region_id, r.code AS region_code, r.name AS region_name, s.key AS scheme_key,
           p.code AS prefecture_code, p.name AS prefecture_name, {scope} AS scope
    FROM regions_region AS r
    LEFT JOIN regions_areascheme AS s ON s.id = r.scheme_id
    LEFT JOIN regions_region AS above ON above.id = r.parent_id
    LEFT JOIN regions_region AS p ON p.kind = 'prefecture' AND p.code =
        CASE WHEN r.kind = 'area' THEN above.code ELSE left(r.code, 2) END
    WHERE ({conditions}) AND {prefectures}
"""
# Worked out once for all indicators. It lives on this connection alone and ends with the transaction.
_TEMPORARY = """
    CREATE TEMPORARY TABLE download_place ON COMMIT DROP AS
    SELECT *, (row_number() OVER (ORDER BY scope, region_code))::int AS position FROM ({places}) AS place
"""
# As PostgreSQL prints it is the shortest text that reads back as the same number; only exponents are written out.
_NUMBER = (
    "CASE WHEN abs({0}) >= 1e15 OR ({0} <> 0 AND abs({0}) < 1e-4)"
    " THEN ({0}::text)::numeric::text ELSE ({0} + 0.0)::text END"
)
# A spreadsheet takes a text that begins so for a formula.
_SAFE_TEXT = r"CASE WHEN {0} ~ '^[=+\-@\t\r]' THEN '''' || {0} ELSE {0} END"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedYear:
    """What stands behind one year of an indicator."""

    year: int
    denominator_note: str
    sources: tuple[SourceLine, ...]

    @property
    def source_text(self) -> str:
        """Titles and editions on one line, for the column 出典."""
        return "／".join(
            _one_line(f"{line.title}（{line.edition}）" if line.edition else line.title) for line in self.sources
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedIndicator:
    """An indicator of the selection that has figures, with its chosen years; `notice`: that they are of an older
    definition."""

    id: int
    code: str
    name: str
    unit: str
    years: tuple[SelectedYear, ...]
    notice: str = ""


def get_selected_indicators(selection: Selection) -> tuple[SelectedIndicator, ...]:
    """The chosen indicators that have figures in the chosen years, in the order chosen (three queries)."""
    found = dict(Indicator.objects.filter(code__in=selection.indicators).values_list("code", "id"))
    behind = IndicatorYear.objects.filter(indicator__in=found.values()).order_by("year")
    if selection.years:
        behind = behind.filter(year__in=selection.years)
    years = list(behind)
    files = SourceFile.objects.in_bulk({pk for year in years for pk in year.source_ids})
    of: dict[int, list[SelectedYear]] = {}
    for year in years:
        of.setdefault(year.indicator_id, []).append(_selected_year(year, files))
    return tuple(
        SelectedIndicator(
            id=found[code],
            code=code,
            name=get_definition(code).name,
            unit=get_definition(code).unit,
            years=tuple(of[found[code]]),
            notice=outdated.notice if (outdated := find_outdated_values(code)) else "",
        )
        for code in selection.indicators
        if of.get(found.get(code, 0))
    )


def get_known_years() -> tuple[int, ...]:
    """All years any indicator has figures for, the newest first."""
    return tuple(IndicatorYear.objects.order_by("-year").values_list("year", flat=True).distinct())


def get_codes_with_values() -> frozenset[str]:
    """Codes of the indicators that were computed for at least one year."""
    return frozenset(IndicatorYear.objects.values_list("indicator__code", flat=True))


def get_selection_version(selection: Selection) -> str:
    """Changes whenever the values of a chosen indicator are computed anew."""
    newest = Indicator.objects.filter(code__in=selection.indicators).aggregate(newest=Max("computed_at"))["newest"]
    return newest.isoformat() if newest else ""


def count_rows(selection: Selection, indicators: Iterable[SelectedIndicator]) -> int:
    """How many rows the selection has (one query)."""
    statement = sql.SQL(
        "SELECT count(*) FROM ({places}) AS place JOIN indicators_indicatorvalue AS v ON v.region_id = place.region_id"
        " WHERE v.indicator_id = ANY({ids}) AND {years}"
    ).format(
        places=places_statement(selection),
        ids=sql.Literal([indicator.id for indicator in indicators]),
        years=years_condition(selection),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def get_place_names(selection: Selection) -> frozenset[str]:
    """Names of all regions and prefectures the rows can name (one query)."""
    statement = sql.SQL("SELECT region_name, prefecture_name FROM ({}) AS place").format(places_statement(selection))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return frozenset(name for row in cursor.fetchall() for name in row if name)


def get_first_rows(
    selection: Selection, indicators: Iterable[SelectedIndicator], *, limit: int
) -> tuple[tuple[str, ...], ...]:
    """The first rows exactly as the CSV has them."""
    rows: list[tuple[str, ...]] = []
    with snapshot(selection):
        for indicator in indicators:
            statement = make_statement(selection, indicator) + sql.SQL(" LIMIT {}").format(limit - len(rows))
            rows += _parse(_copy(statement))
            if len(rows) >= limit:
                break
    return tuple(rows)


def stream_lines(
    selection: Selection, indicators: Iterable[SelectedIndicator], *, is_guarded: bool = True
) -> Iterator[bytes]:
    """All rows as CSV lines in UTF-8 ending with CRLF, without a header, in chunks of whole lines.

    `is_guarded` puts an apostrophe before names a spreadsheet would take for a formula; binary forms need none.
    """
    with snapshot(selection):
        for indicator in indicators:
            statement = make_statement(selection, indicator, is_guarded=is_guarded)
            for chunk in _copy(statement):
                yield chunk.replace(b"\n", b"\r\n")


def stream_rows(selection: Selection, indicators: Iterable[SelectedIndicator]) -> Iterator[tuple[str, ...]]:
    """All rows as texts; an empty text is no value."""
    for chunk in stream_lines(selection, indicators, is_guarded=False):
        yield from _parse([chunk])


def make_statement(selection: Selection, indicator: SelectedIndicator, *, is_guarded: bool = True) -> sql.Composed:
    """The SELECT of one indicator's rows inside a `snapshot`: its columns are `COLUMNS`, by year, level and code."""
    labels = _labels(indicator, is_guarded=is_guarded)
    assert len(labels) == len(COLUMNS)
    return sql.SQL(_STATEMENT).format(
        labels=sql.SQL(", ").join(labels),
        indicator=sql.Literal(indicator.id),
        years=years_condition(selection),
    )


def _labels(indicator: SelectedIndicator, *, is_guarded: bool) -> list[sql.Composable]:
    name = _SAFE_TEXT if is_guarded else "{0}"
    notes = {year.year: _one_line(year.denominator_note) for year in indicator.years}
    sources = {year.year: year.source_text for year in indicator.years}
    states: dict[int, str] = {status.value: state.label for status, state in STATES.items()}
    not_imported = sql.SQL("WHEN reason = {} THEN {}").format(
        sql.Literal(int(_Reason.NOT_IMPORTED)), sql.Literal(State.NOT_IMPORTED.label)
    )
    return [
        sql.Literal(indicator.code),
        sql.Literal(_one_line(indicator.name)),
        sql.SQL("year"),
        _case("scope", {number: scope.label for number, scope in enumerate(Scope)}),
        sql.SQL("scheme_key"),
        sql.SQL("region_code"),
        sql.SQL(name.format("region_name")),
        sql.SQL("prefecture_code"),
        sql.SQL("prefecture_name"),
        sql.SQL(_NUMBER.format("value")),
        sql.Literal(_one_line(indicator.unit)),
        *(sql.SQL(_NUMBER.format(column)) for column in ("numerator", "denominator", "lower", "upper")),
        sql.SQL("CASE {} ELSE {} END").format(not_imported, _case("status", states)),
        sql.SQL("CASE WHEN status = {} THEN {} END").format(
            sql.Literal(int(Status.SUPPRESSED)),
            _case("reason", {int(k): v for k, v in HIDDEN.items()}, default=HIDDEN_BY_PUBLISHER),
        ),
        _case("reason", {int(reason): str(reason.label) for reason in _Reason if reason.label}),
        sql.SQL("indicator_version"),
        _case("year", notes),
        _case("year", sources),
    ]


def _case(column: str, texts: Mapping[int, str], *, default: str = "") -> sql.Composable:
    """`CASE column WHEN 1 THEN 'text' … END`; an empty text is NULL, as is every other value without a default."""
    whens = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(key), sql.Literal(text)) for key, text in texts.items() if text
    ]
    if not whens:
        return sql.SQL("NULL::text")
    otherwise = sql.Literal(default) if default else sql.SQL("NULL")
    return sql.SQL("CASE {} {} ELSE {} END").format(sql.Identifier(column), sql.SQL(" ").join(whens), otherwise)


def places_statement(selection: Selection) -> sql.Composed:
    """A SELECT of the regions of the selection's levels, areas edition and prefectures, with their names and codes."""
    conditions = [
        sql.SQL("({})").format(sql.SQL(_SCOPE_CONDITIONS[scope]).format(scheme=sql.Literal(selection.scheme)))
        for scope in selection.scopes
    ]
    whens = [
        sql.SQL("WHEN {} THEN {}").format(
            sql.SQL(_SCOPE_CONDITIONS[scope]).format(scheme=sql.Literal(selection.scheme)), sql.Literal(number)
        )
        for number, scope in enumerate(Scope)
        if scope in selection.scopes
    ]
    wanted = sql.SQL("(r.kind = 'nation' OR p.code = ANY({}))").format(sql.Literal(list(selection.prefectures)))
    return sql.SQL(_PLACES).format(
        scope=sql.SQL("CASE {} END").format(sql.SQL(" ").join(whens)),
        conditions=sql.SQL(" OR ").join(conditions),
        prefectures=wanted if selection.prefectures else sql.SQL("TRUE"),
    )


def years_condition(selection: Selection) -> sql.Composable:
    """The condition on the year of a value `v`."""
    if not selection.years:
        return sql.SQL("TRUE")
    return sql.SQL("v.year = ANY({})").format(sql.Literal(list(selection.years)))


@contextmanager
def snapshot(selection: Selection) -> Iterator[None]:
    """One state of the data for all statements of a selection, and the regions they join."""
    with transaction.atomic():
        is_own = len(connection.savepoint_ids) == 0
        with connection.cursor() as cursor:
            if is_own:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # JIT would cost the first row 100 ms.
            cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '32MB'")
            cursor.execute("DROP TABLE IF EXISTS pg_temp.download_place")
            cursor.execute(sql.SQL(_TEMPORARY).format(places=places_statement(selection)))
            cursor.execute("ANALYZE pg_temp.download_place")
        yield


def _copy(statement: sql.Composed) -> Iterator[bytes]:
    """What COPY says, in chunks of whole lines (each message of the protocol is one line)."""
    connection.ensure_connection()
    raw: Connection[tuple[object, ...]] = connection.connection
    buffer = bytearray()
    with Cursor(raw) as cursor, cursor.copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(statement)) as copy:
        for line in copy:
            buffer += line
            if len(buffer) >= CHUNK_BYTES:
                yield bytes(buffer)
                buffer.clear()
    if buffer:
        yield bytes(buffer)


def _parse(chunks: Iterable[bytes]) -> Iterator[tuple[str, ...]]:
    for chunk in chunks:
        yield from (tuple(row) for row in csv.reader(io.StringIO(chunk.decode(), newline="")))


def _selected_year(year: IndicatorYear, files: Mapping[int, SourceFile]) -> SelectedYear:
    behind = sorted((files[pk] for pk in year.source_ids if pk in files), key=lambda file: (file.kind, file.key))
    return SelectedYear(
        year=year.year, denominator_note=year.denominator_note, sources=tuple(make_source_lines(behind))
    )


def _one_line(text: str) -> str:
    """A cell holds one value on one line, whatever stands in the file it comes from."""
    return " ".join(text.split())
