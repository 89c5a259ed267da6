"""Advice: for a terminal, for a pull request, for programs."""
