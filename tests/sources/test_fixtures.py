"""The list of official files: written once the same, loaded again without a second row."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from zaitaku.lib.editions import Edition
from zaitaku.sources.fixtures import load_sources, read_rows, record_source, write_sources_page
from zaitaku.sources.models import SourceFile

EDITION = Edition(
    kind="ndb_open_data",
    key="ndb/09/a",
    publisher="厚生労働省",
    title="第9回NDBオープンデータ",
    edition="第9回",
    as_of=dt.date(2023, 3, 31),
)


@pytest.fixture
def official_file(tmp_path: Path) -> Path:
    path = tmp_path / "公表.xlsx"
    path.write_bytes(b"content")
    return path


def test_a_source_is_listed_with_its_fingerprint_and_sheets(tmp_path: Path, official_file: Path) -> None:
    assert record_source(tmp_path, EDITION, official_file, sheets=["全体", "加算"]) == "ndb/09/a"
    (row,) = read_rows(tmp_path / "sources.csv")
    assert row["sha256"] == hashlib.sha256(b"content").hexdigest()
    assert row["sheets"] == '["全体", "加算"]'
    assert row["as_of"] == "2023-03-31"
    assert row["filename"] == "公表.xlsx"


def test_recording_in_another_order_or_twice_gives_the_same_bytes(tmp_path: Path, official_file: Path) -> None:
    other = replace(EDITION, key="ndb/04/a", as_of=None)
    for edition in (EDITION, other, EDITION):
        record_source(tmp_path / "one", edition, official_file)
    for edition in (other, EDITION):
        record_source(tmp_path / "two", edition, official_file)
    assert (tmp_path / "one/sources.csv").read_bytes() == (tmp_path / "two/sources.csv").read_bytes()


@pytest.mark.django_db
def test_loading_twice_keeps_one_row_and_its_identity(tmp_path: Path, official_file: Path) -> None:
    record_source(tmp_path, EDITION, official_file, sheets=["全体"])
    first = load_sources(tmp_path)["ndb/09/a"]
    record_source(tmp_path, replace(EDITION, title="第９回"), official_file, sheets=["全体"])
    second = load_sources(tmp_path)["ndb/09/a"]
    assert (first.pk, SourceFile.objects.count()) == (second.pk, 1)
    assert (second.title, second.sheets, second.as_of) == ("第９回", ["全体"], dt.date(2023, 3, 31))


@pytest.mark.django_db
def test_a_file_with_other_content_is_another_source(tmp_path: Path, official_file: Path) -> None:
    record_source(tmp_path, EDITION, official_file)
    first = load_sources(tmp_path)["ndb/09/a"]
    official_file.write_bytes(b"corrected")
    record_source(tmp_path, EDITION, official_file)
    assert load_sources(tmp_path)["ndb/09/a"].pk != first.pk
    assert SourceFile.objects.count() == 2


def test_the_page_for_people_names_publisher_edition_and_licence(tmp_path: Path, official_file: Path) -> None:
    record_source(tmp_path, EDITION, official_file, url="https://www.mhlw.go.jp/")
    write_sources_page(tmp_path)
    page = (tmp_path / "SOURCES.md").read_text()
    assert "| 厚生労働省 | [第9回NDBオープンデータ](https://www.mhlw.go.jp/) | 第9回 | 2023-03-31 |" in page
    assert "| 公共データ利用規約（第1.0版） |" in page
