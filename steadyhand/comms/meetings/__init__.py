"""Meetings: planned, prepared, invited to, held and minuted; the team's own among them."""
