"""Every rule the database holds on regions, areas and population, broken once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from regions.models import AreaMembership, AreaScheme, Population, Region
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 4, 1)


@pytest.fixture
def nation() -> Region:
    return Region.objects.create(kind="nation", code="00", name="全国")


@pytest.fixture
def prefecture(nation: Region) -> Region:
    return Region.objects.create(kind="prefecture", code="01", name="北海道", parent=nation)


@pytest.fixture
def town(prefecture: Region) -> Region:
    return Region.objects.create(kind="municipality", code="01303", name="当別町", parent=prefecture, is_base_unit=True)


@pytest.fixture
def scheme() -> AreaScheme:
    return AreaScheme.objects.create(key="test", kind="custom", name="試験", effective_from=DAY)


@pytest.fixture
def source() -> SourceFile:
    return SourceFile.objects.create(
        kind="population_by_age", key="k", publisher="p", title="t", licence="l", filename="f", sha256="0" * 64,
        size=1, retrieved_on=DAY,
    )  # fmt: skip


def refused(constraint: str, **fields: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        Region.objects.create(name="x", **fields)


def test_a_region_stands_once_at_a_time(town: Region, prefecture: Region) -> None:
    refused("region_code_once", kind="municipality", code="01303", parent=prefecture)


def test_an_area_needs_a_scheme(prefecture: Region) -> None:
    refused("region_area_has_scheme", kind="area", code="0101", parent=prefecture)


def test_a_municipality_has_no_scheme(prefecture: Region, scheme: AreaScheme) -> None:
    refused("region_area_has_scheme", kind="municipality", code="01202", parent=prefecture, scheme=scheme)


def test_a_municipality_code_has_five_digits(prefecture: Region) -> None:
    refused("region_code_shape", kind="municipality", code="1202", parent=prefecture)


def test_only_the_nation_has_no_parent() -> None:
    refused("region_only_nation_has_no_parent", kind="prefecture", code="02")


def test_a_region_does_not_end_before_it_begins(prefecture: Region) -> None:
    refused("region_valid_period", kind="ward", code="01101", parent=prefecture, valid_from=DAY, valid_to=DAY)


def test_a_prefecture_is_no_base_unit(nation: Region) -> None:
    refused("region_base_unit_kind", kind="prefecture", code="02", parent=nation, is_base_unit=True)


def test_a_scheme_does_not_end_before_it_begins() -> None:
    with pytest.raises(IntegrityError, match="area_scheme_period"):
        AreaScheme.objects.create(key="x", kind="custom", name="x", effective_from=DAY, effective_to=DAY)


def test_no_municipality_lies_in_two_areas_of_a_scheme(town: Region, prefecture: Region, scheme: AreaScheme) -> None:
    areas = [
        Region.objects.create(kind="area", code=code, name=code, parent=prefecture, scheme=scheme)
        for code in ("0101", "0102")
    ]
    AreaMembership.objects.create(scheme=scheme, area=areas[0], unit=town)
    with pytest.raises(IntegrityError, match="membership_unit_once_per_scheme"):
        AreaMembership.objects.create(scheme=scheme, area=areas[1], unit=town)


def population(town: Region, source: SourceFile, **fields: Any) -> Population:
    return Population.objects.create(
        region=town, source=source, basis="resident_register", year=2025, count=1, **fields
    )


def test_an_age_class_stands_once_in_an_edition_all_ages_too(town: Region, source: SourceFile) -> None:
    population(town, source)
    with pytest.raises(IntegrityError, match="population_once"):
        population(town, source)


def test_an_age_class_does_not_end_before_it_begins(town: Region, source: SourceFile) -> None:
    with pytest.raises(IntegrityError, match="population_age_order"):
        population(town, source, age_from=5, age_to=4)
