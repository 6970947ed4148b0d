"""機関台帳: searching the bodies, and everything known about one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

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
    found = find_bodies(query)
    counted = found[: MOST_COUNTED + 1].count() if query.words else found.count()
    is_more = bool(query.words) and counted > MOST_COUNTED
    total = min(counted, MOST_COUNTED) if is_more else counted
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, query.page), pages)
    chosen = found.order_by("prefecture_id", "unit_id", "name", "pk")
    rows = to_body_rows(chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    return BodyPage(rows=rows, total=total, is_more=is_more, number=number, pages=pages)


def find_bodies(query: BodyQuery) -> QuerySet[Body]:
    """The bodies that pass the filters, without the duplicates that were merged."""
    found = Body.objects.without_duplicates().named(search_words(query.words))
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
        held = Notification.objects.filter(institution=OuterRef("institution_id"), listed_to=None)
        found = found.filter(Exists(held.filter(symbol__in=symbols_of(query.notification))))
    if query.designated:
        standing = Designation.objects.filter(body=OuterRef("pk"), status="designated", voided_at=None)
        found = found.filter(Exists(standing))
    return found


def symbols_of(notification: str) -> list[str]:
    """The 受理記号 a filter stands for."""
    if notification != SUPPORT:
        return [notification]
    return [one.symbol for one in notification_symbols().values() if one.family.startswith("shien_")]


def to_body_rows(bodies: QuerySet[Body]) -> tuple[BodyRow, ...]:
    """Bodies as frozen rows with their present notifications; two queries."""
    found = list(bodies.select_related("prefecture", "unit"))
    held = current_notifications([one.institution_id for one in found if one.institution_id])
    return tuple(
        BodyRow(
            id=one.pk,
            kind_label=one.get_kind_display(),
            name=one.name,
            kana=one.kana,
            code=one.code,
            address=one.address,
            prefecture_code=one.prefecture.code,
            unit_name=one.unit.name if one.unit else "",
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
