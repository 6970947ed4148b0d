"""Boundaries: TopoJSON in, dissolved areas and SVG paths out. Pure."""
