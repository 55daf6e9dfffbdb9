"""Approvals: what a client says to videos, pictures and copy before any of it is posted (MISSION S16)."""
