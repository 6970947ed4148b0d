"""One figure followed back: definition, numerator and denominator, what they were added up from, file, sheet, cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indicators.cards import make_card
from indicators.definitions import Definition, get_definition
from indicators.definitions.schema import Method
from indicators.formulas.figures import Figures
from indicators.formulas.indicator import YearOfIndicator
from indicators.formulas.makeup import How, Makeup, find_makeup, units_of
from indicators.formulas.resolve import resolve
from indicators.formulas.years import PopulationYear, population_year
from indicators.models import Indicator, IndicatorValue, Status
from indicators.queries.as_at import Recomputation, figure_at, get_known_days, recompute
from indicators.queries.benchmark import make_figure
from indicators.queries.digests import ENGINE
from indicators.queries.trace_holders import Counted, find_counted
from indicators.queries.trace_parts import PartQuery, get_item_names, get_observed_parts, get_population_parts
from indicators.results import Figure, Measure, State
from indicators.trace_words import (
    MEASURES,
    SHARES,
    edition_note,
    how_in_words,
    interpolation_in_words,
    make_sentence,
    number,
)
from indicators.traces import Component, FigureAddress, ItemTrace, Missing, Part, Side, SourceFacts, Trace
from regions.models import Population, Region
from regions.queries.regions import get_region, to_infos
from regions.queries.schemes import get_schemes
from regions.results import RegionInfo, SchemeInfo
from zaitaku.sources.models import SourceFile
from zaitaku.sources.queries import get_known_on

_UNITS_COUNT = "units.count"
_KINDS = {kind.value: str(kind.label) for kind in Region.Kind if kind != Region.Kind.AREA}


class NoSuchFigure(Exception):
    """The address names no figure; the message says why and `years` which years there are."""

    def __init__(self, reason: str, *, years: Sequence[int] = ()) -> None:
        self.years = tuple(years)
        super().__init__(reason)


@dataclass(slots=True)
class _Wanted:
    """One item in one year for the region: its resolved figure and what it is made of."""

    code: str
    year: int
    figures: Figures
    makeup: Makeup
    basis: str = ""


@dataclass(slots=True)
class _Following:
    """What is gathered while one figure is followed."""

    address: FigureAddress
    definition: Definition
    again: Recomputation
    region: RegionInfo
    scheme: SchemeInfo | None
    row: int
    numerator: list[_Wanted] = field(default_factory=list)
    denominator: list[_Wanted] = field(default_factory=list)
    stands: PopulationYear | None = None

    @property
    def result(self) -> YearOfIndicator:
        return self.again.years[self.address.year]


def get_trace(address: FigureAddress) -> Trace:
    """Follow one figure back. Raises `UnknownIndicator` or `NoSuchFigure`."""
    definition = get_definition(address.code)
    region, scheme = _find_region(address)
    again = recompute(definition, as_at=address.as_at, years=[address.year])
    row = again.row_of(region.id)
    if row is None:
        raise NoSuchFigure(f"「{region.name}」は今は無い地域のため、指標は計算していません。")
    if address.year not in again.years:
        raise _no_year(definition, again, address)
    following = _Following(address, definition, again, region, scheme, row)
    _follow(following)
    return _make_trace(following)


def _find_region(address: FigureAddress) -> tuple[RegionInfo, SchemeInfo | None]:
    scheme = next((scheme for scheme in get_schemes() if scheme.key == address.kind), None)
    if scheme is None and address.kind not in _KINDS:
        raise NoSuchFigure(f"地域の区分「{address.kind[:40]}」はありません。")
    try:
        if scheme is not None:
            return get_region(Region.Kind.AREA.value, address.region, scheme=scheme.key), scheme
        return _find_plain(address), None
    except Region.DoesNotExist:
        what = scheme.name if scheme else _KINDS[address.kind]
        raise NoSuchFigure(f"地域コード「{address.region[:20]}」は{what}にありません。") from None


def _find_plain(address: FigureAddress) -> RegionInfo:
    """Lists of municipalities hold wards in the place of designated cities: one kind finds both."""
    try:
        return get_region(address.kind, address.region)
    except Region.DoesNotExist:
        if address.kind != Region.Kind.MUNICIPALITY:
            raise
        return get_region(Region.Kind.WARD.value, address.region)


def _no_year(definition: Definition, again: Recomputation, address: FigureAddress) -> NoSuchFigure:
    years = again.inputs.years(definition)
    if not years and address.as_at:
        return NoSuchFigure(f"{address.as_at:%Y年%-m月%-d日}までに取り込まれた資料に、この指標の値はありません。")
    listed = "・".join(str(year) for year in years)
    return NoSuchFigure(
        f"{address.year}年度の値はありません。" + (f"値があるのは{listed}年度です。" if years else ""), years=years
    )


def _follow(following: _Following) -> None:
    """Find what numerator and denominator are made of."""
    year, definition = following.address.year, following.definition
    pooled = range(year - definition.pool_years + 1, year + 1)
    following.numerator = [
        _wanted(following, code, one) for one in pooled for code in definition.numerator.codes_in(one)
    ]
    denominator = definition.denominator
    if denominator is None or denominator.item is None or denominator.item == _UNITS_COUNT:
        return
    if denominator.rule == "between_years":
        around = _years_around(following, denominator.item)
        following.denominator = [_wanted(following, denominator.item, one) for one in around]
        return
    if not denominator.item.startswith("population."):
        following.denominator = [_wanted(following, denominator.item, year)]
        return
    following.stands = stands = _population_year(following, denominator.item)
    if stands is not None:
        ends = dict.fromkeys((stands.earlier, stands.later))
        following.denominator = [_population(following, denominator.item, stands.basis, end) for end in ends]


def _years_around(following: _Following, item: str) -> list[int]:
    """The published years on both sides of the figure's year, or that year itself."""
    known = [year for code, year in following.again.inputs.observed if code == item]
    before = max((year for year in known if year <= following.address.year), default=None)
    after = min((year for year in known if year >= following.address.year), default=None)
    return list(dict.fromkeys(year for year in (before, after) if year is not None and before and after))


def _wanted(following: _Following, code: str, year: int) -> _Wanted:
    structure, inputs = following.again.structure, following.again.inputs
    column = inputs.observed.get((code, year))
    published = column.figures if column else Figures.absent(len(structure))
    if following.definition.method is Method.SHARE_OF_UNITS_WITH_NONE:
        units = units_of(structure, following.row) or tuple(range(structure.units.stop - structure.units.start))
        rows = tuple(structure.units.start + unit for unit in units)
        makeup = Makeup(how=How.UNITS, rows=tuple(row for row in rows if not published.is_absent[row]))
    else:
        makeup = find_makeup(published, structure, following.row)
    return _Wanted(code, year, inputs.figures(code, year), makeup)


def _population_year(following: _Following, measure: str) -> PopulationYear | None:
    known = following.again.inputs.population
    years = {
        kind: {year for name, basis, year in known if (name, basis) == (measure, kind)}
        for kind in ("resident_register", "projection")
    }
    return population_year(
        following.address.year, registers=years["resident_register"], projections=years["projection"]
    )


def _population(following: _Following, measure: str, basis: str, year: int) -> _Wanted:
    structure = following.again.structure
    published = following.again.inputs.population[measure, basis, year].figures
    makeup = find_makeup(published, structure, following.row)
    return _Wanted(measure, year, resolve(published, structure), makeup, basis)


def _make_trace(following: _Following) -> Trace:
    address, result, row = following.address, following.result, following.row
    names = _regions_of(following)
    sources = _sources(following)
    query = PartQuery(regions=names, sources=sources, chosen=frozenset(sources) if address.as_at is not None else None)
    sides = _sides(following, query)
    stored = _stored(following) if address.as_at is None else None
    again = figure_at(result, row)
    withheld = stored is not None and stored.value is None and again.value is not None
    figure = stored or again
    card = make_card(following.definition)
    used = {part.source.id: part.source for side in sides for item in side.items for part in item.used}
    units = None if following.region.kind == Region.Kind.PREFECTURE else _ids(following, following.numerator)
    counted = find_counted(sides[0], unit_ids=units) if sides else Counted()
    indicator = Indicator.objects.filter(code=address.code).first()
    return Trace(
        address=address,
        definition=card,
        region_name=following.region.name,
        level=following.scheme.name if following.scheme else _KINDS[following.region.kind],
        figure=figure,
        sentence=make_sentence(card, following.definition, figure, sides),
        components=_components(following),
        sides=sides,
        sources=tuple(used.values()),
        engine=ENGINE,
        computed_at=indicator.computed_at if indicator and address.as_at is None else None,
        known_days=get_known_days(address.code),
        holders=counted.holders,
        holders_note=counted.note,
        holders_sheet=counted.sheet,
        edition_note=_edition_note(following),
        is_outdated=stored is not None and not withheld and _differs(stored, again),
        withheld=withheld and figure.state is State.SUPPRESSED,
    )


def _stored(following: _Following) -> Figure | None:
    """The figure that the pages show."""
    found = (
        IndicatorValue.objects.filter(
            indicator__code=following.address.code, region_id=following.region.id, year=following.address.year
        )
        .values_list("value", "numerator", "denominator", "lower", "upper", "status", "reason")
        .first()
    )
    return make_figure(*found, measure=Measure.RATE) if found else None


def _differs(one: Figure, other: Figure) -> bool:
    return (one.state, one.value, one.numerator, one.denominator) != (
        other.state, other.value, other.numerator, other.denominator,
    )  # fmt: skip


def _regions_of(following: _Following) -> dict[int, RegionInfo]:
    """Every region that is named on the page, by id."""
    wanted = (*following.numerator, *following.denominator)
    rows = {row for one in wanted for row in (*one.makeup.rows, *one.makeup.missing)}
    ids = [int(following.again.structure.ids[row]) for row in rows]
    return {region.id: region for region in to_infos(Region.objects.filter(pk__in=ids))}


def _sources(following: _Following) -> dict[int, SourceFacts]:
    """The files the parts may come from; all editions behind the figures that counted on the day."""
    inputs = following.again.inputs
    ids = {source for one in following.numerator for source in inputs.sources(one.code, one.year)}
    for one in following.denominator:
        column = inputs.population.get((one.code, one.basis, one.year)) if one.basis else None
        ids |= set(column.sources if column else inputs.sources(one.code, one.year))
    known_on = get_known_on(ids)
    return {source.pk: _facts(source, known_on[source.pk]) for source in SourceFile.objects.filter(pk__in=known_on)}


def _facts(source: SourceFile, known_on: dt.date) -> SourceFacts:
    return SourceFacts(
        id=source.pk,
        kind=source.kind,
        publisher=source.publisher,
        title=source.title,
        edition=source.edition,
        as_of=source.as_of,
        licence=source.licence,
        url=source.url,
        filename=source.filename,
        sha256=source.sha256,
        retrieved_on=source.retrieved_on,
        known_on=known_on,
        prefecture_code=source.prefecture_code,
        sheets=tuple(source.sheets),
    )


def _sides(following: _Following, query: PartQuery) -> tuple[Side, ...]:
    definition, result, row = following.definition, following.result, following.row
    if definition.components:
        return ()
    card = make_card(definition)
    observed = [one for one in (*following.numerator, *following.denominator) if not one.basis]
    parts = get_observed_parts(
        query,
        items={one.code for one in observed},
        region_ids=_ids(following, observed),
        years={one.year for one in observed},
    )
    names = get_item_names(one.code for one in observed)
    items = [_item(following, query, one, parts.get((one.code, one.year), ()), names) for one in following.numerator]
    value, text = _number_at(result.numerator, row)
    none = definition.method is Method.SHARE_OF_UNITS_WITH_NONE
    sides = [
        Side(
            label="分子",
            words=card.numerator,
            value=value,
            text=text,
            unit="市区町村" if none else _unit(definition, card.count_unit, items),
            items=tuple(items),
            method="下のどの項目も0の市区町村（政令指定都市は区）を数えました" if none else "",
        )
    ]
    if result.denominator is not None and definition.denominator is not None:
        below = _denominator_items(following, query, parts, names)
        value, text = _number_at(result.denominator, row)
        method = result.note
        if following.stands is not None and following.stands.share:
            method += "。" + interpolation_in_words(following.stands, [item.value for item in below], value)
        unit = "市区町村" if definition.denominator.item == _UNITS_COUNT else below[0].unit if below else ""
        words = card.denominator
        sides.append(Side(label="分母", words=words, value=value, text=text, unit=unit, items=below, method=method))
    return tuple(sides)


def _unit(definition: Definition, count_unit: str, items: Sequence[ItemTrace]) -> str:
    """`か所` of `か所/75歳以上10万人`; of a unit that names no count (％, SCR) that of the items."""
    return count_unit if "/" in definition.unit or not items else items[0].unit


def _denominator_items(
    following: _Following,
    query: PartQuery,
    parts: dict[tuple[str, int], tuple[Part, ...]],
    names: dict[str, tuple[str, str]],
) -> tuple[ItemTrace, ...]:
    wanted = following.denominator
    if not wanted or not wanted[0].basis:
        return tuple(_item(following, query, one, parts.get((one.code, one.year), ()), names) for one in wanted)
    first = wanted[0]
    persons = get_population_parts(
        query,
        measure=first.code,
        basis=first.basis,
        years=[one.year for one in wanted],
        region_ids=_ids(following, wanted),
    )
    label = (MEASURES[first.code], "人")
    return tuple(_item(following, query, one, persons.get(one.year, ()), {one.code: label}) for one in wanted)


def _ids(following: _Following, wanted: Iterable[_Wanted]) -> set[int]:
    return {int(following.again.structure.ids[row]) for one in wanted for row in one.makeup.rows}


def _item(
    following: _Following, query: PartQuery, one: _Wanted, parts: Sequence[Part], names: dict[str, tuple[str, str]]
) -> ItemTrace:
    name, unit = names.get(one.code, (one.code, ""))
    value, text = _number_at(one.figures, following.row)
    own = {(query.regions[pk].kind, query.regions[pk].code) for pk in _ids(following, [one])}
    how = how_in_words(one.makeup, regions=len(own), scheme=following.scheme.name if following.scheme else "")
    if one.basis == Population.Basis.PROJECTION and one.code != "population.total" and parts:
        how += SHARES
    return ItemTrace(
        code=one.code,
        name=name,
        unit=unit,
        year=one.year,
        value=value,
        text=text,
        how=how,
        parts=tuple(parts),
        missing=tuple(_missing(following, query, one)),
    )


def _missing(following: _Following, query: PartQuery, one: _Wanted) -> Iterable[Missing]:
    for row in one.makeup.missing:
        region = query.regions[int(following.again.structure.ids[row])]
        reason = IndicatorValue.Reason(int(one.figures.reason[row])).label
        yield Missing(kind=region.scheme_key or region.kind, region=region.code, name=region.name, reason=str(reason))


def _number_at(figures: Figures, row: int) -> tuple[float | None, str]:
    if not figures.has_number[row]:
        return None, str(Status(int(figures.status[row])).label)
    value = float(figures.value[row])
    return value, number(value)


def _components(following: _Following) -> tuple[Component, ...]:
    """The indicators a composite is made of."""
    parts = following.definition.components
    return tuple(Component(code=one.code, name=get_definition(one.code).name, weight=one.weight) for one in parts)


def _edition_note(following: _Following) -> str:
    if following.scheme is None:
        return ""
    return edition_note(following.scheme, [one.makeup for one in following.numerator])
