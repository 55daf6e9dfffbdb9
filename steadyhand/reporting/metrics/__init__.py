"""Figures of clients: what is measured, where it is kept, and the one place it is read (R1, R2)."""
