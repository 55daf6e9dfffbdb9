"""The tables of care."""

from steadyhand.care.models.feedback import Feedback
from steadyhand.care.models.flag import Flag, FlagSource
from steadyhand.care.models.rating import Rating, RatingSkip

__all__ = ["Feedback", "Flag", "FlagSource", "Rating", "RatingSkip"]
