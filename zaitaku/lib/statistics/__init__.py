"""The statistics of Zaitaku: pure, vectorised, each convention cited and checked against published values.

Import from the modules: `intervals`, `standardisation`, `funnels`, `comparison`, `trends`, `ranking`,
`multiplicity`, `inequality`, `similarity`, `accessibility`. `docs/statistics.md` says when to use which.

Common rules: arrays in, arrays out; NaN stands for "no value" on both sides; an undefined result (division by zero,
a negative count, more cases than people) is NaN, never 0 or infinity, and the caller keeps the reason as a status.
"""
