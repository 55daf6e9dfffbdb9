"""Rehearsing hard questions with a named colleague before a call (P5)."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState

#: Minutes a rehearsal takes.
TAKES = 15


@transaction.atomic
def practise(
    client: Client,
    *,
    by: Actor,
    member: Member,
    colleague: Member,
    on: dt.date,
    before: Commitment | None = None,
) -> tuple[Commitment, Commitment]:
    """A promise for both: `member` practises, `colleague` asks the hard questions. Internal.

    `before` is the call it prepares; the rehearsal may not be after it.
    """
    if not may_act_for(client.pk, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    if colleague == member:
        raise Refusal("Choose somebody else to practise with.", field="colleague")
    if colleague.state == MemberState.LEFT:
        raise Refusal(
            f"{colleague.name} has left.", remedy="Choose a colleague who is here.", field="colleague"
        )
    if before is not None and on > before.due_on:
        raise Refusal(
            f"The call is on {before.due_on:%A} {before.due_on.day} {before.due_on:%B}, before that day.",
            remedy="Practise before it.",
            field="on",
        )
    about = ("commitments.commitment", before.pk) if before else ("clients.client", client.pk)
    batch = uuid4()

    def promised(title: str, owner: Member) -> Commitment:
        return keeping.promise(
            client,
            title,
            by=by,
            owner=owner,
            due_on=on,
            kind=Kind.FOLLOW_UP,
            minutes=TAKES,
            internal=True,
            about=about,
            batch=batch,
        )

    return (
        promised(f"Practise hard questions with {colleague.name} before the call", member),
        promised(f"Ask {member.name} the hard questions before their call", colleague),
    )
