"""The regions a prefecture's survey form offers."""

from __future__ import annotations

import datetime as dt

from indicators.exports.survey_form import FormRegion
from regions.models import AreaScheme, Region
from regions.queries.regions import get_region, get_regions
from regions.queries.schemes import get_areas, get_schemes

_AREA_LEVELS = {
    AreaScheme.Kind.SECONDARY_MEDICAL_AREA.value: "二次医療圏",
    AreaScheme.Kind.VISION_AREA.value: "構想区域",
}


def get_form_regions(prefecture_code: str, *, on: dt.date) -> tuple[FormRegion, ...]:
    """The prefecture, its areas of the schemes in force on a day, and its municipalities.

    Raises `Region.DoesNotExist` before the regions are loaded.
    """
    prefecture = get_region(Region.Kind.PREFECTURE, prefecture_code)
    municipalities = get_regions(Region.Kind.MUNICIPALITY, on=on, prefecture_code=prefecture_code)
    return (
        FormRegion("都道府県", prefecture.code, prefecture.name),
        *_areas(prefecture_code, on=on),
        *(FormRegion("市区町村", one.code, one.name) for one in municipalities if not one.is_out_of_scope),
    )


def _areas(prefecture_code: str, *, on: dt.date) -> list[FormRegion]:
    """The areas of the newest scheme of each kind."""
    newest = {scheme.kind: scheme.key for scheme in reversed(get_schemes(on=on))}
    return [
        FormRegion(level, area.code, area.name)
        for kind, level in _AREA_LEVELS.items()
        if kind in newest
        for area in get_areas(newest[kind], prefecture_code=prefecture_code)
    ]
