"""Who may work on a lead, and how somebody named on one comes to see it."""

from __future__ import annotations

from uuid import UUID

from steadyhand.clients.models import Client, Position
from steadyhand.clients.team import assign
from steadyhand.commitments.keeping import NotYours
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.models import Lead, LeadStage
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Capability

#: Whose acts follow from somebody's act on a lead, such as waiving what a lost pitch made us promise.
FOLLOWING = Actor.system("new business")


def works_on_leads(by: Actor) -> bool:
    """Whether the role works on leads at all; which ones is for `visible_to`."""
    return by.may(Capability.WIN_CLIENTS)


def locked(lead: Lead, by: Actor) -> Lead:
    """The lead as it stands, for a verb. Refuses whoever does not work on it."""
    rows = Lead.objects.select_for_update(of=("self",)).select_related("client", "owner")
    row = rows.get(pk=lead.pk)
    if not works_on_leads(by) or not (by.is_system or Lead.objects.visible_to(by).filter(pk=row.pk).exists()):
        raise NotYours(
            f"You do not work on the lead of {row.client.name}.",
            remedy=f"Ask {row.owner.name}, who brought it.",
        )
    return row


def running(lead: Lead, by: Actor) -> Lead:
    """The same, still undecided."""
    row = locked(lead, by)
    if not row.is_running:
        raise Refusal(
            f"The lead of {row.client.name} is {LeadStage(row.stage).label}.", remedy="Open it again first."
        )
    return row


def let_see(client: Client, member: Member, *, by: Actor, batch: UUID | None = None) -> None:
    """Put somebody who is named on a lead on the team of its client, unless they see it anyway."""
    if member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left.", remedy="Choose a colleague who is here.", field="member")
    if not Client.objects.visible_to(member.actor).filter(pk=client.pk).exists():
        assign(client, member, Position.SUPPORT, by=by, batch=batch)
