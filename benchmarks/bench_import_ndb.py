"""Importing the largest file of NDBオープンデータ ÷ only reading its cells with the same reader (target ≤ 2.0).

One file holds more than 150,000 figures. Importing them is: recognising the file, reading its layout, checking every
row against its total and making the table of figures. Putting the table into PostgreSQL, with a foreign key for each
figure's source, item and region, is measured beside it and set against a plain COPY of the same rows, which is the
least any store can do.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPETITIONS = 5
TARGET = 2.0
TABLE = Path("ndb/09/001258409.xlsx")
CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and print; say so and stop where the official file is absent."""
    path = Path(os.environ.get("ZAITAKU_SHARED_DATA", CHECKOUT.parent / "shared" / "data")) / TABLE
    if not path.is_file():
        print(f"import of the largest NDB file: not measured, {TABLE} is absent")
        return
    sys.path.insert(0, str(CHECKOUT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
    import django

    django.setup()
    from django.db import connection

    read, parsed = [], []
    for _ in range(REPETITIONS):
        read.append(_seconds(lambda: _read_cells(path)))
        parsed.append(_seconds(lambda: _parse(path)))
    _print_ratio("import of the largest NDB file", parsed, "reading its cells", read, target=TARGET)
    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        stored, copied = _measure_store(path)
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)
    print(
        f"storing its figures with their keys checked: {statistics.median(stored):.2f} s,"
        f" plain COPY of them: {statistics.median(copied):.2f} s"
    )


def _print_ratio(what: str, above: list[float], beside: str, below: list[float], *, target: float) -> None:
    ours, floor = statistics.median(above), statistics.median(below)
    print(f"{what}: {ours:.2f} s ÷ {beside} {floor:.2f} s = {ours / floor:.2f} (target ≤ {target})")


def _measure_store(path: Path) -> tuple[list[float], list[float]]:
    """Seconds of each repetition: storing in the table of observations, COPY into one without keys and indexes."""
    import regions.fixtures
    from indicators.actions.observations import store_observations
    from indicators.parsers import ndb
    from zaitaku.lib.workbooks import open_workbook
    from zaitaku.sources.actions import record_source_file

    regions.fixtures.load(CHECKOUT / "fixtures")
    book = open_workbook(path)
    table = ndb.parse(book)
    stored, copied = [], []
    for _ in range(REPETITIONS):
        _empty()
        source = record_source_file(table.edition, book=book)
        stored.append(_seconds(lambda source=source: store_observations(table, source=source)))  # type: ignore[misc]  # a default binds the loop's source
        copied.append(_copy_again())
    return stored, copied


def _copy_again() -> float:
    """Copy the stored rows out, then time putting them into a bare table."""
    from django.db import connection

    with connection.cursor() as cursor:
        with cursor.copy("COPY indicators_observation TO STDOUT (FORMAT BINARY)") as out:
            content = b"".join(bytes(block) for block in out)
        cursor.execute("CREATE TABLE bare AS SELECT * FROM indicators_observation LIMIT 0")

        def copy_in() -> None:
            with cursor.copy("COPY bare FROM STDIN (FORMAT BINARY)") as into:
                into.write(content)

        seconds = _seconds(copy_in)
        cursor.execute("DROP TABLE bare")
    return seconds


def _read_cells(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _parse(path: Path) -> None:
    from indicators.parsers import ndb
    from zaitaku.lib.workbooks import open_workbook

    book = open_workbook(path)
    assert ndb.sniff(book) is not None
    ndb.parse(book)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE indicators_observation")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
