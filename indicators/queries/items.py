"""The items an indicator can be made of: searched by name, reading or code, with the years and levels they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from indicators.definitions import all_definitions
from indicators.definitions.own_draft import UNITS_COUNT, ItemFacts
from indicators.definitions.schema import ITEM_CODE, Basis
from indicators.definitions.survey_items import survey_items
from indicators.models import InputChange, Item
from indicators.queries.catalogue import fold
from zaitaku.sources.models import SourceFile

MOST_FOUND = 30
_POPULATION = {"total": "総人口", "0_14": "15歳未満人口", "65plus": "65歳以上人口", "75plus": "75歳以上人口"}
_POPULATION["85plus"] = "85歳以上人口"
_ALWAYS = {*(f"population.{measure}" for measure in _POPULATION), UNITS_COUNT}
_KINDS = {"nation": "全国", "prefecture": "都道府県", "area": "圏域", "municipality": "市区町村", "ward": "市区町村"}
_BEHIND = """
SELECT item.code, region.kind, source.kind
FROM (SELECT DISTINCT item_id, region_id, source_id FROM indicators_observation
      WHERE item_id = ANY(%s) AND stratum = '') AS o
JOIN indicators_item item ON item.id = o.item_id
JOIN regions_region region ON region.id = o.region_id
JOIN sources_sourcefile source ON source.id = o.source_id AND source.withdrawn_at IS NULL
GROUP BY item.code, region.kind, source.kind
"""


def search_items(words: str, *, limit: int = MOST_FOUND) -> tuple[tuple[ItemFacts, ...], int]:
    """The first items that hold every word, in their name or in the reading of an indicator made of them; and how many
    there are. Those with figures come first."""
    wanted = [fold(word) for word in words.split()]
    if not wanted:
        return (), 0
    names = _names()
    readings = _readings()
    years = _years(names)
    by_name = {code: _holds(f"{name} {code}", wanted) for code, name in names.items()}
    found = [code for code in names if by_name[code] or _holds(readings.get(code, ""), wanted)]

    def place(code: str) -> tuple[bool, bool, bool, int, str]:
        begins = fold(names[code]).startswith(wanted[0])
        return not by_name[code], code not in years and code not in _ALWAYS, not begins, len(names[code]), code

    found.sort(key=place)
    facts = get_item_facts(found[:limit])
    return tuple(facts[code] for code in found[:limit]), len(found)


def get_item_facts(codes: Collection[str]) -> dict[str, ItemFacts]:
    """What is known of the items of these codes; those that do not exist are left out."""
    stored = {item.code: item for item in Item.objects.filter(code__in=codes)}
    years = _years(codes)
    levels, sources = _behind(stored.values())
    facts = {
        item.code: ItemFacts(
            code=item.code,
            name=item.name,
            unit=item.unit,
            basis=Basis(item.basis),
            counts_people=item.counts_people,
            years=years.get(item.code, ()),
            levels=levels[item.code],
            sources=sources[item.code],
        )
        for item in stored.values()
    }
    return {code: one for code in codes if (one := facts.get(code) or _not_stored(code)) is not None}


def _holds(text: str, words: Collection[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def _not_stored(code: str) -> ItemFacts | None:
    """Population and the number of municipalities, which are no observations; survey items nobody reported yet."""
    kind, _, measure = code.partition(".")
    everywhere = tuple(dict.fromkeys(_KINDS.values()))
    if kind == "population" and measure in _POPULATION:
        name = _POPULATION[measure]
        sources = ("住民基本台帳・将来推計人口",)
        return ItemFacts(code=code, name=name, unit="人", levels=everywhere, sources=sources, is_in_every_year=True)
    if code == UNITS_COUNT:
        return ItemFacts(code=code, name="市区町村数", unit="市区町村", levels=everywhere, is_in_every_year=True)
    survey = survey_items().get(code)
    if survey is None:
        return None
    return ItemFacts(
        code=code,
        name=survey.name,
        unit=survey.unit,
        basis=Basis(survey.basis),
        counts_people=survey.counts_people,
        sources=("都道府県の独自調査",),
    )


def _names() -> dict[str, str]:
    """Every item that a formula may name."""
    names = {f"population.{measure}": name for measure, name in _POPULATION.items()}
    names[UNITS_COUNT] = "市区町村数"
    names |= {item.code: item.name for item in survey_items().values()}
    return names | {code: name for code, name in Item.objects.values_list("code", "name") if ITEM_CODE.fullmatch(code)}


def _readings() -> dict[str, str]:
    """Items have no reading of their own: they are found by that of every indicator they are part of."""
    found: dict[str, list[str]] = defaultdict(list)
    for definition in all_definitions():
        for code in definition.items:
            found[code] += [definition.kana, definition.name]
    return {code: " ".join(dict.fromkeys(texts)) for code, texts in found.items()}


def _years(codes: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    years: dict[str, list[int]] = defaultdict(list)
    changes = InputChange.objects.filter(name__in=list(codes)).order_by("name", "year")
    for code, year in changes.values_list("name", "year"):
        years[code].append(year)
    return {code: tuple(found) for code, found in years.items()}


def _behind(items: Iterable[Item]) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """At which levels each item is published, and in which kinds of files."""
    levels: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, [[item.pk for item in items]])
        for code, region_kind, source_kind in cursor.fetchall():
            levels[code].add(_KINDS[region_kind])
            sources[code].add(str(SourceFile.Kind(source_kind).label))
    order = list(dict.fromkeys(_KINDS.values()))
    return (
        defaultdict(tuple, {code: tuple(sorted(found, key=order.index)) for code, found in levels.items()}),
        defaultdict(tuple, {code: tuple(sorted(found)) for code, found in sources.items()}),
    )
