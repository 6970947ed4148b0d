"""Pages on bodies and designations."""
