"""Regions and area schemes, as the read API gives them."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from regions.models import AreaScheme, Region
from regions.queries.listing import ListedRegion, list_members, list_regions
from regions.queries.schemes import get_schemes
from regions.results import SchemeInfo
from zaitaku.rest.paging import CURSOR, LIMIT, cut, from_memory
from zaitaku.rest.parameters import PREFECTURE, SCHEME, Given, Parameter
from zaitaku.rest.resources import Page, Resource
from zaitaku.rest.views import ReadView, not_found


def _kinds() -> tuple[str, ...]:
    return tuple(kind.value for kind in Region.Kind)


KIND = Parameter(
    name="kind",
    description="地域の種類。nation 全国・prefecture 都道府県・area 圏域・municipality 市区町村・ward 行政区",
    example="prefecture",
    choices=_kinds,
    is_many=True,
)
ON = Parameter(name="on", description="この日に存在する地域。指定しなければ今日", example="2025-10-01", is_date=True)
CODE = Parameter(
    name="code", description="地域コード。先頭の0を含む文字列", example="24", pattern=r"^[0-9A-Za-z]{1,12}$"
)
KEY = Parameter(name="key", description=SCHEME.description, example=SCHEME.example, pattern=SCHEME.pattern)


class RegionRow(Resource):
    """One region."""

    kind: str = Field(description="種類：nation・prefecture・area・municipality・ward")
    kind_label: str = Field(description="種類の名称")
    code: str = Field(description="地域コード。先頭の0を含む文字列。圏域のコードは区分ごと")
    name: str = Field(description="名称")
    name_kana: str = Field(description="名称（ひらがな）。なければ空文字")
    scheme: str | None = Field(description="圏域の区分のキー。圏域でなければnull")
    prefecture_code: str | None = Field(description="都道府県コード（2桁）。全国はnull")
    parent_kind: str | None = Field(description="上位の地域の種類。全国はnull")
    parent_code: str | None = Field(description="上位の地域のコード。全国はnull")
    district: str | None = Field(description="町村の郡。なければnull")
    is_base_unit: bool = Field(description="合計するときに重ならない最小の単位（市区町村、政令指定都市は行政区）")
    is_designated_city: bool = Field(description="政令指定都市")
    is_out_of_scope: bool = Field(description="集計の対象外（北方領土の6村）")
    valid_from: dt.date | None = Field(description="この日から存在する。nullは最初から")
    valid_to: dt.date | None = Field(description="この日から存在しない。nullは現存")


class RegionPage(Page[RegionRow]):
    """Regions."""


class SchemeRow(Resource):
    """One partition of the country into areas."""

    key: str = Field(description="区分のキー（例：iryoken2-8）")
    kind: str = Field(description="区分の種類")
    kind_label: str = Field(description="区分の種類の名称")
    name: str = Field(description="名称")
    note: str | None = Field(description="注記。なければnull")
    effective_from: dt.date = Field(description="適用の開始日")
    effective_to: dt.date | None = Field(description="この日から使わない。nullは現行")
    to_be_confirmed: bool = Field(description="コード・名称に確認できていないものがある")
    areas: int = Field(description="圏域の数")


class SchemePage(Page[SchemeRow]):
    """Schemes."""


class MemberRow(Resource):
    """One municipality of an area."""

    code: str = Field(description="市区町村コード（5桁、検査数字なし）。政令指定都市は行政区")
    name: str = Field(description="名称")


class AreaRow(Resource):
    """One area with all that lies in it."""

    code: str = Field(description="圏域コード")
    name: str = Field(description="圏域名")
    prefecture_code: str = Field(description="都道府県コード（2桁）")
    members: tuple[MemberRow, ...] = Field(description="構成する市区町村。どの市区町村も1つの圏域にだけ入る")


class SchemeDetail(Resource):
    """A scheme with its areas."""

    scheme: SchemeRow = Field(description="圏域の区分")
    areas: tuple[AreaRow, ...] = Field(description="圏域と、構成する市区町村")


class RegionList(ReadView):
    """All regions."""

    summary = "地域の一覧"
    about = "全国・都道府県・圏域・市区町村・行政区。統廃合された地域は on で日付を変えると出ます。"
    tag = "地域と圏域"
    resource = RegionPage
    parameters = (KIND, PREFECTURE, SCHEME, ON, CURSOR, LIMIT)
    example = "?kind=municipality&prefecture=24"

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> RegionPage:
        """A page of regions."""
        page = cut(
            request,
            given,
            fetch=lambda after, number: list_regions(
                on=given.date("on") or timezone.localdate(),
                kinds=given.texts("kind"),
                prefectures=given.texts("prefecture"),
                scheme=_known_scheme(given.text("scheme")),
                after=int(after[0]) if after else 0,
                limit=number,
            ),
            key=lambda region: (region.id,),
            shape=(int,),
        )
        return RegionPage(results=tuple(map(_region, page.rows)), next=page.next)


class RegionDetail(ReadView):
    """One region."""

    summary = "1つの地域"
    about = "圏域のコードは区分ごとに付くので、圏域では scheme も指定します。"
    tag = "地域と圏域"
    resource = RegionRow
    path_parameters = (
        Parameter(name="kind", description="地域の種類", example="prefecture", choices=_kinds),
        CODE,
    )
    parameters = (SCHEME, ON)

    def answer(self, _request: HttpRequest, given: Given, /, **path: str) -> RegionRow:
        """The region on the day."""
        found = list_regions(
            on=given.date("on") or timezone.localdate(),
            kinds=(path["kind"],),
            code=path["code"],
            scheme=_known_scheme(given.text("scheme")),
        )
        if not found:
            raise not_found("この種類とコードの地域はありません。", hint="/api/v1/regions/ の一覧から探してください。")
        if len(found) > 1:
            keys = "・".join(region.scheme for region in found)
            raise not_found(
                "このコードの圏域は複数の区分にあります。",
                field="scheme",
                hint=f"schemeに{keys}のどれかを指定してください。",
            )
        return _region(found[0])


class SchemeList(ReadView):
    """All public schemes."""

    summary = "圏域の区分の一覧"
    about = "二次医療圏・構想区域などの版。それぞれが、国全体または都道府県を重なりなく分けています。"
    tag = "地域と圏域"
    resource = SchemePage
    parameters = (CURSOR, LIMIT)

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> SchemePage:
        """A page of schemes."""
        page = cut(request, given, fetch=from_memory(get_schemes(), _scheme_key), key=_scheme_key, shape=(str,))
        return SchemePage(results=tuple(map(_scheme, page.rows)), next=page.next)


class SchemeDetails(ReadView):
    """One scheme with its areas."""

    summary = "1つの圏域の区分と、圏域を構成する市区町村"
    tag = "地域と圏域"
    resource = SchemeDetail
    path_parameters = (KEY,)

    def answer(self, _request: HttpRequest, _given: Given, /, **path: str) -> SchemeDetail:
        """The scheme, its areas and their members."""
        key = _known_scheme(path["key"])
        members: dict[str, list[MemberRow]] = {}
        for member in list_members(key):
            members.setdefault(member.area_code, []).append(MemberRow(code=member.unit_code, name=member.unit_name))
        areas = Region.Kind.AREA
        found = list_regions(on=timezone.localdate(), kinds=(areas.value,), scheme=key)
        return SchemeDetail(
            scheme=next(_scheme(one) for one in get_schemes() if one.key == key),
            areas=tuple(
                AreaRow(
                    code=area.code,
                    name=area.name,
                    prefecture_code=area.prefecture_code,
                    members=tuple(members.get(area.code, ())),
                )
                for area in sorted(found, key=lambda area: area.code)
            ),
        )


def _known_scheme(key: str) -> str:
    """The key, if it is empty or there is such a scheme."""
    if not key:
        return ""
    known = [scheme.key for scheme in get_schemes()]
    if key not in known:
        hint = f"あるのは{'・'.join(known)}です。" if known else ""
        raise not_found(f"圏域の区分「{key}」はありません。", field="scheme", hint=hint)
    return key


def _scheme_key(scheme: SchemeInfo) -> tuple[str]:
    return (scheme.key,)


def _region(region: ListedRegion) -> RegionRow:
    return RegionRow(
        kind=region.kind,
        kind_label=Region.Kind(region.kind).label,
        code=region.code,
        name=region.name,
        name_kana=region.name_kana,
        scheme=region.scheme or None,
        prefecture_code=region.prefecture_code or None,
        parent_kind=region.parent_kind or None,
        parent_code=region.parent_code or None,
        district=region.district or None,
        is_base_unit=region.is_base_unit,
        is_designated_city=region.is_designated_city,
        is_out_of_scope=region.is_out_of_scope,
        valid_from=region.valid_from,
        valid_to=region.valid_to,
    )


def _scheme(scheme: SchemeInfo) -> SchemeRow:
    return SchemeRow(
        key=scheme.key,
        kind=scheme.kind,
        kind_label=AreaScheme.Kind(scheme.kind).label,
        name=scheme.name,
        note=scheme.note or None,
        effective_from=scheme.effective_from,
        effective_to=scheme.effective_to,
        to_be_confirmed=scheme.to_be_confirmed,
        areas=scheme.area_count,
    )
