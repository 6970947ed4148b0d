"""Writing regions, areas and population. Each action upserts inside its caller's transaction."""
