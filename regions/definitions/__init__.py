"""Dated facts no official file here states in a form that can be read: kept as data, each with its reason."""
