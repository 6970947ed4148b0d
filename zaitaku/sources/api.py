"""The publications behind every figure, as the read API gives them."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from zaitaku.rest.paging import CURSOR, LIMIT, cut, from_memory
from zaitaku.rest.parameters import Given, Parameter, prefecture_codes
from zaitaku.rest.resources import Page, Resource
from zaitaku.rest.views import ReadView, not_found
from zaitaku.sources.models import SourceFile
from zaitaku.sources.queries import get_source, get_sources
from zaitaku.sources.results import SourceQuery, SourceRow


def _kinds() -> tuple[str, ...]:
    return tuple(kind.value for kind in SourceFile.Kind)


KIND = Parameter(name="kind", description="資料の種類", example="ndb_open_data", choices=_kinds)
ONE_PREFECTURE = Parameter(
    name="prefecture",
    description="都道府県コード（2桁）。1県だけの資料のうち、その県のもの",
    example="24",
    choices=prefecture_codes,
)
EDITION = Parameter(
    name="edition",
    description="newest は種類・都道府県ごとの最新の版だけ、all はすべての版",
    example="newest",
    choices=lambda: ("newest", "all"),
    default="all",
)
ID = Parameter(name="id", description="資料の番号", example="1", bounds=(1, 2**31 - 1))


class SourceOut(Resource):
    """One edition of one file."""

    id: int = Field(description="資料の番号")
    kind: str = Field(description="資料の種類")
    kind_label: str = Field(description="資料の種類の名称")
    publisher: str = Field(description="公表者")
    title: str = Field(description="資料名")
    edition: str | None = Field(description="版。なければnull")
    as_of: dt.date | None = Field(description="資料の時点。なければnull")
    prefecture_code: str | None = Field(description="1県だけの資料のとき、都道府県コード（2桁）")
    licence: str = Field(description="利用条件")
    url: str | None = Field(description="公表者のページ。なければnull")
    filename: str = Field(description="取り込んだファイルの名前")
    sha256: str = Field(description="取り込んだファイルのSHA-256")
    size_bytes: int = Field(description="取り込んだファイルの大きさ（バイト）")
    retrieved_on: dt.date = Field(description="取得日")
    is_newest: bool = Field(description="種類・都道府県ごとの最新の版")
    withdrawn_at: dt.datetime | None = Field(description="取込が取り消された日時。取り消された資料はどこにも使われない")


class SourcePage(Page[SourceOut]):
    """Sources."""


class SourceList(ReadView):
    """All publications."""

    summary = "出典の一覧"
    about = "値の計算に使った公表資料の版ごとの一覧。公表者・時点・利用条件・ファイルのハッシュを示します。"
    tag = "出典"
    resource = SourcePage
    parameters = (KIND, ONE_PREFECTURE, EDITION, CURSOR, LIMIT)
    example = "?kind=ndb_open_data"

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> SourcePage:
        """A page of sources in the order of their numbers."""
        query = SourceQuery(
            kind=given.text("kind"), prefecture=given.text("prefecture"), newest=given.text("edition") == "newest"
        )
        rows = get_sources(query, today=timezone.localdate())
        page = cut(request, given, fetch=from_memory(rows, _key), key=_key, shape=(int,))
        return SourcePage(results=tuple(map(_source, page.rows)), next=page.next)


class SourceDetails(ReadView):
    """One publication."""

    summary = "1つの出典"
    tag = "出典"
    resource = SourceOut
    path_parameters = (ID,)

    def answer(self, _request: HttpRequest, _given: Given, /, **path: str) -> SourceOut:
        """The source."""
        found = get_source(int(path["id"]), today=timezone.localdate())
        if found is None:
            raise not_found("この番号の出典はありません。", hint="/api/v1/sources/ の一覧から探してください。")
        return _source(found.source)


def _key(row: SourceRow) -> tuple[int]:
    return (row.id,)


def _source(row: SourceRow) -> SourceOut:
    return SourceOut(
        id=row.id,
        kind=row.kind,
        kind_label=row.kind_label,
        publisher=row.publisher,
        title=row.title,
        edition=row.edition or None,
        as_of=row.as_of,
        prefecture_code=row.prefecture.code if row.prefecture else None,
        licence=row.licence,
        url=row.url or None,
        filename=row.filename,
        sha256=row.sha256,
        size_bytes=row.size,
        retrieved_on=row.retrieved_on,
        is_newest=row.is_newest,
        withdrawn_at=row.withdrawn_at,
    )
