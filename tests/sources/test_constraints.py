"""Every rule the database holds about sources and imports, broken once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from zaitaku.sources.models import ImportRun, SourceFile

pytestmark = pytest.mark.django_db

FILE: dict[str, Any] = {
    "kind": "notification_list",
    "key": "k",
    "title": "名簿",
    "sha256": "a" * 64,
    "size": 1,
    "retrieved_on": dt.date(2025, 10, 1),
}


def test_one_edition_with_one_content_is_one_file() -> None:
    SourceFile.objects.create(**FILE)
    with pytest.raises(IntegrityError, match="source_file_once"), transaction.atomic():
        SourceFile.objects.create(**FILE)
    SourceFile.objects.create(**FILE | {"sha256": "b" * 64})


@pytest.mark.parametrize("fingerprint", ["a" * 63, "A" * 64, "g" * 64, ""])
def test_a_fingerprint_is_64_hexadecimal_digits(fingerprint: str) -> None:
    with pytest.raises(IntegrityError, match="source_file_sha256_shape"), transaction.atomic():
        SourceFile.objects.create(**FILE | {"sha256": fingerprint})


def test_an_import_ends_after_it_started() -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError, match="import_run_ends_after_start"), transaction.atomic():
        ImportRun.objects.create(
            filename="x", status="refused", started_at=now, finished_at=now - dt.timedelta(seconds=1)
        )


def test_an_applied_import_names_its_source() -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError, match="import_run_applied_has_source"), transaction.atomic():
        ImportRun.objects.create(filename="x", status="applied", started_at=now, finished_at=now)
