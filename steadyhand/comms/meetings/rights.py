"""Who may do what with a meeting."""

from __future__ import annotations

from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.comms.models import Meeting
from steadyhand.core.actor import Actor
from steadyhand.people.roles import Capability


def may_run(meeting: Meeting, by: Actor) -> bool:
    """Whether somebody may change, hold and close this meeting.

    The account team of its client, whoever leads it, and for the team's own ones everybody who attends.
    """
    if by.is_system:
        return True
    if not by.may(Capability.KEEP_PROMISES):
        return False
    if meeting.led_by_id is not None and meeting.led_by_id == by.member_id:
        return True
    if meeting.client_id is not None:
        return may_act_for(meeting.client_id, by)
    return Meeting.objects.visible_to(by).filter(pk=meeting.pk).exists()


def refuse_strangers(meeting: Meeting, by: Actor) -> None:
    """Refuse those who may not."""
    if may_run(meeting, by):
        return
    if meeting.client_id is None:
        raise NotYours("You are not in that meeting.", remedy="Ask whoever leads it.")
    raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
