"""Receptive fields as pictures: an SVG that stands alone, and a plot in the characters of a terminal."""
