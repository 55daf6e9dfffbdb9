"""The tables of comms."""

from steadyhand.comms.models.interaction import Channel, Direction, Interaction

__all__ = ["Channel", "Direction", "Interaction"]
