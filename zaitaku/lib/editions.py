"""What a file was recognised as, by its content."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of one official publication.

    `kind` is a value of `SourceFile.Kind`; `key` names the series and edition so that the same edition corrected by its
    publisher is seen as such, e.g. `notification_list/01/2025-10-01`.
    """

    kind: str
    key: str
    publisher: str
    title: str
    edition: str
    as_of: dt.date | None
    licence: str = "公共データ利用規約（第1.0版）"
    prefecture_code: str = ""
