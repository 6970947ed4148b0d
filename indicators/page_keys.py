"""What a kept page or picture depends on: the view, the data behind it, and the program that draws it."""

from __future__ import annotations

import hashlib
from functools import cache as cache_once

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from indicators.definitions.registry import get_definition
from indicators.queries.versions import get_data_version
from indicators.results import IndicatorQuery

KEPT_SECONDS = 12 * 3600


def get_page_key(query: IndicatorQuery) -> str:
    """What the page depends on: the view, the data behind it, and the program that draws it (one query).

    Raises `UnknownIndicator`, so that a kept page never reaches someone who may not see its indicator.
    """
    get_definition(query.code)
    parts = (release(), get_data_version(query.code), query.code, query.querystring())
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


@cache_once
def release() -> str:
    """Changes with every release: a hash over templates, code, the tables beside it, and the static files."""
    digest = hashlib.sha256(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    for folder in ("templates", "zaitaku", "regions", "institutions", "indicators", "intake"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in {".html", ".py", ".csv", ".toml"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()
