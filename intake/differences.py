"""What an import changes, as a person is shown it before deciding: biggest jumps first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

_SHOWN_OF_A_KIND = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """One figure that differs from the newest stored one of the same item and region.

    `before` and `after` are None where there is no number; `before_status` and `after_status` are labels of
    `indicators.models.Status`, empty where there is no such figure at all. `before_year` may be an earlier year.
    """

    item: str
    region: str
    year: int
    stratum: str
    before_year: int | None
    before: float | None
    before_status: str
    after: float | None
    after_status: str
    cell: str

    @property
    def kind(self) -> str:
        """新規, 変更 or 消滅."""
        if not self.before_status:
            return "新規"
        return "変更" if self.after_status else "消滅"

    @property
    def change(self) -> float | None:
        """How much it rises (+) or falls (−)."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChange:
    """One institution or notification that is added, changed or ended; `detail` says what of it."""

    kind: str
    name: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Totals of everything, and the rows worth looking at first (at most a fixed number of each)."""

    figures_new: int = 0
    figures_changed: int = 0
    figures_gone: int = 0
    figures_same: int = 0
    figures: tuple[FigureChange, ...] = ()
    register_added: int = 0
    register_changed: int = 0
    register_ended: int = 0
    register: tuple[RegisterChange, ...] = ()

    @property
    def register_by_kind(self) -> tuple[tuple[str, int, tuple[RegisterChange, ...]], ...]:
        """Kind of change, how many there are of it in all, and the first of them; kinds without any are left out."""
        totals = {"終了": self.register_ended, "追加": self.register_added, "変更": self.register_changed}
        return tuple(
            (kind, total, tuple(change for change in self.register if change.kind == kind)[:_SHOWN_OF_A_KIND])
            for kind, total in totals.items()
            if total
        )

    def as_json(self) -> dict[str, Any]:
        """A form that JSON can hold; `Difference.from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Difference:
        """The difference that `as_json` wrote."""
        figures = tuple(FigureChange(**one) for one in data.get("figures", ()))
        register = tuple(RegisterChange(**one) for one in data.get("register", ()))
        return cls(**{**data, "figures": figures, "register": register})
