"""Where set-up puts things: all below the project folder."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = CHECKOUT / "var"
ASSETS = VAR / "assets"
TEST_ASSETS = VAR / "test-assets"
