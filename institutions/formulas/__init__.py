"""Counting rules about notifications: pure."""
