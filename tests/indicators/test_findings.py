from __future__ import annotations

from indicators.cards import make_card
from indicators.definitions import get_definition
from indicators.findings import View, make_finding, make_trend_finding
from indicators.results import Figure, Measure, Point, RegionRow, Series, State


def figure(value: float | None, *, interval: tuple[float, float] | None = None) -> Figure:
    if value is None:
        return Figure(state=State.NOT_IMPORTED, text="未取込", reason="未取込")
    lower, upper = interval or (None, None)
    return Figure(state=State.OBSERVED, value=value, text=f"{value:,.1f}", lower=lower, upper=upper)


def row(name: str, shown: Figure, *, rank: int | None = None, is_own: bool = False) -> RegionRow:
    return RegionRow(code=name, name=name, figure=shown, rank=rank, is_own=is_own)


def view(*rows: RegionRow, nation: Figure | None = None, code: str = "DAY_S22", place: str = "") -> View:
    return View(
        card=make_card(get_definition(code)),
        measure=Measure.RATE,
        rows=rows,
        nation=nation,
        year_label="2025年度",
        place=place,
        noun="都道府県",
    )


def test_a_sure_difference_in_a_good_direction_is_said_with_its_judgement() -> None:
    own = row("北海道", figure(50.0, interval=(45.0, 55.0)), rank=1, is_own=True)
    assert make_finding(view(own, row("東京都", figure(30.0), rank=2), nation=figure(40.0))) == (
        "北海道の在宅療養支援診療所数（計）は75歳以上10万人あたり50.0か所（2025年度）で、2都道府県の中で高い順に1番目です。"
        "全国値40.0か所より高く、95％信頼区間でみても差があります（望ましい側の差）。"
    )


def test_a_difference_within_the_interval_is_not_called_one() -> None:
    own = row("北海道", figure(42.0, interval=(37.0, 47.0)), rank=1, is_own=True)
    said = make_finding(view(own, row("東京都", figure(30.0), rank=2), nation=figure(40.0)))
    assert said.endswith("より高く見えますが、95％信頼区間に全国値が入るため、差があるとは言えません。")


def test_a_neutral_indicator_is_never_judged() -> None:
    own = row("北海道", figure(50.0, interval=(45.0, 55.0)), rank=1, is_own=True)
    said = make_finding(view(own, row("東京都", figure(30.0), rank=2), nation=figure(40.0), code="ACU_P01"))
    assert said.endswith("全国値40.0人より高く、95％信頼区間でみても差があります。")


def test_without_a_national_value_the_median_of_those_known_is_given() -> None:
    own = row("北海道", figure(50.0), rank=1, is_own=True)
    others = [row("兵庫県", figure(30.0), rank=3), row("京都府", figure(40.0), rank=2), row("東京都", figure(None))]
    said = make_finding(view(own, *others))
    assert "値のある3都道府県の中で高い順に1番目です。" in said
    assert said.endswith("全国値がないため、全国とは比べられません。中央値は40.0か所です。")


def test_an_own_prefecture_without_data_is_named_first() -> None:
    own = row("東京都", figure(None), is_own=True)
    said = make_finding(view(own, row("北海道", figure(50.0)), row("兵庫県", figure(30.0))))
    assert said.startswith(
        "東京都の在宅療養支援診療所数（計）（2025年度）は未取込です（この都道府県の資料がまだありません）。"
    )
    assert "50.0か所の北海道が最も高く、30.0か所の兵庫県が最も低くなっています。" in said


def test_regions_of_the_same_value_are_counted_not_one_of_them_named_alone() -> None:
    said = make_finding(view(row("甲", figure(9.0)), row("乙", figure(0.0)), row("丙", figure(0.0))))
    assert "0.0か所の乙など2都道府県が最も低く" in said


def test_nothing_imported_anywhere_is_said_once() -> None:
    said = make_finding(view(row("甲", figure(None)), row("乙", figure(None)), place="静岡県の"))
    assert (
        said
        == "在宅療養支援診療所数（計）は、静岡県の都道府県のどこも未取込です（この都道府県の資料がまだありません）。"
    )


def test_a_trend_runs_from_the_first_to_the_last_year_with_a_number() -> None:
    points = [(2017, 10.0), (2019, None), (2021, 12.5), (2022, None)]
    series = Series(
        code="01",
        label="北海道",
        points=tuple(Point(year=year, figure=figure(value)) for year, value in points),
        is_own=True,
    )
    assert make_trend_finding(view(row("北海道", figure(12.5))), [series]) == (
        "北海道の在宅療養支援診療所数（計）は、2017年度の75歳以上10万人あたり10.0か所から2021年度の12.5か所へ増えました。"
    )
