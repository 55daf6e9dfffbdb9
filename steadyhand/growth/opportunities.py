"""Noting an opportunity, and taking it back (G4, first half)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.comms.models import Call, Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.growth.models import Opportunity, OpportunityKind
from steadyhand.people.models import Member
from steadyhand.reporting.insights import saying
from steadyhand.reporting.models import Insight


@transaction.atomic
def note_opportunity(
    client: Client,
    text: str,
    *,
    by: Actor,
    kind: OpportunityKind = OpportunityKind.UPSELL,
    owner: Member | None = None,
    contact: Contact | None = None,
    call: Call | None = None,
    meeting: Meeting | None = None,
    insight: Insight | None = None,
    batch: UUID | None = None,
) -> Opportunity:
    """Something they could do more of with us, in a line; whoever looks after the client may note it."""
    if not may_act_for(client.pk, by):
        raise NotYours(
            f"You are not on the account team of {client.name}.", remedy="Ask their lead to put you on it."
        )
    if not text.strip():
        raise Refusal("Say what the opportunity is.", remedy="One line is enough.", field="text")
    opportunity = Opportunity.objects.create(
        client=client,
        contact=contact,
        kind=kind,
        text=text.strip()[:500],
        owner=owner,
        call=call,
        meeting=meeting,
        insight=insight,
        made_at=clock.now(),
    )
    events.record(
        "opportunity.noted",
        by=by,
        client_id=client.pk,
        subject=opportunity,
        batch=batch,
        text=opportunity.text,
        kind=str(kind),
    )
    return opportunity


@transaction.atomic
def open_opportunity(
    insight: Insight,
    *,
    by: Actor,
    kind: OpportunityKind = OpportunityKind.UPSELL,
    owner: Member | None = None,
) -> Opportunity:
    """What the figures suggested becomes an opportunity, with what they say beside it (R8)."""
    row = saying.take(insight, by=by)
    text = f"{row.service}: {row.says}" if row.service else row.says
    return note_opportunity(row.client, text, by=by, kind=kind, owner=owner, call=row.call, insight=row)


@transaction.atomic
def drop_opportunity(opportunity: Opportunity, *, by: Actor) -> Opportunity:
    """It was noted by mistake, or is none any more."""
    if not may_act_for(opportunity.client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    if opportunity.dropped_at is not None:
        raise Refusal("That opportunity is dropped already.")
    opportunity.dropped_at = clock.now()
    opportunity.save(update_fields=["dropped_at"])
    if opportunity.insight is not None:
        saying.open_again(opportunity.insight)
    events.record(
        "opportunity.dropped",
        by=by,
        client_id=opportunity.client_id,
        subject=opportunity,
        text=opportunity.text,
    )
    return opportunity
