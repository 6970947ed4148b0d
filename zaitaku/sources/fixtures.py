"""The list of official files behind the fixtures: `fixtures/sources.csv`, and `fixtures/SOURCES.md` written from it.

The raw files are not in the repository. Each has one line here, so that a figure of a fixture can be followed to the
publisher, edition, file (by SHA-256), sheet and cell it was taken from.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from zaitaku.lib.editions import Edition
from zaitaku.sources.models import LoadedFixture, SourceFile

FILENAME = "sources.csv"
PAGE = "SOURCES.md"
FIELDS = (
    "kind", "key", "publisher", "title", "edition", "as_of", "licence", "url",
    "filename", "sha256", "size", "retrieved_on", "sheets", "prefecture_code",
)  # fmt: skip
RETRIEVED_ON = dt.date(2026, 11, 1)
_DESCRIPTION = (
    "kind", "publisher", "title", "edition", "as_of", "licence", "url",
    "filename", "size", "retrieved_on", "sheets", "prefecture_code",
)  # fmt: skip


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one fixture table: UTF-8, LF, `None` as an empty cell; the same rows always give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of one fixture table, by column name."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def record_source(
    folder: Path,
    edition: Edition,
    path: Path,
    *,
    sheets: Sequence[str] = (),
    url: str = "",
    retrieved_on: dt.date = RETRIEVED_ON,
) -> str:
    """Enter the official file at `path` into the list in `folder`, replacing an older line of the same key.

    `sheets` are the sheet names in the file's order (observations refer to them by number). Returns the key, by which
    `load_sources` gives the `SourceFile`.
    """
    content = path.read_bytes()
    row = {
        "kind": edition.kind,
        "key": edition.key,
        "publisher": edition.publisher,
        "title": edition.title,
        "edition": edition.edition,
        "as_of": edition.as_of.isoformat() if edition.as_of else "",
        "licence": edition.licence,
        "url": url,
        "filename": path.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": str(len(content)),
        "retrieved_on": retrieved_on.isoformat(),
        "sheets": json.dumps(list(sheets), ensure_ascii=False),
        "prefecture_code": edition.prefecture_code,
    }
    listed = folder / FILENAME
    rows = {old["key"]: old for old in read_rows(listed)} if listed.is_file() else {}
    rows[edition.key] = row
    write_rows(listed, FIELDS, ([rows[key][field] for field in FIELDS] for key in sorted(rows)))
    return edition.key


def load_sources(folder: Path) -> dict[str, SourceFile]:
    """Every listed file as a `SourceFile` of the database, by key; rows that are already there keep their identity.

    Only the description of a file (its title, address …) can change; a file with other content is another row.
    """
    listed = [_source_file(row) for row in read_rows(folder / FILENAME)]
    SourceFile.objects.bulk_create(
        listed, update_conflicts=True, unique_fields=["key", "sha256"], update_fields=list(_DESCRIPTION)
    )
    fingerprints = {source.key: source.sha256 for source in listed}
    found = SourceFile.objects.filter(key__in=fingerprints)
    return {source.key: source for source in found if fingerprints[source.key] == source.sha256}


def _source_file(row: Mapping[str, str]) -> SourceFile:
    return SourceFile(
        kind=row["kind"],
        key=row["key"],
        publisher=row["publisher"],
        title=row["title"],
        edition=row["edition"],
        as_of=dt.date.fromisoformat(row["as_of"]) if row["as_of"] else None,
        licence=row["licence"],
        url=row["url"],
        filename=row["filename"],
        sha256=row["sha256"],
        size=int(row["size"]),
        retrieved_on=dt.date.fromisoformat(row["retrieved_on"]),
        sheets=json.loads(row["sheets"]),
        prefecture_code=row["prefecture_code"],
    )


def write_sources_page(folder: Path) -> None:
    """Write `SOURCES.md`, the list for people, from `sources.csv`."""
    page = io.StringIO()
    page.write(
        "# Sources of the fixtures\n\n"
        "The tables in this folder are this project's own compact form of public facts (「…を加工して作成」).\n"
        "They are made by `make fixtures` from the official files below, which are not part of the repository.\n"
        "Do not edit by hand: this page is written from `sources.csv`.\n\n"
        "| Publisher | Title | Edition | As of | Licence | File | SHA-256 | Retrieved |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    for row in read_rows(folder / FILENAME):
        title = f"[{row['title']}]({row['url']})" if row["url"] else row["title"]
        page.write(
            f"| {row['publisher']} | {title} | {row['edition']} | {row['as_of'] or '—'} | {row['licence']} "
            f"| `{row['filename']}` | `{row['sha256'][:12]}…` | {row['retrieved_on']} |\n"
        )
    (folder / PAGE).write_text(page.getvalue(), encoding="utf-8", newline="\n")


def fixture_digest(folder: Path, family: str) -> str:
    """SHA-256 over the list of sources and every file of one family (a folder below `folder`)."""
    digest = hashlib.sha256((folder / FILENAME).read_bytes())
    for path in sorted((folder / family).rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_loaded(folder: Path, family: str) -> bool:
    """Whether the database already holds this very state of the family."""
    return LoadedFixture.objects.filter(family=family, digest=fixture_digest(folder, family)).exists()


def mark_loaded(folder: Path, family: str) -> None:
    """Remember that the database holds this state of the family."""
    LoadedFixture.objects.update_or_create(family=family, defaults={"digest": fixture_digest(folder, family)})
