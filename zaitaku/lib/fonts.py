"""The Japanese font that comes in a package, for pictures and documents on a machine that has none."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def _folder() -> Path:
    # Found without being imported: the package would bring all of matplotlib into every process.
    package = find_spec("matplotlib_fontja")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "fonts"


FONT_FOLDER = _folder()
FONT_FILE = FONT_FOLDER / "ipaexg.ttf"
FONT_NAME = "IPAexGothic"
