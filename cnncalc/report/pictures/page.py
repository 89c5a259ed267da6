"""The page of a picture: its width, and the room that is left for labels."""

WIDTH, MARGIN = 720.0, 16.0
TOP, LEFT, BOTTOM = 74.0, 66.0, 46.0
"""Where the drawing starts, below the title, and the room for the labels of an axis on its left and below."""
