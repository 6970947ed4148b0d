"""Reading institutions and notifications."""
