"""Disclosure control: which figures must not be shown, and proof that nobody can work them out. Pure.

`rules` says which cells must be hidden (primary), `tables` how cells add up, `protection` what must be hidden besides
(secondary), `attack` tries to recover hidden cells from everything that is public, `derived` does so from rates and
ratios, `rounding` holds the rounding alternatives. `docs/statistics.md` explains the method.
"""
