"""機関台帳: searching the bodies, and everything known about one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from institutions.definitions import notification_symbols
from institutions.formulas.folding import search_words
from institutions.formulas.holdings import current_holders
from institutions.models import Body, Designation, Notification
from institutions.parsers.notification_list import ListedNotification
from regions.models import AreaMembership
from zaitaku.lib.codes import has_institution_check_digit

PAGE_SIZE = 50
MOST_ON_MAP = 2_000
# Nobody turns forty pages: of a word that very many names hold, the rest is not counted.
MOST_COUNTED = 2_000
SUPPORT = "support"
OPEN, CLOSED, ALL = "open", "closed", "all"
_SHOWN = (
    "id", "kind", "name", "kana", "code", "address", "prefecture__code", "unit__name", "latitude", "longitude",
    "position", "listed_to", "is_entered", "is_demo", "institution_id",
)  # fmt: skip
_NO_DAY = Value(dt.date.min, output_field=DateField())
_STARTED = Coalesce("started_on", _NO_DAY)
_STARTED_OF_HELD = Coalesce(OuterRef("started_on"), _NO_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyQuery:
    """What is looked for; empty fields do not narrow. `notification`: a 受理記号 or `support` (any 在支診・在支病)."""

    words: str = ""
    prefecture: str = ""
    area_id: int | None = None
    unit_id: int | None = None
    kinds: tuple[str, ...] = ()
    notification: str = ""
    state: str = OPEN
    designated: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """A line of the list. `notifications` are the names of the present 届出 that say most about home care."""

    id: int
    kind_label: str
    name: str
    kana: str
    code: str
    address: str
    prefecture_code: str
    unit_name: str
    latitude: float | None
    longitude: float | None
    position: str
    listed_to: dt.date | None
    is_entered: bool
    is_demo: bool
    notifications: tuple[str, ...]
    code_warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPage:
    """One page of what was found; `is_more` if there are more than `total`, which were not counted."""

    rows: tuple[BodyRow, ...]
    total: int
    is_more: bool
    number: int
    pages: int


def search_bodies(query: BodyQuery) -> BodyPage:
    """The bodies that pass the filters, by prefecture, municipality and name; three queries."""
    found, total, is_more = _look_up(query) if query.words else _look_through(query)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, query.page), pages)
    chosen = found.order_by("prefecture_id", "unit_id", "name", "pk")
    rows = to_body_rows(chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]) if total else ()
    return BodyPage(rows=rows, total=total, is_more=is_more, number=number, pages=pages)


def _look_through(query: BodyQuery) -> tuple[QuerySet[Body], int, bool]:
    """Without words: what passes the filters, counted to the last."""
    found = find_bodies(query)
    return found, found.count(), False


def _look_up(query: BodyQuery) -> tuple[QuerySet[Body], int, bool]:
    """With words: what is found, how many up to `MOST_COUNTED`, and whether there are more.

    The index is asked once. A few hits are then read by their keys; a word that very many rows hold is soon met when
    the rows are read in the order of the list, so the page is full long before the index had named every hit.
    """
    keys = list(find_bodies(query).values_list("pk", flat=True)[: MOST_COUNTED + 1])
    if len(keys) > MOST_COUNTED:
        return find_bodies(query, is_frequent=True), MOST_COUNTED, True
    return Body.objects.filter(pk__in=keys), len(keys), False


def find_bodies(query: BodyQuery, *, is_frequent: bool = False) -> QuerySet[Body]:
    """The bodies that pass the filters, without the duplicates that were merged; `is_frequent`: see `named`."""
    found = Body.objects.without_duplicates().named(search_words(query.words), with_index=not is_frequent)
    if query.prefecture:
        found = found.filter(prefecture__code=query.prefecture)
    if query.unit_id:
        found = found.filter(unit_id=query.unit_id)
    if query.area_id:
        members = AreaMembership.objects.filter(area_id=query.area_id)
        found = found.filter(unit_id__in=members.values("unit_id"))
    if query.kinds:
        found = found.filter(kind__in=query.kinds)
    if query.state != ALL:
        found = found.filter(listed_to__isnull=query.state == OPEN)
    if query.notification:
        found = found.filter(_holds(query.notification))
    if query.designated:
        standing = Designation.objects.filter(body=OuterRef("pk"), status="designated", voided_at=None)
        found = found.filter(Exists(standing))
    return found


def _holds(notification: str) -> Q:
    """Whether the institution of a body holds the notification now, by the rule of `current_holders`.

    Lists keep naming the former grade for a while, so of one family a notification that started later, or on the same
    day with a higher grade, stands in its place. Of "any 在支診・在支病" one is always the current one.
    """
    held = Notification.objects.filter(institution=OuterRef("institution_id"), listed_to=None)
    if notification == SUPPORT:
        return Q(Exists(held.filter(symbol__in=symbols_of(SUPPORT))))
    other = Notification.objects.filter(institution=OuterRef("institution_id"), listed_to=None)
    other = other.alias(day=_STARTED, day_held=_STARTED_OF_HELD)
    higher, lower = _rest_of_family(notification)
    replaced = Q(symbol__in=[*higher, *lower], day__gt=F("day_held")) | Q(symbol__in=higher, day=F("day_held"))
    standing = held.filter(symbol=notification)
    return Q(Exists(standing.exclude(Exists(other.filter(replaced))) if higher or lower else standing))


def _rest_of_family(symbol: str) -> tuple[list[str], list[str]]:
    """The other grades of the family of a notification: the higher ones and the lower ones."""
    known = notification_symbols()
    one = known.get(symbol)
    family = [other for other in known.values() if one and one.family and other.family == one.family]
    higher = [other.symbol for other in family if one and other.grade < one.grade]
    return higher, [other.symbol for other in family if one and other.grade > one.grade]


def symbols_of(notification: str) -> list[str]:
    """The 受理記号 a filter stands for."""
    if notification != SUPPORT:
        return [notification]
    return [one.symbol for one in notification_symbols().values() if one.family.startswith("shien_")]


def to_body_rows(bodies: QuerySet[Body]) -> tuple[BodyRow, ...]:
    """Bodies as frozen rows with their present notifications; two queries."""
    # Only what the list shows: the regions and the bodies have many more columns.
    found = list(bodies.values_list(*_SHOWN, named=True))
    held = current_notifications([one.institution_id for one in found if one.institution_id])
    return tuple(
        BodyRow(
            id=one.id,
            kind_label=Body.Kind(one.kind).label,
            name=one.name,
            kana=one.kana,
            code=one.code,
            address=one.address,
            prefecture_code=one.prefecture__code,
            unit_name=one.unit__name or "",
            latitude=one.latitude,
            longitude=one.longitude,
            position=one.position,
            listed_to=one.listed_to,
            is_entered=one.is_entered,
            is_demo=one.is_demo,
            notifications=tuple(held.get(one.institution_id or 0, ())),
            code_warning=code_warning(one.code) if one.institution_id else "",
        )
        for one in found
    )


def code_warning(code: str) -> str:
    """What is odd about a 医療機関コード: a warning, never a refusal."""
    if len(code) == 10 and code.isdecimal() and not has_institution_check_digit(code):
        return "検証番号が合いません。資料の記載どおりか確かめてください。"
    return ""


def current_notifications(institution_ids: Collection[int]) -> dict[int, list[str]]:
    """The symbols each institution holds now, of each family the current grade, in the order of the definitions."""
    symbols = notification_symbols()
    rows = Notification.objects.filter(institution__in=institution_ids, listed_to=None, symbol__in=symbols)
    listed = [
        ListedNotification(code=str(pk), symbol=symbol, number="", started_on=day, effective_on=None, row=0)
        for pk, symbol, day in rows.values_list("institution_id", "symbol", "started_on")
    ]
    held: dict[int, list[str]] = {}
    for symbol, holders in current_holders(listed, symbols).items():
        for pk in holders:
            held.setdefault(int(pk), []).append(symbol)
    return held
