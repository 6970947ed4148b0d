"""Two texts side by side line by line, with what changed inside a line; and two people's changes put together. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Unchanged lines shown around a change.
_AROUND = 1
# Lines less alike than this are shown as one gone and one new.
_ALIKE = 0.3


class LineKind(enum.StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    SKIPPED = "skipped"

    @property
    def label(self) -> str:
        """What a reader who does not see colours is told."""
        return {"same": "同じ", "removed": "削除", "added": "追加", "skipped": "省略"}[self.value]

    @property
    def mark(self) -> str:
        """The sign before the line."""
        return {"same": "", "removed": "－", "added": "＋", "skipped": "…"}[self.value]


@dataclass(frozen=True, slots=True)
class Line:
    """A line in pieces of (text, whether this piece changed)."""

    kind: LineKind
    parts: tuple[tuple[str, bool], ...]


def compare_texts(before: str, after: str) -> tuple[Line, ...]:
    """What was removed and added, with one unchanged line around and the rest of the unchanged ones counted."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += _unchanged(
                old[start:end], is_first=start == new_start == 0, is_last=end == len(old) and new_end == len(new)
            )
        else:
            found += _replaced(old[start:end], new[new_start:new_end])
    return tuple(found)


def _unchanged(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Line]:
    head = 0 if is_first else _AROUND
    tail = 0 if is_last else _AROUND
    hidden = len(lines) - head - tail
    if hidden <= 1:
        head, hidden = len(lines), 0
    yield from (Line(LineKind.SAME, ((text, False),)) for text in lines[:head])
    if hidden:
        yield Line(LineKind.SKIPPED, ((f"変わらない{hidden}行", False),))
        yield from (Line(LineKind.SAME, ((text, False),)) for text in lines[len(lines) - tail :])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines of the same place are compared letter by letter; what has no partner stands alone."""
    for place in range(max(len(old), len(new))):
        before = old[place] if place < len(old) else None
        after = new[place] if place < len(new) else None
        gone, come = _inside(before, after)
        if before is not None:
            yield Line(LineKind.REMOVED, gone)
        if after is not None:
            yield Line(LineKind.ADDED, come)


_Parts = tuple[tuple[str, bool], ...]


def _inside(before: str | None, after: str | None) -> tuple[_Parts, _Parts]:
    whole = ((before or "", True),), ((after or "", True),)
    if before is None or after is None:
        return whole
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return whole
    gone, come = [], []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if end > start:
            gone.append((before[start:end], tag != "equal"))
        if new_end > new_start:
            come.append((after[new_start:new_end], tag != "equal"))
    return tuple(gone), tuple(come)


@dataclass(frozen=True, slots=True)
class Merged:
    """Two people's changes in one text. `clashes`: places where both stand one after the other, to be mended."""

    text: str
    clashes: int


MINE, THEIRS, END = "【自分の版】", "【相手の版】", "【ここまで】"


def merge_texts(base: str, *, mine: str, theirs: str) -> Merged:
    """A three-way merge by lines: each side's changes are taken, and where both changed the same place both stand."""
    old, left, right = base.splitlines(), mine.splitlines(), theirs.splitlines()
    kept_left, kept_right = _kept(old, left), _kept(old, right)
    merged: list[str] = []
    clashes = at = at_left = at_right = 0
    for line in [*(one for one in range(len(old)) if one in kept_left and one in kept_right), len(old)]:
        to_left, to_right = kept_left.get(line, len(left)), kept_right.get(line, len(right))
        clashes += _take(merged, old[at:line], left[at_left:to_left], right[at_right:to_right])
        if line < len(old):
            merged.append(old[line])
        at, at_left, at_right = line + 1, to_left + 1, to_right + 1
    return Merged("\n".join(merged), clashes)


def _kept(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Lines of the old text that stand in the new one: number there by number here."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _take(merged: list[str], old: Sequence[str], left: Sequence[str], right: Sequence[str]) -> int:
    """Append what a place has become; 1 if the two sides disagree."""
    if left in (right, old):
        merged += right
    elif right == old:
        merged += left
    else:
        merged += [THEIRS, *right, MINE, *left, END]
        return 1
    return 0
