"""What a check found, in words an official reads. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Weight(enum.StrEnum):
    """How much a finding matters; the word is shown beside the colour."""

    GOOD = "success"
    NOTE = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def label(self) -> str:
        return {"success": "問題なし", "info": "参考", "warning": "注意", "error": "要修正"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. `check` says in short what was looked at; `record` is the row it is about, if it is one."""

    weight: Weight
    check: str
    text: str
    record: int | None = None
