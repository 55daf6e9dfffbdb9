"""The tables of playbooks."""

from steadyhand.playbook.models.adoption import AdoptionTick
from steadyhand.playbook.models.version import Draft, Playbook, Version

__all__ = ["AdoptionTick", "Draft", "Playbook", "Version"]
