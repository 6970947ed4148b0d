"""Which kinds of files can be taken in: for each, how it is recognised, read and stored, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from indicators.actions.movement import store_movement
from indicators.actions.notification_counts import store_notification_counts
from indicators.actions.observations import store_observations
from indicators.models import Observation
from indicators.parsers import (
    facility_survey,
    home_visit_demand,
    municipal_panel,
    ndb,
    regional_data_set,
    regional_vision,
    survey,
)
from indicators.parsers.observations import ObservationTable
from institutions.actions.notification_lists import store_notification_list
from institutions.definitions import notification_symbols
from institutions.parsers import care_services, facility_information, notification_list
from institutions.placement import place_institutions
from institutions.queries.lists import is_newest_list
from institutions.queries.places import get_address_book
from intake.foundations import confirm, confirm_boundaries
from intake.registers import store_hospital_list, store_service_list
from intake.without_figures import describe
from regions.actions.population import store_population_by_age, store_projection
from regions.models import Population, Region
from regions.parsers import (
    area_membership,
    boundaries,
    municipality_codes,
    population_by_age,
    population_movement,
    population_projection,
    standard_areas,
)
from regions.parsers.population_by_age import AgeTable
from regions.parsers.population_movement import MovementTable
from regions.parsers.population_projection import TOTAL, ProjectionTable
from regions.queries import agreement
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import Problem, refuse
from zaitaku.lib.workbooks import Workbook
from zaitaku.sources.models import SourceFile

_Kind = SourceFile.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a store action did: numbers by what they count (in Japanese), and what a person should look at."""

    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """How one kind of file is recognised, read and stored.

    `sniff` looks at the content only; `parse` is pure; `store` writes inside the caller's transaction; `is_stored` says
    whether the facts of a known file are in the database already. `about` tells officials what the file is, and
    `by_prefecture` whether it is about one prefecture, so that its officials may take it in.
    """

    kind: SourceFile.Kind
    about: str
    sniff: Callable[[Workbook], Edition | None]
    parse: Callable[[Workbook], Any]
    store: Callable[[Any, SourceFile], Stored]
    is_stored: Callable[[SourceFile], bool]
    by_prefecture: bool = False


def recognise(book: Workbook) -> tuple[Importer, Edition]:
    """Which kind and edition a file is, by its content. Raises `FileRefused` if it is none of the known kinds."""
    for importer in IMPORTERS:
        edition = importer.sniff(book)
        if edition is not None:
            return importer, edition
    reason = describe(book)
    if reason is not None:
        raise refuse(reason)
    known = "、".join(dict.fromkeys(importer.kind.label for importer in IMPORTERS))
    raise refuse(f"取り込めるファイルの種類ではありません。取り込めるのは次のファイルです：{known}。")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDescription:
    """One kind of file as the page names it."""

    label: str
    about: str
    by_prefecture: bool


def describe_kinds() -> tuple[KindDescription, ...]:
    """Every kind that can be taken in, those of one prefecture first."""
    kinds = [
        KindDescription(label=str(one.kind.label), about=one.about, by_prefecture=one.by_prefecture)
        for one in IMPORTERS
    ]
    return tuple(sorted(kinds, key=lambda kind: not kind.by_prefecture))


def store_notifications(table: notification_list.NotificationList, source: SourceFile) -> Stored:
    """Store a list: institutions, notifications and counts; of a list older than the stored one only its counts."""
    book = get_address_book(table.prefecture_code, day=table.as_of)
    placed = place_institutions(table, book=book)
    problems = [*table.warnings, *placed.problems]
    counts: dict[str, int] = {}
    if is_newest_list(table.prefecture_code, as_of=table.as_of):
        counts |= store_notification_list(placed, source=source)
    else:
        problems.append(Problem("より新しい時点の名簿が取込済みのため、医療機関は変えず、件数だけを取り込みました。"))
    tallies, short = store_notification_counts(placed, source=source)
    counts |= {"集計値": tallies["観測値"], "取り込まない届出": sum(table.not_kept.values())}
    counts |= {f"{category}の行（対象外）": rows for category, rows in table.skipped.items()}
    return Stored(counts=counts, problems=(*problems, *short))


def _parse_notification_list(book: Workbook) -> notification_list.NotificationList:
    return notification_list.parse(book, kept=frozenset(notification_symbols()))


def _has_observations(source: SourceFile) -> bool:
    return Observation.objects.filter(source=source).exists()


def _has_population(source: SourceFile) -> bool:
    return Population.objects.filter(source=source).exists()


def _store_figures(table: ObservationTable, source: SourceFile) -> Stored:
    return Stored(counts=store_observations(table, source=source))


def _store_ages(table: AgeTable, source: SourceFile) -> Stored:
    return Stored(counts={"人口": store_population_by_age(table, source=source)["population"]})


def _store_movement(table: MovementTable, source: SourceFile) -> Stored:
    return Stored(counts=store_movement(table, source=source))


def _store_projection(table: ProjectionTable, source: SourceFile) -> Stored:
    """A share (percent) becomes persons with the totals of 結果表1 that are stored."""
    total = table if table.measure == TOTAL else _stored_totals(table)
    persons = population_projection.persons(total, table)
    return Stored(counts={"人口": store_projection(persons, source=source)["population"]})


def _stored_totals(table: ProjectionTable) -> ProjectionTable:
    """The stored totals of the places and years of `table`, in its shape."""
    totals = Population.objects.filter(basis=Population.Basis.PROJECTION, age_from=None, year__in=table.years)
    totals = totals.filter(source__withdrawn_at=None, region__code__in=[row.code for row in table.rows])
    found: dict[tuple[str, int], int] = {}
    for code, year, count in totals.order_by("source_id").values_list("region__code", "year", "count"):
        found[code, year] = count
    if any((row.code, year) not in found for row in table.rows for year in table.years):
        raise refuse("割合を人数に直すための総人口がありません。先に同じ推計の「結果表1 総人口」を取り込んでください。")
    rows = (replace(row, values=tuple(float(found[row.code, year]) for year in table.years)) for row in table.rows)
    return replace(table, measure=TOTAL, rows=tuple(rows))


def _store_outcome(outcome: tuple[dict[str, int], tuple[Problem, ...]]) -> Stored:
    counts, problems = outcome
    return Stored(counts=counts, problems=problems)


def _parse_area_table(book: Workbook) -> agreement.Agreement:
    """The comparison itself: which of the two tables it is, the edition says."""
    edition = area_membership.sniff(book)
    if edition is not None and edition.kind == _Kind.AREA_PARENTS:
        return agreement.compare_parents(area_membership.parse_parents(book))
    return agreement.compare_membership(area_membership.parse(book))


def _has_regions(_source: SourceFile) -> bool:
    """The files regions are made from are stored as soon as there are regions."""
    return Region.objects.exists()


def _figures(kind: SourceFile.Kind, module: Any, about: str, *, by_prefecture: bool = False) -> Importer:
    return Importer(
        kind=kind,
        about=about,
        sniff=module.sniff,
        parse=module.parse,
        store=_store_figures,
        is_stored=_has_observations,
        by_prefecture=by_prefecture,
    )


def _foundation(
    kind: SourceFile.Kind,
    module: Any,
    about: str,
    *,
    compare: Callable[[Any], agreement.Agreement],
    parse: Callable[[Workbook], Any] | None = None,
) -> Importer:
    """A file that regions, areas or maps are made from: it is compared with them and changes nothing."""
    outcome = confirm_boundaries if kind == _Kind.BOUNDARIES else confirm
    return Importer(
        kind=kind,
        about=about,
        sniff=module.sniff,
        parse=parse or module.parse,
        store=lambda table, _source: _store_outcome(outcome(compare(table))),
        is_stored=_has_regions,
    )


IMPORTERS: tuple[Importer, ...] = (
    # First, because it is the one kind that is no table of cells.
    _foundation(
        _Kind.BOUNDARIES,
        boundaries,
        "市区町村・都道府県の境界（国土数値情報のTopoJSON）。登録されている地域との照合に使い、地図は変わりません。",
        compare=agreement.compare_boundaries,
    ),
    Importer(
        kind=_Kind.NOTIFICATION_LIST,
        about="地方厚生局が毎月公表する、都道府県ごとの施設基準の届出の一覧。",
        sniff=notification_list.sniff,
        parse=_parse_notification_list,
        store=store_notifications,
        is_stored=_has_observations,
        by_prefecture=True,
    ),
    _figures(
        _Kind.NDB_OPEN_DATA,
        ndb,
        "厚生労働省が公表する、在宅医療の診療行為の算定回数・患者数（都道府県別・二次医療圏別・性年齢別・月別）。",
    ),
    _figures(_Kind.HOME_VISIT_DEMAND, home_visit_demand, "厚生労働省が示す、訪問診療の需要の将来推計。"),
    _figures(
        _Kind.REGIONAL_VISION,
        regional_vision,
        "厚生労働省が示す、構想区域ごとの医療機関の機能と診療実績（1区域1シート）。区域の合計を取り込みます。",
    ),
    Importer(
        kind=_Kind.FACILITY_INFORMATION,
        about="厚生労働省が公表する、病院の位置・病床数など（病院施設票、zipまたはCSV）。",
        sniff=facility_information.sniff,
        parse=facility_information.parse,
        store=lambda table, source: _store_outcome(store_hospital_list(table, source)),
        is_stored=_has_observations,
    ),
    Importer(
        kind=_Kind.CARE_SERVICE,
        about="厚生労働省が公表する、介護サービスの事業所の一覧（サービスごとのCSV）。",
        sniff=care_services.sniff,
        parse=care_services.parse,
        store=lambda table, source: _store_outcome(store_service_list(table, source)),
        is_stored=_has_observations,
    ),
    _figures(_Kind.REGIONAL_DATA_SET, regional_data_set, "厚生労働省が配る、在宅医療の提供体制を地域別に集めた表。"),
    _figures(_Kind.REGIONAL_DATA_SET, municipal_panel, "同じデータ集の、市区町村を縦に並べた表。"),
    _figures(_Kind.FACILITY_SURVEY, facility_survey, "e-Statから取り出した、医療施設調査の在宅医療の実施状況。"),
    Importer(
        kind=_Kind.POPULATION_BY_AGE,
        about="総務省が公表する、1月1日現在の市区町村別・性別・年齢階級別の人口。",
        sniff=population_by_age.sniff,
        parse=population_by_age.parse,
        store=_store_ages,
        is_stored=_has_population,
    ),
    Importer(
        kind=_Kind.POPULATION_MOVEMENT,
        about="総務省が公表する、1年間の市区町村別の出生・死亡。",
        sniff=population_movement.sniff,
        parse=population_movement.parse,
        store=_store_movement,
        is_stored=_has_observations,
    ),
    Importer(
        kind=_Kind.POPULATION_PROJECTION,
        about="国立社会保障・人口問題研究所の将来推計（結果表1・3-3・3-4。総人口の結果表1から先に取り込みます）。",
        sniff=population_projection.sniff,
        parse=population_projection.parse,
        store=_store_projection,
        is_stored=_has_population,
    ),
    # Late, because it looks at every sheet for its headings.
    _figures(
        _Kind.PREFECTURE_SURVEY,
        survey,
        "満足度・救急搬送・看取り・実施可能件数・拠点の活動など、都道府県が自ら調べた値。このシステムの様式に記入します。",
        by_prefecture=True,
    ),
    _foundation(
        _Kind.MUNICIPALITY_CODES,
        municipality_codes,
        "総務省が公表する、団体コードと団体名の一覧。登録されている地域と照合します。",
        compare=agreement.compare_codes,
    ),
    _foundation(
        _Kind.STANDARD_AREA_CODES,
        standard_areas,
        "e-Statの、統計に使う標準地域コードの一覧。登録されている地域と照合します。",
        compare=agreement.compare_standard_areas,
    ),
    _foundation(
        _Kind.AREA_MEMBERSHIP,
        area_membership,
        "二次医療圏・構想区域と市区町村の対応。登録されている圏域と照合します。",
        parse=_parse_area_table,
        compare=lambda found: found,
    ),
)
