"""アクセス as tables and as a map, all from the result the page shows."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString

from institutions.access import AccessResult, GroupAccess, State, UnitAccess
from regions.geography import Sheet
from regions.maps import (
    NONE_IN_REACH,
    NOT_IMPORTED,
    MapShape,
    class_breaks,
    class_labels,
    class_of,
    make_legend,
    prefecture_sheet,
    render_map,
)
from zaitaku.lib.pictures import Caption, PictureFormat, draw_svg
from zaitaku.lib.tables import Column, Row, Table

_IDENT = "access-map"
_LEVELS = {"prefecture": "都道府県", "area": "圏域", "city": "政令指定都市"}
_PLACES = (
    Column(name="区分", key="level", description="都道府県、圏域、政令指定都市（区の計）、市区町村"),
    Column(name="地域コード", key="code", description="文字列。市区町村は5桁、圏域は区分のコード"),
    Column(name="地域", key="name"),
    Column(name="圏域", key="area", description="市区町村の属する圏域"),
    Column(name="人口", key="people", is_number=True, unit="人", description="選んだ年齢の住民基本台帳人口"),
    Column(
        name="供給量", key="capacity", is_number=True, unit="機関相当／人口1万人",
        description="2SFCA。圏域・県は人口で重み付けした平均",
    ),
    Column(name="届く機関", key="institutions", is_number=True, unit="か所", description="市区町村だけ"),
    Column(name="うち海を越える機関", key="over_sea", is_number=True, unit="か所", description="陸続きでない機関"),
    Column(name="届く機関のない人口", key="people_out", is_number=True, unit="人"),
    Column(name="届く機関のない人口の割合", key="share_out", is_number=True, unit="%"),
    Column(name="状態", key="state", description="市区町村だけ。値がない理由"),
    Column(name="未取込の県が近い", key="at_border", is_number=True, description="1なら、県外の機関が抜けているおそれ"),
    Column(name="半径相当", key="radius", is_number=True, unit="km", description="面積が同じ円の半径。代表点の粗さ"),
)  # fmt: skip
_INSTITUTIONS = (
    Column(name="医療機関コード", key="code", description="文字列"),
    Column(name="名称", key="name"),
    Column(name="都道府県", key="prefecture"),
    Column(name="市区町村コード", key="unit_code", description="文字列"),
    Column(name="市区町村", key="unit"),
    Column(name="届出", key="symbol", description="現在の区分"),
    Column(
        name="重み",
        key="weight",
        is_number=True,
        description="空欄は活動報告による（公表しない）",
    ),
    Column(name="位置の確かさ", key="position", description="published 公表された位置、approximate 市区町村の代表点"),
    Column(name="緯度", key="latitude", is_number=True),
    Column(name="経度", key="longitude", is_number=True),
    Column(
        name="届く人口", key="people", is_number=True, unit="人", description="距離内の代表点の人口の計。県外を含む"
    ),
)


def access_table(result: AccessResult) -> Table:
    """The table of the tab shown: places, or the institutions that were counted."""
    if result.query.tab == "institutions":
        return Table(
            title=f"{result.title}：数えた機関",
            columns=_INSTITUTIONS,
            rows=[tuple(row) for row in _institution_rows(result)],
            about=tuple(_about(result)),
        )
    groups = [_group_row(one) for one in (result.total, *result.areas, *result.cities)]
    rows = [*groups, *(_unit_row(one) for one in result.units)]
    return Table(title=result.title, columns=_PLACES, rows=rows, about=tuple(_about(result)))


def _about(result: AccessResult) -> Iterator[tuple[str, str]]:
    yield "条件", result.filters
    if result.scheme:
        yield "圏域の区分", result.scheme.name
    yield "届出の時点", result.as_of.isoformat() if result.as_of else "名簿が未取込"
    yield "人口", f"住民基本台帳年齢階級別人口（{result.population_year}年1月1日）"
    yield "機関の数え方", result.capacity.note
    yield "重み", "、".join(f"{symbol} {weight:g}" for symbol, weight in result.capacity.weights.items())
    if result.capacity.reported:
        yield "活動報告による重み", "、".join(f"{word} {weight:g}" for word, weight in result.capacity.bands)
        yield "活動報告で数えた機関", f"{len(result.institutions):,}か所のうち{result.reported:,}か所"
    yield "位置", "医療情報ネットの位置。ないものは市区町村の代表点（概略）。人口も代表点に置く"
    if result.missing_neighbours:
        yield "数えていない隣県", "、".join(result.missing_neighbours)


def _group_row(one: GroupAccess) -> Row:
    share = one.share
    return (
        _LEVELS[one.kind], one.code, one.name, None, share.people, _rounded(one.per_people), None, None,
        share.out_of_reach, _rounded(share.share_out_of_reach), None, None, None,
    )  # fmt: skip


def _unit_row(one: UnitAccess) -> Row:
    people = None if one.people is None else round(one.people)
    out = None if people is None or not one.state.is_known else people * (one.state is State.NONE)
    share = None if out is None or not people else 100.0 * out / people
    return (
        "市区町村", one.code, one.name, one.area_name or None, people, _rounded(one.per_people), one.count,
        one.over_sea if one.state.is_known else None, out, share, one.state.label, int(one.is_at_border),
        _rounded(one.radius),
    )  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _institution_rows(result: AccessResult) -> Iterator[Row]:
    for one in result.institutions:
        yield (
            one.code, one.name, one.prefecture_name, one.unit_code or None, one.unit_name or None, one.symbol,
            one.weight, "approximate" if one.is_approximate else "published", one.latitude, one.longitude,
            round(one.people),
        )  # fmt: skip


def access_map(result: AccessResult) -> SafeString:
    """Inline SVG of the prefecture: five classes of about as many units, hatched where nothing is in reach."""
    sheet, shapes, labels = _parts(result)
    return render_map(sheet, shapes, ident=_IDENT, title=_map_title(result), class_labels=labels)


def access_picture(result: AccessResult, *, file_format: PictureFormat) -> bytes:
    """The same map with its legend, conditions and sources as a picture."""
    sheet, shapes, labels = _parts(result)
    as_of = f"届出の時点：{result.as_of.year}年{result.as_of.month}月{result.as_of.day}日" if result.as_of else ""
    caption = Caption(
        title=_map_title(result),
        filters=f"{result.filters}。機関と人口の多くは市区町村の代表点に置いた概算",
        as_of=as_of,
        source="出典：届出受理医療機関名簿（地方厚生局）、医療情報ネット（厚生労働省）、"
        "住民基本台帳年齢階級別人口（総務省）、国土数値情報（国土交通省）を加工して作成",
    )
    svg = render_map(sheet, shapes, ident=_IDENT, title=_map_title(result), class_labels=labels)
    legend = make_legend(sheet, shapes, ident=_IDENT, class_labels=labels)
    return draw_svg(svg, caption=caption, file_format=file_format, legend=legend)


def _map_title(result: AccessResult) -> str:
    return f"{result.title}（{result.unit}）"


def _parts(result: AccessResult) -> tuple[Sheet, dict[str, MapShape], tuple[str, ...]]:
    """The sheet, its shapes by code, and what the classes mean. A city drawn whole shows the sum of its wards."""
    sheet = prefecture_sheet(result.query.prefecture, "unit", borders_of=result.query.scheme)
    known = [one.per_people for one in result.units if one.per_people and one.state is State.REACHED]
    breaks = class_breaks(known)
    shapes = {one.code: _unit_shape(one, result.unit, breaks) for one in result.units}
    for city in result.cities:
        shapes[city.code] = _shape(city.code, city.name, city.per_people, result.unit, breaks)
    return sheet, {code: shape for code, shape in shapes.items() if code in sheet.paths}, class_labels(breaks, unit="")


def _unit_shape(one: UnitAccess, unit: str, breaks: tuple[float, ...]) -> MapShape:
    if one.state is State.NONE:
        return MapShape(code=one.code, text=f"{one.name}：届く機関がありません（0）", hatch=NONE_IN_REACH)
    if one.state is not State.REACHED:
        return MapShape(code=one.code, text=f"{one.name}：{one.state.label}", hatch=NOT_IMPORTED)
    return _shape(one.code, one.name, one.per_people, unit, breaks)


def _shape(code: str, name: str, value: float | None, unit: str, breaks: tuple[float, ...]) -> MapShape:
    if value is None:
        return MapShape(code=code, text=f"{name}：値がありません", hatch=NOT_IMPORTED)
    return MapShape(code=code, text=f"{name} {value:.1f} {unit}", class_index=class_of(value, breaks))
