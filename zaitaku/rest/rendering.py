"""How a resource becomes bytes."""

from __future__ import annotations

from typing import Any

from rest_framework.renderers import BaseRenderer

from zaitaku.rest.resources import Resource


class ResourceRenderer(BaseRenderer):  # type: ignore[misc]  # the framework has no types
    """A resource as JSON."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Resource | None, *_: Any) -> bytes:
        """UTF-8 bytes."""
        return b"" if data is None else data.as_json()
