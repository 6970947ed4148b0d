"""The plan as documents: one description (`document`), written as Word, as PDF and as tables."""
