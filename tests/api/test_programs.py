"""The programs of docs/api.md and the page about the API: they are what a reader copies, so they have to run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.html import assert_sound
from tests.indicators.places import make_notified_clinics

EXPECTED = "01\t北海道\t50.0\t値あり\n13\t東京都\tNone\t未取込\n28\t兵庫県\t25.0\t値あり\n"


def program(language: str) -> str:
    text = Path(settings.BASE_DIR, "docs/api.md").read_text(encoding="utf-8")
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.django_db(transaction=True)
def test_the_python_program_reads_all_pages(live_server: LiveServer) -> None:
    make_notified_clinics()
    done = subprocess.run(
        [sys.executable, "-c", program("python")],
        env={"ZAITAKU_URL": live_server.url, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == EXPECTED


@pytest.mark.django_db(transaction=True)
def test_the_r_program_reads_all_pages(live_server: LiveServer) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not on this machine")
    if subprocess.run([rscript, "-e", "library(jsonlite)"], capture_output=True, check=False).returncode:
        pytest.skip("R has no package jsonlite on this machine")
    make_notified_clinics()
    done = subprocess.run(
        [rscript, "-e", program("r")],
        env={"ZAITAKU_URL": live_server.url, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.replace("50\t", "50.0\t").replace("25\t", "25.0\t") == EXPECTED


@pytest.mark.django_db
def test_the_page_shows_every_address_both_programs_and_every_code(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert_sound(page)
    for language in ("python", "r"):
        assert program(language).splitlines()[-1].split("(")[0] in page
    for part in ("/api/v1/values/", "/api/v1/benchmarks/", "unknown_parameter", "秘匿区分", "1分間に120回", "CORS"):
        assert part in page
