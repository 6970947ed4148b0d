"""Storing published figures: once, with their cells, and only for regions that are known by code and name."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from indicators.actions.observations import store_observations
from indicators.models import Item, Observation, Status
from indicators.parsers.observations import NATION, ObservationTable, Place, PublishedItem, TableBuilder
from regions.models import AreaScheme, Region
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import FileRefused
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db

EDITION = Edition(
    kind="ndb_open_data", key="ndb_open_data/99", publisher="デモ", title="デモ", edition="", as_of=dt.date(2023, 3, 31)
)
VISITS = PublishedItem(code="demo.visits", name="訪問（デモ）", unit="回", basis="provider")
PATIENTS = PublishedItem(code="demo.patients", name="患者（デモ）", unit="人", basis="provider", counts_people=True)
HOKKAIDO = Place(kind="prefecture", code="01", name="北海道")


def area(code: str, name: str) -> Place:
    return Place(kind="area", code=code, name=name, scheme_kind="secondary_medical_area")


@pytest.fixture
def country() -> dict[str, Region]:
    """The nation, 北海道, and two schemes of two areas: the older has 0101 南渡島, the newer 0101 道南."""
    nation = Region.objects.create(kind="nation", code="00", name="全国")
    hokkaido = Region.objects.create(kind="prefecture", code="01", name="北海道", parent=nation)
    found = {"00": nation, "01": hokkaido}
    for key, year, names in (("old", 2018, ("南渡島", "南檜山")), ("new", 2024, ("道南", "南檜山"))):
        scheme = AreaScheme.objects.create(
            key=key, kind="secondary_medical_area", name=key, effective_from=dt.date(year, 4, 1)
        )
        for code, name in zip(("0101", "0102"), names, strict=True):
            found[f"{key} {code}"] = Region.objects.create(
                kind="area", code=code, name=name, scheme=scheme, parent=hokkaido
            )
    return found


def source(digit: str = "a") -> SourceFile:
    return SourceFile.objects.create(
        kind=EDITION.kind, key=EDITION.key, publisher="デモ", title="デモ", licence="デモ", filename="demo.xlsx",
        sha256=digit * 64, size=1, retrieved_on=dt.date(2026, 11, 1), sheets=["全体"],
    )  # fmt: skip


def table(*figures: tuple[PublishedItem, Place, float | None, Status], year: int = 2022) -> ObservationTable:
    builder = TableBuilder()
    for row, (item, place, value, status) in enumerate(figures, start=5):
        builder.add(item, place, year=year, value=value, status=status.value, at=(0, row, 7), stratum="M65-69")
    return builder.build(EDITION)


def test_a_figure_is_stored_with_its_sheet_row_and_column(country: dict[str, Region]) -> None:
    file = source()
    counts = store_observations(table((VISITS, HOKKAIDO, 12.5, Status.OBSERVED)), source=file)
    assert counts == {"項目": 1, "観測値": 1, "新規の観測値": 1, "秘匿": 0}
    stored = Observation.objects.get()
    assert (stored.source, stored.item.code, stored.region) == (file, "demo.visits", country["01"])
    assert (stored.year, stored.stratum, stored.value, stored.status) == (2022, "M65-69", 12.5, Status.OBSERVED)
    assert (stored.sheet, stored.row, stored.column) == (0, 5, 7)


def test_zero_hidden_missing_and_not_applicable_stay_four_different_things(country: dict[str, Region]) -> None:
    figures = table(
        (VISITS, NATION, 0, Status.OBSERVED),
        (VISITS, HOKKAIDO, None, Status.SUPPRESSED),
        (PATIENTS, NATION, None, Status.MISSING),
        (PATIENTS, HOKKAIDO, None, Status.NOT_APPLICABLE),
    )
    assert store_observations(figures, source=source())["秘匿"] == 1
    stored = Observation.objects.order_by("row").values_list("value", "status")
    assert list(stored) == [(0, 1), (None, 3), (None, 4), (None, 5)]


def test_storing_the_same_file_again_adds_nothing(country: dict[str, Region]) -> None:
    file = source()
    figures = table((VISITS, NATION, 5, Status.OBSERVED), (VISITS, HOKKAIDO, None, Status.SUPPRESSED))
    store_observations(figures, source=file)
    before = list(Observation.objects.values_list("pk", "value"))
    assert store_observations(figures, source=file)["新規の観測値"] == 0
    assert list(Observation.objects.values_list("pk", "value")) == before


def test_half_a_file_is_completed_without_touching_what_is_there(country: dict[str, Region]) -> None:
    file = source()
    store_observations(table((VISITS, NATION, 5, Status.OBSERVED)), source=file)
    both = table((VISITS, NATION, 5, Status.OBSERVED), (VISITS, HOKKAIDO, 2, Status.OBSERVED))
    assert store_observations(both, source=file)["新規の観測値"] == 1


def test_a_corrected_file_stands_beside_the_first_one(country: dict[str, Region]) -> None:
    store_observations(table((VISITS, NATION, 5, Status.OBSERVED)), source=source("a"))
    store_observations(table((VISITS, NATION, 6, Status.OBSERVED)), source=source("b"))
    assert set(Observation.objects.values_list("value", flat=True)) == {5, 6}


def test_an_item_carries_the_name_of_the_newest_year(country: dict[str, Region]) -> None:
    renamed = replace(VISITS, name="新しい名称（デモ）")
    store_observations(table((VISITS, NATION, 5, Status.OBSERVED), year=2021), source=source("a"))
    store_observations(table((renamed, NATION, 6, Status.OBSERVED), year=2022), source=source("b"))
    store_observations(table((VISITS, NATION, 4, Status.OBSERVED), year=2020), source=source("c"))
    assert Item.objects.get().name == "新しい名称（デモ）"


def test_areas_go_to_the_scheme_whose_codes_and_names_they_have(country: dict[str, Region]) -> None:
    old = table(
        (VISITS, area("0101", "南渡島"), 1, Status.OBSERVED), (VISITS, area("0102", "南檜山"), 2, Status.OBSERVED)
    )
    new = table(
        (VISITS, area("0101", "道南"), 3, Status.OBSERVED), (VISITS, area("0102", "南檜山"), 4, Status.OBSERVED)
    )
    store_observations(old, source=source("a"))
    store_observations(new, source=source("b"))
    stored = dict(Observation.objects.values_list("value", "region"))
    assert stored == {value: country[key].pk for value, key in enumerate(
        ("old 0101", "old 0102", "new 0101", "new 0102"), start=1
    )}  # fmt: skip


def test_areas_with_provisional_codes_are_found_by_prefecture_and_name(country: dict[str, Region]) -> None:
    AreaScheme.objects.filter(key="new").update(to_be_confirmed=True)
    figures = table(
        (VISITS, area("0109", "道南"), 1, Status.OBSERVED), (VISITS, area("0102", "南檜山"), 2, Status.OBSERVED)
    )
    store_observations(figures, source=source())
    assert Observation.objects.get(value=1).region == country["new 0101"]


@pytest.mark.parametrize(
    ("places", "word"),
    [
        ((area("0101", "北渡島"), area("0102", "南檜山")), "名称が違います"),
        ((area("0101", "南渡島"), area("0201", "x")), "0102 南檜山の列がありません"),
        ((area("0101", "南渡島"), area("0102", "南檜山"), area("0103", "x")), "ない圏域"),
        ((Place(kind="prefecture", code="01", name="青森県"),), "「北海道」"),
        ((Place(kind="prefecture", code="48"),), "登録されていない"),
    ],
)
def test_an_unknown_renamed_or_missing_region_is_refused_and_nothing_is_stored(
    country: dict[str, Region], places: tuple[Place, ...], word: str
) -> None:
    with pytest.raises(FileRefused, match=word):
        store_observations(table(*((VISITS, place, 1, Status.OBSERVED) for place in places)), source=source())
    assert not Observation.objects.exists()
    assert not Item.objects.exists()


@pytest.mark.parametrize("key", ["source_id", "item_id", "region_id"])
def test_the_database_takes_no_observation_of_something_that_does_not_exist(
    country: dict[str, Region], key: str
) -> None:
    store_observations(table((VISITS, NATION, 5, Status.OBSERVED)), source=source())
    stored = Observation.objects.values("source_id", "item_id", "region_id").get()
    with pytest.raises(IntegrityError, match=key.removesuffix("_id")), transaction.atomic():
        Observation.objects.create(**{**stored, key: 10**9}, year=2000, value=1)
    with pytest.raises(IntegrityError, match=key.removesuffix("_id")), transaction.atomic():
        Observation.objects.update(**{key: 10**9})


@pytest.mark.parametrize("parent", ["sources_sourcefile", "indicators_item", "regions_region"])
def test_the_database_keeps_what_observations_name(country: dict[str, Region], parent: str) -> None:
    store_observations(table((VISITS, HOKKAIDO, 5, Status.OBSERVED)), source=source())
    with pytest.raises(IntegrityError, match="still name"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {parent}")  # noqa: S608
