"""System checks of our own: what a wrong set-up would otherwise show only as a broken page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

ASSETS = (
    "plotly/plotly-cartesian.min.js",
    "plotly/plotly.css",
    "plotly/plotly-locale-ja.js",
    "design-tokens/tokens.css",
)


@register(Tags.staticfiles)
def browser_assets_are_there(**_: Any) -> Sequence[CheckMessage]:
    """The pages link these files; without them charts stay empty and the look is lost."""
    vendor = Path(settings.ASSETS_DIR) / "vendor"
    return [
        Warning(f"The browser asset {name} is missing.", hint="Run `make setup`.", id="zaitaku.W001")
        for name in ASSETS
        if not (vendor / name).is_file()
    ]


@register(Tags.database)
def production_names_its_servers(**_: Any) -> Sequence[CheckMessage]:
    """Production never falls back to a server that happens to listen on this machine."""
    if not settings.IS_PRODUCTION:
        return []
    return [
        Error(f"{name} is not set.", hint=f"Production needs {name}; see README.md.", id="zaitaku.E001")
        for name in ("DATABASE_URL", "REDIS_URL")
        if not os.environ.get(name)
    ]


@register(Tags.security, deploy=True)
def pages_allow_nothing_from_elsewhere(**_: Any) -> Sequence[CheckMessage]:
    """The Content-Security-Policy names no other host and nothing inline: offices run this in closed networks."""
    loose = ("http:", "https:", "*", "'unsafe-inline'", "'unsafe-eval'")
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return [
        Error(f"The Content-Security-Policy allows {source} in {name}.", id="zaitaku.E002")
        for name, sources in directives.items()
        for source in sources
        if str(source).startswith(loose)
    ]
