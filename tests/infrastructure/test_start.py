"""What a process of the site loads before it has done anything: every start and every worker pays for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from bootstrap.places import CHECKOUT

# Each costs a tenth of a second or more, and is imported by the function that needs it (docs/architecture.md).
HEAVY = (
    "docx",
    "drf_spectacular",
    "icalendar",
    "lxml",
    "matplotlib",
    "openpyxl",
    "pandas",
    "PIL",
    "pyarrow",
    "redis.asyncio",
    "rest_framework.test",
    "scipy",
    "typst",
    "xlsxwriter",
)
_LOADED = """
import json, sys
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(json.dumps(sorted(sys.modules)))
"""


def test_a_start_with_all_pages_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED],
        cwd=CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "zaitaku.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout))
    assert "plans.urls" in loaded
    assert loaded.intersection(HEAVY) == set()
