"""Reading the regions for the engine."""

from __future__ import annotations

from indicators.formulas.structure import Row, Structure, make_structure
from regions.models import AreaMembership, Region


def read_structure() -> Structure:
    """The regions that exist now, without the six villages that no statistics cover."""
    regions: list[Row] = list(
        Region.objects.filter(valid_to__isnull=True, is_out_of_scope=False)
        .order_by("code", "pk")
        .values_list("pk", "kind", "code", "parent_id", "scheme_id", "is_base_unit", "is_designated_city")
    )
    memberships = list(
        AreaMembership.objects.filter(unit__valid_to__isnull=True)
        .order_by("scheme_id", "area_id", "unit_id")
        .values_list("scheme_id", "area_id", "unit_id")
    )
    return make_structure(regions, memberships)
