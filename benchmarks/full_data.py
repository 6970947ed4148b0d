"""A database of its own with all that the fixtures have, for the benchmarks that need the whole country.

Making it takes a minute (migrations, fixtures, every indicator), so the first benchmark of a `make bench` leaves a copy
on the run's own server, and those after it begin with that.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from bootstrap.places import CHECKOUT

KEPT = "ZAITAKU_BENCH_KEPT_DATABASE"
"""Environment: what `make bench` calls the copy; unset where a benchmark is run by itself."""
AS_IT_STANDS = "ZAITAKU_BENCH_AS_IT_STANDS"
"""Environment: measure on the configured database, which a developer has filled, instead of a new one."""


def on_full_data(measure: Callable[[Path], None]) -> None:
    """Call `measure` with the state folder while the settings point to the full database."""
    state = set_up()
    from django.core.management import call_command
    from django.db import connection

    configured = connection.settings_dict["NAME"]
    call_command("collectstatic", interactive=False, verbosity=0)
    if os.environ.get(AS_IT_STANDS):
        measure(state)
        return
    _create()
    try:
        measure(state)
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


def set_up() -> Path:
    """Django ready to be used, and the state folder of the run."""
    sys.path.insert(0, str(CHECKOUT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
    state = Path(os.environ["ZAITAKU_STATE"])
    # Settings look for this folder once, when they are first read.
    shutil.copytree(CHECKOUT / "var" / "assets", state / "assets", dirs_exist_ok=True)
    import django

    django.setup()
    return state


def site_environment(state: Path) -> dict[str, str]:
    """What a web process needs to serve the database that is measured on."""
    from django.conf import settings
    from django.db import connection

    at = connection.settings_dict
    password = f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else ""
    address = f"postgresql://{at['USER']}{password}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    return {"DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL, "ZAITAKU_STATE": str(state)}


def load() -> None:
    """The project's own fixtures and every indicator computed from them, quietly."""
    from django.core.management import call_command

    from indicators.actions.compute import compute_indicators

    with Path(os.devnull).open("w") as nowhere:
        call_command("load_fixtures", stdout=nowhere)
    compute_indicators()


def _create() -> None:
    from django.db import connection

    kept = os.environ.get(KEPT, "")
    if kept and _exists(kept):
        connection.settings_dict["TEST"]["TEMPLATE"] = kept
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        return
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    load()
    if kept:
        _copy(connection.settings_dict["NAME"], kept)


def _exists(database: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        found = cursor.fetchone() is not None
    connection.close()
    return found


def _copy(database: str, other: str) -> None:
    """A database nobody is connected to, under another name."""
    from django.db import connection

    connection.close()
    quoted = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted(other)} TEMPLATE {quoted(database)}")
