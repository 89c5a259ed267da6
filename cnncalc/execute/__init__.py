"""Runs a network on real tensors with NumPy, to prove what the analysis says; nothing else imports NumPy."""
