"""What is wrong with a file, where, and how to mend it — in words an official can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint about one place of a file. `sheet` and `cell` are empty when the whole file is meant."""

    reason: str
    sheet: str = ""
    cell: str = ""
    text: str = ""

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        found = f"「{self.text}」" if self.text else ""
        return f"{place}{'：' if place else ''}{found}{self.reason}"


class FileRefused(Exception):
    """The file is not taken, nothing was changed. `problems` says what, where and how to mend it."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def refuse(reason: str, *, sheet: str = "", cell: str = "", text: object = "") -> FileRefused:
    """A `FileRefused` for one place, to be raised by the caller."""
    return FileRefused(Problem(reason, sheet=sheet, cell=cell, text=str(text)))
