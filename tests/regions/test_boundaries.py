"""Boundaries handed in as TopoJSON: codes and names only, compared with the regions; other JSON is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regions.parsers import boundaries
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import Workbook, open_workbook, read_workbook

WARD = {"N03_001": "北海道", "N03_003": "札幌市", "N03_004": "中央区", "N03_007": "01101"}
TOWN = {"N03_001": "北海道", "N03_003": "上磯郡", "N03_004": "知内町", "N03_007": "01333"}
NOWHERE = {"N03_001": "北海道", "N03_004": "所属未定地", "N03_007": ""}


def book(*places: dict[str, str], name: str = "N03-21_210101_x.topojson") -> Workbook:
    layer = {"type": "GeometryCollection", "geometries": [{"properties": place} for place in places]}
    return read_workbook(json.dumps({"type": "Topology", "objects": {"x": layer}}).encode(), filename=name)


def test_wards_are_named_with_their_city_and_land_of_no_municipality_is_counted() -> None:
    table = boundaries.parse(book(WARD, TOWN, WARD, NOWHERE))
    assert [(one.code, one.name) for one in table.outlines] == [("01101", "札幌市中央区"), ("01333", "知内町")]
    assert (table.has_wards, table.uncoded) == (True, 1)
    edition = boundaries.sniff(book(WARD))
    assert edition is not None
    assert (edition.key, str(edition.as_of)) == ("boundaries/N03-2021", "2021-01-01")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b'{"type": "Topology", "obj', "途中で切れている"), (b'{"a": 1}', "TopoJSONではありません")],
)
def test_other_json_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        boundaries.sniff(read_workbook(content, filename="x.json"))


def test_one_code_with_two_names_is_refused() -> None:
    with pytest.raises(FileRefused, match="別の名称"):
        boundaries.parse(book(WARD, {**WARD, "N03_004": "北区"}))


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("name", "outlines"),
    [("ja_municipality_area.json", 1_747), ("ja_prefecture_area.json", 47), ("N03-21_210101_s0010.topojson", 1_902)],
)
def test_every_published_code_is_read(shared_data: Path, name: str, outlines: int) -> None:
    assert len(boundaries.parse(open_workbook(shared_data / "geo" / name)).outlines) == outlines
