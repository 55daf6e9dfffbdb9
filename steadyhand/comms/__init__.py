"""Interactions: what was said to whom, when and how."""
