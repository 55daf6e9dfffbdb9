"""The tables of care."""

from steadyhand.care.models.flag import Flag, FlagSource
from steadyhand.care.models.rating import Rating, RatingSkip

__all__ = ["Flag", "FlagSource", "Rating", "RatingSkip"]
