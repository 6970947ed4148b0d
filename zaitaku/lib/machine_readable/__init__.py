"""Self-check of data files: 「行政データにおける機械可読性に関するルール」 (2026-03), as far as a program can tell.

`inspect_file(path)` reads a CSV, XLSX, Parquet or ZIP and says which rule is broken where. CSV and Parquet are read
row by row; an XLSX is held in memory. Pure.
"""

from zaitaku.lib.machine_readable.files import inspect_file
from zaitaku.lib.machine_readable.rules import Finding, Rule

__all__ = ["Finding", "Rule", "inspect_file"]
