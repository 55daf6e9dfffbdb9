"""Setting an installation up: whether it still has to be."""

from __future__ import annotations

from steadyhand.people.models import Member, MemberState


def is_needed() -> bool:
    """Nobody can sign in yet. (An active member implies an agency: members are made within one.)"""
    return not Member.objects.filter(state=MemberState.ACTIVE).exists()
