"""Imports, exports and the demo agency. Above all areas."""
