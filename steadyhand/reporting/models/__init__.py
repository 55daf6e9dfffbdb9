"""The tables of the room, one file for each aggregate."""
