"""The templates that style checks look at."""

from __future__ import annotations

from bootstrap.places import CHECKOUT


def templates() -> list[str]:
    """Every HTML template of the project."""
    found = (path.relative_to(CHECKOUT) for path in CHECKOUT.glob("**/templates/**/*.html"))
    return sorted(str(path) for path in found if path.parts[0] not in (".venv", "var"))
