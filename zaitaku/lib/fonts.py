"""The Japanese font that comes in a package, for pictures and documents on a machine that has none."""

from __future__ import annotations

from pathlib import Path

import matplotlib_fontja

FONT_FOLDER = Path(matplotlib_fontja.__file__).parent / "fonts"
FONT_FILE = FONT_FOLDER / "ipaexg.ttf"
FONT_NAME = "IPAexGothic"
