"""The legal sizes of a network: for people, for a page, for programs."""
