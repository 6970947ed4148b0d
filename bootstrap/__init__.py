"""Set-up of the project folder with the standard library alone: it runs before any package is installed."""
