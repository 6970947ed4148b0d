"""Static files with a hash in their names, compressed once by gzip."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise has no types
    """WhiteNoise's storage, the same with and without the package brotli.

    That package is there for the tests only; with it, tests would measure smaller pages than production sends, and
    compressing Plotly at its highest level would take longer than everything else in a start.
    """

    def create_compressor(self, **options: Any) -> Compressor:
        """The compressor of collectstatic."""
        return Compressor(**{**options, "use_brotli": False})
