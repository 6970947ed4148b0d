"""Reading regions, areas and population: frozen results that need no further query."""
