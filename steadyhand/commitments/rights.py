"""Who may act on a promise (S3)."""

from __future__ import annotations

from steadyhand.clients.models import Access, Level
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability


class NotYours(Refusal):
    """The promise is somebody else's and neither role nor account team allows acting on it."""


def may_act(row: Commitment, by: Actor) -> bool:
    """Whether somebody may keep, move, hand over or waive this promise (S3).

    The owner may, whoever looks after the client in full, and roles that see the team or every client;
    all of them only where their role keeps promises at all.
    """
    is_mine = by.may(Capability.KEEP_PROMISES) and row.owner_id == by.member_id
    return by.is_system or is_mine or may_act_for(row.client_id, by)


def may_act_for(client_id: int | None, by: Actor) -> bool:
    """Whether somebody may act on whatever is owed to this client, whoever owns it."""
    if by.is_system:
        return True
    if not by.may(Capability.KEEP_PROMISES):
        return False
    if by.may(Capability.SEE_TEAM) or by.may(Capability.SEE_ALL_CLIENTS):
        return True
    in_full = Access.objects.filter(client=client_id, member=by.member_id, level=Level.FULL)
    return client_id is not None and in_full.exists()
