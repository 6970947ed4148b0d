"""Taking all of `../shared/data` in, in one go: seconds, largest memory, and each kind ÷ only reading its cells.

The files go through `import_file` one after another into a database of its own, as `import_official ../shared/data`
does. Memory is the peak of the whole process (target ≤ 1,500 MB). For each kind the seconds of recognising and parsing
are divided by those of reading the same cells with the same reader (target ≤ 2.0 each); lines of CSVs are read to
their end.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
MOST_MEMORY, TARGET = 1_500, 2.0


def main() -> None:
    """Measure and print; say so and stop where the official files are absent."""
    data = Path(os.environ.get("ZAITAKU_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    if not data.is_dir():
        print("import of all official files: not measured, the folder is absent")
        return
    sys.path.insert(0, str(CHECKOUT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
    import django

    django.setup()
    from django.db import connection

    from intake.management.commands.import_official import expand

    paths = list(expand([str(data)]))
    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        _import_all(paths)
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)
    _compare_parsers(paths)


def _import_all(paths: list[Path]) -> None:
    import regions.fixtures
    from intake.importers import import_file

    regions.fixtures.load(CHECKOUT / "fixtures")
    started = time.perf_counter()
    results = [import_file(path) for path in paths]
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    refused = [result for result in results if result.is_refused]
    print(f"import of all {len(paths)} official files took {seconds:.0f} s, {len(refused)} refused with a reason")
    for result in refused:
        print(f"  {result.filename} - {result.problems[0]}")
    print(f"memory of importing all official files: {memory:.0f} MB (target ≤ {MOST_MEMORY})")


def _compare_parsers(paths: list[Path]) -> None:
    from intake.kinds import recognise
    from zaitaku.lib.problems import FileRefused
    from zaitaku.lib.workbooks import open_workbook

    reading: dict[str, float] = defaultdict(float)
    parsing: dict[str, float] = defaultdict(float)
    for path in paths:
        started = time.perf_counter()
        book = open_workbook(path)
        _use_up(book.lines() if len(book.sheet_names) == 1 else (row for sheet in book.sheets() for row in sheet.rows))
        read = time.perf_counter() - started
        started = time.perf_counter()
        try:
            book = open_workbook(path)
            importer, _edition = recognise(book)
            table = importer.parse(book)
            if hasattr(table, "read"):
                _use_up(table)
        except FileRefused:
            continue
        reading[importer.kind] += read
        parsing[importer.kind] += time.perf_counter() - started
    for kind in sorted(reading):
        print(
            f"parsing {kind}: {parsing[kind]:.2f} s ÷ reading the cells {reading[kind]:.2f} s"
            f" = {parsing[kind] / reading[kind]:.2f} (target ≤ {TARGET})"
        )


def _use_up(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


if __name__ == "__main__":
    main()
