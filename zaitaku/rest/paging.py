"""Pages that stay stable: a cursor names the last row that was given, not a number of rows to pass over.

Rows that are added or removed while someone pages through neither repeat nor hide others. A cursor belongs to the
filters it came with.
"""

from __future__ import annotations

import base64
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

from zaitaku.rest.parameters import Given, Parameter
from zaitaku.rest.problems import ApiError, Code

Key = tuple[int | str, ...]
Item = TypeVar("Item")
MOST_ROWS = 1000
CURSOR = Parameter(
    name="cursor",
    description="続きの位置。前の頁のnextに入っているものを、そのまま使う",
    pattern=r"^[A-Za-z0-9_-]{1,400}$",
)


def limit_parameter(most: int = MOST_ROWS) -> Parameter:
    """How many rows a page has."""
    return Parameter(
        name="limit", description=f"1頁の行数。{most}まで", example="100", bounds=(1, most), default=min(100, most)
    )


LIMIT = limit_parameter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Generic[Item]):
    """The rows of one page and the address of the next."""

    rows: tuple[Item, ...]
    next: str | None


def cut(
    request: HttpRequest,
    given: Given,
    *,
    fetch: Callable[[Key | None, int], Sequence[Item]],
    key: Callable[[Item], Key],
    shape: tuple[type, ...],
) -> Slice[Item]:
    """The page asked for. `fetch(after, number)` gives rows in the order of `key`, whose parts are of types `shape`."""
    limit = given.integer("limit") or MOST_ROWS
    rows = tuple(fetch(_read(request, given, shape), limit + 1))
    following = _address(request, key(rows[limit - 1])) if len(rows) > limit else None
    return Slice(rows=rows[:limit], next=following)


def from_memory(rows: Sequence[Item], key: Callable[[Item], Key]) -> Callable[[Key | None, int], Sequence[Item]]:
    """`fetch` for rows that are all there."""
    ordered = sorted(rows, key=key)

    def fetch(after: Key | None, number: int) -> Sequence[Item]:
        first = 0 if after is None else bisect_right(ordered, after, key=key)
        return ordered[first : first + number]

    return fetch


def _address(request: HttpRequest, key: Key) -> str:
    query = request.GET.copy()
    query["cursor"] = _write(key, _filters(request))
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _write(key: Key, filters: str) -> str:
    text = json.dumps([filters, *key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(request: HttpRequest, given: Given, shape: tuple[type, ...]) -> Key | None:
    cursor = given.text("cursor")
    if not cursor:
        return None
    try:
        filters, *key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise _unusable("読み取れません") from None
    if [type(part) for part in key] != list(shape) or any(isinstance(p, int) and abs(p) >= 2**63 for p in key):
        raise _unusable("この資源のものではありません")
    if filters != _filters(request):
        raise _unusable("別の条件のものです")
    return tuple(key)


def _unusable(why: str) -> ApiError:
    hint = "前の頁のnextをそのまま使うか、cursorを付けずに最初の頁から読み直してください。"
    return ApiError(Code.INVALID_CURSOR, f"cursorは{why}。", field="cursor", hint=hint)


def _filters(request: HttpRequest) -> str:
    """What must not change between pages; the number of rows may."""
    given = sorted((name, request.GET.getlist(name)) for name in request.GET if name not in ("cursor", "limit"))
    return hashlib.sha256(json.dumps([request.path, given]).encode()).hexdigest()[:12]
