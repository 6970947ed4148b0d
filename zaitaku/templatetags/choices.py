"""Lists of choices, written in one go: Django's own templates take two includes for each option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def options(groups: Iterable[tuple[str | None, Sequence[Mapping[str, Any]], int]]) -> SafeString:
    """`<option>`s of a select, in `<optgroup>`s where its choices are grouped (`widget.optgroups`)."""
    written = []
    for label, inside, _ in groups:
        lines = "".join(map(_option, inside))
        written.append(f'<optgroup label="{escape(str(label))}">{lines}</optgroup>' if label else lines)
    return mark_safe("".join(written))  # noqa: S308 - each part is escaped here


def _option(one: Mapping[str, Any]) -> str:
    signs = " selected" if one["selected"] else ""
    signs += " disabled" if one["attrs"].get("disabled") else ""
    return f'<option value="{escape(str(one["value"]))}"{signs}>{escape(str(one["label"]))}</option>'
