"""Indicator definitions: one TOML file per indicator, one schema, one registry."""

from indicators.definitions.registry import all_definitions, get_definition
from indicators.definitions.schema import Definition

__all__ = ["Definition", "all_definitions", "get_definition"]
