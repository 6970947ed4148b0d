"""Reads: frozen results that need no further query."""
