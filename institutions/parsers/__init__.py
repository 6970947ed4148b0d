"""Readers of official lists: pure, bytes in, frozen tables out."""
