"""Storing published figures: bulk, idempotent, and never changing one that is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import F, Max
from numpy.typing import NDArray

from indicators.models import Item, Observation, Status
from indicators.parsers.local_codes import LOCAL
from indicators.parsers.observations import Cells, ObservationTable, Place, PublishedItem
from regions.models import AreaScheme, Region
from zaitaku.lib.binary_copy import binary_rows
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import FileRefused, Problem
from zaitaku.sources.models import SourceFile

_LOCAL_KINDS = (Region.Kind.MUNICIPALITY.value, Region.Kind.WARD.value)
_COLUMNS = 'source_id, item_id, region_id, year, stratum, value, status, sheet, row, "column"'
_TABLE = Observation._meta.db_table
# Only names of this module go into these statements; every value travels through COPY.
_CREATE = f"CREATE TEMPORARY TABLE observation_incoming ON COMMIT DROP AS SELECT {_COLUMNS} FROM {_TABLE} LIMIT 0"  # noqa: S608
_INSERT = f"INSERT INTO {_TABLE} ({_COLUMNS}) SELECT {_COLUMNS} FROM observation_incoming ON CONFLICT DO NOTHING"  # noqa: S608
_DROP = "DROP TABLE observation_incoming"


@transaction.atomic
def store_observations(table: ObservationTable, *, source: SourceFile) -> dict[str, int]:
    """Add the figures of `table` under `source`; figures that are there already stay untouched.

    Returns how many figures the file holds and how many are new or hidden. Raises `FileRefused` if a region of the file
    is unknown or has another name than here.
    """
    SourceFile.objects.select_for_update().get(pk=source.pk)  # two imports of one file wait for each other
    regions = _region_ids(table.places)
    items = _item_ids(table.items, table.cells)
    added = _copy(_rows(table, source=source, items=items, regions=regions), into_empty=_is_new(source))
    return {
        "項目": len(table.items),
        "観測値": len(table.cells),
        "新規の観測値": added,
        "秘匿": int((table.cells["status"] == Status.SUPPRESSED).sum()),
        **table.counts,
    }


def edition_of(source: SourceFile) -> Edition:
    """The edition a stored source is, for tables made from what is stored."""
    return Edition(
        kind=source.kind,
        key=source.key,
        publisher=source.publisher,
        title=source.title,
        edition=source.edition,
        as_of=source.as_of,
        licence=source.licence,
        prefecture_code=source.prefecture_code,
    )


def _is_new(source: SourceFile) -> bool:
    return not Observation.objects.filter(source=source).exists()


def _rows(
    table: ObservationTable, *, source: SourceFile, items: NDArray[np.int64], regions: NDArray[np.int64]
) -> Iterator[bytes]:
    cells = table.cells
    # In the order of the key: neighbours then go into the same page of its index, a quarter of the time less.
    cells = cells[np.lexsort((regions[cells["place"]], items[cells["item"]]))]
    strata = np.array([stratum.encode() for stratum in table.strata] or [b""], dtype=bytes)
    return binary_rows(
        [
            np.full(len(cells), source.pk, dtype=np.int64),
            items[cells["item"]],
            regions[cells["place"]],
            cells["year"],
            strata[cells["stratum"]],
            cells["value"],
            cells["status"],
            cells["sheet"],
            cells["row"],
            cells["column"],
        ]
    )


def _copy(blocks: Iterable[bytes], *, into_empty: bool) -> int:
    """COPY straight in while the source has no figures, else through a temporary table that skips those it has."""
    with connection.cursor() as cursor:
        if into_empty:
            return _stream(cursor, _TABLE, blocks)
        cursor.execute(_CREATE)
        _stream(cursor, "observation_incoming", blocks)
        cursor.execute(_INSERT)
        added = int(cursor.rowcount)
        cursor.execute(_DROP)
        return added


def _stream(cursor: Any, table: str, blocks: Iterable[bytes]) -> int:
    with cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
        for block in blocks:
            copy.write(block)
    return int(cursor.rowcount)


def _item_ids(items: Sequence[PublishedItem], cells: Cells) -> NDArray[np.int64]:
    """The ids of the items, created where they are new; the name is that of the newest year there are figures of."""
    known = Item.objects.in_bulk([item.code for item in items], field_name="code")
    Item.objects.bulk_create(
        (
            Item(code=i.code, name=i.name, unit=i.unit, basis=i.basis, counts_people=i.counts_people)
            for i in items
            if i.code not in known
        ),
        ignore_conflicts=True,
    )
    _rename([(known[i.code], i) for i in items if i.code in known and known[i.code].name != i.name], cells)
    ids = dict(Item.objects.filter(code__in=[item.code for item in items]).values_list("code", "id"))
    return np.array([ids[item.code] for item in items], dtype=np.int64)


def _rename(renamed: Sequence[tuple[Item, PublishedItem]], cells: Cells) -> None:
    if not renamed:
        return
    newest = dict(
        Observation.objects.filter(item__in=[item for item, _ in renamed])
        .values_list("item_id")
        .annotate(newest=Max("year"))
    )
    year = int(cells["year"].max())
    changed = [(item, published) for item, published in renamed if year >= newest.get(item.pk, 0)]
    for item, published in changed:
        item.name = published.name
    Item.objects.bulk_update([item for item, _ in changed], ["name"])


def _region_ids(places: Sequence[Place]) -> NDArray[np.int64]:
    """The id of each place, in the table's order."""
    found: dict[Place, int] = {}
    for scheme_kind in sorted({place.scheme_kind for place in places}):
        wanted = [place for place in places if place.scheme_kind == scheme_kind]
        found |= _area_ids(wanted, scheme_kind) if scheme_kind else _plain_ids(wanted)
    return np.array([found[place] for place in places], dtype=np.int64)


def _plain_ids(places: Sequence[Place]) -> dict[Place, int]:
    """Nation, prefectures, municipalities and wards, by kind and code; the name must agree where the file gives one."""
    regions = Region.objects.filter(scheme__isnull=True, code__in=[place.code for place in places])
    known: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for kind, code, pk, name in regions.order_by(F("valid_from").asc(nulls_first=True)).values_list(
        "kind", "code", "pk", "name"
    ):
        known.setdefault((kind, code), []).append((pk, name))
    ids: dict[Place, int] = {}
    problems: list[Problem] = []
    for place in places:
        kinds = _LOCAL_KINDS if place.kind == LOCAL else (place.kind,)
        same = [region for kind in kinds for region in known.get((kind, place.code), [])]
        match = [pk for pk, name in same if not place.name or _folded(name) == _folded(place.name)]
        if match:
            ids[place] = match[-1]
        else:
            here = "・".join(name for _, name in same)
            problems.append(Problem(_unknown(here), text=f"{place.code} {place.name}".strip()))
    if problems:
        raise FileRefused(*problems)
    return ids


def _area_ids(places: Sequence[Place], scheme_kind: str) -> dict[Place, int]:
    """Areas of the newest scheme of this kind that has all of them (and no other, in a file on several prefectures).

    Names must agree where given.
    """
    complaints: list[list[Problem]] = []
    for scheme in AreaScheme.objects.filter(kind=scheme_kind).order_by("-effective_from", "key"):
        areas = {code: (pk, name) for code, pk, name in scheme.areas.values_list("code", "pk", "name")}
        if scheme.to_be_confirmed:
            areas = _recoded(areas, places)
        problems = _differences(places, areas, scheme)
        if not problems:
            return {place: areas[place.code][0] for place in places}
        complaints.append(problems)
    if not complaints:
        raise FileRefused(Problem("この種類の圏域がまだ登録されていません。先に圏域の資料を取り込んでください。"))
    raise FileRefused(*min(complaints, key=len)[:20])


def _recoded(areas: dict[str, tuple[int, str]], places: Sequence[Place]) -> dict[str, tuple[int, str]]:
    """Areas whose codes are provisional take the file's code, where prefecture and name say which one it is."""
    by_name = {(place.code[:2], _folded(place.name)): place.code for place in places if place.name}
    return {by_name.get((code[:2], _folded(name)), code): (pk, name) for code, (pk, name) in areas.items()}


def _differences(places: Sequence[Place], areas: dict[str, tuple[int, str]], scheme: AreaScheme) -> list[Problem]:
    problems = []
    for place in places:
        if place.code not in areas:
            problems.append(Problem(f"「{scheme.name}」にない圏域です。", text=f"{place.code} {place.name}".strip()))
        elif place.name and _folded(place.name) != _folded(areas[place.code][1]):
            reason = f"「{scheme.name}」の{place.code}は「{areas[place.code][1]}」で、名称が違います。"
            problems.append(Problem(reason, text=f"{place.code} {place.name}"))
    # A publication on the whole country tells by its areas which scheme it means; a prefecture reports some of its own.
    is_national = len({place.code[:2] for place in places}) > 1
    missing = sorted(set(areas) - {place.code for place in places}) if is_national else []
    problems.extend(Problem(f"「{scheme.name}」の{code} {areas[code][1]}の列がありません。") for code in missing)
    return problems


def _folded(name: str) -> str:
    return name.replace("　", "").replace(" ", "").replace("ヶ", "ケ")


def _unknown(here: str) -> str:
    return f"この地域は登録では「{here}」で、名称が違います。" if here else "登録されていない地域です。"
