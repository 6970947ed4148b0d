"""A small 北海道 with two areas, a few bodies and the people who decide, for tests on designations."""

from __future__ import annotations

import datetime as dt

from institutions.actions.bodies import EnteredBody, enter_body
from institutions.actions.designations import NewDesignation, create_designation
from institutions.models import Body, Designation, Institution
from institutions.results import ACTIVE, DesignationRow, PlaceName
from regions.models import AreaMembership, AreaScheme, Region
from tests.institutions.lists import code, make_regions
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.sources.models import SourceFile

DAY = dt.date(2026, 11, 1)
PERIOD = 2027


def make_country() -> Region:
    """`make_regions` and two 二次医療圏: 札幌 (both wards) and 後志 (小樽市, 余市町); returns 北海道."""
    make_regions()
    prefecture = Region.objects.get(code="01", kind="prefecture")
    scheme = AreaScheme.objects.create(
        key="iryoken2-8", kind="secondary_medical_area", name="二次医療圏", effective_from=dt.date(2024, 4, 1)
    )
    for area_code, name, units in (("0104", "札幌", ("01101", "01102")), ("0103", "後志", ("01203", "01408"))):
        area = Region.objects.create(kind="area", code=area_code, name=name, parent=prefecture, scheme=scheme)
        for unit in units:
            AreaMembership.objects.create(scheme=scheme, area=area, unit=Region.objects.get(code=unit))
    return prefecture


def area(area_code: str) -> Region:
    """One of the two areas."""
    return Region.objects.get(kind="area", code=area_code)


def make_official() -> User:
    """都道府県担当 of 北海道."""
    return make_user("hokkaido", role=User.Role.PREFECTURE, codes=("01",))


def make_body(name: str = "デモ医院", *, kind: str = "clinic", unit: str = "01101") -> Body:
    """A body entered by hand; it is not marked as デモ, so that it may stand for a real one."""
    prefecture = Region.objects.get(code="01", kind="prefecture")
    found = Region.objects.get(code=unit, is_base_unit=True)
    return enter_body(EnteredBody(kind=kind, name=name, unit_id=found.pk), prefecture=prefecture, by=None)


def make_institution(serial: int, name: str, *, unit: str = "01101", **values: object) -> Institution:
    """An institution of a list, without its body."""
    source, _ = SourceFile.objects.get_or_create(
        key="k",
        sha256="a" * 64,
        defaults={"kind": "notification_list", "title": "名簿", "size": 1, "retrieved_on": DAY, "as_of": DAY},
    )
    fields: dict[str, object] = {
        "prefecture": Region.objects.get(code="01", kind="prefecture"),
        "code": code(serial),
        "kind": "clinic",
        "name": name,
        "search_name": name,
        "unit": Region.objects.get(code=unit, is_base_unit=True),
        "listed_from": DAY,
        "source": source,
        "source_row": 5,
    }
    return Institution.objects.create(**fields | values)


def designate(
    body: Body, by: User, *, kind: str = "active", status: str = "designated", in_area: str = "0104"
) -> Designation:
    """A designation of the present list."""
    new = NewDesignation(
        prefecture_id=body.prefecture_id,
        period=PERIOD,
        kind=kind,
        body=body,
        area_id=area(in_area).pk,
        status=status,
        decided_on=DAY,
    )
    return create_designation(new, by=by)


def row(number: int = 1, **changes: object) -> DesignationRow:
    """A designated clinic in area 1 and unit 11, for the pure checks."""
    values: dict[str, object] = {
        "id": number, "prefecture_code": "01", "period": PERIOD, "kind": ACTIVE,
        "kind_label": "積極的役割を担う医療機関",
        "status": "designated", "status_label": "位置付け", "body_id": number, "body_name": f"デモ医院{number}",
        "body_kana": "", "body_kind": "clinic", "body_kind_label": "診療所", "code": "", "address": "",
        "unit": PlaceName(id=11, code="01101", name="中央区"), "latitude": 43.05, "longitude": 141.3,
        "position": "published", "is_demo": False, "listed_to": None, "institution_id": number,
        "area": PlaceName(id=1, code="0104", name="札幌"), "reason": "", "evidence": "", "decided_on": DAY,
        "designated_on": DAY, "recheck_on": None, "programme": None, "version": 1, "items": 6, "answers": {"met": 6},
    }  # fmt: skip
    return DesignationRow(**values | changes)  # type: ignore[arg-type]  # the values of a row
