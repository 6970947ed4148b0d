"""Everything known about one body: its fields with their sources, its notifications over time, its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from institutions.definitions import notification_symbols
from institutions.formulas.matching import fold_address, fold_name
from institutions.models import Body, BodyMerge, CareService, FacilityRecord, Institution, Notification
from institutions.parsers.beds import total_beds
from institutions.queries.bodies import code_warning
from institutions.queries.designations import get_designations_of_body
from institutions.results import DesignationRow
from zaitaku.sources.models import RowChange, SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """One field with where it comes from; without `source_id` it was entered by the prefecture or made here."""

    label: str
    value: str
    source: str
    source_id: int | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationLine:
    """One notification for as long as the lists name it."""

    symbol: str
    name: str
    is_round_the_clock: bool
    number: str
    started_on: dt.date | None
    listed_from: dt.date
    listed_to: dt.date | None
    source_id: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the body: listed, renamed, moved, closed, merged."""

    day: dt.date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeLine:
    """A merge this body takes part in."""

    id: int
    other_id: int
    other_name: str
    other_code: str
    is_kept: bool
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyDetail:
    """The page of one body."""

    id: int
    kind: str
    kind_label: str
    name: str
    kana: str
    code: str
    code_warning: str
    prefecture_code: str
    prefecture_name: str
    unit_id: int | None
    latitude: float | None
    longitude: float | None
    position: str
    position_label: str
    listed_to: dt.date | None
    is_entered: bool
    is_demo: bool
    beds: tuple[tuple[str, int | None], ...]
    beds_total: int | None
    fields: tuple[FieldValue, ...]
    notifications: tuple[NotificationLine, ...]
    events: tuple[Event, ...]
    merges: tuple[MergeLine, ...]
    designations: tuple[DesignationRow, ...]


_Listed = Institution | FacilityRecord | CareService


def get_body(body_id: int) -> BodyDetail | None:
    """One body, a merged duplicate too; None if there is none."""
    related = ("prefecture", "unit", "institution__source", "facility_record__source", "care_service__source")
    body = Body.objects.select_related(*related, "created_by").filter(pk=body_id).first()
    if body is None:
        return None
    beds = body.institution.beds if body.institution else {}
    merges = tuple(_merges(body))
    return BodyDetail(
        id=body.pk,
        kind=body.kind,
        kind_label=body.get_kind_display(),
        name=body.name,
        kana=body.kana,
        code=body.code,
        code_warning=code_warning(body.code) if body.institution_id else "",
        prefecture_code=body.prefecture.code,
        prefecture_name=body.prefecture.name,
        unit_id=body.unit_id,
        latitude=body.latitude,
        longitude=body.longitude,
        position=body.position,
        position_label=body.get_position_display(),
        listed_to=body.listed_to,
        is_entered=body.is_entered,
        is_demo=body.is_demo,
        beds=tuple(beds.items()),
        beds_total=total_beds(beds) if beds else None,
        fields=tuple(_fields(body)),
        notifications=_notifications(body),
        events=tuple(sorted(_events(body), key=lambda event: event.day, reverse=True)),
        merges=merges,
        designations=get_designations_of_body([body.pk, *(one.other_id for one in merges if one.is_kept)]),
    )


def _fields(body: Body) -> Iterator[FieldValue]:
    main: _Listed | None = body.institution or body.facility_record or body.care_service
    facility = body.facility_record
    yield _field("名称", body.name, main)
    yield _field("フリガナ", body.kana, facility if body.institution else main)
    yield _field("コード", body.code, main)
    yield _field("所在地", body.address, main)
    if body.institution:
        yield _field("電話番号", body.institution.telephone, body.institution)
    unit = body.unit.name if body.unit else ""
    yield FieldValue(label="市区町村", value=unit, source="所在地から判定", source_id=None, place="")
    if body.position == Body.Position.PUBLISHED:
        source = facility or main
        yield _field("位置", f"{body.latitude:.5f}, {body.longitude:.5f}", source)
    else:
        where = f"{body.latitude:.3f}, {body.longitude:.3f}（概略）" if body.latitude is not None else ""
        yield FieldValue(
            label="位置", value=where, source="市区町村の代表点（国土数値情報から作成）", source_id=None, place=""
        )
    url = facility.url if facility else body.care_service.url if body.care_service else ""
    if url:
        yield _field("ホームページ", url, facility or main)
    if body.note:
        yield _field("備考", body.note, None)


def _field(label: str, value: str, record: _Listed | None) -> FieldValue:
    if record is None:
        return FieldValue(label=label, value=value, source="県の登録・自治体の一覧", source_id=None, place="")
    source: SourceFile = record.source
    place = f"{record.source_row}行目"
    return FieldValue(label=label, value=value, source=str(source), source_id=source.pk, place=place)


def _notifications(body: Body) -> tuple[NotificationLine, ...]:
    symbols = notification_symbols()
    order = {symbol: i for i, symbol in enumerate(symbols)}
    held = Notification.objects.filter(institution=body.institution_id) if body.institution_id else ()
    lines = [
        NotificationLine(
            symbol=one.symbol,
            name=symbols[one.symbol].name if one.symbol in symbols else one.symbol,
            is_round_the_clock=one.symbol in symbols and symbols[one.symbol].is_round_the_clock,
            number=one.number,
            started_on=one.started_on,
            listed_from=one.listed_from,
            listed_to=one.listed_to,
            source_id=one.source_id,
            row=one.source_row,
        )
        for one in held
    ]
    return tuple(
        sorted(lines, key=lambda one: (one.listed_to is not None, order.get(one.symbol, 999), one.listed_from))
    )


def _events(body: Body) -> Iterator[Event]:
    if body.listed_from:
        yield Event(day=body.listed_from, text="名簿・資料に初めて載りました")
    if body.listed_to:
        yield Event(day=body.listed_to, text="名簿・資料に載らなくなりました（廃止・移転・コードの変更の可能性）")
    changes = RowChange.objects.filter(table_name="institutions_institution", row_id=body.institution_id or 0)
    later: dict[str, str] = {}
    if body.institution:
        later = {"name": body.institution.name, "address": body.institution.address}
    for change in changes.filter(operation="update").select_related("source").order_by("-pk"):
        before = change.before or {}
        for name, label in (("name", "名称"), ("address", "所在地")):
            if name in before and before[name] != later.get(name) and change.source.as_of:
                text = f"{label}が「{before[name]}」から「{later.get(name, '')}」に変わりました"
                yield Event(day=change.source.as_of, text=text)
        later = {name: before.get(name, value) for name, value in later.items()}


def _merges(body: Body) -> Iterator[MergeLine]:
    standing = BodyMerge.objects.filter(undone_at=None).select_related("duplicate", "kept", "by").order_by("pk")
    for merge in (*standing.filter(kept=body), *standing.filter(duplicate=body)):
        is_kept = merge.kept_id == body.pk
        other = merge.duplicate if is_kept else merge.kept
        yield MergeLine(
            id=merge.pk,
            other_id=other.pk,
            other_name=other.name,
            other_code=other.code,
            is_kept=is_kept,
            reason=merge.reason,
            by=str(merge.by),
            at=merge.at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePair:
    """Two open bodies of a prefecture with the same folded name and address."""

    ids: tuple[int, int]
    names: tuple[str, str]
    codes: tuple[str, str]
    kinds: tuple[str, str]
    address: str


def list_duplicates(prefecture_code: str, *, limit: int = 100) -> tuple[DuplicatePair, ...]:
    """Pairs of one prefecture that may be one body: same kind group, same name and same address, not merged yet."""
    rows = Body.objects.without_duplicates().filter(prefecture__code=prefecture_code, listed_to=None)
    groups: dict[tuple[str, str], list[tuple[int, str, str, str, str]]] = {}
    for pk, name, code, kind, address in rows.order_by("pk").values_list("pk", "name", "code", "kind", "address"):
        if address:
            groups.setdefault((fold_name(name), fold_address(address)), []).append((pk, name, code, kind, address))
    labels = dict(Body.Kind.choices)
    pairs = []
    for members in groups.values():
        first, *others = members
        for other in others:
            if _may_be_one(first, other):
                pairs.append(
                    DuplicatePair(
                        ids=(first[0], other[0]),
                        names=(first[1], other[1]),
                        codes=(first[2], other[2]),
                        kinds=(str(labels[first[3]]), str(labels[other[3]])),
                        address=first[4],
                    )
                )
    return tuple(pairs[:limit])


def _may_be_one(one: tuple[int, str, str, str, str], other: tuple[int, str, str, str, str]) -> bool:
    """Several services of one office are no duplicates: they share kind and office number by nature."""
    is_same_office = one[3] == other[3] == "care"
    return not is_same_office
