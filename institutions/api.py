"""Institutions of the official lists, as the read API gives them."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from pydantic import Field

from institutions.definitions import notification_symbols
from institutions.models import Institution
from institutions.queries.published import ListedInstitution, list_institutions
from zaitaku.rest.paging import CURSOR, LIMIT, cut
from zaitaku.rest.parameters import PREFECTURE, Given, Parameter
from zaitaku.rest.resources import Page, Resource
from zaitaku.rest.views import ReadView, not_found


def _kinds() -> tuple[str, ...]:
    return tuple(kind.value for kind in Institution.Kind)


def _symbols() -> tuple[str, ...]:
    return tuple(notification_symbols())


KIND = Parameter(
    name="kind",
    description="種類。hospital 病院・clinic 診療所・dental 歯科・pharmacy 薬局・unknown 不明",
    example="clinic",
    choices=_kinds,
    is_many=True,
)
MUNICIPALITY = Parameter(
    name="municipality",
    description="所在地の市区町村コード（5桁）。政令指定都市は行政区",
    example="24201",
    pattern=r"^[0-9]{5}$",
    is_many=True,
)
SYMBOL = Parameter(
    name="symbol",
    description="届出の受理記号。このどれかを届け出ている機関",
    example="支援診3",
    choices=_symbols,
    is_many=True,
)
LISTED = Parameter(
    name="listed",
    description="current は最新の名簿に載っているものだけ、all は載らなくなったものも含む",
    example="all",
    choices=lambda: ("current", "all"),
    default="current",
)
CODE = Parameter(name="code", description="医療機関コード（10桁）", example="2410101386", pattern=r"^[0-9]{10}$")


class NotificationRow(Resource):
    """One notification."""

    symbol: str = Field(description="受理記号（NFKC正規化後）")
    name: str | None = Field(description="届出の名称。分からなければnull")
    number: str | None = Field(description="受理番号。なければnull")
    started_on: dt.date | None = Field(description="算定開始年月日。なければnull")
    listed_from: dt.date = Field(description="この時点の名簿に初めて載った")
    listed_to: dt.date | None = Field(description="この時点の名簿に載っていない。nullは掲載中")


class InstitutionRow(Resource):
    """One institution."""

    code: str = Field(description="医療機関コード（都道府県2桁＋点数表1桁＋医療機関番号7桁）。文字列")
    kind: str = Field(description="種類：hospital・clinic・dental・pharmacy・unknown")
    kind_label: str = Field(description="種類の名称")
    name: str = Field(description="名称")
    postcode: str | None = Field(description="郵便番号。なければnull")
    address: str | None = Field(description="所在地。なければnull")
    telephone: str | None = Field(description="電話番号。なければnull")
    prefecture_code: str = Field(description="都道府県コード（2桁）")
    municipality_code: str | None = Field(description="所在地から判定した市区町村コード。判定できなければnull")
    listed_from: dt.date = Field(description="この時点の名簿に初めて載った")
    listed_to: dt.date | None = Field(description="この時点の名簿に載っていない。nullは掲載中")
    notifications: tuple[NotificationRow, ...] = Field(description="在宅医療にかかわる届出")
    source_id: int = Field(description="最新の出典の番号（/api/v1/sources/）")


class InstitutionPage(Page[InstitutionRow]):
    """Institutions."""


class InstitutionList(ReadView):
    """Institutions of the official lists."""

    summary = "医療機関の一覧"
    about = (
        "地方厚生局の届出受理医療機関名簿による医療機関と、在宅医療にかかわる届出。"
        "名簿を取り込んでいない都道府県は行がありません。0件とは違います（取込の状況は /api/v1/sources/ ）。"
    )
    tag = "医療機関"
    resource = InstitutionPage
    parameters = (PREFECTURE, MUNICIPALITY, KIND, SYMBOL, LISTED, CURSOR, LIMIT)
    example = "?prefecture=24&symbol=支援診3"

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> InstitutionPage:
        """A page of institutions."""
        page = cut(
            request,
            given,
            fetch=lambda after, number: list_institutions(
                prefectures=given.texts("prefecture"),
                units=given.texts("municipality"),
                kinds=given.texts("kind"),
                symbols=given.texts("symbol"),
                only_listed=given.text("listed") == "current",
                after=str(after[0]) if after else "",
                limit=number,
            ),
            key=lambda one: (one.code,),
            shape=(str,),
        )
        return InstitutionPage(results=tuple(map(_institution, page.rows)), next=page.next)


class InstitutionDetail(ReadView):
    """One institution."""

    summary = "1つの医療機関"
    about = "名簿に載らなくなった機関と届出も含みます。"
    tag = "医療機関"
    resource = InstitutionRow
    path_parameters = (CODE,)

    def answer(self, _request: HttpRequest, _given: Given, /, **path: str) -> InstitutionRow:
        """The institution."""
        found = list_institutions(code=path["code"], only_listed=False)
        if not found:
            raise not_found(
                "このコードの医療機関はありません。", hint="/api/v1/institutions/ の一覧から探してください。"
            )
        return _institution(found[0])


def _institution(one: ListedInstitution) -> InstitutionRow:
    names = notification_symbols()
    return InstitutionRow(
        code=one.code,
        kind=one.kind,
        kind_label=Institution.Kind(one.kind).label,
        name=one.name,
        postcode=one.postcode or None,
        address=one.address or None,
        telephone=one.telephone or None,
        prefecture_code=one.prefecture_code,
        municipality_code=one.unit_code or None,
        listed_from=one.listed_from,
        listed_to=one.listed_to,
        notifications=tuple(
            NotificationRow(
                symbol=held.symbol,
                name=names[held.symbol].name if held.symbol in names else None,
                number=held.number or None,
                started_on=held.started_on,
                listed_from=held.listed_from,
                listed_to=held.listed_to,
            )
            for held in one.notifications
        ),
        source_id=one.source_id,
    )
