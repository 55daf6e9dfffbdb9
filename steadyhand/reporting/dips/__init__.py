"""Noticing dips before the client does: what was to be expected, what came, and what to say about it."""
