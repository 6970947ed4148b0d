"""The registers among the fixtures: hospitals and offices of care services as compact tables, one CSV an edition.

`institutions/registers.csv` names the official file of each table. Lines are sorted by code, with their row in the
file, so that the same files always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from institutions.definitions import care_service_codes
from institutions.parsers import care_services, facility_information
from institutions.parsers.care_services import CareService, CareServiceList
from institutions.parsers.facility_information import BED_KINDS, TOTAL, Hospital, HospitalList
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import open_workbook
from zaitaku.sources.fixtures import read_rows, record_source, write_rows

FOLDER = "institutions"
REGISTERS = f"{FOLDER}/registers.csv"
_HOSPITALS, _CARE = "iryo_joho/*.zip", "kaigo/*.csv"
_HOSPITAL_PAGE = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/kenkou_iryou/iryou/newpage_43373.html"
_CARE_PAGE = "https://www.mhlw.go.jp/stf/kaigo-kouhyou_opendata.html"
_REGISTER_FIELDS = ("table", "source", "sheet", "service", "total_column")
_BEDS = (*BED_KINDS, TOTAL)
_HOSPITAL_FIELDS = ("identifier", "municipality", "name", "kana", "address", "position", *_BEDS, "url", "row")
_CARE_FIELDS = (
    "office", "municipality", "name", "kana", "address", "position", "capacity", "corporation", "url", "row",
)  # fmt: skip


def write(folder: Path, data: Path) -> None:
    """Write a table for each register in `data`, and list their files as sources. Raises `FileRefused`."""
    lines: list[Sequence[object]] = []
    for path in sorted(data.glob(_HOSPITALS)):
        book = open_workbook(path)
        hospitals = facility_information.parse(book)
        key = record_source(folder, hospitals.edition, path, sheets=book.sheet_names, url=_HOSPITAL_PAGE)
        rows = sorted(map(_hospital_row, hospitals))
        write_rows(folder / FOLDER / "hospitals.csv", _HOSPITAL_FIELDS, rows)
        lines.append(("hospitals", key, hospitals.sheet, "", hospitals.total_column))
    for path in sorted(data.glob(_CARE)):
        book = open_workbook(path)
        services = care_services.parse(book)
        code = care_service_codes().get(services.service)
        if code is None:
            raise refuse("知らないサービスの種類です。", text=services.service)
        key = record_source(folder, services.edition, path, sheets=book.sheet_names, url=_CARE_PAGE)
        table = f"care_{code}"
        write_rows(folder / FOLDER / f"{table}.csv", _CARE_FIELDS, sorted(map(_care_row, services)))
        lines.append((table, key, services.sheet, services.service, 0))
    write_rows(folder / REGISTERS, _REGISTER_FIELDS, sorted(lines, key=lambda line: str(line[0])))


def list_registers(folder: Path) -> list[dict[str, str]]:
    """The lines of `registers.csv`."""
    return read_rows(folder / REGISTERS)


def read_hospitals(folder: Path, line: Mapping[str, str], *, edition: Edition) -> HospitalList:
    """One table of hospitals as the parser read it."""
    path = folder / FOLDER / f"{line['table']}.csv"
    return HospitalList(
        edition=edition,
        sheet=line["sheet"],
        total_column=int(line["total_column"]),
        read=lambda: map(_hospital, read_rows(path)),
    )


def read_services(folder: Path, line: Mapping[str, str], *, edition: Edition) -> CareServiceList:
    """One table of offices as the parser read it."""
    path = folder / FOLDER / f"{line['table']}.csv"

    def read() -> Iterator[CareService]:
        return (_service(row, line["service"]) for row in read_rows(path))

    return CareServiceList(edition=edition, service=line["service"], sheet=line["sheet"], read=read)


def _hospital_row(one: Hospital) -> tuple[object, ...]:
    beds = ("" if one.beds[kind] is None else str(one.beds[kind]) for kind in _BEDS)
    where = _position(one.latitude, one.longitude)
    return (one.identifier, one.municipality_code, one.name, one.kana, one.address, where, *beds, one.url, one.row)


def _care_row(one: CareService) -> tuple[object, ...]:
    return (
        one.office_number,
        one.municipality_code,
        one.name,
        one.kana,
        one.address,
        _position(one.latitude, one.longitude),
        "" if one.capacity is None else str(one.capacity),
        one.corporation,
        one.url,
        one.row,
    )


def _position(latitude: float | None, longitude: float | None) -> str:
    """`43.055405 141.333497`: a tenth of a metre is more than any address means, fifteen digits only take room."""
    return "" if latitude is None or longitude is None else f"{round(latitude, 6)} {round(longitude, 6)}"


def _read_position(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    north, east = map(float, text.split())
    return north, east


def _hospital(row: Mapping[str, str]) -> Hospital:
    latitude, longitude = _read_position(row["position"])
    return Hospital(
        identifier=row["identifier"],
        name=row["name"],
        kana=row["kana"],
        municipality_code=row["municipality"],
        address=row["address"],
        latitude=latitude,
        longitude=longitude,
        beds={kind: int(row[kind]) if row[kind] else None for kind in _BEDS},
        url=row["url"],
        row=int(row["row"]),
    )


def _service(row: Mapping[str, str], service: str) -> CareService:
    latitude, longitude = _read_position(row["position"])
    return CareService(
        office_number=row["office"],
        name=row["name"],
        kana=row["kana"],
        service=service,
        municipality_code=row["municipality"],
        address=row["address"],
        latitude=latitude,
        longitude=longitude,
        capacity=int(row["capacity"]) if row["capacity"] else None,
        corporation=row["corporation"],
        url=row["url"],
        row=int(row["row"]),
    )
