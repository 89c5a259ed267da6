"""The difference of two networks: for a terminal, for a pull request, for programs."""
