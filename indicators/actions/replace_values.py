"""Replacing the values of indicators: many in one transaction and one stream, each of them as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from django.db import connection, transaction
from django.utils import timezone

from indicators.actions.write_standings import NewValues, write_standings
from indicators.actions.write_values import ValueRows, make_rows, value_stream
from indicators.definitions.schema import Definition
from indicators.formulas.indicator import Inputs, YearOfIndicator, compute_year
from indicators.formulas.standing import Column
from indicators.models import Indicator, IndicatorValue, IndicatorYear
from indicators.peer_models import PeerStanding
from zaitaku.jobs.kinds import JobCancelled

Report = Callable[[int, int, str], None]

_BATCH_ROWS = 250_000  # some seconds of work: what a killed worker loses, and how long others wait for an indicator
_ALL_YEARS = (0, 9999)

_DELETE = """
DELETE FROM {table} AS stored USING unnest(%s::bigint[], %s::int[], %s::int[]) AS gone (indicator, first, last)
WHERE stored.indicator_id = gone.indicator AND stored.year BETWEEN gone.first AND gone.last
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to compute of one indicator.

    `digest`: the state of all its inputs; `years`: of those of each year, None where the years depend on each other.
    `changed`: the years to replace, None for all.
    """

    definition: Definition
    digest: str
    years: Mapping[int, str] | None
    changed: frozenset[int] | None = None

    def only_what_differs_from(self, stored: Mapping[int, str]) -> Self:
        """The same plan for the years alone whose stored digest is another one."""
        if self.years is None:
            return self
        now = self.years
        return replace(self, changed=frozenset(y for y in now.keys() | stored.keys() if now.get(y) != stored.get(y)))

    def years_in(self, inputs: Inputs) -> list[int]:
        """The years to compute: those with figures."""
        return [year for year in inputs.years(self.definition) if self.changed is None or year in self.changed]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Computed:
    """What is stored of a computed indicator beside its values; these are in the database by then."""

    indicator: Indicator
    plan: Plan
    years: tuple[IndicatorYear, ...]
    columns: Mapping[int, Column]
    rows: int

    @property
    def new_values(self) -> NewValues:
        return NewValues(self.indicator, self.plan.definition, self.columns, self.plan.changed)


class _Busy(Exception):
    """Another computation holds an indicator of the batch."""


def replace_values(plans: Sequence[Plan], inputs: Inputs, *, report: Report) -> int:
    """Compute the plans and replace their values; returns how many rows were written.

    If something fails, or `report` stops the work, what was computed before it is stored and the rest stays as it was.
    `report` must not use the database connection: values are streaming through it.
    """
    rows, done = 0, 0
    for batch in _batches(plans, inputs):
        rows += _replace_batch(batch, inputs, report=_from(report, done, len(plans)))
        done += len(batch)
    return rows


def _from(report: Report, before: int, total: int) -> Callable[[int, Plan], None]:
    return lambda done, plan: report(before + done, total, f"{plan.definition.shown_name}を計算しています")


def _batches(plans: Sequence[Plan], inputs: Inputs) -> Iterator[list[Plan]]:
    batch: list[Plan] = []
    rows = 0
    for plan in plans:
        size = len(plan.years_in(inputs)) * len(inputs.structure)
        if batch and rows + size > _BATCH_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(plan)
        rows += size
    if batch:
        yield batch


def _replace_batch(batch: Sequence[Plan], inputs: Inputs, *, report: Callable[[int, Plan], None]) -> int:
    computed: list[Plan] = []

    def starts(plan: Plan) -> None:
        report(len(computed), plan)
        computed.append(plan)

    try:
        return _replace(batch, inputs, starts=starts)
    except _Busy:
        return sum(_replace([plan], inputs, starts=starts) for plan in batch)
    except Exception as error:
        # The whole batch is undone. One by one, all before the one that fails are kept, and that one has a name.
        if len(batch) == 1 and computed:
            _name(error, computed[0])
        for plan in computed if len(batch) > 1 else ():
            try:
                _replace([plan], inputs)
            except Exception as failure:
                _name(failure, plan)
                raise
        raise


def _name(error: Exception, plan: Plan) -> None:
    """Say in the record of the job which indicator failed."""
    if not isinstance(error, JobCancelled):
        error.add_note(f"計算していた指標：{plan.definition.shown_name}（{plan.definition.code}）")


@transaction.atomic
def _replace(plans: Sequence[Plan], inputs: Inputs, *, starts: Callable[[Plan], None] = lambda _plan: None) -> int:
    """Replace all values of some indicators. Two computations of the same indicator wait for each other."""
    indicators = _locked(plans)
    _delete([(indicators[plan.definition.code], plan) for plan in plans])
    computed = []
    with value_stream(inputs.structure.ids) as write:
        for plan in plans:
            starts(plan)
            indicator = indicators[plan.definition.code]
            years = (compute_year(plan.definition, year, inputs) for year in plan.years_in(inputs))
            computed.append(_write(years, indicator=indicator, plan=plan, into=write))
    write_standings([one.new_values for one in computed], inputs.structure)
    _note(computed)
    return sum(one.rows for one in computed)


def _locked(plans: Sequence[Plan]) -> dict[str, Indicator]:
    """The rows of the indicators by code, locked. One that another computation holds is waited for alone: whoever waits
    holds nothing that others need."""
    codes = [plan.definition.code for plan in plans]
    rows = Indicator.objects.select_for_update(skip_locked=len(codes) > 1).filter(code__in=codes)
    found = {row.code: row for row in rows}
    if missing := set(codes) - found.keys():
        raise _Busy if len(codes) > 1 else Indicator.DoesNotExist(f"{missing} is not in the index")
    return found


def _delete(plans: Sequence[tuple[Indicator, Plan]]) -> None:
    """What the plans replace."""
    gone = [
        (indicator.pk, first, last)
        for indicator, plan in plans
        for first, last in ([_ALL_YEARS] if plan.changed is None else ((year, year) for year in plan.changed))
    ]
    ids, first, last = (list(column) for column in zip(*gone, strict=True)) if gone else ([], [], [])
    with connection.cursor() as cursor:
        # A crash may lose the last commits, whole: the digest is lost with its values, and they are computed again.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        for model in (IndicatorValue, IndicatorYear, PeerStanding):
            cursor.execute(_DELETE.format(table=model._meta.db_table), [ids, first, last])


def _write(
    years: Iterable[YearOfIndicator],
    *,
    indicator: Indicator,
    plan: Plan,
    into: Callable[[ValueRows], int],
) -> _Computed:
    """The values of one indicator into the stream, a year at a time."""
    written, notes, columns = 0, [], {}
    for year in years:
        rows = make_rows(year, indicator=indicator.pk, version=_version(plan, indicator))
        written += into(rows)
        columns[year.year] = Column(rows.value, rows.numerator, rows.denominator, rows.lower, rows.upper)
        notes.append(
            IndicatorYear(
                indicator=indicator,
                year=year.year,
                denominator_note=year.note,
                source_ids=list(year.sources),
                input_digest=(plan.years or {}).get(year.year, ""),
            )
        )
    return _Computed(indicator=indicator, plan=plan, years=tuple(notes), columns=columns, rows=written)


def _version(plan: Plan, indicator: Indicator) -> int:
    """The version that is computed. Of a prefecture's own a newer one may have been saved since the plan was made."""
    return plan.definition.version if plan.definition.owner else indicator.version


def _note(computed: Sequence[_Computed]) -> None:
    """What stands behind the values, and what they were computed from."""
    IndicatorYear.objects.bulk_create([year for one in computed for year in one.years])
    now = timezone.now()
    for one in computed:
        one.indicator.input_digest, one.indicator.computed_at = one.plan.digest, now
        one.indicator.computed_version = _version(one.plan, one.indicator)
    fields = ["input_digest", "computed_at", "computed_version"]
    Indicator.objects.bulk_update([one.indicator for one in computed], fields)
