"""Whether an installation still has to be set up. Doing it: `setting_up.py`."""

from __future__ import annotations

from steadyhand.people.models import Member, MemberState


def is_needed() -> bool:
    """Nobody can sign in yet. (An active member implies an agency: members are made within one.)"""
    return not Member.objects.filter(state=MemberState.ACTIVE).exists()
