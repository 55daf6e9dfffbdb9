"""The tables of playbooks."""

from steadyhand.playbook.models.version import Draft, Playbook, Version

__all__ = ["Draft", "Playbook", "Version"]
