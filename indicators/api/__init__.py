"""Indicators, their definitions, values and benchmarks, as the read API gives them."""
