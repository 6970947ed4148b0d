"""Importing the largest 届出受理医療機関名簿 ÷ only reading its cells with the same reader (target ≤ 2.0).

The import is all of it: looking through the file, recognising, parsing, placing every address, institutions,
notifications and counts in PostgreSQL, committed. It runs in a database of its own next to the configured one; both are
measured in turn in one process, and the medians are divided.
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
LIST = Path("notifications/000415636.xlsx")
CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and print one line; say so and stop where the official file is absent."""
    path = Path(os.environ.get("ZAITAKU_SHARED_DATA", CHECKOUT.parent / "shared" / "data")) / LIST
    if not path.is_file():
        print(f"import of the largest notification list: not measured, {LIST} is absent")
        return
    sys.path.insert(0, str(CHECKOUT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
    import django

    django.setup()
    from django.db import connection

    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        read, imported = _measure(path)
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)
    ratio = statistics.median(imported) / statistics.median(read)
    print(
        f"import of the largest notification list: {statistics.median(imported):.2f} s"
        f" ÷ reading its cells {statistics.median(read):.2f} s = {ratio:.2f} (target ≤ {TARGET})"
    )


def _measure(path: Path) -> tuple[list[float], list[float]]:
    """Seconds of each repetition: reading the cells, importing the file."""
    import regions.fixtures
    from intake.importers import import_file
    from zaitaku.sources.models import ImportRun

    regions.fixtures.load(CHECKOUT / "fixtures")
    read, imported = [], []
    for _ in range(REPETITIONS):
        read.append(_seconds(lambda: _read_cells(path)))
        _forget_imports()
        imported.append(_seconds(lambda: import_file(path)))
        assert ImportRun.objects.latest("pk").status == ImportRun.Status.APPLIED
    return read, imported


def _read_cells(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _forget_imports() -> None:
    """Empty what an import fills, so that every repetition does the whole work."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE institutions_notification, institutions_institution, indicators_observation, sources_importrun,"
            " sources_rowchange CASCADE"
        )
        cursor.execute("DELETE FROM sources_sourcefile WHERE kind = 'notification_list'")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
