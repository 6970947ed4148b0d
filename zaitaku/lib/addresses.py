"""Limits of the site's own addresses."""

from __future__ import annotations

# No view of the site needs more. A longer address was pasted in by mistake or on purpose; a page does not repeat it.
LONGEST_ADDRESS = 2000
