"""The demo agency: an invented agency with ten weeks of past, to look around in and to remove again."""

from steadyhand.exchange.demo.loading import current, load, refuse_load
from steadyhand.exchange.demo.removal import Removed, remove

__all__ = ["Removed", "current", "load", "refuse_load", "remove"]
