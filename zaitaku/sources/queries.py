"""Reads about where the figures come from."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from zaitaku.sources.models import SourceFile


def get_newest_as_of() -> dt.date | None:
    """The latest as-of date among the loaded publications that have one; None while nothing is loaded."""
    newest: dt.date | None = SourceFile.objects.aggregate(newest=Max("as_of"))["newest"]
    return newest
