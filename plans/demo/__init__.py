"""デモ: one invented plan, made by the very actions that officials use, so that every page has something to show."""
