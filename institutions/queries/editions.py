"""Which editions of the published registers are stored."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from institutions.models import CareService, FacilityRecord


def is_newest_hospital_list(*, as_of: dt.date) -> bool:
    """Whether no stored edition of 医療情報ネット is of a later day than `as_of`."""
    stored = FacilityRecord.objects.filter(kind=FacilityRecord.Kind.HOSPITAL)
    return _not_before(stored.aggregate(newest=Max("source__as_of"))["newest"], as_of)


def is_newest_service_list(service_code: str, *, as_of: dt.date) -> bool:
    """Whether no stored edition of the service is of a later day than `as_of`."""
    stored = CareService.objects.filter(service_code=service_code)
    return _not_before(stored.aggregate(newest=Max("source__as_of"))["newest"], as_of)


def _not_before(stored: dt.date | None, as_of: dt.date) -> bool:
    return stored is None or stored <= as_of
