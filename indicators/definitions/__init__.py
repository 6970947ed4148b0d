"""Indicator definitions: TOML files and prefectures' own, one schema, one registry."""

from indicators.definitions.registry import all_definitions, get_definition, official_definitions
from indicators.definitions.schema import Definition

__all__ = ["Definition", "all_definitions", "get_definition", "official_definitions"]
