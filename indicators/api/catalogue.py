"""Which indicators there are, and how each is defined."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from pydantic import Field

from indicators.api.parameters import CODE, IndicatorView, known_definition
from indicators.catalogue_results import CatalogueEntry, CatalogueQuery
from indicators.definitions import Definition, all_definitions
from indicators.definitions.registry import digest
from indicators.definitions.schema import Kind, Phase
from indicators.queries.catalogue import get_catalogue
from indicators.results import DefinitionCard
from zaitaku.rest.paging import CURSOR, LIMIT, cut, from_memory
from zaitaku.rest.parameters import Given, Parameter
from zaitaku.rest.resources import Page, Resource
from zaitaku.rest.views import not_found


def _phases() -> tuple[str, ...]:
    return tuple(phase.value for phase in Phase)


def _kinds() -> tuple[str, ...]:
    return tuple(kind.value for kind in Kind)


PHASE = Parameter(
    name="phase",
    description="・".join(f"{phase.value} {phase.label}" for phase in Phase),
    example="eol",
    choices=_phases,
)
KIND = Parameter(
    name="kind", description="・".join(f"{kind.value} {kind.label}" for kind in Kind), example="process", choices=_kinds
)
AVAILABLE = Parameter(
    name="available",
    description="yes は値のある指標、no はデータ未整備の指標",
    example="yes",
    choices=lambda: ("yes", "no"),
)


class IndicatorRow(Resource):
    """One indicator in the words of the catalogue, and what there is for it."""

    code: str = Field(description="指標コード")
    name: str = Field(description="名称")
    name_kana: str = Field(description="名称（ひらがな）")
    phase: str = Field(description="場面")
    phase_label: str = Field(description="場面の名称")
    kind: str = Field(description="種別：structure・process・outcome")
    kind_label: str = Field(description="種別の名称")
    unit: str = Field(description="値の単位")
    numerator: str = Field(description="分子に数えるもの")
    denominator: str = Field(description="分母に数えるもの")
    formula: str = Field(description="算出式")
    direction: str = Field(description="望ましい向き：higher・lower・neutral（良し悪しを判断しない）")
    basis: str = Field(description="集計の基準：provider 医療機関所在地・resident 住所地・none")
    is_official: bool = Field(description="国の指標例にあるもの")
    core_label: str | None = Field(description="重点指標とした9つでは「重点指標(要確認)」、ほかはnull")
    caveats: tuple[str, ...] = Field(description="読むときの注意")
    definition_version: int = Field(description="値を計算した定義の版。定義もこの版のもの")
    notice: str | None = Field(description="新しい版の定義があり、値をまだ計算していないときの説明。なければnull")
    years: tuple[int, ...] = Field(description="値のある年度。空はデータ未整備")
    levels: tuple[str, ...] = Field(description="値のある地域の区分：prefecture・area・municipality")
    prefectures: int = Field(description="最新の年度に値のある都道府県の数")
    to_fill: str | None = Field(description="データ未整備の指標で、何があれば値が出るか。なければnull")


class IndicatorPage(Page[IndicatorRow]):
    """Indicators."""


class DefinitionRow(Resource):
    """One definition, whole."""

    code: str = Field(description="指標コード")
    version: int = Field(description="定義の版")
    sha256: str = Field(description="定義の内容のSHA-256。内容が変わると変わる")
    definition: dict[str, Any] = Field(description="定義の全体。項目は docs/indicators.md のとおり")


class DefinitionPage(Page[DefinitionRow]):
    """Definitions."""


class IndicatorList(IndicatorView):
    """The catalogue."""

    summary = "指標の一覧"
    about = "すべての指標と、値のある年度・地域の区分。データ未整備の指標も含みます。"
    tag = "指標"
    resource = IndicatorPage
    parameters = (PHASE, KIND, AVAILABLE, CURSOR, LIMIT)
    example = "?phase=eol&available=yes"

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> IndicatorPage:
        """A page of indicators by code."""
        query = CatalogueQuery(phase=given.text("phase"), kind=given.text("kind"), available=given.text("available"))
        entries = get_catalogue(query).entries
        page = cut(request, given, fetch=from_memory(entries, _entry_key), key=_entry_key, shape=(str,))
        return IndicatorPage(results=tuple(map(_indicator, page.rows)), next=page.next)


class IndicatorDetail(IndicatorView):
    """One indicator."""

    summary = "1つの指標"
    tag = "指標"
    resource = IndicatorRow
    path_parameters = (CODE,)

    def answer(self, _request: HttpRequest, _given: Given, /, **path: str) -> IndicatorRow:
        """The indicator as the list has it."""
        code = known_definition(path["code"]).code
        for entry in get_catalogue(CatalogueQuery()).entries:
            if entry.definition.code == code:
                return _indicator(entry)
        raise not_found(f"指標コード「{code}」は一覧にありません。")


class DefinitionList(IndicatorView):
    """All definitions."""

    summary = "指標の定義の一覧"
    about = (
        "値を計算した定義そのもの（分子の項目コード、分母の規則、出典、注意）。"
        "定義が変わった指標は、新しい版で計算し終えるまで前の版です。"
    )
    tag = "指標"
    resource = DefinitionPage
    parameters = (CURSOR, LIMIT)

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> DefinitionPage:
        """A page of definitions by code."""
        fetch = from_memory(all_definitions(), _definition_key)
        page = cut(request, given, fetch=fetch, key=_definition_key, shape=(str,))
        return DefinitionPage(results=tuple(map(_definition, page.rows)), next=page.next)


class DefinitionDetail(IndicatorView):
    """One definition."""

    summary = "1つの指標の定義"
    tag = "指標"
    resource = DefinitionRow
    path_parameters = (CODE,)

    def answer(self, _request: HttpRequest, _given: Given, /, **path: str) -> DefinitionRow:
        """The definition."""
        return _definition(known_definition(path["code"]))


def _entry_key(entry: CatalogueEntry) -> tuple[str]:
    return (entry.definition.code,)


def _definition_key(definition: Definition) -> tuple[str]:
    return (definition.code,)


def _definition(definition: Definition) -> DefinitionRow:
    return DefinitionRow(
        code=definition.code,
        version=definition.version,
        sha256=digest(definition),
        definition=definition.model_dump(mode="json"),
    )


def _indicator(entry: CatalogueEntry) -> IndicatorRow:
    card: DefinitionCard = entry.definition
    return IndicatorRow(
        **{
            name: getattr(card, name)
            for name in (
                "code", "name", "name_kana", "phase", "phase_label", "kind", "kind_label", "unit", "numerator",
                "denominator", "formula", "direction", "basis", "is_official", "caveats",
            )
        },
        core_label=card.core_label or None,
        definition_version=card.version,
        notice=card.notice or None,
        years=entry.years,
        levels=tuple(level.value for level in entry.levels),
        prefectures=entry.prefectures,
        to_fill=card.to_fill or None,
    )  # fmt: skip
