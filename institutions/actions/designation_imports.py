"""Taking a prefecture's own list in: each row is tied to a body, shown to the official, and entered as one batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from institutions.actions.designations import DesignationRefused, NewDesignation, create_designation
from institutions.formulas.folding import fold_for_search
from institutions.models import Body, Designation, DesignationBatch
from institutions.parsers.designation_list import AREA, CODE, NAME, UNITS, DesignationList, ListedDesignation
from institutions.queries.designations import allows_support, get_designation_areas
from institutions.results import DesignationAreas
from regions.models import Region
from regions.queries.regions import get_base_units
from zaitaku.accounts.models import User
from zaitaku.lib.problems import Problem


def prepare_list(
    table: DesignationList, *, prefecture: Region, period: int, filename: str, by: User
) -> DesignationBatch:
    """Keep what the list says and what is wrong with it; nothing is designated yet."""
    resolver = _Resolver(prefecture.code)
    rows, problems = [], list(table.problems)
    for listed in table.rows:
        row, complaints = resolver.resolve(listed, table)
        problems += complaints
        if row is not None:
            rows.append(row)
    return DesignationBatch.objects.create(
        prefecture=prefecture,
        period=period,
        kind=DesignationBatch.Kind.IMPORT,
        state=DesignationBatch.State.READY,
        filename=filename[-200:],
        rows=rows,
        problems=[asdict(problem) for problem in problems],
        by=by,
        at=timezone.now(),
    )


class _Resolver:
    """Which body, area and municipalities the words of a row mean; never guessed where there are several."""

    def __init__(self, prefecture_code: str) -> None:
        self._areas: DesignationAreas = get_designation_areas(prefecture_code)
        self._area_ids = {area.name: area.id for area in self._areas.areas} | {
            area.code: area.id for area in self._areas.areas
        }
        self._with_support = allows_support(prefecture_code)
        self._by_code: dict[str, list[tuple[int, str]]] = {}
        self._by_name: dict[str, list[tuple[int, str]]] = {}
        bodies = Body.objects.without_duplicates().filter(prefecture__code=prefecture_code)
        for pk, name, code in bodies.order_by("listed_to", "pk").values_list("pk", "name", "code"):
            self._by_name.setdefault(fold_for_search(name), []).append((pk, name))
            if code:
                self._by_code.setdefault(code, []).append((pk, name))
        self._units: dict[str, int] = {}
        for unit in get_base_units(timezone.localdate()):
            if unit.prefecture_code == prefecture_code:
                self._units |= {unit.name: unit.id, unit.code: unit.id}

    def resolve(self, listed: ListedDesignation, table: DesignationList) -> tuple[dict[str, Any] | None, list[Problem]]:
        """The row as it will be entered, or what is wrong with it."""
        problems = []
        body, reason = self._body(listed)
        if body is None:
            problems.append(
                table.problem(listed.row, CODE if listed.code else NAME, reason, listed.code or listed.name)
            )
        area = self._area_ids.get(listed.area)
        if area is None:
            known = "、".join(one.name for one in self._areas.areas[:6])
            sentence = f"この都道府県に、この名前の圏域がありません（{known} …）。"
            problems.append(table.problem(listed.row, AREA, sentence, listed.area))
        if listed.kind == "support" and not self._with_support:
            sentence = "この都道府県では「連携支援機関」を使う設定になっていません。"
            problems.append(table.problem(listed.row, NAME, sentence, listed.name))
        unknown = [name for name in listed.units if name not in self._units]
        if unknown:
            sentence = "この都道府県に、この名前の市区町村がありません。"
            problems.append(table.problem(listed.row, UNITS, sentence, "、".join(unknown)))
        if problems or body is None:
            return None, problems
        return {
            "row": listed.row,
            "body": body[0],
            "name": body[1],
            "written": listed.name,
            "area": area,
            "area_name": listed.area,
            "kind": listed.kind,
            "kind_label": str(Designation.Kind(listed.kind).label),
            "day": listed.day.isoformat() if listed.day else "",
            "evidence": listed.evidence,
            "recheck_on": listed.recheck_on.isoformat() if listed.recheck_on else "",
            "units": sorted({self._units[name] for name in listed.units}),
        }, []

    def _body(self, listed: ListedDesignation) -> tuple[tuple[int, str] | None, str]:
        if listed.code:
            found = self._by_code.get(listed.code, [])
            reason = "このコードの機関が、この都道府県の機関台帳にありません。"
        else:
            found = self._by_name.get(fold_for_search(listed.name), [])
            reason = "この名称の機関が機関台帳にありません。コードを書くか、機関台帳に登録してください。"
        if len(found) > 1:
            return None, f"同じ名称・コードの機関が{len(found)}件あります。医療機関コードを書いてください。"
        return (found[0], "") if found else (None, reason)


@transaction.atomic
def apply_list(batch: DesignationBatch, *, by: User) -> int:
    """Enter every row as 位置付け, or none of them; returns how many. Raises `DesignationRefused`."""
    locked = DesignationBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != DesignationBatch.State.READY or locked.problems:
        raise DesignationRefused("この一覧は、反映できる状態ではありません。")
    bodies = Body.objects.in_bulk([row["body"] for row in locked.rows])
    for row in locked.rows:
        try:
            create_designation(_new(row, bodies, locked), by=by, batch=locked)
        except DesignationRefused as error:
            raise DesignationRefused(f"{row['row']}行目「{row['name']}」：{error}何も登録していません。") from error
    locked.state = DesignationBatch.State.APPLIED
    locked.save(update_fields=["state"])
    return len(locked.rows)


def _new(row: Mapping[str, Any], bodies: Mapping[int, Body], batch: DesignationBatch) -> NewDesignation:
    return NewDesignation(
        prefecture_id=batch.prefecture_id,
        period=batch.period,
        kind=row["kind"],
        body=bodies[row["body"]],
        area_id=row["area"],
        status=Designation.Status.DESIGNATED,
        reason="県の一覧から取込",
        decided_on=_day(row["day"]) or timezone.localdate(),
        evidence=row["evidence"],
        recheck_on=_day(row["recheck_on"]),
        unit_ids=tuple(row["units"]),
    )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
