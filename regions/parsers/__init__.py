"""Readers of official files on places and population. Pure: they see a workbook and give a frozen table."""
