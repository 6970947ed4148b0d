"""Writing institutions and notifications."""
