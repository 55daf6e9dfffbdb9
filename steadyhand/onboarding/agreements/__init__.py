"""Agreements: drafted, talked over, signed by both sides, sealed, and checked ever after (O3)."""
