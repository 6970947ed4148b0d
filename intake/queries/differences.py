"""Comparing what a source brings with what is stored. Asked inside the transaction that stored it, before its end."""

from __future__ import annotations

from typing import Any

from django.db import connection

from indicators.models import Status
from intake.differences import Difference, FigureChange, RegisterChange
from zaitaku.lib.workbooks import cell_name
from zaitaku.sources.models import SourceFile

_SHOWN = 1_000
_SHOWN_OF_A_CHANGE = 300  # of the register: ended, added and changed each

# The stored figure that a new one replaces: of the newest other source, of the same year, else (where the file holds
# one year only, as most do) of the latest year before. A file of many years, as a projection, is compared year by year.
_COMPARED = """
CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
WITH incoming AS (
  SELECT item_id, region_id, year, stratum, value, status, sheet, row, "column"
  FROM indicators_observation WHERE source_id = %(source)s
),
span AS (SELECT min(year) AS first, max(year) AS last FROM incoming),
previous AS (
  SELECT DISTINCT ON (o.item_id, o.region_id, o.stratum, CASE WHEN span.first < span.last THEN o.year END)
         o.item_id, o.region_id, o.year, o.stratum, o.value, o.status, o.source_id
  FROM indicators_observation o
  JOIN sources_sourcefile s ON s.id = o.source_id AND s.withdrawn_at IS NULL AND s.kind = %(kind)s
  CROSS JOIN span
  WHERE o.source_id <> %(source)s AND o.year <= span.last
    AND o.item_id IN (SELECT DISTINCT item_id FROM incoming)
  ORDER BY o.item_id, o.region_id, o.stratum, CASE WHEN span.first < span.last THEN o.year END,
           o.year DESC, s.as_of DESC NULLS LAST, s.id DESC
)
SELECT coalesce(i.item_id, p.item_id) AS item_id, coalesce(i.region_id, p.region_id) AS region_id,
       coalesce(i.year, p.year) AS year, coalesce(i.stratum, p.stratum) AS stratum,
       p.year AS before_year, p.value AS before, p.status AS before_status,
       i.value AS after, i.status AS after_status, i.sheet, i.row, i."column"
FROM incoming i
FULL JOIN (
  SELECT previous.* FROM previous CROSS JOIN span
  WHERE EXISTS (SELECT FROM incoming i WHERE i.item_id = previous.item_id AND i.region_id = previous.region_id)
     OR previous.source_id IN (SELECT id FROM sources_sourcefile WHERE key = %(key)s)
) p ON p.item_id = i.item_id AND p.region_id = i.region_id AND p.stratum = i.stratum
   AND (p.year = i.year OR (SELECT first = last FROM span));
"""
_IS_SAME = "before_status = after_status AND before IS NOT DISTINCT FROM after"
_TOTALS = f"""
SELECT count(*) FILTER (WHERE before_status IS NULL), count(*) FILTER (WHERE NOT ({_IS_SAME})),
       count(*) FILTER (WHERE after_status IS NULL), count(*) FILTER (WHERE {_IS_SAME})
FROM compared
"""  # noqa: S608 - constants only

# A jump is judged by its size against Poisson noise, |b − a| / √(a + b): neither large nor small places always lead.
_BIGGEST = f"""
SELECT item.name, region.name, c.year, c.stratum, c.before_year, c.before, c.before_status, c.after, c.after_status,
       c.sheet, c.row, c."column"
FROM compared c
JOIN indicators_item item ON item.id = c.item_id
JOIN regions_region region ON region.id = c.region_id
WHERE NOT coalesce({_IS_SAME}, false) AND c.before_status IS NOT NULL
ORDER BY (after_status IS NULL) DESC, (before_status <> after_status) DESC,
         abs(c.after - c.before) / sqrt(greatest(abs(c.after) + abs(c.before), 1)) DESC NULLS LAST,
         item.code, region.code
LIMIT {_SHOWN}
"""  # noqa: S608 - constants only

_REGISTER_TOTALS = """
SELECT count(*) FILTER (WHERE operation = 'insert'),
       count(*) FILTER (WHERE operation = 'update' AND ended),
       count(*) FILTER (WHERE operation = 'update' AND NOT ended AND differs)
FROM register_change
"""
_REGISTER = """
CREATE TEMPORARY TABLE register_change ON COMMIT DROP AS
WITH first AS (
  SELECT DISTINCT ON (table_name, row_id) table_name, row_id, operation, before
  FROM sources_rowchange WHERE source_id = %(source)s ORDER BY table_name, row_id, id
)
SELECT f.operation, i.code, i.name, ''::text AS symbol,
       f.operation = 'update' AND i.listed_to IS NOT NULL AND f.before->>'listed_to' IS NULL AS ended,
       f.before->>'name' IS DISTINCT FROM i.name OR f.before->>'address' IS DISTINCT FROM i.address
         OR f.before->'beds' IS DISTINCT FROM i.beds AS differs,
       f.before->>'name' AS old_name, f.before->>'address' AS old_address, i.address
FROM first f JOIN institutions_institution i ON f.table_name = 'institutions_institution' AND i.id = f.row_id
UNION ALL
SELECT f.operation, i.code, i.name, n.symbol,
       f.operation = 'update' AND n.listed_to IS NOT NULL AND f.before->>'listed_to' IS NULL,
       false, NULL, NULL, NULL
FROM first f
JOIN institutions_notification n ON f.table_name = 'institutions_notification' AND n.id = f.row_id
JOIN institutions_institution i ON i.id = n.institution_id;
"""
_CHANGE = "CASE WHEN ended THEN 1 WHEN operation = 'insert' THEN 2 ELSE 3 END"
_REGISTER_ROWS = f"""
SELECT operation, code, name, symbol, ended, old_name, old_address, address FROM (
  SELECT *, {_CHANGE} AS change, row_number() OVER (PARTITION BY {_CHANGE} ORDER BY symbol = '', code, symbol) AS rank
  FROM register_change WHERE operation = 'insert' OR ended OR differs
) ranked WHERE rank <= {_SHOWN_OF_A_CHANGE} ORDER BY change, rank
"""  # noqa: S608 - constants only
_DROP = "DROP TABLE compared, register_change"


def get_difference(source: SourceFile) -> Difference:
    """What `source`, just stored in the present transaction, changes against what was stored before it."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, {"source": source.pk, "kind": source.kind, "key": source.key})
        cursor.execute(_TOTALS)
        new, changed, gone, same = cursor.fetchone()
        cursor.execute(_BIGGEST)
        figures = tuple(_figure(row, source.sheets) for row in cursor.fetchall())
        cursor.execute(_REGISTER, {"source": source.pk})
        cursor.execute(_REGISTER_TOTALS)
        added, ended, differing = cursor.fetchone()
        cursor.execute(_REGISTER_ROWS)
        register = tuple(_register_change(row) for row in cursor.fetchall())
        cursor.execute(_DROP)
    return Difference(
        figures_new=new,
        figures_changed=changed,
        figures_gone=gone,
        figures_same=same,
        figures=figures,
        register_added=added,
        register_changed=differing,
        register_ended=ended,
        register=register,
    )


def _figure(row: tuple[Any, ...], sheets: list[str]) -> FigureChange:
    item, region, year, stratum, before_year, before, before_status, after, after_status, sheet, number, column = row
    return FigureChange(
        item=item,
        region=region,
        year=year,
        stratum=stratum,
        before_year=before_year,
        before=before,
        before_status=_label(before_status),
        after=after,
        after_status=_label(after_status),
        cell=f"{sheets[sheet]}!{cell_name(number, column)}" if number and sheet < len(sheets) else "",
    )


def _label(status: int | None) -> str:
    return "" if status is None else str(Status(status).label)


def _register_change(row: tuple[Any, ...]) -> RegisterChange:
    operation, code, name, symbol, ended, old_name, old_address, address = row
    if operation == "insert":
        kind, detail = "追加", f"届出 {symbol}" if symbol else "名簿に新しく載った医療機関"
    elif ended:
        kind, detail = "終了", f"届出 {symbol}" if symbol else "名簿に載らなくなった医療機関"
    else:
        kind = "変更"
        parts = [f"名称：{old_name} → {name}" if old_name != name else ""]
        parts.append(f"所在地：{old_address} → {address}" if old_address != address else "")
        detail = "、".join(part for part in parts if part) or "病床数"
    return RegisterChange(kind=kind, name=name, code=code, detail=detail)
